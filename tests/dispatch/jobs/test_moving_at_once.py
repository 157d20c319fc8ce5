"""Two people who move jobs at once take visits, alerts and the queue in one order: neither ends in a deadlock."""

import threading

import pytest
from sqlalchemy import select

from dispatch.db import lock_day
from dispatch.errors import Conflict
from dispatch.jobs import effects, moving
from dispatch.jobs.moving import change_status, report_status
from dispatch.living.incidents import find_open, raise_incident
from dispatch.living.watch import LATE, hold_alerts
from dispatch.models import Technician
from dispatch.planning.facts import lock_published
from dispatch.runs.queue import request_repair
from tests.dispatch.at_once import wait_until_it_waits
from tests.dispatch.town import MONDAY, at, job, job_named, plan, report, settle, stops_of, technician, user_of

TUESDAY = MONDAY.replace(day=24)


@pytest.fixture(params=["postgresql"])
def database_kind(request):
    """SQLite has one writer: there nobody holds what another one wants."""
    return request.param


@pytest.fixture
def while_it_does(session_factory, monkeypatch):
    """Let something begin, and wait for what is held, in the moment before a step of what the test does."""
    threads, faults = [], []

    def put(module, step, second):
        do_step = getattr(module, step)

        def run_second():
            try:
                with session_factory.begin() as session:
                    second(session)
            except Exception as fault:
                faults.append(fault)

        def first_the_other(*arguments, **options):
            monkeypatch.setattr(module, step, do_step)
            threads.append(threading.Thread(target=run_second))
            threads[0].start()
            wait_until_it_waits(session_factory)
            return do_step(*arguments, **options)

        monkeypatch.setattr(module, step, first_the_other)

    yield put
    for thread in threads:
        thread.join()
    assert len(threads) == 1, "the step was never reached"
    assert faults == []


@pytest.fixture
def town(session_factory):
    """T1 can do gas; T2 was at J1, which is to be continued by T1 on the same day, in J1-2."""
    settle(
        session_factory,
        [technician("T1", skills={"gas": 2}), technician("T2", skills={"power": 2})],
        [job(skills={"power": 1}), job("J2", skills={"gas": 1}), job("J3", skills={"power": 1})],
    )
    plan(session_factory, now=at(7))
    report(session_factory, "J1", "on_site", at(8))
    with session_factory.begin() as session:
        change(session, "J1", "to_be_continued", at(8, 30))
    with session_factory.begin() as session:
        second = job_named(session, "J1-2")
        second.skills[0].name, second.wishes = "gas", []
    return session_factory


def change(session, number, status, now):
    """The office decides."""
    return change_status(
        session, job_named(session, number).id, status, user_of(session, "EVE", "dispatcher"), now, "so"
    )


def id_of(session, code):
    return session.scalars(select(Technician.id).where(Technician.code == code)).one()


@pytest.mark.parametrize("how", ["decided", "reported"])
def test_a_return_visit_is_withdrawn_while_a_plan_of_its_day_is_stored(town, while_it_does, how):
    """Whoever stores a plan takes the day's visits by their ids, and the return visit's may come first."""
    plan(town, now=at(8, 40))
    stops = stops_of(town)
    assert stops["J1-2"][1].id < stops["J1"][1].id

    def hold_the_day(session):
        lock_day(session, MONDAY)
        lock_published(session, MONDAY)

    while_it_does(effects, "withdraw_return_visit", hold_the_day)
    with town.begin() as session:
        if how == "decided":
            change(session, "J1", "on_site", at(9))
        else:
            eve = user_of(session, "EVE", "dispatcher")
            report_status(session, stops["J1"][1].id, "on_site", eve, at(9), "so")
    assert stops_of(town)["J1-2"][1].status == "cancelled"


def test_a_return_visit_is_withdrawn_while_the_day_of_its_first_technician_is_watched(town, while_it_does):
    """The repair that fills the freed time is queued once the alerts of both technicians are held."""
    plan(town, now=at(8, 40))

    def watch(session):
        hold_alerts(session, MONDAY, id_of(session, "T2"))
        row = raise_late(session, "J3", "T2")
        request_repair(session, MONDAY, row.id, True, None, at(9), by_policy=True)

    while_it_does(moving, "watch_technician", watch)
    with town.begin() as session:
        change(session, "J1", "on_site", at(9))


def raise_late(session, number, code):
    about = {"technician_id": id_of(session, code), "job_id": job_named(session, number).id}
    return raise_incident(session, LATE, MONDAY, at(9), None, repair=False, late_s=900, until_at=at(10), **about)


def test_a_visit_is_cancelled_while_an_alert_of_its_technician_is_answered(town, while_it_does):
    """Alerts first, and then the queue, as whoever stores a plan, or dismisses an alert, does."""
    plan(town, now=at(8, 40))
    with town.begin() as session:
        raise_late(session, "J1-2", "T1")

    def answer(session):
        row = find_open(session, LATE, MONDAY, job_named(session, "J1-2").id, id_of(session, "T1"))
        if row is not None:  # or it is in time, now that J2 is not visited before it
            request_repair(session, MONDAY, row.id, True, None, at(9), by_policy=True)

    while_it_does(moving, "watch_technician", answer)
    with town.begin() as session:
        change(session, "J2", "cancelled", at(9))


def test_a_return_visit_is_withdrawn_while_it_is_reported_on_the_day_before_that_it_was_planned_for(
    town, while_it_does
):
    """Visits of several days are taken in the order of the days."""
    plan(town, now=at(8, 40))
    first = stops_of(town)["J1-2"][1]
    plan(town, on=TUESDAY, now=at(22))
    assert stops_of(town, TUESDAY)["J1-2"][1].id != first.id

    def withdraw(session):
        eve = user_of(session, "EVE", "dispatcher")
        with pytest.raises(Conflict, match="J1-2 is under way"):
            change_status(session, job_id, "on_site", eve, at(23), "after all")
        session.rollback()

    with town() as session:
        job_id = job_named(session, "J1").id
    while_it_does(moving, "_find_on_another_day", withdraw)
    with town.begin() as session:
        report_status(session, first.id, "en_route", user_of(session, "T1"), at(10))
