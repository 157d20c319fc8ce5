"""Customers hear that somebody will be late before they notice, and not more often than it changes."""

from datetime import timedelta

import pytest

from dispatch.jobs.moving import report_status
from dispatch.models import Customer
from dispatch.notices.lateness import queue_lateness
from dispatch.planning.facts import find_published
from dispatch.tasks import watch
from tests.dispatch.notices.conftest import EVENING, SETTLED
from tests.dispatch.town import MONDAY, at, job_named, plan, report, user_of

NOBODY = "Nobody is later than was told"


@pytest.fixture
def day(town):
    """J2 at eight and J1 after it; both customers were told: J1 that somebody comes from 08:30 to 10:45."""
    plan(town.factory, now=EVENING)
    town.tell(EVENING)
    town.tell(SETTLED)
    town.mails()
    return town


def test_whoever_will_come_after_what_was_told_says_so_once(day):
    """While the start still lies inside the window, nobody is; then a new one, which is what they know from then."""
    report(day.factory, "J2", "on_site", at(8, 5))
    assert queue_lateness(day.factory, at(9, 30)) == NOBODY
    assert queue_lateness(day.factory, at(10, 50)).startswith("Queued 2 message(s) about 1 visit(s)")
    day.tell(at(10, 50))
    [(subject, text)] = day.mails()
    assert subject == "Your visit will be later"
    assert "expect to arrive between 10:30 and 11:45" in text
    for minutes in (1, 10, 30):
        assert queue_lateness(day.factory, at(10, 50) + timedelta(minutes=minutes)) == NOBODY
    assert queue_lateness(day.factory, at(11, 50)).startswith("Queued 2 message(s)")


def test_a_delay_that_was_told_is_no_other_time_for_the_next_plan(day):
    """The plan still says nine o'clock; the customer knows better."""
    report(day.factory, "J2", "on_site", at(8, 5))
    queue_lateness(day.factory, at(10, 50))
    day.tell(at(10, 50))
    day.mails()
    plan(day.factory, now=at(10, 55))
    day.tell(at(10, 55))
    day.tell(at(11, 10))
    assert day.mails() == []


def test_nothing_is_told_of_visits_that_have_begun(day):
    """However long they take."""
    report(day.factory, "J2", "on_site", at(8, 5))
    report(day.factory, "J2", "done", at(9))
    report(day.factory, "J1", "on_site", at(9, 5))
    assert queue_lateness(day.factory, at(16)) == NOBODY


def test_the_watch_tells_customers_too(day):
    """One task looks at the day, for the office and for them."""
    report(day.factory, "J2", "on_site", at(8, 5))
    assert watch(day.factory, at(10, 50)).endswith("Queued 2 message(s) about 1 visit(s) that will be late")


def late_notices(day):
    """Channel and status of what was queued about delays."""
    return [(channel, status) for kind, channel, status in day.notices() if kind == "late"]


def test_a_delay_that_is_refused_is_not_queued_again_every_minute(day):
    """The gateway refuses for good; only a delay that has become worse is another try."""
    day.gateway.answers = [402]
    with day.factory.begin() as session:
        session.get(Customer, job_named(session, "J1").customer_id).email = None
    report(day.factory, "J2", "on_site", at(8, 5))
    for minutes in range(30):
        queue_lateness(day.factory, at(10, 50) + timedelta(minutes=minutes))
        day.tell(at(10, 50) + timedelta(minutes=minutes))
    assert late_notices(day) == [("SMS", "given_up")]
    day.gateway.answers = [202]
    day.gateway.messages.clear()
    assert queue_lateness(day.factory, at(11, 50)).startswith("Queued 1 message(s)")
    day.tell(at(11, 50))
    assert "between 11:30 and 12:45" in day.texts()[0]


def test_a_delay_that_would_be_the_fourth_message_is_dropped_once(day):
    """Told three times in a day already: the office calls them."""
    with day.factory.begin() as session:
        session.get(Customer, job_named(session, "J1").customer_id).phone = None
    report(day.factory, "J2", "on_site", at(8, 5))
    for now in (at(10, 50), at(11, 50), at(12, 50)):
        for minutes in range(5):
            queue_lateness(day.factory, now + timedelta(minutes=minutes))
            day.tell(now + timedelta(minutes=minutes))
    assert late_notices(day) == [("e-mail", "sent"), ("e-mail", "sent"), ("e-mail", "dropped")]


def test_a_departure_that_is_known_late_tells_no_time_that_has_passed(day):
    """The phone had no network for an hour: the drive of two minutes should be over, and nobody has arrived."""
    with day.factory.begin() as session:
        stop = next(s for r in find_published(session, MONDAY).routes for s in r.stops if s.job.number == "J2")
        report_status(session, stop.id, "en_route", user_of(session, "T1"), at(9), at=at(8))
    day.tell(at(9))
    assert (day.mails(), day.texts()) == ([], [])
    assert day.notices()[-2:] == [("on_the_way", "e-mail", "dropped"), ("on_the_way", "SMS", "dropped")]
