"""Tools on the van, and fetched at the depot."""

import pytest

from optimizer import DepotCall, Pin, check
from optimizer.rules.tools import Tools
from tests.optimizer.town import LEFT_OUT, plan_by_hand, routes, shift, solved, town, visit

LADDER, BOTH = frozenset({"ladder"}), frozenset({"ladder", "pump"})

WHY_NOT = [
    (frozenset(), frozenset(), None, None),
    (LADDER, LADDER, None, None),
    (LADDER, BOTH, None, None),
    (BOTH, LADDER, None, "has no pump on the van"),
    (BOTH, frozenset(), None, "has no ladder and no pump on the van"),
    (BOTH, frozenset(), 3, None),
]


@pytest.mark.parametrize(("needed", "carried", "depot", "sentence"), WHY_NOT)
def test_a_tool_is_on_the_van_or_can_be_fetched(needed, carried, depot, sentence):
    problem = town([visit(tools=needed)], [shift(tools=carried, depot=depot)])
    assert Tools().why_not(problem, *problem.visits, *problem.shifts) == sentence
    assert routes(solved(problem)) == ({} if sentence else {"Ana": ["v"]})


def test_the_tool_must_have_been_fetched_before():
    problem = town([visit("a", 1), visit("b", 2, tools=LADDER)], [shift(depot=3)])
    plan = solved(problem)
    route = plan.routes[0]
    call = route.call
    assert plan.is_valid
    assert [stop.visit for stop in route.stops][call.after :].count("b") == 1
    late = plan_by_hand(problem, {"Ana": ["b", "a"]})
    assert [one.sentence for one in Tools().check(problem, late)] == [
        "has no ladder on the van and has not called at the depot before"
    ]


def test_only_who_needs_a_tool_fetches_it():
    """Ana has it on her van; Ben would have to go to the depot, which is far."""
    visits = [visit("a", 1, tools=LADDER), visit("b", 1)]
    problem = town(visits, [shift("Ana", depot=5, tools=LADDER)])
    assert solved(problem).routes[0].call is None
    needs = town(visits, [shift("Ben", depot=5)])
    assert solved(needs).routes[0].call is not None
    assert solved(needs, leave_out="tools").routes[0].call is None


def test_a_call_goes_where_it_costs_least():
    """The depot lies beyond the first stop: it is called at on the way from there to the second."""
    problem = town([visit("near", 1), visit("far", 4, tools=LADDER)], [shift(depot=2)])
    route = solved(problem).routes[0]
    assert route.travel_s == 800
    assert route.call in (DepotCall(1, 800, 800, 100, 1_000), DepotCall(0, 200, 200, 200, 2_000))


def test_a_call_that_costs_more_than_the_visit_is_not_made():
    dear = town([visit(tools=LADDER)], [shift(depot=5, travel_cost_per_s=LEFT_OUT)])
    assert [one.visit for one in solved(dear).unassigned] == ["v"]


def test_what_is_pinned_makes_do_without_its_tool_and_that_is_reported():
    problem = town([visit(tools=LADDER, pin=Pin("Ana"))], [shift(depot=3)])
    plan = solved(problem)
    assert plan.routes[0].call is None
    assert [(one.rule, one.excused) for one in plan.violations] == [("tools", True)]
    assert check(problem, plan) == plan
