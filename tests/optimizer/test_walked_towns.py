"""Routes that are walked as a whole, planned as the brute force says: any breaks, duty, calls, links, traffic."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations, product

import numpy as np
import pytest

from optimizer import RULES, check, solve
from optimizer.assemble import assemble
from optimizer.engines.ruin.arrays import pack
from optimizer.engines.ruin.moments import IMPOSSIBLE
from optimizer.engines.ruin.state import LATE, begin
from optimizer.engines.ruin.whole import take_over
from optimizer.rules import lower
from tests.optimizer.oracle import Oracle
from tests.optimizer.oracle_judge import judge
from tests.optimizer.oracle_whole import WholeOracle
from tests.optimizer.random_towns import random_problem

ALL = frozenset(rule.name for rule in RULES)
TIMELESS = {"travel limits", "maximum visits", "capacity"}
"""What is asked before a visit is put in, not when its route is priced."""


@pytest.fixture(autouse=True)
def _engines_agree(caplog):
    """No engine refused what another made: the pipeline would plan again, and say so in its log."""
    yield
    assert not [record for record in caplog.get_records("call") if record.levelname == "ERROR"]


def restful(seed, **features):
    return random_problem(seed, ALL, restful=True, errands=False, **features)


def kernel_price(primitives, sequences):
    """What the compiled search believes that a plan costs; None if a route is impossible."""
    arrays, visits, shifts = pack(primitives), primitives.visits, primitives.shifts
    (state, kept), following = begin(arrays, seed=1), np.zeros(visits + 2 * shifts, dtype=np.int64)
    for shift, sequence in enumerate(sequences):
        chain = [visits + shift, *sequence, visits + shifts + shift]
        following[chain[:-1]] = chain[1:]
    total = take_over(arrays, state, kept, following, state.bounds.copy(), np.zeros_like(following), 0)
    used = [shift for shift, sequence in enumerate(sequences) if sequence]
    return None if any(state.sums[shift, LATE] == IMPOSSIBLE for shift in used) else total


def all_sequences(problem, primitives):
    """Every way to give each visit to a shift that may have it, or to none, in any order."""
    able = [[None, *(shift for shift in range(primitives.shifts) if row[shift])] for row in primitives.allowed]
    for chosen in product(*able):
        loads = [[visit for visit, shift in enumerate(chosen) if shift == one] for one in range(primitives.shifts)]
        yield from product(*(permutations(load) for load in loads))


def best_assembled_cost(problem):
    """The cost of the best legal plan, with the times that plans are given."""
    primitives = lower(problem)
    plans = (assemble(problem, primitives, sequences) for sequences in all_sequences(problem, primitives))
    return min(judged.cost for plan in plans if plan and (judged := check(problem, plan)).is_valid)


@pytest.mark.parametrize("traffic", [False, True])
@pytest.mark.parametrize("workdays", [False, True])
@pytest.mark.parametrize("seed", range(60))
def test_a_route_is_priced_as_it_is_judged_in_the_end(seed, workdays, traffic):
    """Each shift with each order of up to three visits, without pins: those must all be planned."""
    problem = restful(seed, workdays=workdays, traffic=traffic, rare=(0.3, 0.15, 0.05)[seed % 3])
    problem = replace(problem, visits=tuple(replace(visit, pin=None) for visit in problem.visits))
    primitives = lower(problem)
    for shift in range(primitives.shifts):
        able = [visit for visit in range(primitives.visits) if primitives.allowed[visit, shift]]
        for size in range(1, min(3, len(able)) + 1):
            for order in permutations(able, size):
                sequences = [order if one == shift else () for one in range(primitives.shifts)]
                plan = assemble(problem, primitives, sequences)
                judged = None if plan is None else check(problem, plan)
                if judged is None or not {one.rule for one in judged.violations} & TIMELESS:
                    assert kernel_price(primitives, sequences) == (judged and judged.cost), (shift, order)


@pytest.mark.parametrize("workdays", [False, True])
@pytest.mark.parametrize("seed", range(60))
def test_no_plan_beats_the_one_found_around_any_breaks(seed, workdays):
    problem = restful(seed, workdays=workdays, rare=(0.3, 0.15, 0.05)[seed % 3])
    oracle = Oracle(problem, ALL)
    plan = solve(problem, time_limit_s=30, iterations=1_000)
    assert judge(oracle, plan) == ([], dict(plan.costs))
    assert plan.cost == oracle.best_cost()


@pytest.mark.parametrize("workdays", [False, True])
@pytest.mark.parametrize("seed", range(60))
def test_no_plan_beats_the_one_found_where_roads_are_slower_at_times(seed, workdays):
    """Without breaks, since with some one best day may ask for less driving than another."""
    problem = random_problem(
        seed, ALL, traffic=True, workdays=workdays, errands=False, rare=(0.3, 0.15, 0.05)[seed % 3]
    )
    problem = replace(problem, shifts=tuple(replace(one, breaks=()) for one in problem.shifts))
    oracle = Oracle(problem, ALL)
    plan = solve(problem, time_limit_s=30, iterations=1_000)
    assert judge(oracle, plan) == ([], dict(plan.costs))
    assert plan.cost == oracle.best_cost()


@pytest.mark.parametrize("seed", range(60))
def test_no_linked_plan_beats_the_one_found_around_any_breaks(seed):
    problem = restful(seed, linked=True, rare=0.12, most_visits=3)
    oracle = WholeOracle(problem, ALL)
    plan = solve(problem, time_limit_s=30, iterations=1_000)
    assert judge(oracle, plan) == ([], dict(plan.costs))
    assert plan.cost == oracle.best_cost()


@pytest.mark.parametrize("features", [{}, {"restful": True}, {"restful": True, "traffic": True}])
@pytest.mark.parametrize("seed", range(50))
def test_no_linked_plan_beats_the_one_found_where_duty_and_calls_count(seed, features):
    """The brute force of orders has the times that plans are given, for what these should be is told apart."""
    problem = random_problem(seed, ALL, workdays=True, linked=True, errands=False, rare=0.12, **features)
    assert solve(problem, time_limit_s=30, iterations=1_000).cost == best_assembled_cost(problem)
