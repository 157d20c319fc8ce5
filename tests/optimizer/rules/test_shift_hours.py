"""Start, planned end, hard end and overtime."""

import pytest

from optimizer import Pin, check
from optimizer.rules.shift_hours import ShiftHours
from tests.optimizer.town import BALANCED, plan_by_hand, routes, shift, solved, street, town, visit

WHY_NOT = [
    ({"end_s": 800}, {}, None),
    ({"end_s": 799}, {}, "would be home 1 min after the shift must end"),
    ({"end_s": 700, "latest_end_s": 800}, {}, None),
    ({"end_s": 739}, {}, "would be home 2 min after the shift must end"),
    ({"end_s": 800}, {"setup_s": 60}, "would be home 1 min after the shift must end"),
    ({"end_s": 700, "start": 1}, {"setup_s": 60}, None),
    ({"end_s": 800, "pace_percent": 110}, {}, "would be home 1 min after the shift must end"),
    ({"end_s": 1_200}, {"windows": [(0, 50), (500, 600)]}, None),
    ({"end_s": 1_199}, {"windows": [(0, 50), (500, 600)]}, "would be home 1 min after the shift must end"),
    ({"end_s": 700, "end": None}, {}, None),
]


@pytest.mark.parametrize(("hours", "work", "sentence"), WHY_NOT)
def test_a_visit_fits_between_start_and_hard_end_or_the_reason_is_said(hours, work, sentence):
    """100 s there, 600 s of work, 100 s home."""
    problem = town([visit(**work)], [shift(**hours)])
    assert ShiftHours().why_not(problem, *problem.visits, *problem.shifts) == sentence


def test_a_place_that_no_road_leads_to_is_a_reason():
    problem = town(travel=street(broken=[(1, 0)]))
    assert ShiftHours().why_not(problem, *problem.visits, *problem.shifts) == "cannot get there by road"


def test_overtime_costs_by_the_second():
    problem = town([visit()], [shift(end_s=770, latest_end_s=900)])
    assert solved(problem).costs == {"travel": 200, "shift hours": 30 * BALANCED.overtime_per_s}


def test_the_hard_end_is_never_passed():
    problem = town([visit("a"), visit("b")], [shift(end_s=800, latest_end_s=1_399)])
    assert len(solved(problem).unassigned) == 1
    plan = solved(problem, leave_out="shift hours")
    assert plan.unassigned == ()
    assert {one.rule for one in check(problem, plan).violations} == {"shift hours"}


@pytest.mark.parametrize(("leave_s", "sentences"), [
    (0, []),
    (-1, ["leaves 1 s before the shift starts"]),
    (9_201, ["is home 1 s after the shift must end"]),
])  # fmt: skip
def test_leaving_early_and_coming_home_late_are_violations(leave_s, sentences):
    problem = town()
    plan = plan_by_hand(problem, {"Ana": ["v"]}, leave_s=leave_s)
    assert [one.sentence for one in ShiftHours().check(problem, plan)] == sentences


def test_a_pin_widens_the_hours_as_far_as_it_needs_and_no_further():
    """The pinned visit runs until 10,500; another one after it would be longer still."""
    problem = town([visit("late", pin=Pin("Ana", 9_800)), visit("other", windows=[(9_000, 12_000)])])
    plan = solved(problem)
    assert routes(plan) == {"Ana": ["other", "late"]}
    assert plan.routes[0].home_s == 10_500
    assert [(one.sentence, one.excused) for one in plan.violations] == [
        ("is home 8 min 20 s after the shift must end", True)
    ]
