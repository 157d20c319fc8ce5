"""Reads what people put into addresses and forms, and says in words what is wrong with it."""

from collections.abc import Mapping
from datetime import date
from typing import NoReturn

from flask import abort, request
from werkzeug.datastructures import MultiDict


def find_day(values: MultiDict[str, str], name: str) -> date | None:
    """The day written as YYYY-MM-DD under `name`; None when nothing is there, 400 when it is no day."""
    text = values.get(name, "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        _refuse_day(text, name)


def get_day_of(body: Mapping[str, object], name: str) -> date:
    """The day that a JSON object holds under `name`; 400 when there is none."""
    text = get_text_of(body, name)
    try:
        return date.fromisoformat(text)
    except ValueError:
        _refuse_day(text, name)


def get_text_of(body: Mapping[str, object], name: str) -> str:
    """The text that a JSON object holds under `name`; 400 when there is none."""
    text = body.get(name)
    if not isinstance(text, str) or not text.strip():
        refuse(f"The request's JSON object must have the text `{name}`.")
    return text.strip()


def json_object() -> dict[str, object]:
    """The request's JSON object; 400 when the body is something else."""
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        refuse("The request's body must be a JSON object.")
    return body


def _refuse_day(text: str, name: str) -> NoReturn:
    refuse(f"“{text}” is not a day. Write `{name}` as year-month-day, for example 2026-11-22.")


def refuse(sentence: str) -> NoReturn:
    """Answer 400 with this sentence."""
    abort(400, description=sentence)
