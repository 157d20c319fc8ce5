"""Ruin and recreate knows the rules' small print."""

from optimizer import Pin
from tests.optimizer.town import LEFT_OUT, routes, shift, solved, town, visit


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
