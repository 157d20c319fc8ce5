"""Required, excluded and preferred technicians."""

import pytest

from optimizer.rules.technician import NamedTechnician, PreferredTechnician
from tests.optimizer.town import BALANCED, routes, shift, solved, town, visit

ANA, BEN = frozenset({"Ana"}), frozenset({"Ben"})
NAMED = [
    ({}, None),
    ({"required": ANA}, None),
    ({"required": ANA | BEN}, None),
    ({"required": BEN}, "is not the technician required"),
    ({"excluded": ANA}, "is excluded from this customer"),
    ({"excluded": BEN}, None),
    ({"required": ANA, "excluded": ANA}, "is excluded from this customer"),
]


@pytest.mark.parametrize(("wishes", "sentence"), NAMED)
def test_a_required_technician_comes_and_an_excluded_one_does_not(wishes, sentence):
    problem = town([visit(**wishes)])
    assert NamedTechnician().why_not(problem, *problem.visits, *problem.shifts) == sentence


def test_wishes_are_about_people_and_not_about_shifts():
    """Ana's shift on Tuesday has another id, but it is Ana who comes."""
    problem = town([visit(required=ANA)], [shift("Tuesday", technician="Ana")])
    assert routes(solved(problem)) == {"Tuesday": ["v"]}


def test_the_required_technician_goes_although_it_is_farther():
    problem = town([visit(at=4, required=BEN)], [shift("Ana", start=4, end=4), shift("Ben")])
    assert routes(solved(problem)) == {"Ben": ["v"]}
    assert routes(solved(problem, leave_out="technician")) == {"Ana": ["v"]}


@pytest.mark.parametrize(("preferred", "price"), [(frozenset(), 0), (ANA, 0), (ANA | BEN, 0), (BEN, 900)])
def test_anybody_but_a_preferred_technician_costs(preferred, price):
    problem = town([visit(preferred=preferred)])
    assert PreferredTechnician().price(problem, *problem.visits, *problem.shifts) == price


def test_the_preferred_technician_goes_if_that_is_worth_it():
    """800 s more travel are, at a price of 900; 1,000 s are not."""
    near, far = shift("Ana", start=4, end=4), shift("Ben")
    problem = town([visit(at=4, preferred=BEN)], [near, far])
    assert routes(solved(problem)) == {"Ben": ["v"]}
    assert routes(solved(problem, leave_out="preferred technician")) == {"Ana": ["v"]}
    farther = town([visit(at=5, preferred=BEN)], [shift("Ana", start=5, end=5), far])
    assert routes(solved(farther)) == {"Ana": ["v"]}
    assert solved(farther).costs == {"preferred technician": BALANCED.not_preferred}
