"""Lateness against what was promised."""

import pytest

from optimizer import POLICIES
from tests.optimizer.town import routes, solved, town, visit


@pytest.mark.parametrize(("due_s", "late_s"), [(None, 0), (101, 0), (100, 0), (99, 1), (0, 100), (-50, 150)])
def test_every_second_after_due_costs(due_s, late_s):
    """Work starts at 100."""
    plan = solved(town([visit(due_s=due_s)]))
    assert plan.costs.get("lateness", 0) == late_s * 2


def test_what_is_due_first_comes_first_although_that_is_farther():
    visits = [visit("near", 1), visit("urgent", 5, due_s=500)]
    assert routes(solved(town(visits))) == {"Ana": ["urgent", "near"]}
    plan = solved(town([visit("near", 1, due_s=5_000), visit("urgent", 5, due_s=100)]), leave_out="lateness")
    assert plan.cost == 1_000


def test_a_policy_weighs_lateness():
    plan = solved(town([visit(due_s=0)], policy=POLICIES["customer first"]))
    assert plan.costs == {"travel": 200, "lateness": 1_000}
