"""CP-SAT chooses, among all the routes ever seen, those that together cost least.

Every route comes with its exact price, so the choice is exact as well: no route is changed, and no visit is taken out
of one. What costs or binds several routes together cannot be seen here: `supports` says no to those problems.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from ortools.sat.python import cp_model

from optimizer.primitives import KEEP, Ints, Primitives

OF_A_SHIFT = (
    "start_location", "end_location", "profile", "open_cost", "travel_cost_per_s", "travel_cost_per_m",
    "overtime_per_s", "duty_per_s", "earliest_s", "soft_end_s", "hard_end_s", "max_travel_s", "max_travel_m",
    "max_leg_s", "max_duty_s", "depot", "capacity", "breaks", "pinned_order",
)  # fmt: skip
OF_A_VISIT_AND_A_SHIFT = ("allowed", "assignment_cost", "service_s", "call_first")
"""All that tells shifts apart. Whose shift it is (`person`) matters to links alone, which are not supported."""


class Route(NamedTuple):
    """Visits in their order, on any shift of a kind, and what that costs there without the visits left out."""

    kind: int
    visits: tuple[int, ...]
    cost: int


class Choice(NamedTuple):
    """For every shift its visits; the cost with what is left out; whether no other choice is cheaper."""

    sequences: list[list[int]]
    cost: int
    proven: bool


def supports(primitives: Primitives) -> bool:
    """Whether the cost of a plan is the sum over its routes and no rule ties routes together."""
    return not (primitives.links or primitives.worst_late_per_s or primitives.busy_per_s)


def kinds_of(primitives: Primitives) -> Ints:
    """int64[S]: the kind of each shift, from 0. On shifts of one kind every route is as possible and costs as much."""
    kinds = np.zeros(primitives.shifts, dtype=np.int64)
    for name in OF_A_SHIFT:
        values = getattr(primitives, name)
        keys = [value.tobytes() if isinstance(value, np.ndarray) else value for value in values]
        kinds = _numbered(zip(kinds.tolist(), keys, strict=True))
    for name in OF_A_VISIT_AND_A_SHIFT:
        values = getattr(primitives, name)
        shared = np.bincount(kinds)[kinds] > 1  # a column is large: compare those of shifts still alike
        keys = [values[:, shift].tobytes() if shared[shift] else b"" for shift in range(primitives.shifts)]
        kinds = _numbered(zip(kinds.tolist(), keys, strict=True))
    return kinds


def recombine(
    routes: Iterable[Route],
    best: Sequence[tuple[Sequence[int], int]],
    kinds: Ints,
    drop_cost: Ints,
    *,
    time_limit_s: float,
    work_limit: float | None = None,
    seed: int = 0,
    threads: int = 1,
) -> Choice:
    """Returns the cheapest set of routes found, never dearer than `best`: a plan as (visits, cost) of every shift.

    No visit is in two of the routes chosen; a visit in none costs its `drop_cost` or, where that is KEEP, is not
    left out. An unused shift costs nothing. The time limit is that of the whole call. With one thread and a
    `work_limit` (CP-SAT's deterministic time, a second or two each) that is reached before the time limit, the same
    arguments give the same answer on any machine. CP-SAT releases the interpreter's lock while it searches. Raises
    `ValueError` if `best` is not a plan.
    """
    ends = time.monotonic() + time_limit_s
    _check_is_plan(best, kinds, drop_cost)
    drops: list[int] = drop_cost.tolist()
    known = _cheapest(
        Route(kind, tuple(visits), cost) for kind, (visits, cost) in zip(kinds.tolist(), best, strict=True) if visits
    )
    pool = _useful(_cheapest([*known.values(), *routes]), drops)
    model, taken = _model(pool, kinds, drops)
    chosen, proven = list(known.values()), False
    for prove in (True, False):
        model.clear_hints()  # type: ignore[no-untyped-call]
        hinted = set(map(_key, chosen))
        for route, take in zip(pool, taken, strict=True):
            model.add_hint(take, _key(route) in hinted)
        left_s = max(0.0, ends - time.monotonic())
        limit_s = left_s / 2 if prove else left_s
        solver = _solver(limit_s, None if work_limit is None else work_limit / 2, seed, threads, prove)
        status = solver.solve(model)
        if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            found = [route for route, take in zip(pool, taken, strict=True) if solver.boolean_value(take)]
            chosen = min(chosen, found, key=lambda some: _cost(some, drops))
        if proven := status == cp_model.OPTIMAL:
            break
    return Choice(_on_shifts(chosen, best, kinds), _cost(chosen, drops), proven)


def _solver(time_limit_s: float, work_limit: float | None, seed: int, threads: int, prove: bool) -> cp_model.CpSolver:
    """To prove, with the whole packing in the linear relaxation: 500 routes of 1,000 visits take 0.05 s, without it
    more than 4 s. To improve, by searching neighbourhoods: among 10,000 routes nothing else helps within a second.
    """
    solver = cp_model.CpSolver()
    parameters = solver.parameters
    parameters.max_time_in_seconds = time_limit_s
    if work_limit is not None:
        parameters.max_deterministic_time = work_limit
    parameters.random_seed, parameters.num_workers = seed, threads
    if prove:
        parameters.linearization_level = 2
    else:
        parameters.use_lns_only = parameters.interleave_search = True
    parameters.cp_model_presolve = False  # it finds little in a packing, and takes the second that there is
    parameters.catch_sigint_signal = False  # Ctrl-C is for whoever called us
    return solver


def _check_is_plan(best: Sequence[tuple[Sequence[int], int]], kinds: Ints, drop_cost: Ints) -> None:
    if len(best) != len(kinds):
        raise ValueError(f"the best plan has {len(best)} routes for {len(kinds)} shifts; give one for each")
    planned = np.bincount([visit for visits, _ in best for visit in visits], minlength=len(drop_cost))
    if planned.max(initial=0) > 1:
        raise ValueError(f"the best plan has visits twice: {np.flatnonzero(planned > 1).tolist()}")
    missing = np.flatnonzero((planned == 0) & (drop_cost == KEEP))
    if len(missing):
        raise ValueError(f"the best plan leaves out visits that must stay: {missing.tolist()}")


def _key(route: Route) -> tuple[int, frozenset[int]]:
    return route.kind, frozenset(route.visits)


def _cheapest(routes: Iterable[Route]) -> dict[tuple[int, frozenset[int]], Route]:
    """The cheapest order of each set of visits on each kind of shift."""
    kept: dict[tuple[int, frozenset[int]], Route] = {}
    for route in routes:
        key = _key(route)
        if key not in kept or route.cost < kept[key].cost:
            kept[key] = route
    return kept


def _useful(routes: dict[tuple[int, frozenset[int]], Route], drops: list[int]) -> list[Route]:
    """The routes that cost less than leaving their visits out, or hold one that must stay."""
    return [
        route
        for route in routes.values()
        if _saved(route, drops) > 0 or any(drops[visit] == KEEP for visit in route.visits)
    ]


def _saved(route: Route, drops: list[int]) -> int:
    """What the plan with this route costs less than the same plan without it."""
    return sum(max(0, drops[visit]) for visit in route.visits) - route.cost


def _cost(routes: Iterable[Route], drops: list[int]) -> int:
    return sum(max(0, drop) for drop in drops) - sum(_saved(route, drops) for route in routes)


def _model(pool: list[Route], kinds: Ints, drops: list[int]) -> tuple[cp_model.CpModel, list[cp_model.IntVar]]:
    """Set packing: the most that routes can save together, each visit once and each shift once."""
    model = cp_model.CpModel()
    taken = [model.new_bool_var("") for _ in pool]
    by_visit, by_kind = defaultdict(list), defaultdict(list)
    for route, take in zip(pool, taken, strict=True):
        by_kind[route.kind].append(take)
        for visit in route.visits:
            by_visit[visit].append(take)
    for visit, takes in by_visit.items():
        if drops[visit] == KEEP:
            model.add_exactly_one(takes)
        else:
            model.add_at_most_one(takes)
    for kind, takes in by_kind.items():
        shifts = int(np.count_nonzero(kinds == kind))
        if shifts == 1:
            model.add_at_most_one(takes)
        elif shifts < len(takes):
            model.add(sum(takes) <= shifts)
    model.maximize(cp_model.LinearExpr.weighted_sum(taken, [_saved(route, drops) for route in pool]))
    return model, taken


def _on_shifts(chosen: list[Route], best: Sequence[tuple[Sequence[int], int]], kinds: Ints) -> list[list[int]]:
    """Gives each route a shift of its kind: its own of the best plan if it has one there, so that nobody swaps."""
    sequences: list[list[int]] = [[] for _ in kinds]
    waiting = {_key(route): route for route in chosen}
    for shift, (visits, _) in enumerate(best):
        route = waiting.pop((int(kinds[shift]), frozenset(visits)), None)
        if route is not None:
            sequences[shift] = list(route.visits)
    free: dict[int, list[int]] = defaultdict(list)
    for shift in range(len(kinds) - 1, -1, -1):
        if not sequences[shift]:
            free[int(kinds[shift])].append(shift)
    for route in waiting.values():
        sequences[free[route.kind].pop()] = list(route.visits)
    return sequences


def _numbered(keys: Iterable[object]) -> Ints:
    """A number for each key, from 0 in the order in which they come."""
    numbers: dict[object, int] = {}
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys], dtype=np.int64)
