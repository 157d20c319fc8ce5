"""The oracle's roads: legs that take another time by when they are begun, driven second by second.

Shares nothing with the optimizer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

Road = tuple[tuple[int, int], ...]
"""(from, seconds): how long a leg takes that is begun from then on; the first holds from ever."""


def seconds_on(road: Road, leave_s: int) -> int:
    """How long the leg takes that is begun at `leave_s`."""
    found = road[0][1]
    for from_s, seconds in road:
        if leave_s >= from_s:
            found = seconds
    return found


def drive(leave_s: int, travel_s: int, rests: Sequence[tuple[int, int]]) -> int:
    """When a leg is over: every second is travelled but those of a rest."""
    while travel_s > 0:
        if not any(start_s <= leave_s < end_s for start_s, end_s in rests):
            travel_s -= 1
        leave_s += 1
    return leave_s


def ways_along(road: Road, free_s: int, rests: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, int]]:
    """Yields (setting out, arrival, seconds) for every second at which somebody free at `free_s` may set out, until
    nothing changes any more."""
    last_s = max([free_s, road[-1][0] if len(road) > 1 else free_s, *(end_s for _, end_s in rests)])
    for leave_s in range(free_s, last_s + 1):
        if not any(start_s < leave_s < end_s for start_s, end_s in rests):
            seconds = seconds_on(road, leave_s)
            yield leave_s, drive(leave_s, seconds, rests), seconds
