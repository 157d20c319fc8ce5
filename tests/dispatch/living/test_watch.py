"""Who will be late is told once, before the customer notices, and taken back when it is mended."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.event import listen

from dispatch.events import list_events_of
from dispatch.jobs.moving import report_status
from dispatch.living.incidents import list_incidents
from dispatch.living.policies import set_action
from dispatch.living.predictions import list_predictions
from dispatch.living.watch import watch_today
from dispatch.models import Notice, PlanVersion, TaskRun
from tests.dispatch.living.bad_day import repair, tell
from tests.dispatch.town import (
    CENTRE,
    MONDAY,
    MORNING,
    at,
    hours,
    job,
    job_named,
    lunch,
    plan,
    report,
    settle,
    stops_of,
    technician,
    user_of,
    window,
)

pytestmark = pytest.mark.both_databases

NEAR = (CENTRE[0], CENTRE[1] - 0.01)
TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def town(session_factory):
    """J1 from eight to nine, J2 may begin from nine to half past ten, J3 at any time."""
    jobs = [
        job("J1", windows=(window(at(8), 5),)),
        job("J2", windows=(window(at(9), 90),)),
        job("J3", windows=(window(at(11), 240),)),
    ]
    settle(session_factory, [technician()], jobs)
    plan(session_factory)
    return session_factory


def open_alerts(session_factory):
    """By kind and job number: how late, in minutes."""
    with session_factory() as session:
        found = list_incidents(session, MONDAY, ["open"])
        return {(one.kind, one.job.number): one.late_s // 60 for one in found if one.late_s is not None}


def predicted(session_factory, now):
    """By job number: the start in minutes after midnight."""
    with session_factory() as session:
        found = list_predictions(session, MONDAY, now)
        return {one.job.number: round((one.start_at - at(0)).total_seconds() / 60) for one in found}


def test_a_day_that_goes_as_planned_is_predicted_as_planned(town):
    assert predicted(town, at(7)) == {"J1": 482, "J2": 542, "J3": 660}


def test_a_late_start_is_carried_to_the_next_stops(town):
    """It began twenty minutes late; at eleven there is time again."""
    report(town, "J1", "on_site", at(8, 20))
    assert predicted(town, at(8, 30)) == {"J1": 500, "J2": 560, "J3": 660}


def test_work_that_goes_on_longer_than_planned_pushes_the_next_stop_minute_by_minute(town):
    report(town, "J1", "on_site", at(8))
    assert predicted(town, at(9, 40))["J2"] == 580


def test_who_begins_with_a_later_stop_goes_on_from_there(town):
    """They are at J3 since five past eight: J1, which they drive to afterwards, is late, and nobody is silent."""
    report(town, "J3", "on_site", at(8, 5))
    assert predicted(town, at(8, 40)) == {"J3": 485, "J1": 547, "J2": 607}
    watch_today(town, at(8, 40))
    assert open_alerts(town) == {("will_be_late", "J1"): 61}


def test_whoever_is_late_for_a_window_is_told_of_at_once_and_cleared_when_mended(town):
    """Somebody on site says that it takes two hours more; then it is over sooner after all."""
    report(town, "J1", "on_site", at(8))
    tell(town, "overrun", at(8, 30), number="J1", minutes=120)
    assert open_alerts(town) == {("will_be_late", "J2"): 30}
    report(town, "J1", "done", at(9, 10))
    assert open_alerts(town) == {}


def tell_customer(session_factory, number, kind, until_at=None, status="sent", tries=0, queued_at=None):
    """A message about the hour before that."""
    when = queued_at or at(12, 20)
    with session_factory.begin() as session:
        row = Notice(
            job_id=job_named(session, number).id, kind=kind, channel="e-mail", about=f"{kind} {status}", status=status,
            queued_at=when, next_at=when, useful_until_at=at(17), tries=tries,
            told_from_at=until_at and until_at - timedelta(hours=1), told_until_at=until_at,
        )  # fmt: skip
        session.add(row)


def test_whoever_comes_after_what_a_message_told_the_customer_is_late(town):
    """J3 may begin until three; its customer was told eleven to noon, and T1 is still with J1 at half past twelve."""
    tell_customer(town, "J3", "confirmed", at(12), queued_at=at(7))
    report(town, "J1", "on_site", at(8))
    watch_today(town, at(12, 30))
    assert open_alerts(town)["will_be_late", "J3"] == 90


@pytest.mark.parametrize(
    ("since", "is_late"),
    [
        ({"kind": "late", "until_at": at(14)}, False),
        ({"kind": "late", "until_at": at(14), "status": "waiting"}, False),
        ({"kind": "late", "until_at": at(14), "status": "waiting", "tries": 1}, True),
        ({"kind": "late", "until_at": at(14), "status": "waiting", "queued_at": at(12, 10)}, True),
        ({"kind": "late", "until_at": at(14), "status": "dropped"}, True),
        ({"kind": "missed"}, False),
    ],
)
def test_whoever_was_told_better_counts_on_that(town, since, is_late):
    """What could not be sent, or was not because it would have been one message too many, has told nobody."""
    tell_customer(town, "J3", "confirmed", at(12), queued_at=at(7))
    tell_customer(town, "J3", **since)
    report(town, "J1", "on_site", at(8))
    watch_today(town, at(12, 30))
    assert (("will_be_late", "J3") in open_alerts(town)) is is_late


def test_an_alert_is_raised_once_and_changed_when_it_gets_worse(town):
    report(town, "J1", "on_site", at(8))
    assert watch_today(town, at(10, 40)) == "Raised or changed 1 alert(s), cleared 0"
    assert watch_today(town, at(10, 42)) == "Raised or changed 0 alert(s), cleared 0"
    assert watch_today(town, at(10, 50)) == "Raised or changed 1 alert(s), cleared 0"
    with town() as session:
        assert len([one for one in list_incidents(session, MONDAY) if one.kind == "will_be_late"]) == 1


def test_a_silent_phone_is_told_of_until_something_is_heard(town):
    watch_today(town, at(8, 29))
    assert open_alerts(town) == {("will_be_late", "J1"): 24}
    watch_today(town, at(8, 33))
    assert open_alerts(town)["phone_silent", "J1"] == 31
    report(town, "J1", "on_site", at(8, 35))
    assert open_alerts(town) == {}


def test_a_lunch_between_two_stops_is_taken_in_full(session_factory):
    """An hour's work until half past twelve, then half an hour of lunch."""
    people = [technician(lunch=lunch("12:00", "12:10", 30))]
    settle(session_factory, people, [job("J1", windows=(window(at(11), 5),)), job("J2", windows=(window(at(12), 90),))])
    plan(session_factory)
    report(session_factory, "J1", "on_site", at(11, 30))
    assert predicted(session_factory, at(11, 35))["J2"] == 12 * 60 + 30 + 30


def test_somebody_who_says_they_come_later_is_believed_until_they_report(town):
    """Thirty minutes later than leaving; the window of J1 has closed by then."""
    tell(town, "technician_late", at(7, 30), who="T1", minutes=30)
    assert ("will_be_late", "J1") in open_alerts(town)
    report(town, "J1", "on_site", at(8, 4))
    assert predicted(town, at(8, 5))["J1"] == 484
    assert open_alerts(town) == {}


def repaired_at_once(session_factory, *kinds):
    """The day is repaired by itself after these; by default, the office decides."""
    with session_factory.begin() as session:
        for kind in kinds:
            set_action(session, kind, "publish", 0, MORNING, None)


def queued(session_factory):
    with session_factory() as session:
        return session.scalars(select(TaskRun.arguments)).all()


def test_a_report_from_a_day_that_is_over_raises_nothing_and_repairs_nothing(town):
    """The phone was without a network since Monday; whose visits were not made then needs no alert on Tuesday."""
    repaired_at_once(town, "will_be_late")
    report(town, "J1", "en_route", at(8, on=TUESDAY))
    assert (open_alerts(town), queued(town)) == ({}, [])


def test_a_closed_door_of_a_day_that_is_over_is_told_and_repairs_nothing(town):
    """Somebody calls the customer; nothing of Monday can be planned again."""
    repaired_at_once(town, "no_access")
    report(town, "J1", "en_route", at(8, on=TUESDAY))
    with town.begin() as session:
        stop_id = stops_of(town)["J1"][1].id
        report_status(session, stop_id, "no_access", user_of(session, "T1"), at(8, 5, on=TUESDAY), "Nobody is in.")
    with town() as session:
        assert [one.kind for one in list_incidents(session, MONDAY, ["open"])] == ["no_access"]
    assert queued(town) == []


def test_a_report_from_a_day_that_is_over_still_clears_what_it_mends(town):
    watch_today(town, at(10, 40))
    assert ("will_be_late", "J1") in open_alerts(town)
    before = open_alerts(town)
    report(town, "J1", "on_site", at(8, on=TUESDAY))
    assert open_alerts(town) == {about: late for about, late in before.items() if about[1] != "J1"}


def test_a_night_shift_is_watched_after_midnight_until_it_ends(session_factory):
    """J1 was planned for eleven at night, and J2 may begin until a quarter past one."""
    jobs = [job("J1", windows=(window(at(23), 5),)), job("J2", windows=(window(at(1, on=TUESDAY), 15),))]
    settle(session_factory, [technician(hours=hours("22:00", "06:00"))], jobs)
    plan(session_factory)
    report(session_factory, "J1", "on_site", at(0, 30, on=TUESDAY))
    assert open_alerts(session_factory) == {("will_be_late", "J2"): 15}


def test_alerts_are_closed_when_their_day_is_over_and_stay_to_be_read(town):
    """T1 was never heard of."""
    watch_today(town, at(10, 40))
    watch_today(town, at(23, 59))
    before = open_alerts(town)
    assert ("phone_silent", "J1") in before
    assert watch_today(town, at(0, on=TUESDAY)) == f"Raised or changed 0 alert(s), cleared {len(before)}"
    assert open_alerts(town) == {}
    with town() as session:
        found = list_incidents(session, MONDAY)
        assert {(one.status, one.outcome, one.closed_by) for one in found} == {("repaired", "The day is over.", None)}
        assert {one.late_s for one in found} != {None}
        assert [event.kind for event in list_events_of(session, found[0])][-1] == "incident repaired"
    assert watch_today(town, at(8, on=TUESDAY)) == "Raised or changed 0 alert(s), cleared 0"


def test_alerts_of_a_night_shift_stay_open_until_that_is_over(session_factory):
    settle(session_factory, [technician(hours=hours("22:00", "06:00"))], [job("J1", windows=(window(at(23), 5),))])
    plan(session_factory)
    watch_today(session_factory, at(23, 40))
    assert ("phone_silent", "J1") in open_alerts(session_factory)
    watch_today(session_factory, at(5, 59, on=TUESDAY))
    assert ("phone_silent", "J1") in open_alerts(session_factory)
    watch_today(session_factory, at(6, on=TUESDAY))
    assert open_alerts(session_factory) == {}


@pytest.mark.parametrize("how", ["reported", "said"])
def test_whoever_tells_of_a_day_locks_the_watch_before_the_queue(town, how):
    """As the watch does; in the other order two who wait for each other would never end. SQLite has one writer."""
    repaired_at_once(town, "no_access", "technician_late")
    report(town, "J1", "on_site", at(8))
    locks = []

    def note(_connection, _cursor, statement, parameters, _context, _many):
        if "pg_advisory_xact_lock" in statement:
            values = list(parameters.values() if hasattr(parameters, "values") else parameters)
            locks.append("watch" if len(values) == 2 else "queue")

    listen(town.engine, "before_cursor_execute", note)
    if how == "reported":
        report(town, "J1", "no_access", at(8, 10))
    else:
        tell(town, "technician_late", at(8, 10), who="T1", minutes=5)
    assert locks[:2] == (["watch", "queue"] if town.engine.dialect.name == "postgresql" else [])


@pytest.mark.parametrize(("action", "as_draft"), [("publish", False), ("propose", True)])
def test_whoever_will_be_late_is_relieved_as_the_policy_says(town, action, as_draft):
    """J1 begins an hour and a half late; T2 has time for J2 before its window closes."""
    settle(town, [technician("T2")])
    with town.begin() as session:
        set_action(session, "will_be_late", action, 0, MORNING, None)
    report(town, "J1", "on_site", at(9, 35))
    assert open_alerts(town) == {("will_be_late", "J2"): 5}
    [arguments] = queued(town)
    assert arguments["as_draft"] is as_draft
    repair(town, arguments["incident_id"], at(9, 36), as_draft=as_draft)
    where = stops_of(town) if not as_draft else draft_stops(town)
    assert {number: code for number, (code, _) in where.items()} == {"J1": "T1", "J2": "T2", "J3": "T1"}


def draft_stops(session_factory):
    with session_factory() as session:
        [draft] = session.scalars(select(PlanVersion).where(PlanVersion.status == "draft"))
        return {stop.job.number: (route.technician.code, stop) for route in draft.routes for stop in route.stops}
