"""What customers know: the last that they were told, also that nobody comes."""

from datetime import timedelta

import pytest

from dispatch.jobs.appointments import promise
from dispatch.jobs.moving import change_status
from dispatch.notices.office import get_office_page
from tests.dispatch.notices.conftest import EVENING, SETTLED
from tests.dispatch.town import at, job_named, plan, user_of

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
