"""Customers hear that somebody will be late before they notice, and not more often than it changes."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from dispatch.jobs.moving import report_status
from dispatch.living.incidents import list_incidents
from dispatch.mail import send_mail
from dispatch.models import Customer, Notice
from dispatch.notices import delivery
from dispatch.notices.lateness import queue_lateness
from dispatch.notices.office import send_again
from dispatch.notices.visits import get_visit
from dispatch.planning.facts import find_published
from dispatch.tasks import watch
from tests.dispatch.living.bad_day import tell
from tests.dispatch.notices.conftest import EVENING, SETTLED, shift
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
    """One task looks at the day, for the office and for them: nobody has to call whom it tells."""
    report(day.factory, "J2", "on_site", at(8, 5))
    assert watch(day.factory, at(10, 50)).endswith("Queued 2 message(s) about 1 visit(s) that will be late")
    assert alerts(day) == []


def test_the_office_calls_whoever_could_not_be_told(day):
    """The messages about the delay were dropped; neither promise, window nor contract says when J1 is late."""
    report(day.factory, "J2", "on_site", at(8, 5))
    watch(day.factory, at(10, 50))
    with day.factory.begin() as session:
        for notice in session.scalars(select(Notice).where(Notice.kind == "late")):
            notice.status, notice.fault = "dropped", "One message too many."
    watch(day.factory, at(10, 51))
    assert alerts(day) == [("will_be_late", "J1")]


def test_a_silent_phone_tells_customers_of_no_delay(day):
    """In a cellar since eight, they may be in time: whom to call is the office's to know."""
    for now in (at(10, 50), at(11, 50)):
        assert watch(day.factory, now).endswith(NOBODY)
    assert {("phone_silent", "J2"), ("will_be_late", "J1")} <= set(alerts(day))


def test_a_delay_that_was_reported_is_told_as_it_was_and_does_not_grow_while_the_phone_is_silent(day):
    """J2 is done at eleven, and J1 is next: heard of it is that much."""
    report(day.factory, "J2", "on_site", at(8, 5))
    report(day.factory, "J2", "done", at(11))
    assert queue_lateness(day.factory, at(11)).startswith("Queued 2 message(s)")
    day.tell(at(11))
    assert "between 10:45 and 11:45" in day.mails()[0][1]
    assert queue_lateness(day.factory, at(12, 30)) == NOBODY


def test_whoever_says_that_they_are_late_has_been_heard_of(day):
    """By two hours and a half, which takes J2 to half past ten; an hour later nothing more is known."""
    tell(day.factory, "technician_late", at(8), who="T1", minutes=150)
    assert queue_lateness(day.factory, at(8)).startswith("Queued 4 message(s) about 2 visit(s)")
    day.tell(at(8))
    assert queue_lateness(day.factory, at(13)) == NOBODY


def alerts(day):
    """Kind and job of what the office is told of."""
    with day.factory() as session:
        return [(one.kind, one.job.number) for one in list_incidents(session, MONDAY, ["open"])]


def late_notices(day):
    """Channel and status of what was queued about delays."""
    return [(channel, status) for kind, channel, status in day.notices() if kind == "late"]


def test_a_delay_that_is_refused_is_not_queued_again_every_minute(day):
    """The gateway refuses for good; only a delay that has become worse is another try."""
    day.gateway.answers = [422]
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


@pytest.fixture
def refused(day):
    """At ten to eleven J1's customer is to hear "between 10:30 and 11:45", and nobody takes the messages."""
    report(day.factory, "J2", "on_site", at(8, 5))
    day.mailbox.refuses, day.gateway.answers = True, [503]
    queue_lateness(day.factory, at(10, 50))
    day.tell(at(10, 50))
    assert late_notices(day) == [("e-mail", "waiting"), ("SMS", "waiting")]
    day.mailbox.refuses, day.gateway.answers = False, [202]
    day.gateway.messages.clear()
    return day


def told_window(day, now):
    """What the customer of J1 knows."""
    with day.factory() as session:
        return get_visit(session, job_named(session, "J1").id, now).told.window


def test_a_delay_that_waits_and_grows_is_told_as_it_is_when_it_is_sent(refused):
    """On both channels; what was in the text is what the customer knows from then on."""
    assert queue_lateness(refused.factory, at(11, 20)).startswith("Queued 0 message(s) about 1 visit(s)")
    refused.tell(at(11, 20))
    [(_, mail)], [sms] = refused.mails(), refused.texts()
    assert ("between 11:00 and 12:15" in mail, "between 11:00 and 12:15" in sms) == (True, True)
    assert told_window(refused, at(11, 20)) == (at(11), at(12, 15))
    assert queue_lateness(refused.factory, at(12, 10)) == NOBODY


def test_a_delay_that_grows_while_its_message_is_being_sent_is_told_again(day, monkeypatch):
    """The customer read the smaller one: that is what counts as told."""
    report(day.factory, "J2", "on_site", at(8, 5))
    with day.factory.begin() as session:
        session.get(Customer, job_named(session, "J1").customer_id).phone = None
    queue_lateness(day.factory, at(10, 50))

    def send_slowly(*arguments):
        queue_lateness(day.factory, at(11, 50))
        send_mail(*arguments)

    monkeypatch.setattr(delivery, "send_mail", send_slowly)
    day.tell(at(10, 50))
    assert "between 10:30 and 11:45" in day.mails()[0][1]
    assert told_window(day, at(11, 50)) == (at(10, 30), at(11, 45))
    assert queue_lateness(day.factory, at(11, 50)).startswith("Queued 1 message(s)")


def test_a_delay_that_is_made_up_for_before_it_could_be_told_is_told_nobody(day):
    """J2 took twenty minutes in place of an hour; the message that waited says why it is not sent."""
    report(day.factory, "J2", "on_site", at(10))
    day.mailbox.refuses, day.gateway.answers = True, [503]
    assert queue_lateness(day.factory, at(10, 5)).startswith("Queued 2 message(s) about 1 visit(s)")
    day.tell(at(10, 5))
    report(day.factory, "J2", "done", at(10, 20))
    assert queue_lateness(day.factory, at(10, 21)) == "Dropped 2 message(s): the delay is made up for"
    assert late_notices(day) == [("e-mail", "dropped"), ("SMS", "dropped")]
    with day.factory() as session:
        faults = session.scalars(select(Notice.fault).where(Notice.kind == "late")).all()
    assert faults == ["They will be there as the customer was told."] * 2


def test_a_delay_of_a_visit_that_has_another_time_by_now_is_told_nobody(refused):
    """Planned for the afternoon meanwhile: that is what its customer is told, once."""
    shift(refused, "J1", 300)
    refused.tell(at(11))
    assert (refused.mails(), late_notices(refused)) == ([], [("e-mail", "dropped"), ("SMS", "dropped")])
    refused.tell(at(11, 10))
    assert [subject for subject, _ in refused.mails()] == ["New time for your visit: Monday 23 November"]


def test_a_smaller_delay_that_the_office_sends_again_is_not_told_after_a_larger_one(day):
    """It was given up, the work before takes an hour longer than was thought, and the customer knows better by now."""
    with day.factory.begin() as session:
        session.get(Customer, job_named(session, "J1").customer_id).email = None
    report(day.factory, "J2", "on_site", at(10))
    for minutes, answer in ((5, 422), (10, 202)):
        day.gateway.answers = [answer]
        queue_lateness(day.factory, at(10, minutes))
        day.tell(at(10, minutes))
        with day.factory.begin() as session:
            stop = next(s for r in find_published(session, MONDAY).routes for s in r.stops if s.job.number == "J2")
            stop.planned_end_at += timedelta(hours=1)
    assert late_notices(day) == [("SMS", "given_up"), ("SMS", "sent")]
    day.texts()
    with day.factory.begin() as session:
        given_up = session.scalars(select(Notice.id).where(Notice.status == "given_up")).one()
        send_again(session, given_up, at(10, 11), user_of(session, "d", "dispatcher").id)
    day.tell(at(10, 11))
    assert (day.texts(), late_notices(day)[0]) == ([], ("SMS", "dropped"))
