"""Travel by time of day: times, the referee, the routing model and whole searches agree with a brute force."""

import random
from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest

from optimizer import RULES, UNREACHABLE, Period, Pin, Plan, ProblemError, Unassigned, check, replay, solve, without
from optimizer.assemble import assemble, find_all_times, find_route
from optimizer.engines.routing import RoutingEngine
from optimizer.insert import Offers
from optimizer.record import Record, dump, load
from optimizer.rules import lower
from tests.optimizer.oracle import Oracle
from tests.optimizer.oracle_judge import judge
from tests.optimizer.oracle_whole import WholeOracle
from tests.optimizer.perturb import bent
from tests.optimizer.random_towns import random_problem
from tests.optimizer.town import routes, shift, solved, street, town, visit

ALL = frozenset(rule.name for rule in RULES)


def town_with_traffic(seed, **features):
    return random_problem(seed, ALL, traffic=True, rare=(0.2, 0.05, 0.02)[seed % 3], **features)


def restless(problem):
    """Without breaks there is only one best day, so that only one amount of driving is right."""
    return replace(problem, shifts=tuple(replace(one, breaks=()) for one in problem.shifts))


def assert_routes_are_as_the_oracle_says(problem):
    """Each shift with each order of up to three visits that may go with it; returns how many have times."""
    oracle, primitives, seen = Oracle(problem, ALL), lower(problem), 0
    for column, one in enumerate(problem.shifts):
        able = [visit for visit in problem.visits if not oracle.unfit(visit, one)]
        for size in range(1, min(3, len(able)) + 1):
            for order in permutations(able, size):
                names = [visit.id for visit in order]
                if oracle.splits_pair(frozenset(names)) or oracle.out_of_order(names):
                    continue
                sequence = [problem.visit_index[name] for name in names]
                wanted = oracle.possible_costs(order, one) if one.depot is None else {oracle.cost_of(order, one)}
                left = tuple(Unassigned(visit.id, "", "") for visit in problem.visits if visit not in order)
                route = find_route(problem, primitives, column, sequence)
                found = None if route is None else check(problem, Plan((route,), left))
                broken = [] if found is None else [one for one in found.violations if not one.excused]
                broken = [one for one in broken if one.rule != "pinned" or one.sentence != "a pinned visit is left out"]
                left_cost = sum(oracle.price_of_leaving_out(problem.get_visit(one.visit)) for one in left)
                assert (None if found is None or broken else found.cost - left_cost) in wanted, (one.id, names)
                seen += found is not None
    return seen


@pytest.mark.parametrize("seed", range(150))
def test_a_route_costs_what_the_oracle_says_or_is_impossible(seed):
    assert_routes_are_as_the_oracle_says(restless(town_with_traffic(seed, workdays=seed % 2 == 0)))


@pytest.mark.parametrize("seed", range(100))
def test_a_route_with_breaks_has_the_times_of_one_of_the_best_days(seed):
    assert_routes_are_as_the_oracle_says(town_with_traffic(seed))


def test_many_routes_above_wait_for_a_quicker_period_or_drive_longer_than_they_could():
    """Otherwise the tests above would say little."""
    waits = longer = 0
    for seed in range(60):
        problem = town_with_traffic(seed)
        primitives = lower(problem)
        for column, one in enumerate(problem.shifts):
            for first, second in permutations(range(len(problem.visits)), 2):
                found = find_route(problem, primitives, column, [first, second])
                if found is not None and one.profile == "car":
                    waits += any(stop.set_out_s is not None for stop in found.stops) or found.set_out_home_s is not None
                    places = [problem.visits[first].location, problem.visits[second].location]
                    longer += found.stops[1].travel_s > problem.travel.leg_s("car", *places)
    assert waits > 10
    assert longer > 10


def sequences_of(problem, orders):
    return [[problem.visit_index[visit.id] for visit in order] for order in orders]


@pytest.mark.parametrize("seed", range(100))
def test_the_best_plan_is_judged_by_the_referee_and_accepted_by_the_routing_model(seed):
    problem = restless(town_with_traffic(seed, workdays=seed % 2 == 0))
    cost, orders = Oracle(problem, ALL).best_plan()
    primitives, sequences = lower(problem), sequences_of(problem, orders)
    plan = check(problem, assemble(problem, primitives, sequences))
    assert judge(Oracle(problem, ALL), plan) == ([], dict(plan.costs))
    assert plan.is_valid
    assert plan.cost == cost
    assert RoutingEngine(primitives).accepts(sequences, find_all_times(primitives, sequences))


@pytest.mark.parametrize("seed", range(100))
def test_the_referee_and_the_oracle_judge_bent_plans_alike(seed):
    problem, source = town_with_traffic(seed), random.Random(seed)
    oracle = Oracle(problem, ALL)
    plan = assemble(problem, lower(problem), sequences_of(problem, oracle.best_plan()[1]))
    for _ in range(20 if plan else 0):
        changed = bent(plan, problem, source)
        judged = check(problem, changed)
        illegal, costs = judge(oracle, changed)
        assert judged.is_valid == (not illegal), (illegal, judged.violations)
        assert dict(judged.costs) == costs


@pytest.mark.parametrize("seed", range(60))
def test_a_search_finds_a_legal_plan_that_costs_what_the_oracle_says_and_not_less_than_the_best(seed):
    """Every third town has breaks, and every other one depots: the engines that plan them differ."""
    problem = town_with_traffic(seed, workdays=seed % 2 == 0, errands=seed % 4 == 0)
    problem = problem if seed % 3 == 0 else restless(problem)
    oracle = Oracle(problem, ALL)
    plan = solve(problem, time_limit_s=20, iterations=200)
    assert plan.is_valid
    assert judge(oracle, plan) == ([], dict(plan.costs))
    assert plan.cost >= oracle.best_cost() or seed % 3 == 0


@pytest.mark.parametrize("seed", range(60))
def test_linked_plans_have_times_exactly_where_the_oracle_finds_some_and_as_early(seed):
    """All but the driving: it follows from when everybody starts."""
    problem = restless(random_problem(seed, ALL, traffic=True, linked=True, errands=False, rare=0.15))
    problem = replace(problem, shifts=tuple(replace(one, max_travel_s=None, max_leg_s=None) for one in problem.shifts))
    oracle, primitives, source = WholeOracle(problem, ALL), lower(problem), random.Random(seed)
    every = list(oracle.all_orders())
    for orders, _ in source.sample(every, min(20, len(every))):
        cost = oracle.cost_together(orders, oracle.links)
        plan = assemble(problem, primitives, sequences_of(problem, orders.values()))
        assert (plan is None) == (cost is None)
        if plan is not None:
            costs = check(problem, plan).costs
            timed = sum(costs.get(name, 0) for name in ("lateness", "shift hours", "moved later", "worst lateness"))
            assert timed == cost
            others = [one for one in check(problem, plan).violations if not one.excused]
            assert not [one for one in others if one.rule == "itinerary"]


def rush(*, times=3, first_s=2_000, last_s=4_000):
    """The street, where everything takes so many times as long from one second to another."""
    usual = street()
    traffic = {"rush": usual.seconds["car"] * times}
    return replace(usual, traffic=traffic, periods={"car": (Period(first_s, "rush"), Period(last_s))})


def test_who_is_done_in_the_rush_and_expected_after_it_waits_it_out():
    """Done at 2,100 at place 1 and expected at 5,000 at place 2: the drive of 100 s begins at 4,000."""
    visits = [visit("first", 1, windows=[(1_500, 1_500)]), visit("then", 2, windows=[(5_000, 5_000)])]
    (route,) = solved(town(visits, travel=rush())).routes
    assert (route.stops[1].set_out_s, route.stops[1].travel_s, route.stops[1].arrive_s) == (4_000, 100, 4_100)


def test_what_is_driven_is_paid_for():
    """Until 2,700 nobody lets Ana in; home through the rush are 300 s, 200 s more than the same way out."""
    problem = town([visit(windows=[(2_700, 2_700)])], [shift(end_s=3_700)], travel=rush())
    assert check(problem, solved(problem)).costs == {"travel": 400}


def test_whoever_cannot_be_home_in_time_through_the_rush_leaves_the_visit_out():
    problem = town([visit(windows=[(2_700, 2_700)])], [shift(end_s=3_599)], travel=rush())
    assert routes(solved(problem)) == {}
    assert routes(solved(replace(problem, travel=street()))) == {"Ana": ["v"]}


@pytest.mark.parametrize(("limit", "used_s"), [("max_travel_s", 400), ("max_leg_s", 300)])
def test_limits_count_what_is_driven_at_that_time_of_day(limit, used_s):
    """100 s there, 300 s home through the rush."""
    for most_s in (used_s, used_s - 1):
        problem = town([visit(windows=[(2_700, 2_700)])], [shift(end_s=3_700, **{limit: most_s})], travel=rush())
        route = find_route(problem, lower(problem), 0, [0])
        assert (route is not None) == (most_s == used_s)
        made = find_route(problem, lower(problem, without("travel limits")), 0, [0])
        broken = [one.rule for one in check(problem, Plan((made,), ())).violations]
        assert broken == ([] if route else ["travel limits"])


def test_a_pinned_visit_that_only_just_fits_is_planned_with_others_around_it():
    """At the worst time of day it would not fit at all, so engines must not plan by that."""
    visits = [visit("pinned", 5, pin=Pin("Ana", 500)), visit("other", 5)]
    plan = solved(town(visits, [shift(end_s=10_000)], travel=rush()))
    assert plan.is_valid
    assert routes(plan) == {"Ana": ["pinned", "other"]}


def test_a_plan_by_time_of_day_is_found_again_from_its_record():
    problem = random_problem(3, ALL, traffic=True)
    plan = solve(problem, time_limit_s=20, iterations=100)
    again = load(dump(Record(problem, plan)))
    assert replay(again.problem, plan.run) == plan


FAULTS = [
    ({"periods": {"boat": (Period(0),)}}, "travel.periods['boat']: there are no seconds of that profile"),
    ({"periods": {"car": (Period(5), Period(5))}}, "travel.periods['car']: its periods are out of order"),
    ({"periods": {"car": (Period(5, "fog"),)}}, "travel.periods['car']: there is no traffic 'fog'"),
    ({"traffic": {"fog": np.zeros((2, 2), np.int64)}}, "travel: the matrices differ in size"),
    ({"traffic": {"fog": np.full((6, 6), 0.5)}}, "travel.traffic['fog']: holds float64"),
    (
        {"traffic": {"fog": np.full((6, 6), UNREACHABLE)}, "periods": {"car": (Period(5, "fog"),)}},
        "travel.periods['car']: seconds of 'car' and of traffic 'fog' disagree about where roads lead",
    ),
]


@pytest.mark.parametrize(("change", "fault"), FAULTS)
def test_what_makes_no_sense_is_refused_with_its_place(change, fault):
    with pytest.raises(ProblemError) as caught:
        town(travel=replace(street(), **change))
    assert [str(one).split(";")[0] for one in caught.value.faults] == [fault]


@pytest.mark.parametrize("seed", range(60))
def test_no_offer_is_missed_and_each_costs_what_it_says(seed):
    """The best place for a visit left out, as trying every place of every shift finds it."""
    problem = restless(random_problem(seed, ALL, traffic=True, rare=0.05, errands=False))
    plan = solve(problem, time_limit_s=20, iterations=50)
    primitives = lower(problem)
    planned = {route.shift: [problem.visit_index[stop.visit] for stop in route.stops] for route in plan.routes}
    sequences = [planned.get(one.id, []) for one in problem.shifts]
    for one in problem.visits:
        row = problem.visit_index[one.id]
        if one.pin or not any(row in sequence for sequence in sequences):
            continue
        less = [[visit for visit in sequence if visit != row] for sequence in sequences]
        without = assemble(problem, primitives, less)
        if without is None:
            continue  # in this town's traffic the direct way home can take longer than the one past the visit
        before = check(problem, without)
        prices = []
        for column, sequence in enumerate(less):
            for at in range(len(sequence) + 1):
                tried = [*less[:column], [*sequence[:at], row, *sequence[at:]], *less[column + 1 :]]
                after = assemble(problem, primitives, tried) if primitives.allowed[row, column] else None
                after = after and check(problem, after)
                if after and after.is_valid:
                    prices.append(after.cost - before.cost + int(primitives.drop_cost[row]))
        offers = Offers(problem, before).direct(one)
        assert [offer.price for offer in offers] == [min(prices)]
