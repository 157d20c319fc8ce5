"""Which of many known routes make the cheapest plan together: a set partitioning model, solved by CP-SAT."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, wait
from typing import NamedTuple

import numpy as np
from ortools.sat.python import cp_model

from optimizer.engines.ruin.arrays import DROP, KIND, PINNED, Arrays, Ints
from optimizer.timing import FAR

MODEL_S = 1.0
"""How long CP-SAT looks for an answer, in its own deterministic seconds."""
STOPS_EVERY_S = 0.005
"""CP-SAT can be stopped only once it has begun: it is told so again after so many seconds."""

Sequence = tuple[int, ...]


class Key(NamedTuple):
    """Whose route, and what it serves: of two with the same key the dearer one is of no use."""

    crew: int
    visits: frozenset[int]


class Priced(NamedTuple):
    """The order in which a route goes, and what it costs."""

    order: Sequence
    cost: int


class Answer(NamedTuple):
    """What follows what in a plan, and what it costs."""

    following: Ints
    cost: int


class Choice:
    """Every visit on one of the routes or left out, every crew with at most as many routes as it has shifts.

    `best` is what follows what in the best plan known, whose routes are among `pool` and stay where they are if chosen.
    """

    def __init__(self, arrays: Arrays, crews: Ints, pool: dict[Key, Priced], best: Ints) -> None:
        self._arrays, self._crews, self._pool, self._best = arrays, crews, dict(pool), best.copy()
        self._shift_of = {Key(int(crews[shift]), frozenset(order)): shift for shift, order in list_routes(arrays, best)}
        self._solver = cp_model.CpSolver()

    def solve(self) -> Answer | None:
        """The cheapest plan found, or None; the same again for the same routes, on any machine."""
        model, chosen = self._state()
        parameters = self._solver.parameters
        parameters.num_workers, parameters.random_seed, parameters.max_deterministic_time = 1, 1, MODEL_S
        if self._solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return None
        taken = [key for key, one in chosen.items() if self._solver.boolean_value(one)]
        return Answer(self._deal(taken), round(self._solver.objective_value))

    def stop(self, answer: Future[Answer | None]) -> None:
        """Ends `solve`, which works on this answer, and waits for that."""
        while not answer.cancel() and wait([answer], STOPS_EVERY_S).not_done:
            self._solver.stop_search()

    def _state(self) -> tuple[cp_model.CpModel, dict[Key, cp_model.IntVar]]:
        """The model, and for every route whether it is chosen."""
        model = cp_model.CpModel()
        chosen = {key: model.new_bool_var("") for key in self._pool}
        costs = [self._pool[key].cost * one for key, one in chosen.items()]
        of_visit: list[list[cp_model.IntVar]] = [[] for _ in self._arrays.visits]
        of_crew: dict[int, list[cp_model.IntVar]] = {}
        for key, one in chosen.items():
            of_crew.setdefault(key.crew, []).append(one)
            for visit in key.visits:
                of_visit[visit].append(one)
        served = {visit for key in self._shift_of for visit in key.visits}
        for visit, routes in enumerate(of_visit):
            drop = int(self._arrays.visits[visit, DROP])
            if visit not in served or (drop < FAR and not self._arrays.visits[visit, PINNED]):
                routes.append(left_out := model.new_bool_var(""))
                costs.append(drop * left_out)
            model.add_exactly_one(routes)
        shifts = np.bincount(self._crews)
        for crew, routes in of_crew.items():
            model.add(sum(routes) <= int(shifts[crew]))
        model.minimize(sum(costs))
        return model, chosen

    def _deal(self, taken: list[Key]) -> Ints:
        """What follows what where each crew's routes are dealt to its shifts, those of the best plan as they were."""
        visits, shifts = self._arrays.assign.shape
        dealt = {self._shift_of[key]: key for key in taken if key in self._shift_of}
        for key in taken:
            if key not in self._shift_of:
                own = np.flatnonzero(self._crews == key.crew)
                dealt[next(int(shift) for shift in own if shift not in dealt)] = key
        for shift in range(shifts):
            order = self._pool[dealt[shift]].order if shift in dealt else ()
            chain = [visits + shift, *order, visits + shifts + shift]
            self._best[chain[:-1]] = chain[1:]
        return self._best


def find_crews(arrays: Arrays, following: Ints) -> Ints:
    """int64[S]: which shifts may drive each other's routes, being the same in everything and without pinned visits."""
    crews = arrays.shifts[:, KIND].copy()
    for shift, order in list_routes(arrays, following):
        if arrays.visits[list(order), PINNED].any():
            crews[shift] = len(crews) + shift
    return np.unique(crews, return_inverse=True)[1].astype(np.int64)


def list_routes(arrays: Arrays, following: Ints) -> Iterator[tuple[int, Sequence]]:
    """Every shift with visits, and these in their order."""
    visits, shifts = arrays.assign.shape
    after = following.tolist()
    for shift in range(shifts):
        node, order = after[visits + shift], []
        while node < visits:
            order.append(node)
            node = after[node]
        if order:
            yield shift, tuple(order)
