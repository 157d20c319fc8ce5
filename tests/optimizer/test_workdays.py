"""Tools, calls at the depot and time on duty: times, both engines and the referee agree with the brute force."""

import random
from dataclasses import replace
from itertools import permutations

import pytest

from optimizer import RULES, Plan, Unassigned, check, solve
from optimizer.assemble import assemble, find_all_times, find_route, find_times_with
from optimizer.engines.routing import RoutingEngine
from optimizer.rules import lower
from tests.optimizer.oracle import Oracle
from tests.optimizer.oracle_judge import judge
from tests.optimizer.perturb import bent
from tests.optimizer.random_towns import random_problem

ALL = frozenset(rule.name for rule in RULES)


def town_with_depots(seed, names):
    """Other features are rarer than usual, so that more plans can be made at all."""
    return random_problem(seed, names, workdays=True, rare=(0.3, 0.15, 0.05)[seed % 3])


def some_rules(names):
    return tuple(rule for rule in RULES if rule.name in names)


def best_sequences(problem):
    """The cost of the oracle's best plan, and its sequences."""
    cost, orders = Oracle(problem, ALL).best_plan()
    return cost, [[problem.visit_index[visit.id] for visit in order] for order in orders]


def assert_routes_are_as_the_oracle_says(problem, names):
    """Each shift with each order of up to three visits that may go with it."""
    oracle, rules, seen = Oracle(problem, names), some_rules(names), 0
    primitives = lower(problem, rules)
    for column, shift in enumerate(problem.shifts):
        able = [visit for visit in problem.visits if not oracle.unfit(visit, shift)]
        for size in range(1, min(3, len(able)) + 1):
            for order in permutations(able, size):
                if oracle.splits_pair(frozenset(one.id for one in order)):
                    continue
                wanted = oracle.cost_of(order, shift)
                left = tuple(Unassigned(one.id, "", "") for one in problem.visits if one not in order)
                sequence = [problem.visit_index[visit.id] for visit in order]
                route = find_route(problem, primitives, column, sequence)
                found = None if route is None else check(problem, Plan((route,), left), rules)
                broken = [] if found is None else [one for one in found.violations if not one.excused]
                broken = [one for one in broken if one.rule != "pinned" or one.sentence != "a pinned visit is left out"]
                left_cost = sum(oracle.price_of_leaving_out(problem.get_visit(one.visit)) for one in left)
                assert (None if found is None or broken else found.cost - left_cost) == wanted, (shift.id, order)
                seen += found is not None and route.call is not None
    return seen


@pytest.mark.parametrize("seed", range(150))
def test_a_route_costs_what_the_oracle_says_or_is_impossible(seed):
    assert_routes_are_as_the_oracle_says(town_with_depots(seed, ALL), ALL)


@pytest.mark.parametrize("seed", range(15))
@pytest.mark.parametrize("name", ["tools", "duty cost", "duty limit", "capacity", "shift hours", "breaks"])
def test_a_route_costs_what_the_oracle_says_without_one_rule(name, seed):
    names = ALL - {name}
    assert_routes_are_as_the_oracle_says(town_with_depots(seed, names), names)


def test_many_routes_above_call_at_the_depot():
    """Otherwise the tests above would say little."""
    calls = sum(assert_routes_are_as_the_oracle_says(town_with_depots(seed, ALL), ALL) for seed in range(20))
    assert calls > 20


@pytest.mark.parametrize("seed", range(250))
def test_no_plan_beats_the_one_found(seed):
    problem = random_problem(seed, ALL, workdays=True, errands=False, rare=(0.3, 0.15, 0.05)[seed % 3])
    oracle = Oracle(problem, ALL)
    plan = solve(problem, time_limit_s=30, iterations=10_000)
    assert judge(oracle, plan) == ([], dict(plan.costs))
    assert plan.cost == oracle.best_cost()


@pytest.mark.parametrize("seed", range(150))
def test_the_best_plan_is_judged_by_the_referee_and_accepted_by_the_routing_model(seed):
    problem = town_with_depots(seed, ALL)
    cost, sequences = best_sequences(problem)
    primitives = lower(problem)
    plan = check(problem, assemble(problem, primitives, sequences))
    assert judge(Oracle(problem, ALL), plan) == ([], dict(plan.costs))
    assert plan.is_valid
    assert plan.cost == cost
    assert RoutingEngine(primitives).accepts(sequences, find_all_times(primitives, sequences))


@pytest.mark.parametrize("seed", range(150))
def test_the_routing_model_accepts_exactly_the_routes_that_the_oracle_allows(seed):
    """Each shift with each order of two visits, and each of its calls; the model has the times that we would take."""
    problem = town_with_depots(seed, ALL)
    if any(visit.pin for visit in problem.visits):
        problem = replace(problem, visits=tuple(replace(visit, pin=None) for visit in problem.visits))
    oracle, primitives = Oracle(problem, ALL), lower(problem)
    engine = RoutingEngine(primitives)
    for column, shift in enumerate(problem.shifts):
        able = [visit for visit in problem.visits if not oracle.unfit(visit, shift)]
        for order in permutations(able, min(2, len(able))):
            names = [visit.id for visit in order]
            if oracle.splits_pair(frozenset(names)) or oracle.out_of_order(names) or not order:
                continue
            sequences, times = [[] for _ in problem.shifts], [None for _ in problem.shifts]
            sequences[column] = [problem.visit_index[visit.id] for visit in order]
            for gap in [None] if shift.depot is None else [None, *range(len(order) + 1)]:
                times[column] = find_times_with(primitives, column, sequences[column], gap, None)
                if times[column] is not None:
                    is_allowed = oracle.cost_with_call(order, shift, gap) is not None
                    assert engine.accepts(sequences, times) == is_allowed, (shift.id, names, gap)


@pytest.mark.parametrize("seed", range(100))
def test_the_referee_and_the_oracle_judge_bent_plans_alike(seed):
    problem, source = town_with_depots(seed, ALL), random.Random(seed)
    oracle = Oracle(problem, ALL)
    plan = assemble(problem, lower(problem), best_sequences(problem)[1])
    for _ in range(20):
        changed = bent(plan, problem, source)
        judged = check(problem, changed)
        illegal, costs = judge(oracle, changed)
        assert judged.is_valid == (not illegal), (illegal, judged.violations)
        if illegal != ["calls where it cannot"]:
            assert dict(judged.costs) == costs
