"""What leaving a visit out costs."""

import pytest

from optimizer import POLICIES
from optimizer.rules.leaving_out import price_of
from tests.optimizer.town import routes, shift, solved, town, visit

PRICES = [
    ("balanced", 0, 0, 7_200),
    ("balanced", 10, 0, 10_800),
    ("balanced", 10, 55, 10_855),
    ("customer first", 0, 0, 21_600),
    ("least travel", 0, 0, 14_400),
    ("emergency", 100, 0, 363_600),
]


@pytest.mark.parametrize(("policy", "priority", "price", "total"), PRICES)
def test_the_price_grows_with_priority(policy, priority, price, total):
    one = visit(priority=priority, price=price)
    assert price_of(town([one], policy=POLICIES[policy]), one) == total


def test_the_price_of_an_overdue_visit_grows_with_its_lateness():
    """The shift ends at second 10,000; under "balanced" a second late costs 2."""
    overdue = visit(due_s=4_000)
    assert price_of(town([overdue]), overdue) == 7_200 + 2 * 6_000


def test_a_visit_overdue_since_yesterday_is_served_rather_than_left_out():
    assert routes(solved(town([visit(due_s=-86_400)]))) == {"Ana": ["v"]}


def test_the_visit_of_higher_priority_is_done():
    visits = [visit("low", priority=1), visit("high", priority=2)]
    problem = town(visits, [shift(max_visits=1)])
    assert routes(solved(problem)) == {"Ana": ["high"]}
    assert solved(problem).costs == {"travel": 200, "leaving out": 7_560}


def test_without_the_rule_nobody_goes_anywhere():
    assert routes(solved(town(), leave_out="leaving out")) == {}


def test_a_visit_is_left_out_when_going_there_costs_more():
    """200 s at 37 a second are 7,400; at 35 they are 7,000, which is less than 7,200."""
    assert routes(solved(town(shifts=[shift(travel_cost_per_s=37)]))) == {}
    assert routes(solved(town(shifts=[shift(travel_cost_per_s=35)]))) == {"Ana": ["v"]}
