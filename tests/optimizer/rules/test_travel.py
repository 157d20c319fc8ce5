"""The price of travel."""

import pytest

from optimizer import POLICIES
from tests.optimizer.town import routes, shift, solved, street, town, visit

PRICES = [
    ({}, 400),
    ({"travel_cost_per_s": 3}, 1_200),
    ({"travel_cost_per_s": 0, "travel_cost_per_m": 1}, 4_000),
    ({"travel_cost_per_m": 1}, 4_400),
    ({"end": None}, 200),
    ({"start": None}, 200),
]


@pytest.mark.parametrize(("rates", "price"), PRICES)
def test_every_second_and_metre_costs_the_shifts_rate(rates, price):
    assert solved(town([visit(at=2)], [shift(**rates)])).costs["travel"] == price


def test_tolls_are_added_leg_by_leg():
    assert solved(town([visit(at=2)], travel=street(tolls=True))).costs["travel"] == 414


def test_a_policy_weighs_travel():
    problem = town([visit(at=2)], [shift(travel_cost_per_m=0)], policy=POLICIES["least travel"])
    assert solved(problem).costs == {"travel": 1_600, "open shift": 1_800}


def test_the_shortest_way_round_is_taken():
    """1, 3, 5 in any other order is farther; without the rule any order is as good."""
    visits = [visit("far", 5), visit("near", 1), visit("between", 3)]
    assert solved(town(visits)).costs == {"travel": 1_000}
    assert solved(town(visits), leave_out="travel").cost == 0


def test_the_nearer_technician_goes():
    problem = town([visit(at=5)], [shift("Ana"), shift("Ben", start=5, end=5)])
    assert routes(solved(problem)) == {"Ben": ["v"]}
