"""The price of being on duty, and how late people leave where it is paid."""

import pytest

from optimizer.assemble import assemble
from optimizer.rules import lower
from optimizer.rules.duty_cost import DutyCost
from tests.optimizer.town import pause, plan_by_hand, routes, shift, solved, town, visit


def test_waiting_costs_like_work_and_travel():
    """A hundred seconds there, ten minutes of work, a hundred back; and 50 s more for who leaves 50 s too early."""
    problem = town(shifts=[shift(duty_cost_per_s=2)])
    plan = plan_by_hand(problem, {"Ana": ["v"]})
    assert DutyCost().cost(problem, plan) == 2 * 800
    assert DutyCost().cost(town(), plan) == 0


OPENS = 5_000


@pytest.mark.parametrize(("rate", "leave_s", "starts_s"), [(0, 0, [100, OPENS]), (1, 4_100, [4_200, OPENS])])
def test_who_is_paid_on_duty_leaves_as_late_as_nothing_suffers(rate, leave_s, starts_s):
    """Not only the first leg is put off: all that comes before a window that opens late is."""
    visits = [visit("free", 1, service_s=700), visit("later", 2, windows=[(OPENS, OPENS)])]
    problem = town(visits, [shift(duty_cost_per_s=rate)])
    route = assemble(problem, lower(problem), [[0, 1]]).routes[0]
    assert ([stop.start_s for stop in route.stops], route.leave_s) == (starts_s, leave_s)


def test_nobody_is_kept_waiting_for_cheaper_duty():
    """What is due at 600 starts by then, though all the rest would let it wait."""
    visits = [visit("due", 1, due_s=600), visit("later", 1, windows=[(OPENS, OPENS)])]
    problem = town(visits, [shift(duty_cost_per_s=1)])
    route = assemble(problem, lower(problem), [[0, 1]]).routes[0]
    assert [stop.start_s for stop in route.stops] == [600, OPENS]


def test_a_break_is_taken_before_leaving_where_that_shortens_the_day():
    problem = town([visit(windows=[(OPENS, OPENS)])], [shift(duty_cost_per_s=1, breaks=(pause(900, (3_000, 6_000)),))])
    route = solved(problem).routes[0]
    assert (route.leave_s, route.home_s) == (OPENS - 100, OPENS + 700)
    assert not any(route.leave_s <= rest.start_s < route.home_s for rest in route.rests)


def test_the_day_without_waiting_is_chosen():
    """One person would wait an hour between the two visits; two people do not, but travel more."""
    visits = [visit("early", 1, windows=[(100, 100)]), visit("late", 1, windows=[(OPENS, OPENS)])]
    shifts = [shift("Ana", duty_cost_per_s=1), shift("Ben", duty_cost_per_s=1)]
    assert len(routes(solved(town(visits, shifts)))) == 2
    assert len(routes(solved(town(visits, shifts), leave_out="duty cost"))) == 1
