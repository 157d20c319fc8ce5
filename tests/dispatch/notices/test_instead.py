"""Whose e-mail address takes nothing is told by SMS what they would have read there."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from dispatch.events import list_events_of
from dispatch.models import Customer, Notice
from dispatch.notices.office import get_office_page
from dispatch.notices.wishes import change_wish
from tests.dispatch.notices.conftest import EVENING, SETTLED, shift, silence
from tests.dispatch.notices.test_telephone_alone import FIRST_TIME, lines, switch_off
from tests.dispatch.town import at, job_named, plan, report

NO_SUCH_USER = "550 5.1.1 No such user"
LATER = SETTLED + timedelta(seconds=1)


@pytest.fixture
def dead(town):
    """J1's customer has an address that nobody has, and a telephone; J2's cannot be reached."""
    silence(town, "J2")
    town.mailbox.answers["RCPT"] = NO_SUCH_USER
    return town


def tell_all(town):
    plan(town.factory, now=EVENING)
    for now in (EVENING, SETTLED, LATER, LATER + timedelta(minutes=1)):
        town.tell(now)


def test_they_hear_of_their_first_time_by_sms_once_and_the_history_says_so(dead):
    tell_all(dead)
    assert lines(dead) == [FIRST_TIME]
    assert dead.notices() == [("confirmed", "e-mail", "given_up"), ("confirmed", "SMS", "sent")]
    with dead.factory() as session:
        [line] = get_office_page(session, LATER).given_up.rows
        events = list_events_of(session, job_named(session, "J1"))
        told = [(one.kind, one.after["channel"]) for one in events if one.kind.startswith("customer")]
    assert line.fault.endswith("550 5.1.1 No such user. It goes by SMS instead.")
    assert told == [("customer not reached", "e-mail"), ("customer told", "SMS")]


def test_what_went_by_sms_is_no_news_when_the_plan_is_published_again(dead):
    tell_all(dead)
    shift(dead, "J1", 0)
    for now in (at(6), at(7), at(7, 30)):
        dead.tell(now)
    assert (len(lines(dead)), len(dead.notices())) == (1, 2)


def test_also_an_address_that_is_none_is_told_by_sms(town):
    silence(town, "J2")
    with town.factory.begin() as session:
        session.get(Customer, job_named(session, "J1").customer_id).email = "ana@"
    tell_all(town)
    assert lines(town) == [FIRST_TIME]


def test_what_goes_by_sms_anyway_goes_once(dead):
    plan(dead.factory, now=EVENING)
    report(dead.factory, "J1", "on_site", at(8))
    report(dead.factory, "J1", "no_access", at(8, 20))
    for second in (0, 1, 2):
        dead.tell(at(8, 20) + timedelta(seconds=second))
    assert dead.notices() == [("missed", "e-mail", "given_up"), ("missed", "SMS", "sent")]
    assert len(lines(dead)) == 1


def wants_no_sms(town):
    with town.factory.begin() as session:
        customer_id = job_named(session, "J1").customer_id
        change_wish(session, customer_id, None, EVENING, None, language="en", no_email=False, no_sms=True)


def has_no_telephone(town):
    with town.factory.begin() as session:
        session.get(Customer, job_named(session, "J1").customer_id).phone = None


def is_switched_off(town):
    switch_off(town, "confirmed")


@pytest.mark.parametrize("why_not", [wants_no_sms, has_no_telephone, is_switched_off])
def test_nobody_gets_an_sms_whom_none_is_to_be_sent(dead, why_not):
    why_not(dead)
    tell_all(dead)
    assert (lines(dead), dead.notices()) == ([], [("confirmed", "e-mail", "given_up")])
    with dead.factory() as session:
        assert session.scalars(select(Notice)).one().fault.endswith(NO_SUCH_USER)
