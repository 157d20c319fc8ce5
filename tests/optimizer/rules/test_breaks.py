"""Breaks: once, in a window, outside work."""

import pytest

from optimizer import Pin, check
from optimizer.engines import ruin
from optimizer.rules import lower
from optimizer.rules.breaks import Breaks
from tests.optimizer.town import pause, plan_by_hand, shift, solved, town, visit

LUNCH = pause(300, (1_000, 2_000))


def judged(rests, **hours):
    """What the rule says about Ana's day, at work from 100 to 700 and home at 800, with these rests."""
    problem = town([visit()], [shift(breaks=(LUNCH,), **hours)])
    plan = plan_by_hand(problem, {"Ana": ["v"]}, rests=rests, leave_s=hours.get("start_s", 0))
    return [one.sentence for one in Breaks().check(problem, plan)]


@pytest.mark.parametrize(("rests", "sentences"), [
    ({"lunch": (1_000, 1_300)}, []),
    ({"lunch": (2_000, 2_300)}, []),
    ({}, ["break lunch is not taken"]),
    ({"lunch": (999, 1_299)}, ["break lunch starts outside its windows"]),
    ({"lunch": (1_000, 1_299)}, ["break lunch is not taken once, in one piece"]),
    ({"lunch": (600, 900)}, ["break lunch starts outside its windows", "break lunch falls into work"]),
    ({"lunch": (1_000, 1_300), "nap": (4_000, 4_100)}, ["the shift has no break nap"]),
])  # fmt: skip
def test_a_break_is_taken_once_inside_a_window_and_outside_work(rests, sentences):
    assert judged(rests) == sentences


def test_a_break_does_not_begin_before_the_shift():
    """Its window is open by then, but a rest before work begins is no rest from work."""
    assert judged({"lunch": (1_100, 1_400)}, start_s=1_500) == ["break lunch starts outside its windows"]
    assert judged({"lunch": (2_000, 2_300)}, start_s=1_500) == ["break lunch falls into work"]


def test_a_break_that_is_over_before_the_shift_begins_need_not_be_taken():
    assert judged({}, start_s=2_001) == []


def test_a_break_takes_time_from_the_day():
    """With lunch in the middle one visit fits, without it two."""
    problem = town([visit("a"), visit("b")], [shift(end_s=1_400, breaks=(pause(60, (400, 800)),))])
    assert len(solved(problem).unassigned) == 1
    plan = solved(problem, leave_out="breaks")
    assert plan.unassigned == ()
    assert [one.rule for one in check(problem, plan).violations] == ["breaks"]


def test_a_break_interrupts_travel():
    """It starts 50 s into the way, which then takes 400 s; waiting for it would take longer."""
    problem = town([visit()], [shift(breaks=(pause(300, (50, 50)),), end_s=1_100)])
    route = solved(problem).routes[0]
    assert [(rest.start_s, rest.end_s) for rest in route.rests] == [(50, 350)]
    assert route.stops[0].arrive_s == 400


def test_a_break_waits_for_a_pinned_visit_and_the_search_stays_the_fast_one():
    """Ana is at work from 100 to 700, when lunch is due; it may come until she is home, in one wider window."""
    problem = town([visit(pin=Pin("Ana", 100))], [shift(breaks=(pause(300, (150, 400)),))])
    assert lower(problem).breaks[0][0].windows == ((150, 800),)
    assert ruin.supports(lower(problem))
    plan = solved(problem)
    assert plan.is_valid
    assert [(one.rule, one.excused) for one in plan.violations] == [("breaks", True)]
