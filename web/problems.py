"""What is wrong with a request, each thing with its place in it: the `errors` of a problem (RFC 9457)."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from flask import Request

from dispatch.errors import InvalidInput, WrongDocument, WrongParameter

API = "/api/v1/"
FIELD = re.compile(r"[a-zA-Z_-]+(?:\[\d+\]|\.\w+)*")
"""What sentences begin with, before a colon, when they are about one field: `title`, `windows[0].opens_at`."""

Json = dict[str, Any]


def is_api(asked: Request) -> bool:
    """Whether the request is for the public API, whose answers are problems with all errors one by one."""
    return asked.path.startswith(API)


def list_errors(error: InvalidInput) -> list[Json]:
    """The errors of the business: where (as JSON pointer, if it is one field of the body), what, how to mend it."""
    if isinstance(error, WrongDocument):
        return [
            {"pointer": as_pointer(re.split(r"[.\[\]]+", where)), "what": what, "mend": mend}
            for where, what, mend in error.faults
        ]
    if isinstance(error, WrongParameter):
        named = [sentence.partition(": ") for sentence in error.problems]
        return [{"parameter": name, **_split(rest)} for name, _, rest in named]
    return [_read_sentence(sentence) for sentence in error.problems]


def list_wrong_fields(messages: Mapping[str, Any]) -> list[Json]:
    """The errors of parsing: by where in the request ("json", "query", "headers"), then by field, at any depth."""
    return [
        {**_place(where, path), **_split(sentence)}
        for where, found in messages.items()
        for path, sentence in _walk(found, ())
    ]


def as_pointer(path: Iterable[object]) -> str:
    """A JSON pointer as a fragment, such as #/windows/0/opens_at."""
    parts = [str(part).replace("~", "~0").replace("/", "~1") for part in path if str(part)]
    return "#" + "".join(f"/{part}" for part in parts)


def _read_sentence(sentence: str) -> Json:
    field, colon, rest = sentence.partition(": ")
    if colon and FIELD.fullmatch(field):
        return {"pointer": as_pointer(re.split(r"[.\[\]]+", field)), **_split(rest)}
    return {"pointer": "#", **_split(sentence)}


def _split(sentence: str) -> Json:
    what, _, mend = sentence.partition("; ")
    return {"what": what, "mend": mend.rstrip(".")} if mend else {"what": what}


def _place(where: str, path: tuple[object, ...]) -> Json:
    if where == "json":
        return {"pointer": as_pointer(part for part in path if part != "_schema")}
    return {"parameter": str(path[0]) if path else where}


def _walk(found: Any, path: tuple[object, ...]) -> Iterable[tuple[tuple[object, ...], str]]:
    if isinstance(found, Mapping):
        for key, inner in found.items():
            yield from _walk(inner, (*path, key))
    elif isinstance(found, str):
        yield path, found
    else:
        for one in found:
            yield from _walk(one, path)
