"""Reads fields of parsed JSON: every fault is noted with its path, and reading goes on with something harmless."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from optimizer.faults import Fault, Faults
from optimizer.formats.json_text import Doubled

DECIMALS = 9
"""Numbers are rounded to so many decimals: what lies beyond comes from reckoning with floats, not from people."""
MOST = 10**7


class Fields:
    """One JSON object at a path. All its keys must be known, so that nothing is dropped in silence."""

    def __init__(
        self, raw: Any, path: str, faults: Faults, required: Sequence[str], optional: Sequence[str] = ()
    ) -> None:
        self.path, self.faults = path, faults
        self.raw: dict[str, Any] = raw if isinstance(raw, dict) else {}
        if not isinstance(raw, dict):
            faults.append(Fault(path or "input", "is no object", f"give an object with {', '.join(required)}"))
            return
        for key in raw:
            if key not in (*required, *optional):
                self.fault(key, "is not understood", f"use only: {', '.join((*required, *optional))}")
        for key in raw.doubled if isinstance(raw, Doubled) else ():
            self.fault(key, "is given more than once", "give it once")
        for key in required:
            if key not in raw:
                self.fault(key, "is missing", "add it")

    def at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def fault(self, key: str, what: str, mend: str) -> None:
        self.faults.append(Fault(self.at(key), what, mend))

    def text(self, key: str) -> str:
        """A string that is not empty; "" where it is wrong."""
        value = self.raw.get(key, "")
        if key in self.raw and (not isinstance(value, str) or not value):
            self.fault(key, "is no text", "give a string")
            return ""
        return str(value)

    def items(self, key: str) -> list[Any]:
        """A list; empty where it is wrong."""
        value = self.raw.get(key, [])
        if not isinstance(value, list):
            self.fault(key, "is no list", "give an array")
            return []
        return value

    def number(self, key: str) -> Decimal:
        """A number of at least 0; 0 where it is wrong."""
        return number(self.raw[key], self.at(key), self.faults) if key in self.raw else Decimal(0)

    def span(self, key: str) -> tuple[Decimal, Decimal]:
        """Two numbers, the second not below the first."""
        values = self.items(key)
        if key in self.raw and len(values) != 2:
            self.fault(key, f"holds {len(values)} numbers", "give two: from and to")
        if len(values) != 2:
            return Decimal(0), Decimal(0)
        low, high = (number(value, f"{self.at(key)}[{place}]", self.faults) for place, value in enumerate(values))
        if high < low:
            self.fault(key, f"ends at {high}, before it begins at {low}", "swap the two")
        return low, high


def number(value: Any, path: str, faults: Faults) -> Decimal:
    """A number of at least 0, to nine decimals; 0 where it is wrong."""
    if type(value) not in (int, float) or not 0 <= value <= MOST:  # also false for what is no number at all
        faults.append(Fault(path, "is no number that is understood", f"give a number from 0 to {MOST}"))
        return Decimal(0)
    return round(Decimal(repr(value)), DECIMALS).normalize()
