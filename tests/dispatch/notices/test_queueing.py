"""What is queued by the clock, and of jobs that come with a promise."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from dispatch import installation
from dispatch.db import make_session_factory
from dispatch.jobs.appointments import promise
from dispatch.jobs.making import Named, make_job
from dispatch.jobs.request import JobRequest
from dispatch.models import Customer, Notice
from dispatch.notices import queueing
from dispatch.notices.queueing import queue_from_events, queue_of_today, queue_reminders
from dispatch.scheduler import Scheduler
from dispatch.tasks import list_tasks
from tests.dispatch.at_once import wait_until_it_waits
from tests.dispatch.notices.conftest import EVENING, SETTLED, SUNDAY, shift
from tests.dispatch.town import at, job, job_named, plan, settle, technician, user_of

EARLY = at(10, on=SUNDAY - timedelta(days=3))
REMIND_AT = at(16, on=SUNDAY)


@pytest.fixture
def promised(town):
    """J1's customer was told days ago that somebody comes on Monday from two to four; nothing is planned yet."""
    with town.factory.begin() as session:
        promise(session, job_named(session, "J1"), at(14), at(16), EARLY, user_of(session, "d", "dispatcher"))
    town.tell(EARLY)
    town.tell(EARLY + timedelta(minutes=10))
    assert len(town.mails()) == 1
    return town


def test_the_day_before_customers_are_reminded_of_what_was_promised_though_nothing_is_planned(promised):
    """As by default: reminders at four, the plan of tomorrow at eight."""
    assert queue_reminders(promised.factory, REMIND_AT - timedelta(days=1)).startswith("Queued 0")
    assert queue_reminders(promised.factory, REMIND_AT).startswith("Queued 2 reminder(s)")
    promised.tell(REMIND_AT)
    [(_, text)] = promised.mails()
    assert "on Monday 23 November between 14:00 and 16:00" in text


def test_what_is_promised_with_a_new_job_is_told_within_minutes(town):
    """As what is promised on its page; a job without a promise tells nobody anything."""
    with town.factory.begin() as session:
        old = job_named(session, "J1")
        named = Named(old.customer, old.location, old.territory, None, [])
        for number, span in (("J3", (at(14), at(16))), ("J4", None)):
            asked = JobRequest(old.customer_id, old.location_id, "New work", service_s=3600, promised=span)
            make_job(session, asked, number, named, EARLY, None)
    town.tell(EARLY)
    town.tell(EARLY + timedelta(minutes=10))
    [(subject, text)] = town.mails()
    assert subject == "Your visit on Monday 23 November"
    assert "between 14:00 and 16:00" in text


@pytest.fixture
def tentative(town):
    """FIRM_DAYS=0: Monday is planned on the evening before, of which nobody is told anything."""
    town.factory = make_session_factory(replace(town.factory.settings, firm_days=0))
    plan(town.factory, now=EVENING)
    for now in (EVENING, SETTLED):
        town.tell(now)
    assert town.notices() == []
    yield town
    town.factory.engine.dispose()


def test_customers_of_a_day_that_is_firm_only_once_it_has_begun_are_told_in_its_morning(tentative):
    """After the quiet hours, and once, however often the task runs."""
    assert queue_of_today(tentative.factory, at(23, on=SUNDAY)).startswith("Queued 0")
    assert queue_of_today(tentative.factory, at(0)).startswith("Queued 2")
    for hour in (1, 7):
        assert queue_of_today(tentative.factory, at(hour)).startswith("Queued 0")
        tentative.tell(at(hour))
    assert tentative.mails() == []
    tentative.tell(at(8))
    assert [subject for subject, _ in tentative.mails()] == ["Your visit on Monday 23 November"] * 2
    assert queue_of_today(tentative.factory, at(9)).startswith("Queued 0")


def test_where_no_scheduler_ran_at_midnight_they_are_told_once_one_does(tentative):
    """The task of the hour is done once, whoever asks for it."""
    for _ in range(2):
        Scheduler(tentative.factory, lambda: at(6, 30)).do_task("day begins")
    assert tentative.notices() == [("confirmed", "e-mail", "waiting")] * 2


def test_who_cannot_be_told_is_not_tried_every_hour(tentative):
    """An address that is none: the office reads it once."""
    with tentative.factory.begin() as session:
        for number in ("J1", "J2"):
            customer = session.get(Customer, job_named(session, number).customer_id)
            customer.email, customer.phone = "ana@", None
    for hour in (0, 8, 9):
        queue_of_today(tentative.factory, at(hour))
        tentative.tell(at(hour, 10))
    assert tentative.notices() == [("confirmed", "e-mail", "given_up")] * 2


def test_where_days_are_firm_before_they_begin_there_is_no_such_task(tentative):
    """Their customers were told when they became firm, or when they were planned."""
    settings = tentative.factory.settings
    found = [[one.name for one in list_tasks(replace(settings, firm_days=days))] for days in (0, 1)]
    assert ["day begins" in names for names in found] == [True, False]


@pytest.mark.both_databases
def test_a_task_that_queues_what_an_event_is_just_queueing_waits_for_it(session_factory, monkeypatch):
    """A plan is published as reminders are due: both would tell of the same visit, and one would end in a fault."""
    settle(session_factory, [technician()], [job()])
    queue_from_events(session_factory, EVENING)
    plan(session_factory, now=EVENING)
    monkeypatch.setattr(queueing, "find_address", lambda *_: "ana@example.org")
    faults = []

    def remind():
        try:
            queue_reminders(session_factory, EVENING)
        except Exception as fault:
            faults.append(fault)

    thread = threading.Thread(target=remind)
    store = installation.store_setting

    def store_slowly(session, *given):
        store(session, *given)
        session.flush()
        thread.start()
        wait_until_it_waits(session_factory)

    monkeypatch.setattr(installation, "store_setting", store_slowly)
    assert queue_from_events(session_factory, EVENING) == 1
    thread.join()
    assert faults == []
    with session_factory() as session:
        assert session.scalars(select(Notice.kind)).all() == ["confirmed"]


NIGHT = at(20, on=SUNDAY)


def plan_on_saturday(town):
    """Monday is firm then, and told."""
    saturday = EVENING - timedelta(days=1)
    plan(town.factory, now=saturday)
    for minutes in (0, 10):
        town.tell(saturday + timedelta(minutes=minutes))
    assert len(town.mails()) == 2


def test_who_was_reminded_of_a_time_that_the_nights_plan_changes_hears_that_it_has_changed(town):
    """By default at four, and ten minutes after eight: the second message says itself that the first one's is over."""
    plan_on_saturday(town)
    queue_reminders(town.factory, REMIND_AT)
    town.tell(REMIND_AT)
    assert ["A reminder: we come" in text for _, text in town.mails()] == [True, True]
    town.texts()
    shift(town, "J1", 300)
    for minutes in (0, 10):
        town.tell(NIGHT + timedelta(minutes=minutes))
    [(subject, text)] = town.mails()
    assert subject == "New time for your visit: Monday 23 November"
    assert "between 13:30 and 15:45" in text
    assert [one.split(":")[0] for one in town.texts()] == ["Your visit has a new time"]


def test_who_was_reminded_of_a_promise_that_the_nights_plan_breaks_hears_that_it_has_changed(promised):
    queue_reminders(promised.factory, REMIND_AT)
    promised.tell(REMIND_AT)
    promised.mails(), promised.texts()
    plan(promised.factory, now=NIGHT)
    shift(promised, "J1", 8 * 60)
    for minutes in (0, 10):
        promised.tell(NIGHT + timedelta(minutes=minutes))
    assert [subject.split(":")[0] for subject, _ in promised.mails()][:1] == ["New time for your visit"]


def test_who_is_planned_only_at_night_hears_a_first_time_and_no_reminder(town):
    """Nothing was to be reminded of."""
    assert queue_reminders(town.factory, REMIND_AT).startswith("Queued 0 reminder(s)")
    plan(town.factory, now=NIGHT)
    for minutes in (0, 10):
        town.tell(NIGHT + timedelta(minutes=minutes))
    assert [kind for kind, _, _ in town.notices()] == ["confirmed"] * 2
