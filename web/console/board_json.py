"""A board as JSON: the rows of technicians, which are nearly all of it, were put into JSON once for all boards."""

from typing import Any

from flask import Response, json

from dispatch.board.known_lanes import Row


def answer_board(board: dict[str, Any]) -> Response:
    """The answer that Flask would make of it."""
    return _answer(_dump(board))


def answer_news(news: dict[str, Any] | None) -> Response:
    """The same of what has changed; null where the whole must be read."""
    return _answer(f'{{"news":{"null" if news is None else _dump(news)}}}')


def _dump(board: dict[str, Any]) -> str:
    rows: list[Row] = board["technicians"]
    rest = json.dumps({key: value for key, value in board.items() if key != "technicians"}, separators=(",", ":"))
    return f'{{"technicians":[{",".join(row.text for row in rows)}],{rest[1:]}'


def _answer(text: str) -> Response:
    return Response(text, mimetype="application/json")
