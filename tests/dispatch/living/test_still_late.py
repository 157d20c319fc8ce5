"""Who will be late stays told of until they are in time: another change of the day is no repair of that."""

import pytest

from dispatch.jobs.moving import change_status
from dispatch.living.incidents import list_incidents
from dispatch.living.lines import get_line
from dispatch.living.watch import watch_today
from dispatch.planning.answers import STILL_LATE
from dispatch.planning.by_hand import begin_draft
from dispatch.planning.deciding import move_by_hand
from tests.dispatch.drafting import codes_of, dispatcher, draft_of, publish
from tests.dispatch.living.bad_day import incident_of, repair, tell
from tests.dispatch.town import MONDAY, at, job, job_named, plan, report, settle, technician, user_of, window

NOW = at(8, 30)


@pytest.fixture
def town(session_factory):
    """T1 is at J1 until eleven; J2, which may begin until half past nine, and J3, until half past ten, will be late.
    T2 is free."""
    jobs = [
        job("J1", windows=(window(at(8), 5),)),
        job("J2", windows=(window(at(9), 30),)),
        job("J3", windows=(window(at(9, 45), 45),)),
    ]
    settle(session_factory, [technician("T1")], jobs)
    plan(session_factory)
    settle(session_factory, [technician("T2")])
    report(session_factory, "J1", "on_site", at(8))
    tell(session_factory, "overrun", NOW, number="J1", minutes=120)
    return session_factory


def alerts(session_factory):
    """By job number: the id of the open alert."""
    with session_factory() as session:
        found = list_incidents(session, MONDAY, ["open"])
        return {one.job.number: one.id for one in found if one.kind == "will_be_late"}


@pytest.mark.both_databases
def test_a_visit_that_stays_late_is_told_of_as_before(town):
    """J2 was sent to the phone of T1 and stays there; J3 goes to T2."""
    with town.begin() as session:
        by = user_of(session, "EVE", "dispatcher")
        change_status(session, job_named(session, "J2").id, "dispatched", by, NOW)
    before = alerts(town)
    assert set(before) == {"J2", "J3"}
    repair(town, before["J2"], NOW)
    assert codes_of(town) == {"J1": "T1", "J2": "T1", "J3": "T2"}
    assert incident_of(town, before["J2"]).outcome.endswith(STILL_LATE)
    with town() as session:
        assert get_line(session, before["J2"])["stays"] == STILL_LATE
        assert get_line(session, before["J3"])["stays"] == ""
    watch_today(town, at(8, 31))
    assert alerts(town) == {"J2": before["J2"]}


@pytest.mark.both_databases
def test_a_visit_that_is_in_time_again_is_told_of_no_more(town):
    before = alerts(town)
    repair(town, before["J2"], NOW)
    assert "J2" not in alerts(town)
    watch_today(town, at(8, 31))
    assert alerts(town) == {}
    assert incident_of(town, before["J2"]).status == "repaired"


def test_the_alert_of_a_visit_goes_with_it_to_whoever_comes_too_late_as_well(session_factory):
    """The office sends T2, who begins at a quarter to ten what may begin until half past nine."""
    jobs = [
        job("J1", windows=(window(at(8), 5),), skills={"gas": 1}),
        job("J2", windows=(window(at(9), 30),), skills={"gas": 1}),
    ]
    settle(session_factory, [technician("T1"), technician("T2", skills={})], jobs)
    plan(session_factory)
    report(session_factory, "J1", "on_site", at(8))
    tell(session_factory, "overrun", NOW, number="J1", minutes=120)
    before = alerts(session_factory)
    with session_factory.begin() as session:
        draft, by = begin_draft(session, MONDAY, dispatcher(session), NOW), dispatcher(session)
        move_by_hand(session, draft.id, 1, job_named(session, "J2").id, "T2", at(9, 45), by, NOW)
    publish(session_factory, draft_of(session_factory, NOW), NOW, reason="T2 lives next door.")
    assert codes_of(session_factory)["J2"] == "T2"
    assert watch_today(session_factory, at(8, 31)) == "Raised or changed 1 alert(s), cleared 0"
    assert alerts(session_factory) == before
    found = incident_of(session_factory, before["J2"])
    assert (found.technician.code, found.late_s) == ("T2", 15 * 60)
    assert watch_today(session_factory, at(8, 32)) == "Raised or changed 0 alert(s), cleared 0"
