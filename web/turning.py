"""Which part of a long list an address asks for, and the addresses of the parts beside it."""

from typing import Any
from urllib.parse import urlencode

from flask import Flask, request, url_for
from werkzeug.datastructures import MultiDict

from dispatch.slices import Cut
from web.forms import find_whole, refuse


def init_app(app: Flask) -> None:
    """`turned` makes the links below a list, in `tables.html`."""
    app.jinja_env.globals["turned"] = turned


def find_cut(values: MultiDict[str, str], name: str, kinds: int = 1) -> Cut:
    """The part of the list `name`: "open-before=12" is what is older than row 12, "plans-skip=50" what comes after
    fifty rows; of several kinds of rows, "history-upto=120.7" names the newest of each. 400 when it is no number."""
    before, after, skip = (find_whole(values, f"{name}-{end}") for end in ("before", "after", "skip"))
    return Cut(before, None if before is not None else after, skip or 0, _find_upto(values, f"{name}-upto", kinds))


def _find_upto(values: MultiDict[str, str], name: str, kinds: int) -> tuple[int, ...]:
    text = values.get(name, "")
    parts = text.split(".") if text else []
    if text and (len(parts) != kinds or not all(one.isdecimal() and len(one) <= 9 for one in parts)):
        refuse(f"“{text}” names no newest rows; leave `{name}` out to see the list from its beginning.")
    return tuple(int(one) for one in parts)


def turned(name: str, cut: Cut, **said: Any) -> str:
    """The address of this page with another part of the list `name`, and all else that it asked for as it is.

    `said` is what the page understood where the address said nothing, such as today.
    """
    upto = ".".join(map(str, cut.upto)) if cut.skip else ""  # the first part is as new as can be
    ends = {"before": cut.before, "after": cut.after, "skip": cut.skip or None, "upto": upto or None}
    ends = {f"{name}-{end}": value for end, value in ends.items()}
    asked = {key: value for key, value in request.args.items() if key not in ends} | said
    wanted = {key: value for key, value in ends.items() if value is not None}
    assert request.endpoint is not None, "a page that is shown has been asked for"
    return f"{url_for(request.endpoint, **(request.view_args or {}))}?{urlencode(asked | wanted)}#{name}-title"
