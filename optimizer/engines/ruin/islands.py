"""Ruin and recreate on every core: islands that change a large plan together, or search apart and compare."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple, Protocol

import numpy as np

from optimizer.engines.ruin.arrays import (
    DROP,
    DUTY_RATE,
    EXTRA,
    PROFILE,
    RATE,
    Arrays,
    Ints,
    pack,
)
from optimizer.engines.ruin.island import (
    Island,
    Sequences,
    begin_with,
    build_all,
    read_plan,
    take_over_plan,
    take_turn,
)
from optimizer.engines.ruin.near import VISITS_LOOKED_AT
from optimizer.engines.ruin.parts import deal, supports
from optimizer.engines.ruin.recombine import Recombiner
from optimizer.engines.ruin.turns import Clock, Turn
from optimizer.link_windows import Bounds
from optimizer.primitives import Primitives
from optimizer.timing import FAR

HOT, COLD = 12.0, 0.04
"""First and last temperature, in mean legs between neighbours,"""
HOT_BY_PRICE, COLD_BY_PRICE = 0.15, 0.005
"""or in prices of leaving a visit out, where that is a choice:"""
CHOICE = 200.0
"""where it costs less than so many legs. Plans then differ by who is left out rather than by legs."""
BUILDING_S = 0.3
"""So many seconds of the processor each island may build its first plan though no time is left: a few hundred visits
are better planned a moment late than left out."""
VISITS_TOGETHER, VISITS_OF_A_PART = 300, 50
"""Islands change one plan together from so many visits on, where each gets so many; fewer are better searched whole."""


class Found(NamedTuple):
    """What a search found, and what time decided about it: with the same seed and threads that finds it again."""

    sequences: Sequences
    bounds: Bounds
    turns: tuple[Turn, ...]
    built: int
    """How many visits each island has looked for a place for before its first turn."""


class Team(Protocol):
    """Islands, and the best plan that they have found."""

    best: Ints
    bounds: Ints
    best_total: int

    def take(self, turn: Turn, hot: float, cold: float) -> Turn:
        """Lets every island take a turn, the temperature falling from `hot` to `cold`; returns it as it was taken."""

    def stop(self) -> None:
        """Ends whatever goes on beside the turns."""


def search(
    primitives: Primitives,
    time_limit_s: float,
    *,
    threads: int = 1,
    seed: int = 0,
    iterations: int | None = None,
    start: Sequences | None = None,
    bounds: Bounds | None = None,
    turns: Sequence[Turn] | None = None,
    built: int | None = None,
    keep_s: Callable[[], float] | None = None,
    on_better: Callable[[int, Callable[[], tuple[Sequences, Bounds]]], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Found:
    """Returns the best sequences found, beginning at `start`, or at the pinned visits alone.

    `start` must keep every hard rule, with linked visits within `bounds` if given; the result never costs more than
    that. `iterations` counts for each island; with it, and time to spare, seed and threads decide the result alone.
    `turns` and `built` repeat those of an earlier search, whatever the clock says. `on_better` hears the cost of each
    better plan, after each turn, and may ask for its sequences and bounds; `cancelled` is asked as often, and `keep_s`
    how many seconds of the time limit are to be left over.
    """
    began = time.monotonic()
    arrays = pack(primitives)
    first = [list(order) for order in start or primitives.pinned_order]
    seeds = [seed * 1_000 + number + 1 for number in range(threads)]
    islands = [begin_with(arrays, first, one, bounds) for one in seeds]
    hot, cold = _temperatures(arrays)
    clock = Clock(began, time_limit_s, keep_s or (lambda: 0.0), iterations, threads)
    taken: list[Turn] = []
    told = None
    with ThreadPoolExecutor(threads) as pool, ThreadPoolExecutor(1) as beside:

        def is_over(spent_s: float) -> bool:
            stops = cancelled is not None and cancelled()
            return turns is None and (stops or (spent_s >= BUILDING_S and clock.is_over()))

        built = build_all(arrays, islands, seeds, pool, is_over, built)
        is_sum = supports(primitives)
        team: Team
        if is_sum and threads > 1 and primitives.visits >= max(VISITS_TOGETHER, VISITS_OF_A_PART * threads):
            team = _Together(arrays, islands, pool, seed)
        else:
            is_choice = is_sum and not primitives.busy_per_s  # whose price is not that of single routes
            recombiner = Recombiner(arrays, islands[0].best, beside, iterations is not None) if is_choice else None
            team = _Apart(arrays, islands, pool, recombiner, repeats=turns is not None)
        try:
            for turn in iter(turns) if turns is not None else clock.turns():
                if on_better and (told is None or team.best_total < told):
                    told = team.best_total
                    on_better(told, lambda: read_plan(arrays, team.best, team.bounds))
                if cancelled is not None and cancelled():
                    break
                taken.append(team.take(turn, *(hot * (cold / hot) ** share for share in (turn.begins, turn.ends))))
        finally:
            team.stop()
    if on_better and (told is None or team.best_total < told):
        on_better(team.best_total, lambda: read_plan(arrays, team.best, team.bounds))
    return Found(*read_plan(arrays, team.best, team.bounds), tuple(taken), built)


class _Apart:
    """Every island changes a plan of its own; now and then the worst goes on from the best, or from a plan of routes
    that any of them has had."""

    def __init__(
        self,
        arrays: Arrays,
        islands: list[Island],
        pool: ThreadPoolExecutor,
        recombiner: Recombiner | None,
        repeats: bool,
    ) -> None:
        self._arrays, self._islands, self._pool = arrays, islands, pool
        self._recombiner, self._repeats = recombiner, repeats
        self._note_best()

    def take(self, turn: Turn, hot: float, cold: float) -> Turn:
        """Every island for itself."""
        list(self._pool.map(lambda one: take_turn(self._arrays, one, turn.iterations, hot, cold), self._islands))
        self._note_best()
        if turn.compares:
            self._go_on_from(self.best, self.bounds)
        return turn._replace(adopts=self._recombine(turn)) if self._recombiner else turn

    def stop(self) -> None:
        """Ends a recombination."""
        if self._recombiner:
            self._recombiner.stop()

    def _recombine(self, turn: Turn) -> bool:
        """Asks for a recombined plan, or goes on from one; says which."""
        assert self._recombiner is not None
        self._recombiner.note(self._islands, turn.iterations)
        adopts = turn.adopts if self._repeats else self._recombiner.is_ready()
        if adopts:
            found = self._recombiner.take()
            if found is not None:
                self._go_on_from(found.following, self.bounds)
                self._note_best()
        self._recombiner.ask(self._lowest)
        return adopts

    def _go_on_from(self, following: Ints, bounds: Ints) -> None:
        """The worst island takes this plan over, unless it found it."""
        worst = max(self._islands, key=lambda island: island.total)
        if worst.best is not following:
            worst.total = take_over_plan(self._arrays, worst, following, bounds)
            if worst.total < worst.best_total:
                worst.best_total, worst.best[:], worst.bounds[:] = worst.total, following, bounds

    def _note_best(self) -> None:
        lowest = self._lowest = min(self._islands, key=lambda island: island.best_total)
        self.best, self.bounds, self.best_total = lowest.best, lowest.bounds, lowest.best_total


class _Together:
    """All islands change one plan, each its own part of it, and in every turn another part.

    What is found in parts adds up, so that a large plan is searched as many times faster as there are islands.
    """

    def __init__(self, arrays: Arrays, islands: list[Island], pool: ThreadPoolExecutor, seed: int) -> None:
        self._arrays, self._islands, self._pool = arrays, islands, pool
        self._rng = np.random.default_rng(seed)
        lowest = min(islands, key=lambda island: island.best_total)
        self._plan, self._where, self._total = lowest.best.copy(), lowest.now.where.copy(), lowest.best_total
        self.best, self.bounds, self.best_total = self._plan.copy(), lowest.bounds, self._total

    def take(self, turn: Turn, hot: float, cold: float) -> Turn:
        """Every island on its part, from the plan as it is; then all parts are put together."""
        part = deal(self._arrays, self._where, len(self._islands), self._rng)

        def change(number: int) -> None:
            island = self._islands[number]
            island.total = island.best_total = take_over_plan(
                self._arrays, island, self._plan, self.bounds, part, number
            )
            island.best[:] = self._plan
            take_turn(self._arrays, island, turn.iterations, hot, cold)

        list(self._pool.map(change, range(len(self._islands))))
        best, before = self._plan.copy(), self._total
        for number, island in enumerate(self._islands):
            own = np.flatnonzero(part == number)
            best[own], self._plan[own] = island.best[own], island.now.following[own]
            own = own[own < len(self._where)]
            self._where[own] = island.now.where[own]
        self._total += sum(island.total - before for island in self._islands)
        best_total = before + sum(island.best_total - before for island in self._islands)
        if best_total < self.best_total:
            self.best, self.best_total = best, best_total
        return turn

    def stop(self) -> None:
        """Nothing goes on beside its turns."""


def _temperatures(arrays: Arrays) -> tuple[float, float]:
    """The first and the last temperature, on the scale on which plans differ."""
    leg, prices = _mean_leg(arrays), arrays.visits[:, DROP]
    price = float(np.median(prices[prices < FAR])) if (prices < FAR).any() else float(FAR)
    if price >= CHOICE * leg:
        return HOT * leg, COLD * leg
    return max(leg, HOT_BY_PRICE * price), max(COLD * leg, COLD_BY_PRICE * price)


def _mean_leg(arrays: Arrays) -> float:
    """The mean cost of a leg between near neighbours, of some visits at least."""
    place, shift = arrays.place[: len(arrays.visits)], arrays.shifts[0]
    some = place[:: len(place) // VISITS_LOOKED_AT + 1]
    seconds = arrays.seconds[shift[PROFILE]][some][:, place].astype(np.float64)
    nearest = np.argsort(seconds, axis=1, kind="stable")[:, 1:11]
    if nearest.shape[1] == 0:
        return 1.0
    legs = (shift[RATE] + shift[DUTY_RATE]) * np.take_along_axis(seconds, nearest, axis=1)
    if shift[EXTRA] >= 0:
        legs += arrays.extra[shift[EXTRA]][some[:, None], place[nearest]]
    return max(1.0, float(legs.mean()))
