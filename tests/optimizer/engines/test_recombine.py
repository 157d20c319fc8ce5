"""Recombining finds the best plan of all routes that islands have had, beside them, and is repeated by a replay."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from optimizer import Pin, replay, solve
from optimizer.engines import ruin
from optimizer.engines.ruin import choice, recombine
from optimizer.engines.ruin.arrays import pack
from optimizer.engines.ruin.choice import Choice, Key, Priced, find_crews, list_routes
from optimizer.engines.ruin.island import begin_with, take_over_plan
from optimizer.engines.ruin.parts import supports
from optimizer.engines.ruin.recombine import Recombiner
from optimizer.rules import RULES, lower
from tests.bench.engines.ours import as_problem
from tests.bench.instances import make_instance
from tests.optimizer.random_towns import random_problem
from tests.optimizer.town import BALANCED, shift, street, town, visit

ALL = frozenset(rule.name for rule in RULES)
FOUR = [visit("a", 1), visit("b", 2), visit("c", 8), visit("d", 9)]
TWINS = [shift("Ana"), shift("Ben")]


def choose(problem, plans, best=0):
    """The answer from the routes of some plans, one of which is the best that is known."""
    arrays = pack(lower(problem))
    islands = [begin_with(arrays, plan, seed=1) for plan in plans]
    crews = find_crews(arrays, islands[best].best)
    pool = {}
    for one in islands:
        for which, order in list_routes(arrays, one.best):
            alone = [list(order) if shift == which else [] for shift in range(len(problem.shifts))]
            left_out = sum(arrays.visits[v, choice.DROP] for v in range(len(problem.visits)) if v not in order)
            cost = int(begin_with(arrays, alone, seed=1).best_total - left_out)
            pool[Key(int(crews[which]), frozenset(order))] = Priced(order, cost)
    return arrays, islands, Choice(arrays, crews, pool, islands[best].best).solve()


def orders(arrays, answer):
    return dict(list_routes(arrays, answer.following))


def test_routes_of_different_plans_make_one():
    """Near ones together and far ones together, each known from another plan whose other route is poor."""
    day = town(FOUR, [shift("Ana"), shift("Ben", start=9, end=9)], travel=street(10))
    arrays, islands, answer = choose(day, [[[0, 1], [2]], [[0], [2, 3]], [[0, 3], [1, 2]]], best=2)
    assert orders(arrays, answer) == {0: (0, 1), 1: (2, 3)}
    assert answer.cost < min(one.best_total for one in islands)


def test_what_is_chosen_costs_what_it_says():
    day = town(FOUR, [shift("Ana"), shift("Ben", start=9, end=9)], travel=street(10))
    arrays, islands, answer = choose(day, [[[0, 1], [2]], [[0], [2, 3]]])
    assert take_over_plan(arrays, islands[0], answer.following, islands[0].bounds) == answer.cost


def test_a_visit_that_no_good_choice_serves_is_left_out():
    day = town(FOUR, [shift("Ana")], travel=street(10))
    arrays, _, answer = choose(day, [[[0, 1]], [[2, 3]]])
    assert orders(arrays, answer) == {0: (0, 1)}


def test_those_who_are_alike_may_drive_each_others_routes():
    """Both routes were Ana's, at different times."""
    day = town(FOUR, TWINS, travel=street(10))
    arrays, _, answer = choose(day, [[[0, 1], []], [[3, 2], []]])
    assert sorted(orders(arrays, answer).values()) == [(0, 1), (3, 2)]


def test_what_is_pinned_stays_with_whom_it_is_pinned_to():
    """Ben has begun with `c`; a route without it may not take the place of his."""
    day = town([*FOUR[:2], visit("c", 8, pin=Pin("Ben")), visit("d", 9)], TWINS, travel=street(10))
    arrays, _, answer = choose(day, [[[3], [2]], [[0, 1], [2]], [[3], [2, 0, 1]]])
    assert orders(arrays, answer) == {0: (3,), 1: (2, 0, 1)}


def test_an_answer_that_is_no_better_is_asked_for_half_as_often(monkeypatch):
    monkeypatch.setattr(recombine, "ROUNDS_PER_VISIT", 1)
    arrays = pack(lower(town(FOUR, TWINS, travel=street(10))))
    island = begin_with(arrays, [[0, 1], [3, 2]], seed=1)
    with ThreadPoolExecutor(1) as pool:
        recombiner = Recombiner(arrays, island.best, pool, waits=True)
        asked = []
        for turn in range(200):
            recombiner.note([island], 1)
            if recombiner.is_ready():
                asked.append(turn)
                assert recombiner.take() is None
            recombiner.ask(island)
    waits = np.diff(asked)
    assert len(waits) >= 2
    assert (waits[1:] >= 1.5 * waits[:-1]).all()


def test_an_answer_nobody_waits_for_any_more_is_stopped(monkeypatch):
    """At the end of a search CP-SAT may be in the middle of a model that it would think about for an hour."""
    monkeypatch.setattr(choice, "MODEL_S", 3_600)
    source = np.random.default_rng(1)
    arrays = pack(
        lower(
            town([visit(f"v{n}", 1 + n % 9) for n in range(60)], [shift(f"s{n}") for n in range(20)], travel=street(10))
        )
    )
    island = begin_with(arrays, [[] for _ in range(20)], seed=1)
    routes = [tuple(source.permutation(60)[:5].tolist()) for _ in range(3_000)]
    known = {Key(0, frozenset(route)): Priced(route, int(source.integers(900, 1_000))) for route in routes}
    asked = Choice(arrays, find_crews(arrays, island.best), known, island.best)
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(asked.solve)
        asked.stop(answer)
        assert answer.done()


@pytest.fixture
def soon(monkeypatch):
    """A plan is recombined after a few rounds already."""
    monkeypatch.setattr(recombine, "ROUNDS_PER_VISIT", 20)


@pytest.fixture
def told(monkeypatch):
    """What answers that were taken over said they cost, and what they do cost."""
    costs = []
    take = Recombiner.take

    def note(self):
        found = take(self)
        if found is not None:
            island = begin_with(self._arrays, [[] for _ in range(self._arrays.assign.shape[1])], seed=1)
            costs.append((found.cost, take_over_plan(self._arrays, island, found.following, island.bounds)))
        return found

    monkeypatch.setattr(Recombiner, "take", note)
    return costs


@pytest.mark.parametrize("seed", range(12))
def test_a_search_that_recombines_is_verified_and_repeated(soon, caplog, seed):
    problem = random_problem(seed, ALL, most_visits=7, most_shifts=3)
    plan = solve(problem, time_limit_s=60, iterations=6_000, threads=2, seed=seed)
    again = solve(problem, time_limit_s=60, iterations=6_000, threads=2, seed=seed)
    assert plan == again == replay(problem, plan.run)
    assert not caplog.records
    primitives = lower(problem)
    if ruin.supports(primitives) and supports(primitives) and not primitives.busy_per_s:
        assert any(turn[-1] for turn in plan.run.turns)


def test_what_islands_go_on_from_costs_what_it_says(soon, told):
    """Not on every day is a better plan found among their routes before they have one themselves."""
    for day in (101, 102, 103):
        solve(as_problem(make_instance(60, 8, day)), time_limit_s=60, iterations=12_000, threads=2)
    assert told
    assert [claimed for claimed, _ in told] == [true for _, true in told]


def test_the_best_plan_is_among_those_chosen_from(soon, monkeypatch):
    """It may have been found within a turn, and left again before its end."""
    missing = []
    monkeypatch.setattr(Choice, "solve", lambda self: missing.append(self._shift_of.keys() - self._pool.keys()))
    day = town(
        [visit(f"v{n}", n % 10, windows=[(n * 700 % 8_000, 9_000)]) for n in range(30)], TWINS, travel=street(10)
    )
    solve(day, time_limit_s=60, iterations=8_000, threads=2)
    assert missing
    assert not any(missing)


def test_a_price_that_is_not_that_of_single_routes_is_not_recombined(soon):
    policy = replace(BALANCED, balance_per_s=50)
    day = town(
        [visit(f"v{n}", n % 10) for n in range(12)], [shift("Ana"), shift("Ben")], travel=street(10), policy=policy
    )
    plan = solve(day, time_limit_s=60, iterations=8_000, threads=2)
    assert not any(turn[-1] for turn in plan.run.turns)


def test_a_search_by_the_clock_that_recombines_is_repeated(soon):
    problem = town(
        [visit(f"v{n}", n % 10, windows=[(n * 700 % 8_000, 9_000)]) for n in range(24)], TWINS, travel=street(10)
    )
    plan = solve(problem, time_limit_s=1.5, threads=2)
    assert any(turn[-1] for turn in plan.run.turns)
    assert replay(problem, plan.run).routes == plan.routes
