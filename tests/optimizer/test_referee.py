"""The referee sees through plans that are not true to the facts, one lie at a time."""

from dataclasses import replace

import numpy as np
import pytest

from optimizer import DepotCall, Rest, Stop, Unassigned, check
from optimizer.assemble import assemble
from optimizer.referee import ITINERARY
from optimizer.rules import lower
from tests.optimizer.town import pause, plan_by_hand, shift, street, town, visit

TOWN = town([visit("a", 1, setup_s=60), visit("b", 2)], [shift(), shift("Ben")])
HONEST = plan_by_hand(TOWN, {"Ana": ["a", "b"]})
ROUTE = HONEST.routes[0]


def sentences(problem, plan):
    """What the referee has to say about times and places."""
    return [one.sentence for one in check(problem, plan).violations if one.rule == ITINERARY]


def with_stop(**changes):
    return replace(HONEST, routes=(replace(ROUTE, stops=(replace(ROUTE.stops[0], **changes), ROUTE.stops[1])),))


def with_route(**changes):
    return replace(HONEST, routes=(replace(ROUTE, **changes),))


def test_an_honest_plan_has_no_violations():
    assert check(TOWN, HONEST).violations == ()


LIES = {
    "arrives too soon": (with_stop(arrive_s=99), "arrives at 99, should be 100"),
    "starts before arriving": (with_stop(start_s=90, leave_s=750), "work starts before the technician is there"),
    "works too little": (with_stop(leave_s=700), "work does not take as long as it should"),
    "skips set-up": (with_stop(setup_s=0), "work does not take as long as it should"),
    "shortens travel": (with_stop(travel_s=50), "travel is given as 50 s and 1000 m, it takes 100 s and 1000 m"),
    "shortens the road": (with_stop(travel_m=1), "travel is given as 100 s and 1 m, it takes 100 s and 1000 m"),
    "is home too soon": (with_route(home_s=1_000), "is home at 1000, should be 1660"),
    "goes nowhere": (with_route(stops=()), "has no stops: a shift that goes nowhere has no route"),
    "forgets a visit": (with_route(stops=ROUTE.stops[:1], home_s=860, travel_home_s=100, travel_home_m=1_000),
                        "is in the plan 0 times, planned or left out"),
    "counts a visit twice": (replace(HONEST, unassigned=(Unassigned("a", "", ""),)),
                             "is in the plan 2 times, planned or left out"),
    "sends one person out twice": (replace(HONEST, routes=(ROUTE, ROUTE)), "has 2 routes"),
    "rests twice at once": (with_route(rests=(Rest("x", 5_000, 5_100), Rest("y", 5_050, 5_060))), "two breaks overlap"),
    "leaves while resting": (with_route(rests=(Rest("x", -10, 10),)), "sets out in the middle of a break"),
}  # fmt: skip


@pytest.mark.parametrize(("plan", "sentence"), LIES.values(), ids=LIES)
def test_every_lie_is_named(plan, sentence):
    assert sentence in sentences(TOWN, plan)
    assert not check(TOWN, plan).is_valid


CALLING = town([visit("a", 1), visit("b", 2)], [shift(depot=3)])
CALLED = assemble(CALLING, replace(lower(CALLING), call_first=np.array([[False], [True]])), [[0, 1]])
CALL = CALLED.routes[0].call


def with_call(**changes):
    return replace(CALLED, routes=(replace(CALLED.routes[0], call=replace(CALL, **changes)),))


def test_an_honest_call_at_the_depot_is_travel_like_any_other():
    judged = check(CALLING, CALLED)
    assert DepotCall(1, 900, 900, 200, 2_000) == CALL
    assert judged.violations == ()
    assert judged.costs == {"travel": CALLED.routes[0].travel_s}
    assert CALLED.routes[0].travel_m == 6_000


NO_SUCH_CALL = "calls at a depot, or after stops, that it does not have"
LIES_ABOUT_CALLS = {
    "arrives too soon": (with_call(arrive_s=899), "arrives at the depot at 899, should be 900"),
    "leaves too soon": (with_call(leave_s=899), "leaves the depot before the technician is there"),
    "shortens travel": (with_call(travel_s=1), "travel is given as 1 s and 2000 m, it takes 200 s and 2000 m"),
    "calls sooner": (with_call(after=0), "travel is given as 200 s and 2000 m, it takes 300 s and 3000 m"),
    "calls after stops it does not have": (with_call(after=3), NO_SUCH_CALL),
}


@pytest.mark.parametrize(("plan", "sentence"), LIES_ABOUT_CALLS.values(), ids=LIES_ABOUT_CALLS)
def test_every_lie_about_a_call_is_named(plan, sentence):
    assert sentence in sentences(CALLING, plan)
    assert not check(CALLING, plan).is_valid


def test_nobody_leaves_a_depot_in_the_middle_of_a_break():
    called = replace(CALLED, routes=(replace(CALLED.routes[0], rests=(Rest("x", 900, 910),)),))
    resting = replace(called, routes=(replace(called.routes[0], call=replace(CALL, leave_s=905)),))
    assert "leaves the depot in the middle of a break" in sentences(CALLING, resting)


def test_who_has_no_depot_does_not_call():
    problem = replace(CALLING, shifts=(shift(),))
    assert NO_SUCH_CALL in sentences(problem, CALLED)


def test_a_leg_without_a_road_is_a_violation():
    problem = town([visit("a", 1), visit("b", 2)], travel=street(broken=[(1, 2)]))
    plan = plan_by_hand(town([visit("a", 1), visit("b", 2)]), {"Ana": ["a", "b"]})
    assert "cannot be reached by road from the stop before" in sentences(problem, plan)


def test_travel_is_longer_by_the_break_that_interrupts_it():
    problem = town([visit()], [shift(breaks=(pause(300, (50, 50)),))])
    stop = Stop("v", arrive_s=400, start_s=400, leave_s=1_000, travel_s=100, travel_m=1_000)
    honest = plan_by_hand(problem, {"Ana": ["v"]})
    route = replace(honest.routes[0], stops=(stop,), rests=(Rest("lunch", 50, 350),), home_s=1_100)
    assert check(problem, replace(honest, routes=(route,))).violations == ()


def test_what_the_plan_claimed_before_does_not_count():
    judged = check(TOWN, replace(HONEST, costs={"travel": 1}))
    assert judged.costs == {"travel": 400}
    assert judged.cost == 400


def test_an_unknown_visit_or_shift_is_a_fault_of_the_caller():
    with pytest.raises(KeyError, match="visits that do not exist: ghost"):
        check(TOWN, replace(HONEST, unassigned=(Unassigned("ghost", "", ""),)))
    with pytest.raises(KeyError, match="ghost"):
        check(TOWN, with_route(shift="ghost"))
