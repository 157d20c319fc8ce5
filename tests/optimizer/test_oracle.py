"""`solve`, the routing model and the referee agree with a brute force that shares nothing with them.

Every problem is tiny, seeded and uses all rules, or all but one, or one alone. Without the rule `pinned` there are no
pins in a problem: what pins excuse means nothing then.
"""

import random
from dataclasses import replace
from itertools import permutations

import pytest

from optimizer import RULES, check, solve
from optimizer.engines.routing import RoutingEngine
from optimizer.rules import lower
from tests.optimizer.oracle import Oracle
from tests.optimizer.oracle_judge import judge
from tests.optimizer.perturb import bent
from tests.optimizer.random_towns import random_problem

ALL = frozenset(rule.name for rule in RULES)
ALWAYS = frozenset({"leaving out", "travel"})
"""Without a price of leaving out the best plan is empty, and nothing could be learnt from it."""
ITERATIONS = 300
BENT = 12


def some_rules(names):
    return tuple(rule for rule in RULES if rule.name in names)


@pytest.fixture(autouse=True)
def _engines_agree(caplog):
    """No engine refused what another made: the pipeline would plan again, and say so in its log."""
    yield
    assert not [record for record in caplog.get_records("call") if record.levelname == "ERROR"]


def assert_best(problem, names):
    """The plan is legal, costs what the oracle says rule by rule, and none is better."""
    oracle = Oracle(problem, names)
    plan = solve(problem, time_limit_s=30, iterations=ITERATIONS, rules=some_rules(names))
    illegal, costs = judge(oracle, plan)
    assert not illegal
    assert costs == dict(plan.costs)
    assert plan.cost == oracle.best_cost()


@pytest.mark.parametrize("seed", range(250))
def test_no_plan_beats_the_one_found_under_all_rules(seed):
    assert_best(random_problem(seed, ALL, errands=False), ALL)


@pytest.mark.parametrize("seed", range(40))
def test_no_plan_beats_the_one_found_in_a_larger_town(seed):
    """Five visits and three shifts, with fewer features each, so that more of them fit."""
    assert_best(random_problem(seed, ALL, most_visits=5, most_shifts=3, rare=0.12, errands=False), ALL)


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("name", sorted(ALL))
def test_no_plan_beats_the_one_found_when_a_rule_is_left_out(name, seed):
    names = ALL - {name}
    assert_best(random_problem(seed, names, errands=False), names)


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("name", sorted(ALL - ALWAYS))
def test_no_plan_beats_the_one_found_under_a_rule_alone(name, seed):
    names = ALWAYS | {name}
    assert_best(random_problem(seed, names, errands=False), names)


@pytest.mark.parametrize("seed", range(15))
def test_no_plan_beats_the_one_found_with_errands(seed):
    assert_best(random_problem(seed, ALL), ALL)


@pytest.mark.parametrize("seed", range(200))
def test_the_routing_model_prices_the_best_plan_as_the_oracle_does(seed):
    problem = random_problem(seed, ALL)
    cost, orders = Oracle(problem, ALL).best_plan()
    sequences = [[problem.visit_index[visit.id] for visit in order] for order in orders]
    assert RoutingEngine(lower(problem)).price(sequences) == cost


@pytest.mark.parametrize("seed", range(100))
def test_the_routing_model_prices_any_route_as_the_oracle_does(seed):
    """Each shift with each order of two visits, or none where the oracle knows of no legal way."""
    problem = random_problem(seed, ALL)
    if any(visit.pin for visit in problem.visits):
        problem = replace(problem, visits=tuple(replace(visit, pin=None) for visit in problem.visits))
    oracle, engine = Oracle(problem, ALL), RoutingEngine(lower(problem))
    for column, shift in enumerate(problem.shifts):
        for order in permutations(problem.visits, min(2, len(problem.visits))):
            sequences = [[] for _ in problem.shifts]
            sequences[column] = [problem.visit_index[visit.id] for visit in order]
            names = frozenset(visit.id for visit in order)
            cost = (
                None
                if oracle.splits_pair(names) or any(oracle.unfit(visit, shift) for visit in order)
                else (oracle.cost_of(order, shift))
            )
            left = sum(oracle.price_of_leaving_out(visit) for visit in problem.visits if visit.id not in names)
            assert engine.price(sequences) == (None if cost is None else cost + left)


@pytest.mark.parametrize("seed", range(150))
def test_the_referee_and_the_oracle_judge_bent_plans_alike(seed):
    """Times, orders, technicians, breaks and roll call are changed at random; about half of the plans turn illegal."""
    problem, source = random_problem(seed, ALL, errands=False), random.Random(seed)
    oracle = Oracle(problem, ALL)
    plan = solve(problem, time_limit_s=30, iterations=ITERATIONS)
    for _ in range(BENT):
        changed = bent(plan, problem, source)
        judged = check(problem, changed)
        illegal, costs = judge(oracle, changed)
        assert judged.is_valid == (not illegal), (illegal, judged.violations)
        assert dict(judged.costs) == costs


def test_bending_leaves_enough_plans_legal_and_breaks_enough():
    """Otherwise the test above would say little."""
    legal = total = 0
    for seed in range(20):
        problem, source = random_problem(seed, ALL, errands=False), random.Random(seed)
        plan = solve(problem, time_limit_s=30, iterations=ITERATIONS)
        for _ in range(BENT):
            legal += check(problem, bent(plan, problem, source)).is_valid
            total += 1
    assert 0.2 * total < legal < 0.8 * total
