"""The price of sending somebody out at all."""

from optimizer import POLICIES
from tests.optimizer.town import routes, shift, solved, town, visit


def test_a_shift_that_is_used_costs_its_price_once():
    problem = town([visit("a"), visit("b")], [shift(fixed_cost=500), shift("Ben", fixed_cost=600)])
    assert solved(problem).costs == {"travel": 200, "open shift": 500}


def test_a_policy_adds_to_the_price():
    problem = town(shifts=[shift(fixed_cost=500)], policy=POLICIES["least travel"])
    assert solved(problem).costs["open shift"] == 2_300


def test_one_goes_a_long_way_where_a_second_would_cost_more():
    visits = [visit("here", 0), visit("there", 5)]
    problem = town(visits, [shift("Ana", fixed_cost=2_000), shift("Ben", start=5, end=5, fixed_cost=2_000)])
    assert len(routes(solved(problem))) == 1
    assert len(routes(solved(problem, leave_out="open shift"))) == 2
