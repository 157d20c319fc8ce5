"""Which jobs are wanted on a day, and which roll on."""

from datetime import timedelta

import pytest

from dispatch.planning.wanted import list_wanted_jobs
from tests.dispatch.town import (
    MONDAY,
    MORNING,
    SANTIAGO,
    at,
    hours,
    job,
    job_named,
    left_out,
    plan,
    report,
    settle,
    technician,
    window,
)

SUNDAY, TUESDAY, WEDNESDAY = (MONDAY + timedelta(days=n) for n in (-1, 1, 2))


def wanted(session_factory, on, now=MORNING):
    with session_factory() as session:
        return [one.number for one in list_wanted_jobs(session, on, now=now, zone=SANTIAGO)]


def test_a_job_is_wanted_on_the_day_it_is_asked_for(session_factory):
    """And on no other day ahead."""
    settle(session_factory, [technician()], [job("MON"), job("TUE", on=TUESDAY)])
    assert wanted(session_factory, MONDAY) == ["MON"]
    assert wanted(session_factory, TUESDAY) == ["TUE"]


def test_a_job_with_windows_is_wanted_on_each_day_that_one_touches(session_factory):
    """Whatever day it says it is asked for."""
    days = (window(at(9), 60), window(at(9, on=WEDNESDAY), 60))
    settle(session_factory, [technician()], [job("J1", on=None, windows=days)])
    assert [wanted(session_factory, on) for on in (MONDAY, TUESDAY, WEDNESDAY)] == [["J1"], [], ["J1"]]


def test_a_job_for_any_day_is_wanted_today(session_factory):
    """Once today is planned, tomorrow only when today's plan has left it out."""
    settle(session_factory, [technician()], [job("ANY", on=None), job("NEVER", on=None, skills={"lifts": 1})])
    assert wanted(session_factory, MONDAY) == ["ANY", "NEVER"]
    plan(session_factory)
    assert wanted(session_factory, TUESDAY) == ["NEVER"]


def test_where_today_is_not_planned_tomorrow_has_what_is_for_any_day(session_factory):
    """Jobs come in on the evening of the very first day, or on a Sunday, and tomorrow is planned at night."""
    settle(session_factory, [technician()], [job("ANY", on=None), job("MON")])
    assert wanted(session_factory, TUESDAY) == ["ANY"]


def test_what_today_did_not_reach_is_planned_for_tomorrow_once_everybody_is_home(session_factory):
    """At twenty to six somebody may still come; at eight nobody will, and the night's plan must have it."""
    settle(session_factory, [technician()], [job("LEFT"), job("DONE")])
    plan(session_factory)
    settle(session_factory, [], [job("LATE"), job("LATER", on=TUESDAY)])  # beside a draft that nobody decided
    with session_factory.begin() as session:
        job_named(session, "DONE").status = "done"
    assert wanted(session_factory, TUESDAY, at(17, 40)) == ["LATER"]
    assert wanted(session_factory, TUESDAY, at(20)) == ["LATE", "LATER", "LEFT"]
    plan(session_factory, TUESDAY, at(20))
    assert wanted(session_factory, WEDNESDAY, at(20)) == []
    assert wanted(session_factory, TUESDAY, at(20)) == ["LATE", "LATER", "LEFT"]


def test_a_night_shift_does_not_keep_what_the_day_did_not_reach(session_factory):
    """T1 went home at six; T2 begins at ten."""
    people = [technician("T1"), technician("T2", hours=hours("22:00", "06:00"))]
    settle(session_factory, people, [job("LEFT", required=frozenset({"T1"}))])
    plan(session_factory)
    assert wanted(session_factory, TUESDAY, at(17)) == []
    assert wanted(session_factory, TUESDAY, at(20)) == ["LEFT"]


def test_whoever_is_still_at_a_visit_after_their_shift_keeps_it(session_factory):
    """It is evening, and they have not reported that they are done."""
    settle(session_factory, [technician()], [job()])
    plan(session_factory)
    report(session_factory, "J1", "on_site", at(16))
    assert wanted(session_factory, TUESDAY, at(20)) == []


def test_what_nobody_did_yesterday_rolls_on_to_today(session_factory):
    """It was planned, but nobody came; a done one does not come back."""
    settle(session_factory, [technician()], [job("LEFT", on=SUNDAY), job("DONE", on=SUNDAY)])
    plan(session_factory, on=SUNDAY, now=MORNING - timedelta(days=1))
    with session_factory.begin() as session:
        job_named(session, "DONE").status = "done"
    assert wanted(session_factory, MONDAY) == ["LEFT"]


def test_a_window_of_the_past_is_shown_as_left_out_with_that_reason(session_factory):
    """The customer waited on Sunday; today somebody has to call them."""
    settle(session_factory, [technician()], [job("J1", on=SUNDAY, windows=(window(at(9, on=SUNDAY), 60),))])
    rule, sentence = left_out(plan(session_factory))["J1"]
    assert rule == "time windows"
    assert sentence == ("The last time window closed on 2026-11-22 at 10:00; agree on a new one with the customer.")
    assert wanted(session_factory, TUESDAY) == []


def test_a_job_is_served_by_one_day_only(session_factory):
    """Monday's plan has it, so Wednesday does not want it any more."""
    days = (window(at(9), 60), window(at(9, on=WEDNESDAY), 60))
    settle(session_factory, [technician()], [job("J1", windows=days)])
    plan(session_factory)
    assert wanted(session_factory, WEDNESDAY) == []
    assert wanted(session_factory, MONDAY) == ["J1"]


@pytest.mark.parametrize("status", ["done", "cancelled", "no_access"])
def test_only_open_jobs_are_wanted(session_factory, status):
    """Somebody reopens a job that needs another visit."""
    settle(session_factory, [technician()], [job()])
    with session_factory.begin() as session:
        job_named(session, "J1").status = status
    assert wanted(session_factory, MONDAY) == []
