"""Travel that takes longer at some hours: a small table of percentages on any source's seconds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from itertools import pairwise

import numpy as np

from data.travel.closures import ClosedArea
from data.travel.interface import UNREACHABLE, Point, RouteLine, TravelError, TravelSource, UnreachablePoint

LEAST_PERCENT, MOST_PERCENT = 50, 500


@dataclass(frozen=True)
class Hour:
    """From this wall-clock time on a drive takes `percent` of what the source says, until the next hour of the table;
    the last one holds until the first one of the next day."""

    at: time
    percent: int


def read_hours(text: str) -> tuple[Hour, ...]:
    """The table in a text such as "7:00 150, 9:00 100, 16:30 130, 19:00 100"; none in an empty one.

    Raises TravelError with all that is wrong.
    """
    wrong: list[str] = []
    hours = [hour for part in text.split(",") if part.strip() for hour in _read_hour(part.strip(), wrong)]
    for before, after in pairwise(hours):
        if after.at <= before.at:
            wrong.append(f"{after.at:%H:%M} does not come after {before.at:%H:%M}; list the hours of one day in order")
    if wrong:
        raise TravelError("; ".join(wrong))
    return tuple(hours)


def _read_hour(part: str, wrong: list[str]) -> list[Hour]:
    found = re.fullmatch(r"(\d{1,2}):(\d\d)\s+(\d{1,4})\s*%?", part)
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        wrong.append(f'"{part}" is not an hour and a percentage; write such as "7:30 150"')
        return []
    if not LEAST_PERCENT <= int(found[3]) <= MOST_PERCENT:
        wrong.append(f'"{part}": use {LEAST_PERCENT} to {MOST_PERCENT} percent')
        return []
    return [Hour(time(int(found[1]), int(found[2])), int(found[3]))]


class ByHour:
    """Another travel source, with hours at which its seconds are not the usual ones.

    `matrix` and routes are the usual ones; `at_percent` makes of them what they are at an hour.
    """

    def __init__(self, usual: TravelSource, hours: Sequence[Hour]) -> None:
        self.usual, self.hours = usual, tuple(hours)
        table = ", ".join(f"{hour.at:%H:%M} {hour.percent} %" for hour in self.hours)
        self.name = f"{usual.name}, {table}"
        self.is_estimate = usual.is_estimate
        self.error_note = usual.error_note
        self.attribution = usual.attribution

    def matrix(self, points: Sequence[Point], depart_at: datetime | None = None) -> tuple[np.ndarray, np.ndarray]:
        """See TravelSource."""
        return self.usual.matrix(points, depart_at)

    def route(self, a: Point, b: Point) -> RouteLine:
        """See TravelSource."""
        return self.usual.route(a, b)

    def routes_along(self, points: Sequence[Point]) -> list[RouteLine]:
        """See TravelSource."""
        return self.usual.routes_along(points)

    def around(self, areas: Sequence[ClosedArea]) -> ByHour | None:
        """See TravelSource."""
        usual = self.usual.around(areas)
        return None if usual is None else ByHour(usual, self.hours)

    def list_unreachable(self, points: Sequence[Point]) -> list[UnreachablePoint]:
        """See TravelSource."""
        return self.usual.list_unreachable(points)


def at_percent(seconds: np.ndarray, percent: int) -> np.ndarray:
    """So many percent of a matrix of seconds, rounded up; what is unreachable stays so."""
    return np.where(seconds == UNREACHABLE, UNREACHABLE, -(-seconds * percent // 100))
