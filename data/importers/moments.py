"""Days and moments of jobs, in forms and files: of this century or the next, for any other is mistyped."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from data.importers.numbers import read_text
from data.importers.result import BadValue
from data.importers.times import DateOrder, Edge, read_date, read_instant

FIRST_YEAR, LAST_YEAR = 2000, 2199
"""Days beyond are mistyped; the ends of the calendar have no day before or after them."""


def read_day(value: Any, order: DateOrder | None = None) -> date:
    """As `read_date`. Raises BadValue for a day of another century too."""
    day = read_date(value, order)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise _far(value)
    return day


def read_moment(
    value: Any, zone: ZoneInfo, on: date | None = None, order: DateOrder | None = None, edge: Edge = "end"
) -> datetime:
    """As `read_instant`. Raises BadValue for a moment of another century too."""
    try:
        at = read_instant(value, zone, on, order, edge)
        year = at.astimezone(zone).year
    except OverflowError:
        raise _far(value) from None
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise _far(value)
    return at


def _far(value: Any) -> BadValue:
    return BadValue(f"{read_text(value)} is not between the years {FIRST_YEAR} and {LAST_YEAR}", "Correct the year")
