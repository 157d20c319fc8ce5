"""Which part of a long list an address asks for, and the addresses of the parts beside it."""

from typing import Any
from urllib.parse import urlencode

from flask import Flask, request, url_for
from werkzeug.datastructures import MultiDict

from dispatch.slices import Cut
from web.forms import find_whole


def init_app(app: Flask) -> None:
    """`turned` makes the links below a list, in `tables.html`."""
    app.jinja_env.globals["turned"] = turned


def find_cut(values: MultiDict[str, str], name: str) -> Cut:
    """The part of the list `name`: "open-before=12" is what is older than row 12, "plans-skip=50" what comes after
    fifty rows. 400 when it is no number."""
    before, after, skip = (find_whole(values, f"{name}-{end}") for end in ("before", "after", "skip"))
    return Cut(before, None if before is not None else after, skip or 0)


def turned(name: str, cut: Cut, **said: Any) -> str:
    """The address of this page with another part of the list `name`, and all else that it asked for as it is.

    `said` is what the page understood where the address said nothing, such as today.
    """
    ends = {f"{name}-before": cut.before, f"{name}-after": cut.after, f"{name}-skip": cut.skip or None}
    asked = {key: value for key, value in request.args.items() if key not in ends} | said
    wanted = {key: value for key, value in ends.items() if value is not None}
    assert request.endpoint is not None, "a page that is shown has been asked for"
    return f"{url_for(request.endpoint, **(request.view_args or {}))}?{urlencode(asked | wanted)}#{name}-title"
