"""The price of work."""

import pytest

from tests.optimizer.town import routes, shift, solved, town, visit


@pytest.mark.parametrize(("rates", "price"), [
    ({"work_cost_per_s": 2}, 1_200),
    ({"work_cost_per_s": 1, "pace_percent": 150}, 900),
    ({"work_cost_per_s": 1, "pace_percent": 33}, 198),
])  # fmt: skip
def test_every_second_of_service_costs_at_the_technicians_pace(rates, price):
    """Set-up is not charged."""
    assert solved(town([visit(setup_s=60)], [shift(**rates)])).costs["work cost"] == price


def test_a_begun_second_counts():
    assert solved(town([visit(service_s=10)], [shift(work_cost_per_s=1, pace_percent=101)])).costs["work cost"] == 11


def test_the_cheaper_person_works():
    problem = town([visit(at=1)], [shift("Ana", start=1, end=1, work_cost_per_s=2), shift("Ben", work_cost_per_s=1)])
    assert routes(solved(problem)) == {"Ben": ["v"]}
    assert routes(solved(problem, leave_out="work cost")) == {"Ana": ["v"]}
