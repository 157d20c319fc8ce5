"""Plans that are fair to people agree with a brute force that shares nothing with the optimizer."""

import random
from collections import Counter
from dataclasses import replace
from itertools import pairwise, permutations, product

import pytest

from optimizer import RULES, check, solve
from optimizer.engines import ruin
from optimizer.insert import Offers
from optimizer.rules import lower
from tests.optimizer.oracle import Oracle
from tests.optimizer.oracle_judge import judge
from tests.optimizer.perturb import bent
from tests.optimizer.random_towns import random_problem

ALL = frozenset(rule.name for rule in RULES)


def balanced_town(seed, **features):
    """Up to three shifts of two people, of whom one has most of the work to do if nobody minds."""
    problem = random_problem(seed, ALL, errands=False, rare=0.1, most_shifts=3, **features)
    source = random.Random(f"balance {seed}")
    shifts = tuple(replace(one, technician=source.choice(["Ana", "Ben"])) for one in problem.shifts)
    policy = replace(problem.policy, balance_per_s=source.randint(2, 9))
    visits = tuple(replace(one, service_s=one.service_s + 5) for one in problem.visits)
    return replace(problem, shifts=shifts, visits=visits, policy=policy)


def best_cost(problem):
    """Every order on every shift together with every other."""
    oracle = Oracle(problem, ALL)
    options = []
    for shift in problem.shifts:
        able = [visit for visit in problem.visits if not oracle.unfit(visit, shift)]
        own = []
        for size in range(len(able) + 1):
            for order in permutations(able, size):
                cost = oracle.cost_of(order, shift)
                if cost is not None and all(visit in order for visit in oracle.pinned[shift.id]):
                    legs = pairwise(oracle.places(order, shift, None)) if order else ()
                    busy_s = sum(oracle.leg(shift, *leg)[0] for leg in legs)
                    busy_s += sum(oracle.work_s(visit, shift) for visit in order)
                    own.append((frozenset(visit.id for visit in order), cost, busy_s))
        options.append(own)
    best = None
    for chosen in product(*options):
        planned = [name for names, _, _ in chosen for name in names]
        if len(set(planned)) == len(planned):
            busy_s = Counter()
            for shift, (_, _, seconds) in zip(problem.shifts, chosen, strict=True):
                busy_s[shift.technician] += seconds
            cost = sum(cost for _, cost, _ in chosen) + oracle.price_of_balance(busy_s)
            cost += sum(oracle.price_of_leaving_out(one) for one in problem.visits if one.id not in planned)
            best = cost if best is None else min(best, cost)
    return best


@pytest.mark.parametrize("seed", range(80))
def test_no_plan_beats_the_one_found(seed):
    problem = balanced_town(seed)
    assert ruin.supports(lower(problem))
    plan = solve(problem, time_limit_s=30, iterations=400)
    assert plan.is_valid
    assert judge(Oracle(problem, ALL), plan) == ([], dict(plan.costs))
    assert plan.cost == best_cost(problem)


def test_balance_costs_in_many_of_these_plans_and_changes_many():
    """Otherwise the tests above would say little."""
    costs = changes = 0
    for seed in range(50):
        problem = balanced_town(seed)
        fair, free = (solve(problem, time_limit_s=30, iterations=100, rules=rules)
                      for rules in (RULES, tuple(rule for rule in RULES if rule.name != "balance")))  # fmt: skip
        costs += "balance" in fair.costs
        changes += check(problem, free).cost > fair.cost
    assert costs > 5
    assert changes > 3


@pytest.mark.parametrize("seed", range(40))
def test_a_search_knows_the_cost_of_its_plan(seed):
    """Also with linked visits, and where routes are walked as a whole: an island counts what the referee finds."""
    problem = balanced_town(seed, linked=seed % 2 == 0)
    shifts = tuple(replace(one, duty_cost_per_s=1, breaks=()) if seed % 4 == 1 else one for one in problem.shifts)
    problem = replace(problem, shifts=shifts, policy=replace(problem.policy, worst_lateness_per_s=0))
    told = []
    plan = solve(problem, time_limit_s=30, iterations=100, on_progress=lambda progress: told.append(progress.cost))
    assert plan.is_valid
    assert not ruin.supports(lower(problem)) or told[-1] == plan.cost


@pytest.mark.parametrize("seed", range(60))
def test_the_referee_and_the_oracle_judge_bent_plans_alike(seed):
    problem, source = balanced_town(seed, traffic=seed % 2 == 0), random.Random(seed)
    oracle, plan = Oracle(problem, ALL), solve(problem, time_limit_s=30, iterations=20)
    for _ in range(10):
        changed = bent(plan, problem, source)
        judged = check(problem, changed)
        illegal, costs = judge(oracle, changed)
        assert judged.is_valid == (not illegal), (illegal, judged.violations)
        assert dict(judged.costs) == costs


@pytest.mark.parametrize("seed", range(60))
def test_an_offer_costs_what_the_referee_finds(seed):
    problem = balanced_town(seed)
    plan = solve(problem, time_limit_s=30, iterations=20)
    for one in problem.visits:
        if one.id in {left.visit for left in plan.unassigned} and one.pin is None:
            offers = Offers(problem, plan)
            for offer in offers.best(one, 3):
                after = check(problem, offers.applied(offer))
                assert after.is_valid
                assert after.cost - plan.cost == offer.price - offer.spared
