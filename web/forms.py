"""Reads what people put into addresses and forms, and says in words what is wrong with it."""

from collections.abc import Mapping
from datetime import date
from typing import NoReturn

from flask import abort, request
from werkzeug.datastructures import MultiDict

from dispatch.entry.forms import FIRST_YEAR, LAST_YEAR


def parse_day(text: str) -> date | None:
    """The day written as YYYY-MM-DD; None when it is no day, or one of another century."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def find_day(values: MultiDict[str, str], name: str) -> date | None:
    """The day written as YYYY-MM-DD under `name`; None when nothing is there, 400 when it is no day."""
    text = values.get(name, "").strip()
    if not text:
        return None
    day = parse_day(text)
    if day is None:
        refuse(f"“{text}” is not a day to plan. Write `{name}` as year-month-day, for example 2026-11-22.")
    return day


def has_address(told: Mapping[str, object] | None) -> bool:
    """Whether fields of a form, or of a JSON object, tell an address, which may have to be looked up."""
    return any(key.endswith("address") and value for key, value in (told or {}).items())


def get_text_of(body: Mapping[str, object], name: str) -> str:
    """The text that a JSON object holds under `name`; 400 when there is none."""
    text = body.get(name)
    if not isinstance(text, str) or not text.strip():
        refuse(f"The request's JSON object must have the text `{name}`.")
    return text.strip()


def find_text_of(body: Mapping[str, object], name: str) -> str:
    """The text that a JSON object holds under `name`, or nothing; 400 when it holds something else there."""
    text = body.get(name) or ""
    if not isinstance(text, str):
        refuse(f"`{name}` must be a text.")
    return text.strip()


def get_count_of(body: Mapping[str, object], name: str) -> int:
    """The whole number that a JSON object holds under `name`; 400 when there is none."""
    count = body.get(name)
    if not isinstance(count, int) or isinstance(count, bool):
        refuse(f"The request's JSON object must have the whole number `{name}`.")
    return count


def find_count_of(body: Mapping[str, object], name: str) -> int | None:
    """The same; None when nothing is there."""
    return None if body.get(name) is None else get_count_of(body, name)


def find_whole(form: Mapping[str, str], name: str) -> int | None:
    """The whole number in a field; None when nothing is there, 400 when it is none."""
    text = form.get(name, "").strip()
    if not text:
        return None
    if not text.isdecimal() or len(text) > 9:
        refuse(f"“{text}” is no whole number; correct `{name}`.")
    return int(text)


def get_seen_version(form: Mapping[str, str]) -> int:
    """The version of a row that the form was opened with; 400 when it does not say."""
    text = form.get("version", "")
    if not text.isdecimal() or len(text) > 9:
        refuse("The form must have the number `version`.")
    return int(text)


def json_object() -> dict[str, object]:
    """The request's JSON object; 400 when the body is something else."""
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        refuse("The request's body must be a JSON object.")
    return body


def refuse(sentence: str) -> NoReturn:
    """Answer 400 with this sentence."""
    abort(400, description=sentence)
