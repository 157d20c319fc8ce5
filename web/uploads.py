"""Which views take more than an ordinary request sends; everything else is refused early."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, request

View = TypeVar("View", bound=Callable[..., Any])


def takes_bytes(most: int) -> Callable[[View], View]:
    """Let a view's requests have so many bytes. Stands directly under the route decorator."""

    def mark(view: View) -> View:
        view.__dict__["most_bytes"] = most
        return view

    return mark


def init_app(app: Flask) -> None:
    """Set each request's limit before anything reads its body, which the protection against CSRF does first."""
    app.before_request(_set_limit)


def _set_limit() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    most = getattr(view, "most_bytes", None)
    if most is not None:
        request.max_content_length = most
