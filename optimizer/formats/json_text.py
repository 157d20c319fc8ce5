"""JSON text into Python values, losing nothing: doubled keys are kept in mind, bad text says its line and column."""

from __future__ import annotations

import json
from typing import Any

from optimizer.faults import Fault, ProblemError


class Doubled(dict[str, Any]):
    """An object in which some keys are given more than once; only the last value of each is here."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        keys = [key for key, _ in pairs]
        self.doubled = sorted({key for key in keys if keys.count(key) > 1})


def parse_json(content: bytes | str) -> Any:
    """Returns the value that a JSON text (UTF-8) holds. Raises `ProblemError` with one fault if it holds none.

    NaN and infinities are let through as floats, so that who reads the value can say where they stand.
    """
    try:
        text = content.decode("utf-8-sig") if isinstance(content, bytes) else content
        return json.loads(text, object_pairs_hook=_object)
    except UnicodeDecodeError as error:
        raise _refused("input", f"byte {error.start} is not UTF-8", "save the file as UTF-8") from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise _refused(where, f"this is not JSON ({error.msg})", "correct the text there") from error
    except RecursionError as error:
        raise _refused("input", "arrays or objects are nested too deep", "give a flat document") from error
    except ValueError as error:  # a whole number of thousands of digits
        raise _refused("input", "a number has too many digits", "use numbers of a sensible size") from error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    return found if len(found) == len(pairs) else Doubled(pairs)


def _refused(where: str, what: str, mend: str) -> ProblemError:
    return ProblemError([Fault(where, what, mend)])
