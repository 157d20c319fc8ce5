"""On which days recurring work falls due, and on which days it may be done. Dates only, no database."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

LONGEST_SEARCH = 366
"""Days; within a year every weekday of every month comes."""


@dataclass(frozen=True)
class Rhythm:
    """Every so many weeks or months, the first time on `first_due_on`, in the season `months` (none: all year)."""

    every: int
    unit: str
    first_due_on: date
    months: Collection[int] = ()

    def due_on(self, time: int) -> date:
        """When it is due for that time, the first being 0: the 31st stays the 31st where the month has one."""
        return into_season(add(self.first_due_on, time * self.every, self.unit), self.months)

    def due_after(self, done_on: date) -> date:
        """When it is due again after it was done on that day."""
        return into_season(add(done_on, self.every, self.unit), self.months)

    def list_turns(self, after_turn: int, after_on: date | None) -> Iterator[tuple[int, date]]:
        """The turns that follow one of that number and day, without end, by the rhythm as it is now.

        Those that the season moves onto one day are one turn, the first.
        """
        turn, last_on = after_turn, after_on
        for time in count():
            due_on = self.due_on(time)
            if last_on is None or due_on > last_on:
                turn, last_on = turn + 1, due_on
                yield turn, due_on


def add(on: date, many: int, unit: str) -> date:
    """So many weeks or months later; the last day of a month that is too short."""
    if unit == "week":
        return on + timedelta(weeks=many)
    months = on.year * 12 + on.month - 1 + many
    year, month = divmod(months, 12)
    return date(year, month + 1, min(on.day, monthrange(year, month + 1)[1]))


def into_season(on: date, months: Collection[int]) -> date:
    """The day itself, or the first day of the season that follows."""
    while months and on.month not in months:
        on = add(on.replace(day=1), 1, "month")
    return on


def list_spans(
    from_on: date, until_on: date, weekdays: Collection[int], holidays: Collection[date]
) -> list[tuple[date, date]]:
    """The days that are neither holidays nor other weekdays, as spans without gaps.

    Where there is none, the first such day after `until_on`; none at all within a year gives an empty list.
    """
    days = _allowed(from_on, until_on, weekdays, holidays)
    if not days:
        later = _allowed(until_on, until_on + timedelta(days=LONGEST_SEARCH), weekdays, holidays)
        days = later[:1]
    spans: list[tuple[date, date]] = []
    for day in days:
        if spans and spans[-1][1] + timedelta(days=1) == day:
            spans[-1] = spans[-1][0], day
        else:
            spans.append((day, day))
    return spans


def _allowed(from_on: date, until_on: date, weekdays: Collection[int], holidays: Collection[date]) -> list[date]:
    days = [from_on + timedelta(days=ahead) for ahead in range((until_on - from_on).days + 1)]
    return [day for day in days if day not in holidays and (not weekdays or day.weekday() in weekdays)]
