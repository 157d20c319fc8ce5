"""Ruin and recreate knows the rules' small print."""

from optimizer import Pin
from tests.optimizer.town import routes, shift, solved, town, visit


def test_pinned_visits_without_a_start_come_in_the_cheapest_order():
    """A pin without a start keeps a visit with its shift, not in its place."""
    visits = [visit("far", 5, pin=Pin("Ana", 4_000)), visit("near", 1, pin=Pin("Ana"), windows=[(0, 9_000)])]
    plan = solved(town(visits, [shift(end=None)]))
    assert routes(plan) == {"Ana": ["near", "far"]}
    assert plan.cost == 500
