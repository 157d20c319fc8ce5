"""A night that goes on after midnight keeps its work, also what takes longer: the next day does not plan it again."""

from datetime import timedelta

import pytest

from dispatch.jobs.moving import change_status
from dispatch.planning import wanted
from tests.dispatch.town import (
    MONDAY,
    SANTIAGO,
    at,
    hours,
    job,
    job_named,
    plan,
    report,
    settle,
    stops_of,
    technician,
    user_of,
    window,
)

SUNDAY = MONDAY - timedelta(days=1)


@pytest.fixture
def night(session_factory):
    """T1 works until six, and until seven if need be; J1 was to last from four until half past five. T3 works on."""
    people = [technician("T1", hours=hours("22:00", "06:00", "07:00")), technician("T2")]
    people.append(technician("T3", hours=hours("23:00", "09:00"), skills={}))
    work = job("J1", on=SUNDAY, service_s=5400, skills={"gas": 1}, windows=(window(at(4), 5),))
    settle(session_factory, people, [work])
    plan(session_factory, on=SUNDAY, now=at(20, on=SUNDAY))
    assert stops_of(session_factory, SUNDAY)["J1"][1].planned_end_at == at(5, 30)
    return session_factory


def wanted_on_monday(factory, now):
    with factory() as session:
        return [one.number for one in wanted.list_wanted_jobs(session, MONDAY, now=now, zone=SANTIAGO)]


def test_what_somebody_is_still_at_belongs_to_the_night(night):
    """Whoever forgot to report the end has it planned again later in the day."""
    report(night, "J1", "on_site", at(4), on=SUNDAY)
    assert [wanted_on_monday(night, now) for now in (at(5, 45), at(7, 30), at(15, 1))] == [[], [], ["J1"]]


def test_what_has_not_begun_in_time_belongs_to_the_night_until_the_shift_is_over(night):
    assert [wanted_on_monday(night, now) for now in (at(5, 45), at(7, 1))] == [[], ["J1"]]


@pytest.fixture
def planned_twice(night, monkeypatch):
    """The next day has J1 as well, though T1 is at it."""
    report(night, "J1", "on_site", at(4), on=SUNDAY)
    monkeypatch.setattr(wanted, "LONGEST_OVERRUN", timedelta(0))
    settle(night, [], [job("J1", on=MONDAY, service_s=5400, skills={"gas": 1})])
    plan(night, now=at(7, 30))
    assert "J1" in stops_of(night)
    return night


def test_a_night_whose_work_another_day_has_too_is_still_planned(planned_twice):
    plan(planned_twice, on=SUNDAY, now=at(7, 40))
    assert stops_of(planned_twice, SUNDAY)["J1"][1].status == "on_site"


def test_work_that_is_not_done_after_all_goes_on_where_it_was_done(planned_twice):
    report(planned_twice, "J1", "done", at(7, 50), on=SUNDAY)
    with planned_twice.begin() as session:
        eve = user_of(session, "EVE", "dispatcher")
        change_status(session, job_named(session, "J1").id, "on_site", eve, at(7, 55), "It leaks again.")
    assert stops_of(planned_twice, SUNDAY)["J1"][1].status == "on_site"
    assert stops_of(planned_twice)["J1"][1].status == "planned"
