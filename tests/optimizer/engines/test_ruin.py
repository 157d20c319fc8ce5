"""Ruin and recreate knows the rules' small print."""

import pytest

from optimizer import Link, Pin, solve
from optimizer.engines import ruin
from optimizer.engines.ruin import islands
from optimizer.engines.ruin.arrays import pack
from optimizer.rules import lower
from tests.optimizer.town import LEFT_OUT, pause, routes, shift, solved, town, visit


def test_pinned_visits_without_a_start_come_in_the_cheapest_order():
    """A pin without a start keeps a visit with its shift, not in its place."""
    visits = [visit("far", 5, pin=Pin("Ana", 4_000)), visit("near", 1, pin=Pin("Ana"), windows=[(0, 9_000)])]
    plan = solved(town(visits, [shift(end=None)]))
    assert routes(plan) == {"Ana": ["near", "far"]}
    assert plan.cost == 500


def test_visits_that_pay_only_together_are_planned():
    """Sending Ana out costs more than leaving any one visit out, but less than leaving out both."""
    problem = town([visit("a"), visit("b")], [shift(fixed_cost=LEFT_OUT + 1)])
    assert solved(problem).cost == 200 + LEFT_OUT + 1


def test_a_visit_that_does_not_pay_stays_out_beside_others():
    problem = town([visit("a"), visit("far", 5, price=0)], [shift(travel_cost_per_s=20)])
    assert routes(solved(problem)) == {"Ana": ["a"]}


def test_a_break_falls_where_it_costs_least_whichever_of_its_windows_that_is():
    """`a` is due when the first one is over; the second lies between the visits."""
    visits = [visit("a", 1, windows=[(500, 900)], due_s=500), visit("b", 1, windows=[(1_600, 2_500)])]
    plan = solved(town(visits, [shift(breaks=(pause(450, (200, 300), (1_100, 1_300)),))]))
    (route,) = plan.routes
    assert [stop.start_s for stop in route.stops] == [500, 1_600]
    assert [rest.start_s for rest in route.rests] == [1_100]


@pytest.mark.parametrize(
    ("breaks", "apart_s", "is_known"), [(5, 0, True), (6, 0, False), (8, 100, True), (9, 100, False)]
)
def test_shifts_with_very_many_breaks_are_left_to_or_tools(breaks, apart_s, is_known):
    """More are known where they follow each other: then there is one order alone."""
    rests = tuple(pause(10, (apart_s * at, apart_s * at + 50), name=f"b{at}") for at in range(breaks))
    problem = town([visit()], [shift(breaks=rests)])
    assert ruin.supports(lower(problem)) == is_known
    assert len(solved(problem).routes[0].rests) == breaks


def test_a_search_is_hotter_where_leaving_out_is_a_choice():
    """There plans differ by who is left out; where everybody is served whatever it costs, by legs alone."""
    dear, cheap = (
        islands._temperatures(pack(lower(town([visit("a", 1, price=price), visit("b", 3, price=price)]))))
        for price in (10_000_000, 9_000)
    )
    assert dear == (islands.HOT * 200, islands.COLD * 200)
    assert cheap[0] > dear[0]
    assert cheap[1] > dear[1]


def test_a_whole_site_may_wait_for_one_pinned_visit():
    """Each round sets the bounds of all of them several times: there was room for some thousand changes only."""
    pinned = visit("first", pin=Pin("Ana"))
    visits = [visit(f"v{number}", 1 + number % 5, service_s=300) for number in range(100)]
    shifts = [shift(name, end_s=30_000) for name in ("Ana", "Ben", "Cem", "Dea")]
    problem = town([pinned, *visits], shifts, links=[Link("first", one.id) for one in visits])
    assert solve(problem, time_limit_s=60, iterations=20).unassigned == ()
