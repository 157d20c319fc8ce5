"""Turns of a search: what its islands do between two looks at the clock."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

TURN = 200
"""Iterations of a turn of a search whose iterations are given,"""
FIRST_TURN = 5
"""and of the first turn of one whose time is given: nobody knows yet how long an iteration takes."""
TURNS = 500
"""About how many turns there are in a search whose time is given,"""
SHORTEST_S, LONGEST_S = 0.02, 0.1
"""as far as a turn then takes at least and at most so many seconds."""
EARLY = 0.05
"""A search cools down twice: within this share of it, for a good plan early, and then for a better one."""
SHARES = 10
"""How often islands compare, once the first half is over."""


class Turn(NamedTuple):
    """What the islands do between two looks at the clock: all that time decides about a search."""

    iterations: int
    begins: float
    """How cold the search is when the turn begins, 0 to 1,"""
    ends: float
    """and when it ends."""
    compares: bool
    """Whether the islands compare their plans after it, where each has its own,"""
    adopts: bool = False
    """and whether one of them goes on from recombined routes."""


class Clock:
    """Cuts a search into turns: by iterations where they are given, else by time."""

    def __init__(
        self, began: float, time_limit_s: float, keep_s: Callable[[], float], iterations: int | None, threads: int
    ) -> None:
        self.began, self.time_limit_s, self.keep_s = began, time_limit_s, keep_s
        self.iterations, self.threads = iterations, threads

    def is_over(self) -> bool:
        """Whether no time is left."""
        return time.monotonic() - self.began >= self.time_limit_s - self.keep_s()

    def turns(self) -> Iterator[Turn]:
        """Yields turn after turn until time or iterations are used up; each is timed until the next is asked for."""
        done, compared = 0, SHARES // 2
        size = FIRST_TURN if self.iterations is None else TURN
        while True:
            elapsed_s, limit_s = time.monotonic() - self.began, self.time_limit_s - self.keep_s()
            turn_s = min(LONGEST_S, max(SHORTEST_S, limit_s / TURNS))
            if self.iterations is not None:
                size = min(size, self.iterations - done)
                progress, ahead = done / max(1, self.iterations), (done + size) / max(1, self.iterations)
            else:
                progress = elapsed_s / limit_s if limit_s > 0 else 1.0
                ahead = min(1.0, progress + turn_s / max(limit_s, turn_s))
            if size <= 0 or elapsed_s >= limit_s:
                return
            compares = self.threads > 1 and int(ahead * SHARES) > compared
            compared = max(compared, int(ahead * SHARES))
            turn_began = time.monotonic()
            cold = how_cold(progress)
            yield Turn(size, cold, max(cold, how_cold(ahead)), compares)  # what begins cold ends cold
            done += size
            if self.iterations is None:
                left_s = limit_s - (time.monotonic() - self.began)
                size = _next_size(size, time.monotonic() - turn_began, min(turn_s, max(0.0, left_s)))


def how_cold(progress: float) -> float:
    """How cold a search is, 0 to 1, when so much of it is over: in each descent as cold as much of that is over."""
    return progress / EARLY if progress < EARLY else (progress - EARLY) / (1.0 - EARLY)


def _next_size(size: int, took_s: float, turn_s: float) -> int:
    """As many iterations as fit the time of a turn."""
    return max(1, min(4 * size, int(size / max(took_s, 1e-6) * turn_s)))
