"""The oracle's clock: every way in which one person's day can go, for a given order of stops.

Shares nothing with the optimizer. A day is a row of stops with a gap before each and one before home; every break is
put into every gap, in every order, and everything then happens as early as it can: no cost falls with time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tests.optimizer.oracle_roads import Road, ways_along

LONG_AGO, NEVER = -(10**9), 10**9

Windows = tuple[tuple[int, int], ...]


Leg = int | Road
"""How long a leg takes: always the same, or by when it is begun."""


@dataclass(frozen=True)
class Stay:
    """Work of `length_s` after a leg, to be begun in one of `windows` (none: whenever)."""

    leg: Leg
    length_s: int
    windows: Windows = ()


@dataclass(frozen=True)
class Day:
    """When work starts at each stop, when the person is home, when each break starts, and how long each leg takes that
    is a road."""

    starts_s: tuple[int, ...]
    home_s: int
    rests_s: tuple[tuple[str, int], ...]
    drives_s: tuple[int, ...] = ()


def first_moment(windows: Windows, now_s: int) -> int | None:
    """The first moment from now on inside any of the windows; now, if there are none."""
    if not windows:
        return now_s
    return min((max(opens, now_s) for opens, closes in windows if closes >= now_s), default=None)


def all_days(
    stays: Sequence[Stay],
    leg_home: Leg,
    breaks: dict[str, tuple[int, Windows]],
    earliest_s: int,
    leave_s: int | None = None,
) -> Iterator[Day]:
    """Yields every day; `breaks` are (length, windows) by id, and each of them must be taken.

    With `leave_s`, nobody leaves before then, but takes any breaks at home from `earliest_s` on.
    """
    if leave_s is None:
        yield from _from_here(stays, leg_home, breaks, Moment(earliest_s, 0, 0, earliest_s))
        return
    for home in _at_home(breaks, Moment(earliest_s, 0, 0, earliest_s)):
        left_s = max(home.now_s, leave_s)
        yield from _from_here(stays, leg_home, breaks, Moment(left_s, 0, 0, left_s, (), home.rests_s))


@dataclass(frozen=True)
class Moment:
    """Somewhere in a gap that began at `free_s`: the time, how many stops are done, and how much of the leg has been
    travelled (of a road nothing is, before all of it is)."""

    now_s: int
    done: int
    travelled_s: int
    free_s: int
    starts_s: tuple[int, ...] = ()
    rests_s: tuple[tuple[str, int], ...] = ()
    drives_s: tuple[int, ...] = ()


def _at_home(breaks: dict[str, tuple[int, Windows]], here: Moment) -> Iterator[Moment]:
    """Before leaving: any of the breaks, in any order."""
    yield here
    for name in set(breaks) - {name for name, _ in here.rests_s}:
        length_s, windows = breaks[name]
        start_s = first_moment(windows, here.now_s)
        if start_s is not None:
            yield from _at_home(breaks, Moment(start_s + length_s, 0, 0, 0, (), (*here.rests_s, (name, start_s))))


def _from_here(
    stays: Sequence[Stay], leg_home: Leg, breaks: dict[str, tuple[int, Windows]], here: Moment
) -> Iterator[Day]:
    at_end = here.done == len(stays)
    leg = leg_home if at_end else stays[here.done].leg
    open_breaks = set(breaks) - {name for name, _ in here.rests_s}
    for name in open_breaks:
        length_s, windows = breaks[name]
        for start_s in _rest_starts(leg, windows, here.now_s):
            travelled_s = min(leg, here.travelled_s + start_s - here.now_s) if isinstance(leg, int) else 0
            rests_s = (*here.rests_s, (name, start_s))
            yield from _from_here(
                stays,
                leg_home,
                breaks,
                replace(here, now_s=start_s + length_s, travelled_s=travelled_s, rests_s=rests_s),
            )
    if isinstance(leg, int):
        ways = None
        arrive_s = here.now_s + leg - here.travelled_s
    else:
        spans = [(start_s, start_s + breaks[name][0]) for name, start_s in here.rests_s]
        ways = list(ways_along(leg, here.free_s, spans))
        arrive_s = max(here.now_s, min(end_s for _, end_s, _ in ways))
    start_s = arrive_s if at_end else first_moment(stays[here.done].windows, arrive_s)
    if start_s is None:
        return
    drives_s = here.drives_s if ways is None else (*here.drives_s, min(s for _, end_s, s in ways if end_s <= start_s))
    if at_end:
        for rests_s in _after_home(breaks, open_breaks, arrive_s):
            yield Day(here.starts_s, arrive_s, (*here.rests_s, *rests_s), drives_s)
        return
    done_s, starts_s = start_s + stays[here.done].length_s, (*here.starts_s, start_s)
    worked = Moment(done_s, here.done + 1, 0, done_s, starts_s, here.rests_s, drives_s)
    yield from _from_here(stays, leg_home, breaks, worked)


def _rest_starts(leg: Leg, windows: Windows, now_s: int) -> list[int]:
    """When a break is tried: at once; on a road at any second until the last change, since when it is may matter."""
    first_s = first_moment(windows, now_s)
    if isinstance(leg, int) or first_s is None:
        return [] if first_s is None else [first_s]
    return [first_s, *(s for s in range(first_s + 1, leg[-1][0] + 1) if first_moment(windows, s) == s)]


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
