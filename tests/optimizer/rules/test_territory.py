"""Territories, primary and secondary."""

import pytest

from optimizer.rules.territory import Territory
from tests.optimizer.town import BALANCED, routes, shift, solved, town, visit

CASES = [
    # visit's, primary, secondary, sentence, price
    (None, {"north"}, set(), None, 0),
    ("north", set(), set(), None, 0),
    ("north", {"north"}, set(), None, 0),
    ("north", {"north"}, {"north"}, None, 0),
    ("north", {"south"}, {"north"}, None, 900),
    ("north", set(), {"north"}, None, 900),
    ("north", {"south"}, set(), "does not work in north", 0),
    ("north", {"south"}, {"west"}, "does not work in north", 0),
]


@pytest.mark.parametrize(("place", "primary", "secondary", "sentence", "price"), CASES)
def test_a_visit_lies_in_one_of_the_technicians_territories(place, primary, secondary, sentence, price):
    technician = shift(territories=frozenset(primary), secondary_territories=frozenset(secondary))
    problem = town([visit(territory=place)], [technician])
    assert Territory().why_not(problem, *problem.visits, technician) == sentence
    assert Territory().price(problem, *problem.visits, technician) == price


def test_nobody_leaves_their_territory():
    problem = town([visit(territory="north")], [shift(territories=frozenset({"south"}))])
    assert routes(solved(problem)) == {}
    assert routes(solved(problem, leave_out="territory")) == {"Ana": ["v"]}


def test_a_secondary_territory_costs_exactly_its_price():
    problem = town([visit(territory="north")], [shift(secondary_territories=frozenset({"north"}))])
    assert solved(problem).costs == {"travel": 200, "territory": BALANCED.secondary_territory}


def test_the_one_at_home_there_goes_although_it_is_farther():
    visits = [visit(at=4, territory="north")]
    near = shift("Ana", start=4, end=4, secondary_territories=frozenset({"north"}))
    problem = town(visits, [near, shift("Ben", territories=frozenset({"north"}))])
    assert routes(solved(problem)) == {"Ben": ["v"]}
    assert routes(solved(problem, leave_out="territory")) == {"Ana": ["v"]}
