"""Customers with a telephone and no e-mail are told all that concerns their time, as others are by e-mail."""

import pytest

from dispatch.jobs.appointments import promise
from dispatch.jobs.moving import change_status
from dispatch.models import Customer
from dispatch.notices.lateness import queue_lateness
from dispatch.notices.queueing import queue_reminders
from dispatch.notices.texts import Words, change_words
from dispatch.notices.wishes import change_wish
from tests.dispatch.notices.conftest import EVENING, SETTLED, shift, silence
from tests.dispatch.notices.test_queueing import EARLY, REMIND_AT
from tests.dispatch.town import at, job_named, plan, report, user_of

FIRST_TIME = "We come on Monday 23 November between 08:30 and 10:45: Work J1."


@pytest.fixture
def by_telephone(town):
    """J1's customer has a telephone alone; J2's cannot be reached."""
    silence(town, "J2")
    with town.factory.begin() as session:
        session.get(Customer, job_named(session, "J1").customer_id).email = None
    return town


@pytest.fixture
def told_by_sms(by_telephone):
    """Planned on the evening before, and told."""
    plan(by_telephone.factory, now=EVENING)
    by_telephone.tell(EVENING)
    by_telephone.tell(SETTLED)
    return by_telephone


def lines(town):
    """Each SMS without its link."""
    return [text.split("\n")[0] for text in town.texts()]


def switch_off(town, *kinds):
    """The SMS of these kinds, by people."""
    with town.factory.begin() as session:
        by = user_of(session, "a", "admin").id
        for kind in kinds:
            change_words(session, kind, "SMS", "en", 0, Words("", "Never sent", False), EVENING, by)


def test_they_hear_of_their_first_time_by_sms(told_by_sms):
    """It is the only way in which they can."""
    assert lines(told_by_sms) == [FIRST_TIME]


def test_they_hear_of_another_time(told_by_sms):
    """Somebody fell ill, and it is the afternoon."""
    told_by_sms.texts()
    shift(told_by_sms, "J1", 300)
    told_by_sms.tell(SETTLED)
    told_by_sms.tell(at(8))
    assert lines(told_by_sms)[0].startswith("Your visit has a new time: Monday 23 November between 13:30 and 15:45")


def test_they_hear_of_a_delay(told_by_sms):
    """Before they notice."""
    told_by_sms.texts()
    report(told_by_sms.factory, "J2", "on_site", at(8, 5))
    assert queue_lateness(told_by_sms.factory, at(10, 50)).startswith("Queued 1 message(s)")
    told_by_sms.tell(at(10, 50))
    assert lines(told_by_sms)[0].startswith("We are running late")


def test_they_hear_that_nobody_comes_after_all(told_by_sms):
    """They count on a time."""
    told_by_sms.texts()
    with told_by_sms.factory.begin() as session:
        by = user_of(session, "d", "dispatcher")
        change_status(session, job_named(session, "J1").id, "cancelled", by, at(8), "Not wanted.")
    told_by_sms.tell(at(8))
    assert lines(told_by_sms) == ["Your visit is cancelled: Work J1."]


def test_how_it_went_is_asked_by_sms_only_where_people_say_so(told_by_sms):
    """Nobody waits in vain without that."""
    told_by_sms.texts()
    report(told_by_sms.factory, "J1", "on_site", at(8, 5))
    report(told_by_sms.factory, "J1", "done", at(9))
    told_by_sms.tell(at(9))
    assert told_by_sms.texts() == []


def promise_early(town):
    """Days ago, from two to four on Monday."""
    with town.factory.begin() as session:
        promise(session, job_named(session, "J1"), at(14), at(16), EARLY, user_of(session, "d", "dispatcher"))
    town.tell(EARLY)
    town.tell(EARLY.replace(minute=10))


def test_they_are_told_of_a_promise_and_reminded_of_it(by_telephone):
    """By default at four, when nothing is planned yet."""
    promise_early(by_telephone)
    assert lines(by_telephone) == ["We come on Monday 23 November between 14:00 and 16:00: Work J1."]
    queue_reminders(by_telephone.factory, REMIND_AT)
    by_telephone.tell(REMIND_AT)
    assert lines(by_telephone)[0].startswith("A reminder: we come on Monday 23 November between 14:00 and 16:00")


def test_whoever_wants_no_e_mail_has_a_telephone_alone(town):
    """Though there is an address."""
    silence(town, "J2")
    with town.factory.begin() as session:
        customer_id = job_named(session, "J1").customer_id
        change_wish(session, customer_id, None, EVENING, None, language="en", no_email=True, no_sms=False)
    plan(town.factory, now=EVENING)
    town.tell(EVENING)
    town.tell(SETTLED)
    assert (town.mails(), lines(town)) == ([], [FIRST_TIME])


def test_an_address_that_is_entered_while_the_message_waits_keeps_it_from_nothing(by_telephone):
    """It was queued for the telephone, and nothing else was."""
    plan(by_telephone.factory, now=EVENING)
    by_telephone.tell(EVENING)
    with by_telephone.factory.begin() as session:
        session.get(Customer, job_named(session, "J1").customer_id).email = "ana@example.org"
    by_telephone.tell(SETTLED)
    assert (by_telephone.mails(), lines(by_telephone)) == ([], [FIRST_TIME])


def test_what_people_switched_off_is_sent_nobody(by_telephone):
    """Also where it waits already."""
    plan(by_telephone.factory, now=EVENING)
    by_telephone.tell(EVENING)
    switch_off(by_telephone, "confirmed")
    by_telephone.tell(SETTLED)
    assert (by_telephone.texts(), by_telephone.notices()) == ([], [("confirmed", "SMS", "dropped")])


def test_where_first_times_are_switched_off_the_reminder_is_the_first_that_customers_hear(by_telephone):
    """Whoever waits for a time is told it at all."""
    switch_off(by_telephone, "confirmed")
    promise_early(by_telephone)
    assert by_telephone.texts() == []
    assert queue_reminders(by_telephone.factory, REMIND_AT).startswith("Queued 1 reminder(s)")
    by_telephone.tell(REMIND_AT)
    assert lines(by_telephone)[0].startswith("A reminder: we come on Monday 23 November between 14:00 and 16:00")


def test_whoever_has_an_e_mail_address_too_hears_of_first_times_there(town):
    """Once."""
    plan(town.factory, now=EVENING)
    town.tell(EVENING)
    town.tell(SETTLED)
    assert (len(town.mails()), town.texts()) == (2, [])
