"""Recombining chooses the best of all sets of routes, never a worse plan than the one it is given."""

from dataclasses import fields, replace
from itertools import product

import numpy as np
import pytest

from optimizer.engines.recombine import (
    OF_A_SHIFT,
    OF_A_VISIT_AND_A_SHIFT,
    Choice,
    Route,
    kinds_of,
    recombine,
    supports,
)
from optimizer.primitives import KEEP, Primitives
from optimizer.rules import lower
from tests.optimizer.town import shift, town, visit

NOTHING: tuple[tuple[int, ...], int] = ((), 0)
OF_NO_SHIFT = {
    "setup_s", "drop_cost", "delivery", "pickup", "toll_factor", "visit_location", "seconds", "metres", "tolls",
    "windows", "time_cost", "due_s", "person", "refilled", "pairs", "links", "worst_late_per_s",
    "by_time", "fair_s", "busy_per_s",
}  # fmt: skip


def chosen(routes, best, kinds, drops, **options) -> Choice:
    """The answer with everything counted rather than timed."""
    options = {"time_limit_s": 60, "work_limit": 5, "seed": 1} | options
    return recombine(routes, best, np.array(kinds), np.array(drops), **options)


def random_pool(seed: int):
    """Three kinds of four shifts, six visits, nine routes, and a plan made of the routes that come first."""
    rng = np.random.default_rng(seed)
    kinds, drops = [0, 1, 1, 2], rng.integers(5, 30, 6)
    drops[rng.random(6) < 0.2] = KEEP
    best = [(tuple(range(6)), 200), NOTHING, NOTHING, NOTHING]
    routes = [
        Route(int(rng.integers(3)), tuple(rng.permutation(6)[: rng.integers(1, 4)].tolist()), int(rng.integers(1, 60)))
        for _ in range(9)
    ]
    return routes, best, kinds, drops


def cheapest_by_brute_force(routes, best, kinds, drops) -> int:
    """The cost of the best of all subsets, tried one by one."""
    everything = [*routes, *(Route(kinds[s], visits, cost) for s, (visits, cost) in enumerate(best) if visits)]
    costs = []
    for taken in product((False, True), repeat=len(everything)):
        some = [route for route, take in zip(everything, taken, strict=True) if take]
        planned = [one for route in some for one in route.visits]
        left = set(range(len(drops))) - set(planned)
        if (
            len(planned) == len(set(planned))
            and all(drops[one] != KEEP for one in left)
            and all(sum(route.kind == kind for route in some) <= kinds.count(kind) for kind in kinds)
        ):
            costs.append(sum(route.cost for route in some) + sum(int(drops[one]) for one in left))
    return min(costs)


@pytest.mark.parametrize("seed", range(25))
def test_the_choice_costs_what_the_best_of_all_subsets_costs(seed):
    routes, best, kinds, drops = random_pool(seed)
    answer = chosen(routes, best, kinds, drops)
    assert (answer.cost, answer.proven) == (cheapest_by_brute_force(routes, best, kinds, drops), True)


@pytest.mark.parametrize("seed", range(25))
def test_the_sequences_are_routes_that_were_seen_and_cost_what_is_said(seed):
    """Each on a shift of its kind, each visit once."""
    routes, best, kinds, drops = random_pool(seed)
    answer = chosen(routes, best, kinds, drops)
    seen = {(kinds[s], visits): cost for s, (visits, cost) in enumerate(best)} | {(k, ()): 0 for k in kinds}
    for route in sorted(routes, key=lambda one: -one.cost):
        seen[route.kind, route.visits] = route.cost
    planned = [one for sequence in answer.sequences for one in sequence]
    assert len(planned) == len(set(planned))
    left_out = sum(int(drops[one]) for one in range(6) if one not in planned)
    priced = sum(seen[kind, tuple(sequence)] for kind, sequence in zip(kinds, answer.sequences, strict=True))
    assert priced + left_out == answer.cost


def test_parts_of_two_plans_come_together():
    """Ana's route of one plan and Ben's of another are better than either plan."""
    routes = [Route(0, (0, 1), 10), Route(1, (2, 3), 10)]
    best = [((0, 2), 15), ((1, 3), 15)]
    assert chosen(routes, best, [0, 1], [99] * 4) == Choice([[0, 1], [2, 3]], 20, True)


def test_the_same_visits_in_a_cheaper_order_replace_the_dearer_order():
    assert chosen([Route(0, (1, 0), 7)], [((0, 1), 9)], [0], [50, 50]) == Choice([[1, 0]], 7, True)


def test_a_route_that_costs_more_than_leaving_its_visits_out_is_not_used():
    assert chosen([Route(0, (0,), 9)], [NOTHING], [0], [8]) == Choice([[]], 8, True)


def test_a_visit_that_must_stay_is_planned_at_any_cost():
    answer = chosen([Route(0, (1,), 1)], [((0,), 500)], [0], [KEEP, 400])
    assert answer == Choice([[0]], 900, True)


def test_a_route_stays_with_its_shift_where_another_of_the_kind_would_do():
    """Nobody is asked to swap whole days for nothing."""
    best = [NOTHING, ((0,), 5), ((1,), 9)]
    assert chosen([Route(0, (1,), 6)], best, [0, 0, 0], [99, 99]).sequences == [[], [0], [1]]


def test_without_time_the_best_plan_known_is_the_answer():
    routes, best, kinds, drops = random_pool(3)
    answer = chosen(routes, best, kinds, drops, time_limit_s=0.0)
    assert not answer.proven
    assert answer.sequences[0] == list(range(6))


def test_the_same_work_gives_the_same_choice():
    """Too little work to prove anything, on many routes."""
    rng = np.random.default_rng(7)
    routes = [Route(int(rng.integers(20)), tuple(rng.permutation(100)[:4].tolist()), int(rng.integers(90, 200)))
              for _ in range(1_000)]  # fmt: skip
    answers = [chosen(routes, [NOTHING] * 20, range(20), [60] * 100, work_limit=0.3) for _ in range(2)]
    assert answers[0] == answers[1]
    assert not answers[0].proven
    assert answers[0].cost < 60 * 100


@pytest.mark.parametrize(
    ("best", "drops", "sentence"),
    [
        ([NOTHING], [1, 1], "has 1 routes for 2 shifts"),
        ([((0,), 1), ((0,), 1)], [1, 1], "visits twice: \\[0\\]"),
        ([((0,), 1), NOTHING], [1, KEEP], "leaves out visits that must stay: \\[1\\]"),
    ],
)
def test_what_is_no_plan_is_refused(best, drops, sentence):
    with pytest.raises(ValueError, match=sentence):
        chosen([], best, [0, 0], drops)


def test_shifts_are_of_one_kind_when_only_the_name_differs():
    ana = shift("Ana", skills={"gas": 1})
    shifts = [ana, shift("Ben", skills={"gas": 1}), shift("Cleo"), shift("Dan", skills={"gas": 1}, end_s=9_000)]
    primitives = lower(town([visit(skills={"gas": 1})], shifts))
    assert kinds_of(primitives).tolist() == [0, 0, 1, 2]


@pytest.mark.parametrize("name", [*OF_A_SHIFT, *OF_A_VISIT_AND_A_SHIFT])
def test_shifts_that_differ_in_one_primitive_are_of_two_kinds(name):
    primitives = lower(town([visit(), visit("w")], [shift("Ana"), shift("Ben")]))
    assert kinds_of(primitives).tolist() == [0, 0]
    values = getattr(primitives, name)
    if name in OF_A_VISIT_AND_A_SHIFT:
        values[0, 1] = values[0, 1] + 1 if values.dtype != np.bool_ else not values[0, 1]
    elif name == "capacity":
        primitives.add_load(*(np.zeros(2, dtype=np.int64) for _ in range(2)), np.array([4, 5]))
    elif isinstance(values, list):
        values[1] = {"profile": "bike", "breaks": ("lunch",), "pinned_order": (1,)}[name]
    else:
        values[1] += 1
    assert kinds_of(primitives).tolist() == [0, 1]


def test_every_primitive_is_known_to_tell_shifts_apart_or_not_to():
    """A primitive added later must be sorted here and in the engine."""
    assert {one.name for one in fields(Primitives)} <= {*OF_A_SHIFT, *OF_A_VISIT_AND_A_SHIFT} | OF_NO_SHIFT


def test_what_ties_routes_together_is_not_supported():
    primitives = lower(town())
    assert supports(primitives)
    assert not supports(replace(primitives, links=[(0, 1, 0, 0, 0)]))
    assert not supports(replace(primitives, worst_late_per_s=1))
