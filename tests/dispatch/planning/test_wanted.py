"""Which jobs are wanted on a day, and which roll on."""

from datetime import timedelta

import pytest

from dispatch.planning.wanted import list_wanted_jobs
from tests.dispatch.town import (
    MONDAY,
    MORNING,
    SANTIAGO,
    at,
    job,
    job_named,
    left_out,
    plan,
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
    """Tomorrow only when today's plan has left it out."""
    settle(session_factory, [technician()], [job("ANY", on=None), job("NEVER", on=None, skills={"lifts": 1})])
    assert wanted(session_factory, MONDAY) == ["ANY", "NEVER"]
    assert wanted(session_factory, TUESDAY) == []
    plan(session_factory)
    assert wanted(session_factory, TUESDAY) == ["NEVER"]


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
