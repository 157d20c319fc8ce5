"""The most travel of a shift, and the longest leg."""

import pytest

from optimizer import Pin, check
from optimizer.rules.travel_limits import TravelLimits
from tests.optimizer.town import plan_by_hand, routes, shift, solved, town, visit

LIMITS = [
    ("max_travel_s", 600, "travels 10 min, 9 min 59 s are the most"),
    ("max_travel_m", 6_000, "travels 6000 m, 5999 m are the most"),
    ("max_leg_s", 300, "has a leg of 5 min, 4 min 59 s are the most"),
]


@pytest.mark.parametrize(("limit", "used", "sentence"), LIMITS)
def test_each_limit_is_kept_and_binds_from_the_first_unit_on(limit, used, sentence):
    """Place 3 and back: 600 s, 6,000 m, legs of 300 s."""
    enough, short = (town([visit(at=3)], [shift(**{limit: most})]) for most in (used, used - 1))
    assert not list(TravelLimits().check(enough, plan_by_hand(enough, {"Ana": ["v"]})))
    assert [one.sentence for one in TravelLimits().check(short, plan_by_hand(short, {"Ana": ["v"]}))] == [sentence]
    assert routes(solved(enough)) == {"Ana": ["v"]}
    assert routes(solved(short)) == {}
    assert [one.rule for one in check(short, solved(short, leave_out="travel limits")).violations] == ["travel limits"]


def test_who_may_not_travel_does_what_is_at_the_door():
    still = shift(max_travel_s=0)
    problem = town([visit("away"), visit("here", at=0)], [still])
    assert TravelLimits().why_not(problem, problem.visits[0], still) == "may not travel"
    assert TravelLimits().why_not(problem, problem.visits[1], still) is None
    assert routes(solved(problem)) == {"Ana": ["here"]}


def test_a_pin_widens_the_limits_to_what_it_needs_alone():
    """Pinned to place 3, Ana may do 600 s, and so what lies on the way, but nothing beyond."""
    visits = [visit("pinned", 3, pin=Pin("Ana")), visit("on the way", 2), visit("beyond", 4)]
    plan = solved(town(visits, [shift(max_travel_s=100)]))
    assert [one.visit for one in plan.unassigned] == ["beyond"]
    assert [one.excused for one in plan.violations] == [True]
