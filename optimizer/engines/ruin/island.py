"""One island: a plan that is being changed, the best that came of it, and how it begins, is built and goes on."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from optimizer.engines.ruin.arrays import DROP, FIRST, NEVER, SECOND, WINDOWS_FROM, WINDOWS_TO, Arrays, Ints, pack
from optimizer.engines.ruin.insert import fits
from optimizer.engines.ruin.search import build, iterate
from optimizer.engines.ruin.state import Kept, State, begin
from optimizer.engines.ruin.whole import settle_all, take_over
from optimizer.link_windows import Bounds
from optimizer.primitives import Primitives

Sequences = list[list[int]]

BUILT_AT_ONCE = 25
"""So many visits are put in between two looks at the clock while the first plan is built."""


@dataclass
class Island:
    """One search: the plan being changed, room for undoing, and what follows what in the best plan, within bounds."""

    now: State
    kept: Kept
    best: Ints
    bounds: Ints
    total: int = 0
    best_total: int = 0


def begin_with(arrays: Arrays, sequences: Sequences, seed: int, bounds: Bounds | None = None) -> Island:
    """An island with these sequences and nothing else."""
    visits, shifts = arrays.assign.shape
    state, kept = begin(arrays, seed)
    island = Island(state, kept, state.following.copy(), state.bounds.copy())
    for shift, sequence in enumerate(sequences):
        chain = [visits + shift, *sequence, visits + shifts + shift]
        island.best[chain[:-1]] = chain[1:]
    for visit, own in (bounds or {}).items():
        island.bounds[visit] = own
    take_over_plan(arrays, island, island.best, island.bounds)
    if len(arrays.links):
        settle_all(arrays, state, kept, bounds is not None)
    return go_on(arrays, island)


def go_on(arrays: Arrays, island: Island) -> Island:
    """The island with its plan as it is now as its best."""
    island.best[:], island.bounds[:] = island.now.following, island.now.bounds
    island.total = island.best_total = take_over_plan(arrays, island, island.best, island.bounds)
    return island


def build_all(
    arrays: Arrays,
    islands: list[Island],
    seeds: Sequence[int],
    pool: ThreadPoolExecutor,
    is_over: Callable[[float], bool],
    most: int | None,
) -> int:
    """Puts every visit, or `most` of them, where it costs least, until `is_over`; returns for how many that was.

    `is_over` is told the seconds of the processor that each island has had since the first few visits, which also load
    the compiled code.
    """
    visits = len(arrays.visits)
    orders = [np.random.default_rng(seed).permutation(visits).astype(np.int64) for seed in seeds]
    orders = [order[np.argsort(-arrays.visits[order, DROP], kind="stable")] for order in orders]
    most, built, began = visits if most is None else most, 0, time.process_time()
    while built < most and not is_over((time.process_time() - began) / len(islands)):
        until = min(most, built + BUILT_AT_ONCE)

        def put(number: int, some: slice = slice(built, until)) -> None:
            build(arrays, islands[number].now, islands[number].kept, orders[number][some])

        list(pool.map(put, range(len(islands))))
        if built == 0:
            began = time.process_time()
        built = until
    list(pool.map(lambda island: go_on(arrays, island), islands))
    return built


def take_over_plan(
    arrays: Arrays, island: Island, following: Ints, bounds: Ints, part: Ints | None = None, own: int = 0
) -> int:
    """Lets an island go on from another plan, where it is its own or, without parts, everywhere; returns its cost."""
    if part is None:
        part = np.zeros(len(following), dtype=np.int64)
    return int(take_over(arrays, island.now, island.kept, following, bounds, part, own))


def take_turn(arrays: Arrays, island: Island, turn: int, hot: float, cold: float) -> None:
    island.total, island.best_total = iterate(
        arrays, island.now, island.kept, island.best, island.bounds, island.total, island.best_total, turn, hot, cold
    )


def read_plan(arrays: Arrays, following: Ints, bounds: Ints) -> tuple[Sequences, Bounds]:
    """A plan as lists, and the bounds of its linked visits."""
    sequences = _sequences(arrays, following)
    planned = {visit for sequence in sequences for visit in sequence}
    linked = planned.intersection(arrays.links[:, [FIRST, SECOND]].ravel().tolist())
    return sequences, {visit: (int(bounds[visit, 0]), int(bounds[visit, 1])) for visit in sorted(linked)}


def _sequences(arrays: Arrays, following: Ints) -> Sequences:
    visits, shifts = arrays.assign.shape
    sequences: Sequences = [[] for _ in range(shifts)]
    for shift, sequence in enumerate(sequences):
        node = int(following[visits + shift])
        while node < visits:
            sequence.append(node)
            node = int(following[node])
    return sequences


class Room:
    """Asks where a visit would fit into routes that stay as they are."""

    def __init__(self, primitives: Primitives, sequences: Sequences) -> None:
        self._arrays = pack(primitives)
        self._state = begin_with(self._arrays, sequences, seed=1).now

    def fits(self, visit: int, shift: int, *, at_any_time: bool = False) -> bool:
        """Whether the visit fits into the shift's route at any cost."""
        facts = self._arrays.visits[visit].copy()
        bounds = self._state.bounds[visit].copy()
        if at_any_time:
            self._state.bounds[visit] = -NEVER, NEVER
            self._arrays.visits[visit, WINDOWS_TO] = facts[WINDOWS_FROM]
        found = bool(fits(self._arrays, self._state, visit, shift))
        self._arrays.visits[visit], self._state.bounds[visit] = facts, bounds
        return found
