"""One JSON object while it is read: typed getters that note every fault with its path and let reading go on."""

from __future__ import annotations

import difflib
import json
import math
import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from optimizer.faults import Fault, Faults
from optimizer.formats.json_text import Doubled

MOST = 2**32 - 1
"""The largest whole number that VROOM takes for times, lengths, amounts, costs and indices."""
MOST_ID = 2**64 - 1

Point = tuple[float, float]
"""Longitude and latitude in degrees: the order of VROOM's documents."""
Span = tuple[int, int]


class Record:
    """Reads the fields of one object. A getter whose field is missing or wrong returns a harmless default."""

    def __init__(self, raw: Any, path: str, faults: Faults, keys: Sequence[str], required: Sequence[str] = ()) -> None:
        self.path, self.faults = path, faults
        self.fields: dict[str, Any] = {}
        if not isinstance(raw, dict):
            faults.append(Fault(path or "input", f"is {show(raw)}", "give an object"))
            return
        self.fields = raw
        for key in raw:
            if key not in keys:
                close = difflib.get_close_matches(key, keys, 1)
                mend = f"did you mean {close[0]}?" if close else f"take it out; known here are: {', '.join(keys)}"
                self.fault(key, "is not a key of VROOM's documents here", mend)
        for key in raw.doubled if isinstance(raw, Doubled) else ():
            self.fault(key, "is given more than once", "give it once")
        for key in required:
            if key not in raw:
                self.fault(key, "is missing", "add it")

    def at(self, key: str) -> str:
        """The path of a field."""
        return join(self.path, key)

    def fault(self, key: str, what: str, mend: str) -> None:
        """Notes what is wrong with a field."""
        self.faults.append(Fault(self.at(key), what, mend))

    def has(self, key: str) -> bool:
        return key in self.fields

    def integer(self, key: str, low: int = 0, high: int = MOST) -> int | None:
        """A whole number in a range, None where there is none."""
        return self._integer(self.fields[key], self.at(key), low, high) if self.has(key) else None

    def identifier(self) -> int:
        """The record's own `id`; -1 where it is missing or wrong."""
        found = self.integer("id", 0, MOST_ID)
        return -1 if found is None else found

    def number(self, key: str) -> float | None:
        """A finite number, None where there is none."""
        if not self.has(key):
            return None
        value = self.fields[key]
        if is_number(value):
            return float(value)
        self.fault(key, f"is {show(value)}", "give a number")
        return None

    def text(self, key: str) -> str | None:
        """A string, None where there is none."""
        value = self.fields.get(key)
        if self.has(key) and not isinstance(value, str):
            self.fault(key, f"is {show(value)}", "give a string")
            return None
        return value

    def integers(self, key: str) -> tuple[int, ...] | None:
        """An array of whole numbers, None where there is none. A wrong one counts as 0, so that the length stays."""
        if not self.has(key):
            return None
        return tuple(self._integer(value, f"{self.at(key)}[{index}]", 0, MOST) or 0 for index, value in self.items(key))

    def integer_by_name(self, key: str) -> dict[str, int]:
        """An object of whole numbers, empty where there is none."""
        value = self.fields.get(key, {})
        if not isinstance(value, dict):
            self.fault(key, f"is {show(value)}", "give an object with a whole number for each vehicle type")
            return {}
        named = Record(value, self.at(key), self.faults, tuple(value))
        found = {name: named.integer(name) for name in value}
        return {name: number for name, number in found.items() if number is not None}

    def point(self, key: str) -> Point | None:
        """[longitude, latitude], None where there is none. Further numbers, such as a height, are allowed."""
        if not self.has(key):
            return None
        value = self.fields[key]
        if not isinstance(value, list) or len(value) < 2 or not all(is_number(one) for one in value):
            self.fault(key, f"is {show(value)}", "give [longitude, latitude] in degrees")
            return None
        lon, lat = float(value[0]), float(value[1])
        if not (-180 <= lon <= 180 and -90 <= lat <= 90):
            swapped = -90 <= lon <= 90 and -180 <= lat <= 180
            self.fault(
                key,
                f"[{lon:g}, {lat:g}] is no place on Earth",
                "longitude comes first: swap the two" if swapped else "give [longitude, latitude] in degrees",
            )
            return None
        return lon, lat

    def span(self, key: str) -> Span | None:
        """A time window [start, end], None where there is none."""
        return self._span(self.fields[key], self.at(key)) if self.has(key) else None

    def spans(self, key: str) -> tuple[Span, ...]:
        """Time windows in order of time; empty where there are none, which means any time."""
        if not self.has(key):
            return ()
        items = self.items(key)
        if not items and isinstance(self.fields[key], list):
            self.fault(key, "is empty, so there is no time at all", "add a window, or leave it out for any time")
        found = [self._span(value, f"{self.at(key)}[{index}]") for index, value in items]
        spans = sorted(span for span in found if span is not None)
        for before, after in pairwise(spans):
            if after[0] <= before[1]:
                self.fault(key, f"windows {list(before)} and {list(after)} overlap or touch", "merge them into one")
        return tuple(spans)

    def items(self, key: str) -> list[tuple[int, Any]]:
        """The numbered items of an array, none where there is none."""
        value = self.fields.get(key, [])
        if not isinstance(value, list):
            self.fault(key, f"is {show(value)}", "give an array")
            return []
        return list(enumerate(value))

    def _integer(self, value: Any, path: str, low: int, high: int) -> int | None:
        if type(value) is int and low <= value <= high:
            return value
        self.faults.append(Fault(path, f"is {show(value)}", f"give a whole number from {low} to {high}"))
        return None

    def _span(self, value: Any, path: str) -> Span | None:
        if not isinstance(value, list) or len(value) != 2:
            self.faults.append(Fault(path, f"is {show(value)}", "give [start, end] in seconds"))
            return None
        start, end = (self._integer(one, f"{path}[{index}]", 0, MOST) for index, one in enumerate(value))
        if start is None or end is None:
            return None
        if end < start:
            self.faults.append(Fault(path, f"ends at {end}, before it starts at {start}", "swap its two numbers"))
            return None
        return start, end


def join(path: str, key: str) -> str:
    """The path of a field: plain keys follow a dot, others are quoted in brackets."""
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", key):
        return f"{path}[{json.dumps(key)}]"
    return f"{path}.{key}" if path else key


def is_number(value: Any) -> bool:
    """True for a finite number; true and false are not numbers."""
    if type(value) is int:
        return abs(value) <= 2**63
    return type(value) is float and math.isfinite(value)


def show(value: Any) -> str:
    """A value as a fault mentions it: what it is, and itself where it is short."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return f"an array of {len(value)}"
    if type(value) is int and abs(value) > 10**30:
        return "a huge number"
    text = json.dumps(value)
    text = text if len(text) <= 60 else text[:57] + "..."
    return f"the string {text}" if isinstance(value, str) else text
