"""Absences that share a day: each day is told once, whatever page, file or program tells it."""

from collections.abc import Iterable
from datetime import date
from typing import Protocol, TypeVar


class DaysAway(Protocol):
    """Whole days away, both ends included."""

    @property
    def from_on(self) -> date: ...

    @property
    def to_on(self) -> date: ...

    @property
    def reason(self) -> str: ...


Away = TypeVar("Away", bound=DaysAway)
MEND = "take that back first"


def find_clash(from_on: date, to_on: date, others: Iterable[Away]) -> Away | None:
    """The first of the others that has one of these days, if any has."""
    return next((one for one in others if one.from_on <= to_on and from_on <= one.to_on), None)


def describe_clash(one: DaysAway) -> str:
    """What stands in the way, in words."""
    return f"{one.from_on} to {one.to_on} is an absence already ({one.reason or 'no reason given'})"
