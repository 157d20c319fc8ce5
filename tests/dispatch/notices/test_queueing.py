"""What is queued by the clock, and of jobs that come with a promise."""

from datetime import timedelta

import pytest

from dispatch.jobs.appointments import promise
from dispatch.jobs.making import Named, make_job
from dispatch.jobs.request import JobRequest
from dispatch.notices.queueing import queue_reminders
from tests.dispatch.notices.conftest import SUNDAY
from tests.dispatch.town import SANTIAGO, at, job_named, user_of

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
        named = Named(old.customer, old.location, old.territory, None, [], SANTIAGO)
        for number, span in (("J3", (at(14), at(16))), ("J4", None)):
            asked = JobRequest(old.customer_id, old.location_id, "New work", service_s=3600, promised=span)
            make_job(session, asked, number, named, EARLY, None)
    town.tell(EARLY)
    town.tell(EARLY + timedelta(minutes=10))
    [(subject, text)] = town.mails()
    assert subject == "Your visit on Monday 23 November"
    assert "between 14:00 and 16:00" in text
