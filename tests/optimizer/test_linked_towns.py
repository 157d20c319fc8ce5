"""Plans whose routes depend on each other agree with a brute force that shares nothing with the optimizer."""

import random
from dataclasses import replace
from itertools import count, islice

import pytest

from optimizer import RULES, Break, Window, check, solve, without
from optimizer.assemble import assemble, find_all_times
from optimizer.engines import ruin
from optimizer.engines.routing import RoutingEngine
from optimizer.rules import lower
from tests.optimizer.oracle_judge import judge
from tests.optimizer.oracle_whole import WholeOracle
from tests.optimizer.perturb import bent
from tests.optimizer.random_towns import random_problem

ALL = frozenset(rule.name for rule in RULES)
BENT = 12


def linked_problem(seed, rules=ALL, **features):
    return random_problem(seed, rules, linked=True, errands=False, **features)


def restless(problem, source):
    """The same problem without pins, and a break for everybody that need not fall where its own route likes it best."""

    def changed(shift):
        opens_s = shift.start_s + source.randint(0, 20)
        window = Window(opens_s, opens_s + source.randint(5, 40))
        return replace(shift, breaks=(Break(f"{shift.id}b", source.randint(1, 12), (window,)),))

    visits = tuple(replace(visit, pin=None) for visit in problem.visits)
    return replace(problem, visits=visits, shifts=tuple(changed(shift) for shift in problem.shifts))


def sequences_of(problem, orders):
    return [[problem.visit_index[visit.id] for visit in order] for order in orders]


@pytest.mark.parametrize("seed", range(150))
def test_the_best_plan_has_the_times_and_the_price_that_the_oracle_gives_it(seed):
    problem = linked_problem(seed)
    cost, orders = WholeOracle(problem, ALL).best_plan()
    plan = assemble(problem, lower(problem), sequences_of(problem, orders))
    judged = check(problem, plan)
    assert judged.is_valid
    assert judged.cost == cost


@pytest.mark.parametrize("seed", range(200))
def test_any_orders_have_times_together_exactly_if_the_oracle_finds_some_and_no_cheaper_ones(seed):
    problem, source = linked_problem(seed, rare=0.15), random.Random(seed)
    if seed % 2:
        problem = restless(problem, source)
    oracle, primitives = WholeOracle(problem, ALL), lower(problem)
    every = list(oracle.all_orders())
    for orders, timeless in source.sample(every, min(20, len(every))):
        cost = oracle.cost_together(orders, oracle.links)
        sequences = sequences_of(problem, orders.values())
        times = find_all_times(primitives, sequences)
        assert (times is None) == (cost is None)
        if cost is not None:
            costs = check(problem, assemble(problem, primitives, sequences)).costs
            assert sum(costs.values()) == cost + timeless + costs.get("leaving out", 0)


@pytest.mark.parametrize("seed", range(100))
def test_the_routing_model_accepts_the_best_plan_at_its_times(seed):
    problem = linked_problem(seed)
    sequences = sequences_of(problem, WholeOracle(problem, ALL).best_plan()[1])
    primitives = lower(problem)
    assert RoutingEngine(primitives).accepts(sequences, find_all_times(primitives, sequences))


def most_linked_plan(problem, oracle, source):
    """Of some legal plans, the one with the most links to break."""
    every = list(oracle.all_orders())
    legal = [
        orders
        for orders, _ in source.sample(every, min(60, len(every)))
        if not any(
            oracle.is_half(link, {visit.id for order in orders.values() for visit in order}) for link in oracle.links
        )
        and oracle.cost_together(orders, oracle.links) is not None
    ]

    def kept(orders):
        planned = {visit.id for order in orders.values() for visit in order}
        return sum(planned.issuperset((link.first, link.second)) for link in problem.links)

    orders = max(legal, key=kept, default={shift.id: () for shift in problem.shifts})
    return assemble(problem, lower(problem), sequences_of(problem, orders.values()))


def judged_alike(seed):
    """How often a bent plan breaks links and nothing else; asserts that referee and oracle agree on each."""
    problem, source = linked_problem(seed, rare=0.1), random.Random(seed)
    oracle, broken = WholeOracle(problem, ALL), 0
    plan = most_linked_plan(problem, oracle, source)
    for _ in range(BENT if plan else 0):
        changed = bent(plan, problem, source)
        judged = check(problem, changed)
        illegal, costs = judge(oracle, changed)
        assert judged.is_valid == (not illegal), (illegal, judged.violations)
        assert dict(judged.costs) == costs
        broken += {one.rule for one in judged.violations if not one.excused} == {"links"}
    return broken


def test_the_referee_and_the_oracle_judge_bent_linked_plans_alike():
    """Crews are split and their starts moved, often enough without breaking any other rule."""
    assert sum(judged_alike(seed) for seed in range(120)) > 10


@pytest.mark.parametrize("seed", range(100))
def test_the_routing_model_prices_linked_routes_as_the_oracle_does(seed):
    """Legal or not: halves of crews, lags that cannot be kept and the wrong people have no price."""
    problem, source = linked_problem(seed, rare=0.15), random.Random(seed)
    oracle, engine = WholeOracle(problem, ALL), RoutingEngine(lower(problem))
    every = list(oracle.all_orders())
    for orders, timeless in source.sample(every, min(10, len(every))):
        planned = {visit.id for order in orders.values() for visit in order}
        cost = oracle.cost_together(orders, oracle.links)
        if cost is not None and not any(oracle.is_half(link, planned) for link in oracle.links):
            cost += timeless + sum(oracle.price_of_leaving_out(v) for v in problem.visits if v.id not in planned)
        else:
            cost = None
        assert engine.price(sequences_of(problem, orders.values())) == cost


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("name", sorted(ALL))
def test_times_agree_when_a_rule_is_left_out(name, seed):
    """Without shift hours, for one, only the links themselves keep people from waiting for ever."""
    names = ALL - {name}
    problem, source = linked_problem(seed, names, rare=0.15), random.Random(seed)
    oracle, rules = WholeOracle(problem, names), without(name)
    primitives, every = lower(problem, rules), list(oracle.all_orders())
    for orders, timeless in source.sample(every, min(10, len(every))):
        cost = oracle.cost_together(orders, oracle.links)
        plan = assemble(problem, primitives, sequences_of(problem, orders.values()))
        assert (plan is None) == (cost is None)
        if cost is not None:
            costs = check(problem, plan, rules).costs
            assert sum(costs.values()) - costs.get("leaving out", 0) == cost + timeless


@pytest.mark.parametrize("seed", range(15))
def test_no_linked_plan_beats_the_one_found(seed):
    assert_best(linked_problem(seed))


@pytest.mark.parametrize("number", range(25))
def test_no_plan_beats_the_one_found_around_linked_visits_that_must_stay(number):
    """Whether their partners are planned or not."""
    drawn = (linked_problem(seed) for seed in count())
    problem = next(islice(filter(pins_linked_visits, drawn), number, None))
    assert ruin.supports(lower(problem))
    assert_best(problem)


def pins_linked_visits(problem):
    """Whether a linked visit is pinned."""
    linked = {name for link in problem.links for name in (link.first, link.second)}
    return any(visit.pin and visit.id in linked for visit in problem.visits)


def assert_best(problem):
    oracle = WholeOracle(problem, ALL)
    plan = solve(problem, time_limit_s=10, iterations=300)
    assert judge(oracle, plan) == ([], dict(plan.costs))
    assert plan.cost == oracle.best_cost()
