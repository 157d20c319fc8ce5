"""Recombining: the best plan of all routes that the islands have had, worked out beside them.

Rochat and Taillard put such a choice behind a local search (Probabilistic Diversification and Intensification in Local
Search for Vehicle Routing, Journal of Heuristics 1, 1995). It finds what removing a few visits does not: plans of small
days in which nearly every route is another one.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple

from optimizer.engines.ruin.arrays import Arrays, Ints
from optimizer.engines.ruin.choice import Answer, Choice, Key, Priced, find_crews, list_routes
from optimizer.engines.ruin.island import Island, begin_with
from optimizer.engines.ruin.state import LATE, PRICE

MOST_ROUTES = 6_000
"""So many routes are kept, those that islands had last."""
ROUNDS_PER_VISIT = 1_000
"""So many rounds of each island, for every visit, are between two answers; twice as many after each that was no
better."""
RIPE = 4
"""So many times as many come before the first question: by then islands find little by themselves."""


class _Asked(NamedTuple):
    choice: Choice
    answer: Future[Answer | None]
    best_total: int


class Recombiner:
    """Collects routes turn by turn, and has the best choice among them worked out now and then.

    Time decides only after which turn an answer is taken over; with `waits` not even that.
    """

    def __init__(self, arrays: Arrays, following: Ints, pool: ThreadPoolExecutor, waits: bool) -> None:
        self._arrays, self._pool, self._waits = arrays, pool, waits
        self._crews = find_crews(arrays, following)
        self._routes: dict[Key, Priced] = {}
        self._rounds, self._pause = 0, 1
        self._ask_at = RIPE * self._each
        self._asked: _Asked | None = None

    def note(self, islands: Sequence[Island], iterations: int) -> None:
        """Takes in the routes that islands have after a turn of so many iterations."""
        self._rounds += iterations
        if 2 * self._rounds >= RIPE * self._each:
            self._keep(islands)

    def ask(self, best: Island) -> None:
        """Has a better plan than this island's best looked for, if it is time for that."""
        if self._asked is None and self._rounds >= self._ask_at:
            orders = dict(list_routes(self._arrays, best.best))
            shifts = range(self._arrays.assign.shape[1])
            self._keep([begin_with(self._arrays, [list(orders.get(shift, ())) for shift in shifts], seed=1)])
            choice = Choice(self._arrays, self._crews, self._routes, best.best)
            self._asked = _Asked(choice, self._pool.submit(choice.solve), best.best_total)
            self._ask_at = self._rounds + self._pause * self._each

    def is_ready(self) -> bool:
        """Whether an answer is to be taken over now."""
        if self._asked is None:
            return False
        return self._rounds >= self._ask_at if self._waits else self._asked.answer.done()

    def take(self) -> Answer | None:
        """The answer, waiting for it if need be; None if it is no better than what was known."""
        assert self._asked is not None, "nothing was asked for"
        found, known = self._asked.answer.result(), self._asked.best_total
        self._asked = None
        is_better = found is not None and found.cost < known
        self._pause = 1 if is_better else 2 * self._pause
        self._ask_at = self._rounds + self._pause * self._each
        return found if is_better else None

    def stop(self) -> None:
        """Ends what is being worked out."""
        if self._asked is not None:
            self._asked.choice.stop(self._asked.answer)

    def _keep(self, islands: Sequence[Island]) -> None:
        for island in islands:
            costs = island.now.sums[:, PRICE] + island.now.sums[:, LATE]
            for shift, order in list_routes(self._arrays, island.now.following):
                key, found = Key(int(self._crews[shift]), frozenset(order)), Priced(order, int(costs[shift]))
                known = self._routes.pop(key, found)
                self._routes[key] = min(known, found, key=lambda one: one.cost)
        while len(self._routes) > MOST_ROUTES:
            del self._routes[next(iter(self._routes))]

    @property
    def _each(self) -> int:
        return ROUNDS_PER_VISIT * len(self._arrays.visits)
