"""Ruin and recreate on every core: islands that search apart, compared after each turn."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from optimizer.engines.ruin.arrays import (
    DROP,
    DUTY_RATE,
    EXTRA,
    NEVER,
    PROFILE,
    RATE,
    WINDOWS_FROM,
    WINDOWS_TO,
    Arrays,
    Ints,
    pack,
)
from optimizer.engines.ruin.insert import best_gap
from optimizer.engines.ruin.search import build, iterate, price_all
from optimizer.engines.ruin.state import NOWHERE, Kept, State, make_kept, make_state
from optimizer.primitives import Primitives

Sequences = list[list[int]]

TURN = 200
"""Iterations of a turn of a search whose iterations are given, and of the first turn of any."""
TURN_S = 0.1
"""Seconds of a turn of a search whose time is given."""
SHARES = 10
"""How often islands compare, once the first half is over."""
HOT, COLD = 12.0, 0.04
"""First and last temperature, in mean legs between neighbours."""


class Turn(NamedTuple):
    """What the islands do between two looks at the clock: all that time decides about a search."""

    iterations: int
    begins: float
    """How far the search is, 0 to 1, which sets the temperature at which the turn begins."""
    ends: float
    compares: bool
    """Whether the islands compare their plans after it."""


class Found(NamedTuple):
    """What a search found, and the turns it took: the same turns with the same seed and threads find it again."""

    sequences: Sequences
    turns: tuple[Turn, ...]


@dataclass
class Island:
    """One search: the plan being changed, room for undoing, and what follows what in the best plan."""

    now: State
    kept: Kept
    best: Ints
    total: int = 0
    best_total: int = 0


def search(
    primitives: Primitives,
    time_limit_s: float,
    *,
    threads: int = 1,
    seed: int = 0,
    iterations: int | None = None,
    start: Sequences | None = None,
    turns: Sequence[Turn] | None = None,
    keep_s: Callable[[], float] | None = None,
    on_better: Callable[[int, Callable[[], Sequences]], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Found:
    """Returns the best sequences found, beginning at `start`, or at the pinned visits alone.

    `start` must keep every hard rule; the result never costs more. `iterations` counts for each island; with it, and
    time to spare, seed and threads decide the result alone. `turns` repeats those of an earlier search, whatever the
    clock says. `on_better` hears the cost of each better plan, after each turn, and may ask for its sequences;
    `cancelled` is asked as often, and `keep_s` how many seconds of the time limit are to be left over.
    """
    began = time.monotonic()
    arrays = pack(primitives)
    first = [list(order) for order in start or primitives.pinned_order]
    islands = [_make_island(arrays, primitives, first, seed * 1_000 + number + 1) for number in range(threads)]
    hot = HOT * _mean_leg(arrays)
    clock = _Clock(began, time_limit_s, keep_s or (lambda: 0.0), iterations, threads)
    taken: list[Turn] = []
    best = None
    with ThreadPoolExecutor(threads) as pool:
        for turn in iter(turns) if turns is not None else clock.turns():
            lowest = min(islands, key=lambda island: island.best_total)
            if on_better and (best is None or lowest.best_total < best):
                best = lowest.best_total
                on_better(best, lambda: _sequences(arrays, lowest.best))  # noqa: B023
            if cancelled is not None and cancelled():
                break
            temperatures = [hot * (COLD / HOT) ** share for share in (turn.begins, turn.ends)]
            list(pool.map(lambda island: _take_turn(arrays, island, turn.iterations, *temperatures), islands))  # noqa: B023
            if turn.compares:
                _share_best(arrays, islands)
            taken.append(turn)
    lowest = min(islands, key=lambda island: island.best_total)
    if on_better and (best is None or lowest.best_total < best):
        on_better(lowest.best_total, lambda: _sequences(arrays, lowest.best))
    return Found(_sequences(arrays, lowest.best), tuple(taken))


class _Clock:
    """Cuts a search into turns: by iterations where they are given, else so that a turn takes `TURN_S`."""

    def __init__(
        self, began: float, time_limit_s: float, keep_s: Callable[[], float], iterations: int | None, threads: int
    ) -> None:
        self.began, self.time_limit_s, self.keep_s = began, time_limit_s, keep_s
        self.iterations, self.threads = iterations, threads

    def turns(self) -> Iterator[Turn]:
        """Yields turn after turn until time or iterations are used up; each is timed until the next is asked for."""
        done, size, compared = 0, TURN, SHARES // 2
        while True:
            elapsed_s, limit_s = time.monotonic() - self.began, self.time_limit_s - self.keep_s()
            if self.iterations is not None:
                size = min(size, self.iterations - done)
                progress, ahead = done / max(1, self.iterations), (done + size) / max(1, self.iterations)
            else:
                progress = elapsed_s / limit_s if limit_s > 0 else 1.0
                ahead = min(1.0, progress + TURN_S / max(limit_s, TURN_S))
            if size <= 0 or elapsed_s >= limit_s:
                return
            compares = self.threads > 1 and int(ahead * SHARES) > compared
            compared = max(compared, int(ahead * SHARES))
            turn_began = time.monotonic()
            yield Turn(size, progress, ahead, compares)
            done += size
            if self.iterations is None:
                left_s = limit_s - (time.monotonic() - self.began)
                size = _next_turn(size, time.monotonic() - turn_began, left_s)


class Room:
    """Asks where a visit would fit into routes that stay as they are."""

    def __init__(self, primitives: Primitives, sequences: Sequences) -> None:
        self._arrays = pack(primitives)
        self._state = make_state(self._arrays, seed=1)
        _set_routes(self._arrays, self._state, make_kept(self._state), sequences)

    def fits(self, visit: int, shift: int, *, at_any_time: bool = False) -> bool:
        """Whether the visit fits into the shift's route at any cost."""
        facts = self._arrays.visits[visit].copy()
        bounds = self._state.bounds[visit].copy()
        if at_any_time:
            self._state.bounds[visit] = -NEVER, NEVER
            self._arrays.visits[visit, WINDOWS_TO] = facts[WINDOWS_FROM]
        _, node = best_gap(self._arrays, self._state, visit, shift, NEVER)
        self._arrays.visits[visit], self._state.bounds[visit] = facts, bounds
        return bool(node != NOWHERE)


def _make_island(arrays: Arrays, primitives: Primitives, first: Sequences, seed: int) -> Island:
    now = make_state(arrays, seed)
    kept = make_kept(now)
    _set_routes(arrays, now, kept, first)
    order = np.random.default_rng(seed).permutation(primitives.visits).astype(np.int64)
    build(arrays, now, kept, order[np.argsort(-arrays.visits[order, DROP], kind="stable")])
    total = int(price_all(arrays, now, kept))
    return Island(now, kept, now.following.copy(), total, total)


def _set_routes(arrays: Arrays, state: State, kept: Kept, sequences: Sequences) -> None:
    visits, shifts = arrays.assign.shape
    for shift, sequence in enumerate(sequences):
        chain = [visits + shift, *sequence, visits + shifts + shift]
        state.following[chain[:-1]] = chain[1:]
    price_all(arrays, state, kept)


def _take_turn(arrays: Arrays, island: Island, turn: int, hot: float, cold: float) -> None:
    island.total, island.best_total = iterate(
        arrays, island.now, island.kept, island.best, island.total, island.best_total, turn, hot, cold
    )


def _next_turn(turn: int, took_s: float, left_s: float) -> int:
    """As many iterations as fit the time of a turn, or what is left."""
    per_s = turn / max(took_s, 1e-6)
    return max(1, min(4 * turn, int(per_s * min(TURN_S, max(0.0, left_s)))))


def _share_best(arrays: Arrays, islands: list[Island]) -> None:
    """Lets the island that is worst off now go on from the best plan found by any."""
    best = min(islands, key=lambda island: island.best_total)
    worst = max(islands, key=lambda island: island.total)
    if worst is not best:
        worst.now.following[:] = best.best
        worst.total = int(price_all(arrays, worst.now, worst.kept))
        if worst.total < worst.best_total:
            worst.best_total = worst.total
            worst.best[:] = best.best


def _mean_leg(arrays: Arrays) -> float:
    """The mean cost of a leg between near neighbours: the scale on which plans differ."""
    if arrays.near.shape[1] == 0:
        return 1.0
    near, place = arrays.near[:, : min(10, arrays.near.shape[1])], arrays.place
    shift = arrays.shifts[0]
    origin = place[: len(near), None]
    legs = (shift[RATE] + shift[DUTY_RATE]) * arrays.seconds[shift[PROFILE]][origin, place[near]].astype(np.float64)
    if shift[EXTRA] >= 0:
        legs += arrays.extra[shift[EXTRA]][origin, place[near]]
    return max(1.0, float(legs.mean()))


def _sequences(arrays: Arrays, following: Ints) -> Sequences:
    visits, shifts = arrays.assign.shape
    sequences: Sequences = [[] for _ in range(shifts)]
    for shift, sequence in enumerate(sequences):
        node = int(following[visits + shift])
        while node < visits:
            sequence.append(node)
            node = int(following[node])
    return sequences
