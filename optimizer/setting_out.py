"""When to set out on a leg whose seconds depend on when it is begun, and how long it then takes.

The seconds are those of the moment of setting out, breaks on the way or not. Nobody has to set out as soon as they are
free: who waits for a quicker period is there no later than who does not, so nobody overtakes by starting later.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

Steps = tuple[tuple[int, int], ...]
"""(from_s, seconds): how long a leg takes that is begun from then on. In order of time; the first
holds from before any time of a plan."""
Spans = Sequence[tuple[int, int]]
"""Breaks, (start, end) in seconds, one after the other."""


def arrival_s(leave_s: int, travel_s: int, rests: Spans) -> int:
    """When a leg ends that is begun at `leave_s` and interrupted by the rests that begin on the way."""
    for start_s, end_s in rests:
        if leave_s <= start_s < leave_s + travel_s:
            travel_s -= start_s - leave_s
            leave_s = end_s
    return leave_s + travel_s


def seconds_at(steps: Steps, leave_s: int) -> int:
    """How long the leg takes that is begun at `leave_s`."""
    return next(seconds for from_s, seconds in reversed(steps) if from_s <= leave_s)


def soonest_arrival_s(steps: Steps, free_s: int, rests: Spans = ()) -> int:
    """The first moment at which somebody who is free at `free_s` can be there; `rests` are taken until then."""
    if len(steps) == 1:
        return arrival_s(free_s, steps[0][1], rests)
    return min(arrival_s(leave_s, seconds, rests) for leave_s, seconds in _moments(steps, free_s, rests))


def set_out(steps: Steps, free_s: int, by_s: int, rests: Spans = ()) -> tuple[int, int]:
    """When to leave and how long the leg then takes: of all ways to be there by `by_s` the shortest, then the first.

    There must be such a way.
    """
    ways = _moments(steps, free_s, rests)
    return min((one for one in ways if arrival_s(*one, rests) <= by_s), key=lambda one: (one[1], one[0]))


def set_out_late(steps: Steps, free_s: int, by_s: int, rests: Spans = ()) -> tuple[int, int]:
    """Like `set_out`, but of the shortest ways the last; the rests are over by `by_s`."""
    return min(_last_moments(steps, free_s, by_s, rests), key=lambda one: (one[1], -one[0]))


def latest_leave_s(steps: Steps, by_s: int) -> int:
    """The last moment to leave and be there by `by_s`, without rests."""
    return max(leave_s for leave_s, _ in _last_moments(steps, steps[0][0], by_s, ()))


def last_leave_s(by_s: int, travel_s: int, rests: Spans) -> int:
    """The last moment to begin a leg of these seconds and be there by `by_s`, resting on the way where a rest falls."""
    for start_s, end_s in reversed(rests):
        if by_s - travel_s >= end_s:
            break
        travel_s -= by_s - end_s
        by_s = start_s
    return by_s - travel_s


def _moments(steps: Steps, free_s: int, rests: Spans) -> Iterator[tuple[int, int]]:
    """Yields (moment, seconds) of every setting out worth a thought: it is never better a little later."""
    changes = [from_s for from_s, _ in steps[1:] if from_s > free_s]
    for leave_s in (free_s, *changes, *(end_s for _, end_s in rests if end_s > free_s)):
        for start_s, end_s in rests:
            if start_s < leave_s < end_s:
                leave_s = end_s
        yield leave_s, seconds_at(steps, leave_s)


def _last_moments(steps: Steps, free_s: int, by_s: int, rests: Spans) -> Iterator[tuple[int, int]]:
    """Yields the last (moment, seconds) of every period in which one can set out and be there in time."""
    for (from_s, seconds), (until_s, _) in pairwise((*steps, (by_s + 1, 0))):
        leave_s = min(last_leave_s(by_s, seconds, rests), until_s - 1)
        for start_s, end_s in reversed(rests):
            if start_s < leave_s < end_s:
                leave_s = start_s
        if leave_s >= max(from_s, free_s):
            yield leave_s, seconds
