"""When work may start."""

import pytest

from optimizer import check
from optimizer.rules.time_windows import TimeWindows
from tests.optimizer.town import plan_by_hand, solved, town, visit

WHY_NOT = [
    ([], None),
    ([(0, 100)], None),
    ([(0, 99)], "cannot be there before the last time window closes"),
    ([(0, 10), (50, 100)], None),
    ([(10_000, 10_100)], None),
    ([(10_001, 10_100)], "is off duty before the first time window opens"),
]


@pytest.mark.parametrize(("windows", "sentence"), WHY_NOT)
def test_a_window_can_be_reached_or_the_reason_is_said(windows, sentence):
    problem = town([visit(windows=windows)])
    assert TimeWindows().why_not(problem, *problem.visits, *problem.shifts) == sentence


AT_100 = [
    ([(0, 99)], True), ([(0, 100)], False), ([(100, 100)], False), ([(0, 50), (100, 200)], False),
    ([(0, 50), (101, 200)], True),
]  # fmt: skip


@pytest.mark.parametrize(("windows", "broken"), AT_100)
def test_both_ends_belong_to_a_window(windows, broken):
    """Ana is there at 100 and starts at once."""
    problem = town([visit(windows=windows)])
    plan = plan_by_hand(problem, {"Ana": ["v"]})
    assert bool(list(TimeWindows().check(problem, plan))) == broken


def test_work_waits_for_the_second_window_when_the_first_is_missed():
    problem = town([visit(windows=[(0, 50), (3_000, 3_100)])])
    assert solved(problem).routes[0].stops[0].start_s == 3_000


def test_without_the_rule_work_starts_outside_every_window():
    problem = town([visit(windows=[(5_000, 5_100)])])
    plan = solved(problem, leave_out="time windows")
    assert plan.routes[0].stops[0].start_s == 100
    assert [one.rule for one in check(problem, plan).violations] == ["time windows"]
    assert solved(problem).routes[0].stops[0].start_s == 5_000
