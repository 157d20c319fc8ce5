"""How the API answers: rows as their schemas show them, with their versions; pages of rows; creations done once."""

import base64
import binascii
import json
import re
from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
from typing import Any

from flask import Response, abort, jsonify, request
from flask_login import current_user
from marshmallow import Schema

from dispatch.api.answers import Answer, answer_once
from dispatch.db import Session
from dispatch.errors import InvalidInput, WrongParameter
from web.api.fields import LARGEST, Part, Query, Several, Shown, Text, Whole
from web.context import now, writing

MOST_AT_ONCE = 200
TAG = re.compile(r'"([0-9]{1,9})"')
"""An ETag of ours, with its quotes."""


class PageQuery(Query):
    """Which page of a list."""

    limit = Whole(1, MOST_AT_ONCE, in_query=True, load_default=50, description="How many at most.")
    cursor = Text(200, description="Where to go on: the `next` of the page before.")


def page_of(shown: type[Schema]) -> type[Schema]:
    """The schema of a page of such rows."""
    name = shown.__name__.removesuffix("Shown") + "Page"
    items = Several(Part(shown), most=MOST_AT_ONCE)
    after = Text(400, allow_none=True, description="The cursor of the next page; null on the last.")
    return type(name, (Shown,), {"items": items, "next": after})


def dump(schema: type[Schema], row: Any, version: int | None = None, status: int = 200) -> Response:
    """The row as the schema shows it; with the version as its ETag. Inside the session that read it."""
    response = jsonify(schema().dump(row))
    response.status_code = status
    if version is not None:
        response.set_etag(str(version))
    return response


def dump_page(schema: type[Schema], rows: list[Any], limit: int, position: Callable[[Any], int]) -> Response:
    """A page of rows, of which one more than `limit` were asked for; `position` is what they are ordered by."""
    shown, more = rows[:limit], len(rows) > limit
    after = write_cursor(position(shown[-1])) if more else None
    return jsonify({"items": schema(many=True).dump(shown), "next": after})


def write_cursor(after: int, *upto: int) -> str:
    """An opaque word for "after this number", and "of no more than was there then" where more numbers say so."""
    said = {"after": after} | ({"upto": upto} if upto else {})
    return base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")


def read_cursor(query: Mapping[str, Any]) -> int:
    """After which number the page begins; 0 on the first. Raises WrongParameter when the cursor is none of ours."""
    return read_cursors(query, "cursor")[0]


def read_cursors(query: Mapping[str, Any], *names: str) -> list[int]:
    """The same of several lists in one answer, each with a cursor by its own name."""
    found = {name: _find_numbers(query.get(name), 1) for name in names}
    wrong = [name for name in names if found[name] is None]
    if wrong:
        raise _no_cursor(wrong)
    return [numbers[0] for numbers in found.values() if numbers is not None]


def read_long_cursor(query: Mapping[str, Any], more: int) -> tuple[int, tuple[int, ...]]:
    """The same of one list, and the so many numbers that tell what was there at the first page; none on that page."""
    found = _find_numbers(query.get("cursor"), 1 + more)
    if found is None:
        raise _no_cursor(["cursor"])
    return found[0], found[1:]


def _no_cursor(names: Iterable[str]) -> WrongParameter:
    mend = "it is none that an answer gave to go on with; leave it out to begin at the start."
    return WrongParameter([f"{name}: {mend}" for name in names])


def _find_numbers(text: str | None, count: int) -> tuple[int, ...] | None:
    """What the cursor says, 0 where there is none; None when no answer of ours had it."""
    if not text:
        return (0,)
    try:
        found = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        said = (found["after"], *found.get("upto", ()))
    except (binascii.Error, ValueError, KeyError, TypeError):
        return None  # told by who asked, as any other cursor that is none
    return said if len(said) == count and all(type(one) is int and 0 <= one <= LARGEST for one in said) else None


def seen_version() -> int:
    """The version in If-Match; 428 when there is none, 412 when it cannot be one of ours."""
    said = request.headers.get("If-Match")
    if said is None:
        abort(428, description="Send the ETag of what you have seen in the header If-Match, as a GET told it.")
    found = TAG.fullmatch(said.strip())
    if found is None:
        abort(412, description="If-Match names no version that there is; read it again and send its one ETag.")
    return int(found[1])


def create(work: Callable[[Session], Response], *, looks_up: bool = False) -> Response:
    """Do the work in a transaction and answer; with an Idempotency-Key once only, and the same again.

    `looks_up` as in `writing`.
    """
    key = request.headers.get("Idempotency-Key")
    with writing(looks_up=looks_up) as session:
        if key is None:
            return work(session)

        def once() -> Answer:
            done = work(session)
            kept = {name: done.headers[name] for name in ("ETag", "Location") if name in done.headers}
            return Answer(done.status_code, kept, done.get_json())

        answer = answer_once(session, current_user.id, key, _digest(), now(), once)
    response = jsonify(answer.body)
    response.status_code = answer.status
    response.headers.update(answer.headers)
    return response


def by_field(wrong: InvalidInput, names: Mapping[str, str]) -> InvalidInput:
    """The same, said of the fields by their names here; `names` has them by what forms call them."""
    parts = [sentence.partition(": ") for sentence in wrong.problems]
    return InvalidInput([f"{names.get(where, where)}{colon}{rest}" for where, colon, rest in parts])


def _digest() -> str:
    """Of what was asked for: method, address and body."""
    return sha256(b"\n".join((request.method.encode(), request.full_path.encode(), request.get_data()))).hexdigest()
