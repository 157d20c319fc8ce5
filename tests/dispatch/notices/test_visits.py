"""What customers know: the last that they were told, also that nobody comes."""

from datetime import timedelta

import pytest

from dispatch.jobs.appointments import promise
from dispatch.jobs.moving import change_status
from dispatch.models import Customer
from dispatch.notices.lateness import queue_lateness
from dispatch.notices.office import get_office_page
from dispatch.notices.queueing import queue_reminders
from tests.dispatch.notices.conftest import EVENING, SETTLED
from tests.dispatch.town import MONDAY, at, job_named, plan, report, user_of

TUESDAY, WEDNESDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)
CANCELLED = SETTLED + timedelta(minutes=1)
REOPENED = SETTLED + timedelta(minutes=30)


def move(town, status, now):
    """The office moves J1, by mistake or to mend it."""
    with town.factory.begin() as session:
        by = user_of(session, "d", "dispatcher")
        change_status(session, job_named(session, "J1").id, status, by, now, "The wrong one.")


@pytest.fixture
def cancelled(told):
    """J1's customer has read a time, and then that the visit is cancelled."""
    move(told, "cancelled", CANCELLED)
    told.tell(CANCELLED)
    assert [subject for subject, _ in told.mails()] == ["Your visit is cancelled"]
    return told


def test_who_was_told_that_nobody_comes_hears_that_somebody_comes_after_all(cancelled):
    """At the very time that was told before the cancellation: to them it is a first time."""
    move(cancelled, "requested", REOPENED)
    plan(cancelled.factory, now=REOPENED)
    cancelled.tell(REOPENED)
    cancelled.tell(REOPENED + timedelta(minutes=10))
    [(subject, text)] = cancelled.mails()
    assert subject == "Your visit on Monday 23 November"
    assert "between 08:30 and 10:45" in text


def test_who_was_told_that_nobody_comes_waits_for_nobody(cancelled):
    """The office need not call about a time that the customer no longer counts on."""
    move(cancelled, "requested", REOPENED)
    with cancelled.factory() as session:
        assert get_office_page(session, REOPENED).unplanned == []


def test_a_promise_that_holds_again_with_its_job_is_told(town):
    """Without a plan: the job is reopened, and with it what was promised."""
    with town.factory.begin() as session:
        promise(session, job_named(session, "J1"), at(9), at(12), EVENING, user_of(session, "d", "dispatcher"))
    town.tell(EVENING)
    town.tell(SETTLED)
    move(town, "cancelled", CANCELLED)
    town.tell(CANCELLED)
    town.mails()
    move(town, "requested", REOPENED)
    town.tell(REOPENED)
    town.tell(REOPENED + timedelta(minutes=10))
    [(_, text)] = town.mails()
    assert "between 09:00 and 12:00" in text


@pytest.fixture
def missed(told):
    """J1's customer has read a time, and then that nobody let the technician in."""
    report(told.factory, "J1", "en_route", at(8))
    report(told.factory, "J1", "no_access", at(8, 20))
    told.tell(at(8, 20))
    assert [subject for subject, _ in told.mails()] == ["We could not get in"]
    told.texts()
    return told


def test_who_was_told_that_nobody_let_us_in_hears_that_we_come_after_all(missed):
    """At the very time that was told before it: the office has set the visit back to planned."""
    move(missed, "planned", at(8, 30))
    missed.tell(at(8, 30))
    missed.tell(at(8, 40))
    [(subject, text)] = missed.mails()
    assert subject == "New time for your visit: Monday 23 November"
    assert "between 08:30 and 10:45" in text
    missed.tell(at(8, 50))
    assert missed.notices()[-2:] == [("moved", "e-mail", "sent"), ("moved", "SMS", "sent")]


def test_who_reads_sms_alone_and_was_told_that_nobody_let_us_in_hears_of_the_next_visit_and_is_reminded(town):
    """As they would have been of a visit that was moved; nobody is told a first time by SMS."""
    with town.factory.begin() as session:
        session.get(Customer, job_named(session, "J1").customer_id).email = None
    plan(town.factory, now=EVENING)
    report(town.factory, "J1", "en_route", at(8))
    town.tell(at(8))
    report(town.factory, "J1", "no_access", at(8, 20))
    town.tell(at(8, 20))
    assert ["could not get in" in sms for sms in town.texts()] == [False, True]
    move(town, "planned", at(9))
    with town.factory.begin() as session:
        job_named(session, "J1").requested_on = WEDNESDAY
    plan(town.factory, now=at(9))
    plan(town.factory, on=WEDNESDAY, now=at(9))
    town.tell(at(9))
    town.tell(at(9, 10))
    [sms] = town.texts()
    assert sms.startswith("Your visit has a new time: Wednesday 25 November between ")
    queue_reminders(town.factory, at(16, on=TUESDAY))
    town.tell(at(16, on=TUESDAY))
    [sms] = town.texts()
    assert sms.startswith("A reminder: we come on Wednesday 25 November between ")


def test_who_was_told_that_nobody_let_us_in_hears_from_when_we_come_once_the_planned_time_is_over(missed):
    """Set back at eleven, planned for nine: as a delay, once, and not again every minute."""
    move(missed, "planned", at(11))
    for minutes in range(12):
        missed.tell(at(11, minutes))
        queue_lateness(missed.factory, at(11, minutes))
    missed.tell(at(11, 12))
    [(subject, text)], [sms] = missed.mails(), missed.texts()
    assert subject == "Your visit will be later"
    assert "expect to arrive between 11:45 and 12:45" in text
    assert "between 11:45 and 12:45" in sms


def test_a_visit_that_is_cancelled_after_nobody_let_us_in_is_told_to_be(missed):
    """They were told that we would be in touch."""
    move(missed, "cancelled", at(9))
    missed.tell(at(9))
    assert [subject for subject, _ in missed.mails()] == ["Your visit is cancelled"]
