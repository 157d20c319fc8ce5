"""The largest lateness of all."""

from dataclasses import replace

import pytest

from optimizer import POLICIES
from optimizer.rules.worst_lateness import WorstLateness
from tests.optimizer.town import BALANCED, plan_by_hand, routes, shift, solved, town, visit

FAIR = replace(BALANCED, lateness_per_s=0, worst_lateness_per_s=3)


@pytest.mark.parametrize(("due_s", "late_s"), [((None, None), 0), ((800, 900), 0), ((0, None), 100), ((0, 100), 600)])
def test_only_the_latest_of_all_costs(due_s, late_s):
    """Work starts at 100 and at 700."""
    problem = town([visit("a", due_s=due_s[0]), visit("b", due_s=due_s[1])], policy=FAIR)
    assert WorstLateness().cost(problem, plan_by_hand(problem, {"Ana": ["a", "b"]})) == 3 * late_s


def test_an_empty_plan_is_not_late():
    problem = town([visit("a", due_s=-500)], policy=FAIR)
    assert WorstLateness().cost(problem, plan_by_hand(problem, {})) == 0


def test_nobody_is_made_very_late_for_a_shorter_way():
    """The near one first is the shorter way; then the far one would be 600 s later than it need be."""
    problem = town([visit("near", 1), visit("far", 2, due_s=200)], [shift(end=None)], policy=FAIR)
    assert routes(solved(problem)) == {"Ana": ["far", "near"]}
    assert routes(solved(problem, leave_out="worst lateness")) == {"Ana": ["near", "far"]}


def test_no_policy_given_with_the_product_minds_it():
    assert all(policy.worst_lateness_per_s == 0 for policy in POLICIES.values())
