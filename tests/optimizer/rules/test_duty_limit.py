"""The longest time on duty."""

import pytest

from optimizer import Pin, check
from optimizer.assemble import assemble
from optimizer.rules import lower
from optimizer.rules.duty_limit import DutyLimit
from tests.optimizer.town import plan_by_hand, routes, shift, solved, town, visit


@pytest.mark.parametrize(
    ("most_s", "sentences"), [(800, []), (799, ["is on duty for 13 min 20 s, 13 min 19 s is the most"])]
)
def test_the_limit_binds_from_the_first_second_on(most_s, sentences):
    problem = town(shifts=[shift(max_duty_s=most_s)])
    assert [one.sentence for one in DutyLimit().check(problem, plan_by_hand(problem, {"Ana": ["v"]}))] == sentences
    assert routes(solved(problem)) == ({} if sentences else {"Ana": ["v"]})
    without = solved(problem, leave_out="duty limit")
    assert [one.rule for one in check(problem, without).violations] == ["duty limit"] * len(sentences)


def test_who_cannot_wait_leaves_later():
    """A day of 2,000 s: the first visit is put off until the second can follow it in time."""
    problem = town([visit("free", 1), visit("later", 1, windows=[(5_000, 5_000)])], [shift(max_duty_s=2_000)])
    route = assemble(problem, lower(problem), [[0, 1]]).routes[0]
    assert (route.leave_s, route.home_s) == (3_700, 5_700)


def test_the_limit_is_worth_being_late_for():
    """It is hard and lateness is soft; but nobody leaves later than the limit asks for."""
    visits = [visit("due", 1, due_s=600), visit("later", 1, windows=[(5_000, 5_000)])]
    problem = town(visits, [shift(max_duty_s=2_000, duty_cost_per_s=1)])
    route = assemble(problem, lower(problem), [[0, 1]]).routes[0]
    assert [stop.start_s for stop in route.stops] == [3_800, 5_000]


def test_why_not_is_said_of_visits_that_take_too_long_alone():
    limited = shift(max_duty_s=700)
    problem = town([visit(), visit("short", service_s=500)], [limited])
    assert DutyLimit().why_not(problem, problem.visits[0], limited) == "would be on duty 1 min 40 s too long"
    assert DutyLimit().why_not(problem, problem.visits[1], limited) is None


def test_pins_widen_the_limit_to_what_they_need_alone():
    """Between the two there is time for one more, but not after them."""
    visits = [visit("a", pin=Pin("Ana", 100)), visit("b", pin=Pin("Ana", 3_000)), visit("c", windows=[(3_600, 9_000)])]
    plan = solved(town(visits, [shift(max_duty_s=600)]))
    assert routes(plan) == {"Ana": ["a", "b"]}
    assert [(one.rule, one.excused) for one in plan.violations] == [("duty limit", True)]
