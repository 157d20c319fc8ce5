"""The oracle's clock: every way in which one person's day can go, for a given order of stops.

Shares nothing with the optimizer. A day is a row of stops with a gap before each and one before home; every break is
put into every gap, in every order, and everything then happens as early as it can: no cost falls with time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

LONG_AGO, NEVER = -(10**9), 10**9

Windows = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Stay:
    """Work of `length_s` after a leg of `leg_s`, to be begun in one of `windows` (none: whenever)."""

    leg_s: int
    length_s: int
    windows: Windows = ()


@dataclass(frozen=True)
class Day:
    """When work starts at each stop, when the person is home, and when each break starts."""

    starts_s: tuple[int, ...]
    home_s: int
    rests_s: tuple[tuple[str, int], ...]


def first_moment(windows: Windows, now_s: int) -> int | None:
    """The first moment from now on inside any of the windows; now, if there are none."""
    if not windows:
        return now_s
    return min((max(opens, now_s) for opens, closes in windows if closes >= now_s), default=None)


def all_days(
    stays: Sequence[Stay],
    leg_home_s: int,
    breaks: dict[str, tuple[int, Windows]],
    earliest_s: int,
    leave_s: int | None = None,
) -> Iterator[Day]:
    """Yields every day; `breaks` are (length, windows) by id, and each of them must be taken.

    With `leave_s`, nobody leaves before then, but takes any breaks at home from `earliest_s` on.
    """
    if leave_s is None:
        yield from _from_here(stays, leg_home_s, breaks, Moment(earliest_s, 0, 0))
        return
    for home in _at_home(breaks, Moment(earliest_s, 0, 0)):
        left = Moment(max(home.now_s, leave_s), 0, 0, (), home.rests_s)
        yield from _from_here(stays, leg_home_s, breaks, left)


@dataclass(frozen=True)
class Moment:
    """Somewhere in a gap: the time, how many stops are done, and how much of the leg has been travelled."""

    now_s: int
    done: int
    travelled_s: int
    starts_s: tuple[int, ...] = ()
    rests_s: tuple[tuple[str, int], ...] = ()


def _at_home(breaks: dict[str, tuple[int, Windows]], here: Moment) -> Iterator[Moment]:
    """Before leaving: any of the breaks, in any order."""
    yield here
    for name in set(breaks) - {name for name, _ in here.rests_s}:
        length_s, windows = breaks[name]
        start_s = first_moment(windows, here.now_s)
        if start_s is not None:
            yield from _at_home(breaks, Moment(start_s + length_s, 0, 0, (), (*here.rests_s, (name, start_s))))


def _from_here(
    stays: Sequence[Stay], leg_home_s: int, breaks: dict[str, tuple[int, Windows]], here: Moment
) -> Iterator[Day]:
    at_end = here.done == len(stays)
    leg_s = leg_home_s if at_end else stays[here.done].leg_s
    open_breaks = set(breaks) - {name for name, _ in here.rests_s}
    for name in open_breaks:
        length_s, windows = breaks[name]
        start_s = first_moment(windows, here.now_s)
        if start_s is not None:
            travelled_s = min(leg_s, here.travelled_s + start_s - here.now_s)
            rested = Moment(start_s + length_s, here.done, travelled_s, here.starts_s, (*here.rests_s, (name, start_s)))
            yield from _from_here(stays, leg_home_s, breaks, rested)
    arrive_s = here.now_s + leg_s - here.travelled_s
    if at_end:
        for rests_s in _after_home(breaks, open_breaks, arrive_s):
            yield Day(here.starts_s, arrive_s, (*here.rests_s, *rests_s))
        return
    stay = stays[here.done]
    start_s = first_moment(stay.windows, arrive_s)
    if start_s is not None:
        worked = Moment(start_s + stay.length_s, here.done + 1, 0, (*here.starts_s, start_s), here.rests_s)
        yield from _from_here(stays, leg_home_s, breaks, worked)


def _after_home(
    breaks: dict[str, tuple[int, Windows]], left: set[str], now_s: int
) -> Iterator[tuple[tuple[str, int], ...]]:
    """Breaks at home, one after the other in any order; they delay nothing any more."""
    if not left:
        yield ()
    for name in left:
        length_s, windows = breaks[name]
        start_s = first_moment(windows, now_s)
        if start_s is not None:
            for others in _after_home(breaks, left - {name}, start_s + length_s):
                yield ((name, start_s), *others)
