"""The oracle's view of duty: of all ways in which a day can go, the one that is best, found by trying every leaving."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tests.optimizer.oracle_day import Day


@dataclass(frozen=True)
class Best:
    """What the times of the best day cost without duty, how long its duty is, and how long its roads take: one choice
    for each of the days that are equally good."""

    cost: int
    duty_s: int
    drives_s: frozenset[tuple[int, ...]]


def best_day(
    days: Callable[[int], Iterable[Day]],
    cost_of: Callable[[Day], int],
    *,
    earliest_s: int,
    latest_s: int,
    most_s: int | None,
    busy_s: int,
    leaves_late: bool,
) -> Best | None:
    """Tries `days(leave_s)`, which are all days of somebody who leaves no earlier than then.

    Leaves no earlier than it takes to be home within `most_s`, then as cheaply, then home as early, and then
    (`leaves_late`) as late as can be. `busy_s` is what travel and work take at least.
    """
    first_s = earliest_s
    if most_s is not None:
        while True:
            soonest_s = min((day.home_s for day in days(first_s) if day.home_s <= latest_s), default=None)
            if soonest_s is None or busy_s > most_s:
                return None
            if soonest_s <= first_s + most_s:
                break
            first_s = soonest_s - most_s  # leaving sooner, nobody is home sooner
        latest_s = min(latest_s, first_s + most_s)

    def worth(day: Day) -> tuple[int, int]:
        return cost_of(day), day.home_s

    least = min((worth(day) for day in days(first_s) if day.home_s <= latest_s), default=None)
    if least is None:
        return None
    cost, home_s = least

    def drives_s(leave_s: int) -> frozenset[tuple[int, ...]]:
        return frozenset(day.drives_s for day in days(leave_s) if worth(day) == least)

    if not leaves_late:
        return Best(cost, 0, drives_s(first_s))
    leave_s = home_s - busy_s
    while not drives_s(leave_s):
        leave_s -= 1
    return Best(cost, home_s - leave_s, drives_s(leave_s))
