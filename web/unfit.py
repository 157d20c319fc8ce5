"""Refuses, before any view sees it, what neither code nor database can take: it would end as a fault of ours."""

from typing import Any

from flask import Flask, abort, request
from flask.json.provider import DefaultJSONProvider
from werkzeug.routing import IntegerConverter, Map

LARGEST = 2**31 - 1
"""No row has a larger id, and neither database takes every number."""


class Id(IntegerConverter):
    """A whole number in an address; one that no row can have is no address."""

    regex = r"\d{1,10}"

    def __init__(self, map: Map, fixed_digits: int = 0, min: int | None = None, max: int = LARGEST) -> None:
        super().__init__(map, fixed_digits, min, max)


class Json(DefaultJSONProvider):
    """Takes a text that is nested too deeply to be read for what it is to us: no JSON."""

    def loads(self, s: str | bytes, **options: Any) -> Any:
        """Raises ValueError."""
        try:
            return super().loads(s, **options)
        except RecursionError as error:
            raise ValueError("The text is nested too deeply.") from error


def init_app(app: Flask) -> None:
    """Before the blueprints, whose addresses are read with it."""
    app.url_map.converters["int"] = Id
    app.json = Json(app)
    app.before_request(_refuse_nul)


def _refuse_nul() -> None:
    """No address of ours has the character that PostgreSQL stores nowhere."""
    if "\0" in request.path:
        abort(404)
