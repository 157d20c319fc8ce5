"""A gateway for SMS says whether another try is of use, and whether anything of ours is taken at all."""

import base64
from datetime import timedelta

import pytest
from sqlalchemy import select

from dispatch.models import Notice
from dispatch.notices.office import get_office_page
from tests.dispatch.notices.conftest import EVENING, SECRET
from tests.dispatch.town import MONDAY, at, job_named, plan, report

TUESDAY = MONDAY + timedelta(days=1)


@pytest.mark.parametrize(("answers", "status"), [([400], "given_up"), ([503], "waiting"), ([429, 202], "waiting")])
def test_the_gateway_decides_whether_another_try_is_of_use(told, answers, status):
    """What it refuses is not sent again; the message is signed, so that it can check who asks."""
    told.gateway.answers = list(answers)
    report(told.factory, "J1", "en_route", at(8))
    told.tell(at(8))
    assert told.notices()[-1] == ("on_the_way", "SMS", status)
    message = told.gateway.messages[0]
    assert message.json["to"].startswith("+569000")
    assert message.is_signed_with("whsec_" + base64.b64encode(SECRET.encode()).decode())


@pytest.mark.parametrize("answer", [401, 402, 403, 407, None])
def test_a_gateway_that_takes_nothing_from_us_gives_up_nothing_and_is_told_once(told, caplog, answer):
    """A secret that has been changed there, an account without money, no answer at all; e-mails go out as ever."""
    told.gateway.answers = [answer]
    report(told.factory, "J1", "en_route", at(8))
    report(told.factory, "J1", "no_access", at(8, 20))
    now = at(8, 20)
    for _ in range(12):
        for second in (0, 1, 59):
            told.tell(now + timedelta(seconds=second))
        now += timedelta(minutes=5)
    assert told.notices()[1:] == [("missed", "e-mail", "sent"), ("missed", "SMS", "waiting")]
    assert len(told.gateway.messages) == 12, "one try in five minutes"
    with told.factory() as session:
        page = get_office_page(session, now)
    assert (page.sms_trouble.since, page.sms_trouble.waiting, page.mail_trouble) == ("2026-11-23 08:20", 1, None)
    assert f"answered {answer}" in page.sms_trouble.fault or (answer is None and "No answer" in page.sms_trouble.fault)
    assert "SMS_SECRET" in page.sms_trouble.mend
    assert caplog.text.count("No SMS goes out") == 1
    told.gateway.answers = [202]
    told.tell(now)
    assert told.notices()[-1] == ("missed", "SMS", "sent")
    with told.factory() as session:
        assert get_office_page(session, now).sms_trouble is None


@pytest.fixture
def two_closed_doors(town):
    """Nobody let us in at J1, nor at J2 a little later: two SMS in this order."""
    plan(town.factory, now=EVENING)
    report(town.factory, "J1", "on_site", at(8))
    report(town.factory, "J1", "no_access", at(8, 20))
    report(town.factory, "J2", "on_site", at(8, 21))
    report(town.factory, "J2", "no_access", at(8, 22))
    return town


def refuse_first(town, status):
    """The gateway refuses J1's customer alone."""
    with town.factory() as session:
        phone = job_named(session, "J1").customer.phone
    town.gateway.answers_to = {"".join(phone.split()): status}


def of_sms(town):
    with town.factory() as session:
        rows = session.scalars(
            select(Notice).where(Notice.channel == "SMS", Notice.kind == "missed").order_by(Notice.id)
        )
        return [(row.status, row.fault) for row in rows]


def test_a_403_about_one_recipient_is_given_up_once_the_gateway_has_taken_others(two_closed_doors):
    """Until then it may be about our account, and is told as that; nobody is asked to mend what is not broken."""
    town = two_closed_doors
    refuse_first(town, 403)
    town.tell(at(8, 22))
    with town.factory() as session:
        assert get_office_page(session, at(8, 22)).sms_trouble is not None
    tried, now = 0, at(8, 22)
    while now < at(12):
        now += timedelta(minutes=1)
        tried += town.tell(now)
        with town.factory() as session:
            assert get_office_page(session, now).sms_trouble is None
    (status, fault), (other, _) = of_sms(town)
    assert (status, other) == ("given_up", "sent")
    assert "answered 403" in fault
    assert fault.endswith("It takes messages to others: check the number, and what our account there may send.")
    assert tried == 1 + 4, "of the other, and four more of this one, less and less often"


def tell_until(town, now, end_at):
    """The scheduler looks once an hour; how often the gateway was asked in the end."""
    while now < end_at:
        town.tell(now)
        now += timedelta(hours=1)
    return len(town.gateway.messages)


def test_a_403_where_no_other_message_is_taken_is_given_up_after_a_day(two_closed_doors):
    """Until then it may be about our account; the office is told either way, and may send it again."""
    town = two_closed_doors
    with town.factory.begin() as session:
        other = job_named(session, "J2").customer
        other.phone = None
    refuse_first(town, 403)
    tried = tell_until(town, at(8, 30), at(8, 30, on=TUESDAY))
    assert [status for status, _ in of_sms(town)] == ["waiting"]
    assert tell_until(town, at(8, 30, on=TUESDAY), at(12, on=TUESDAY)) == tried + 1
    [(status, fault)] = of_sms(town)
    assert status == "given_up"
    assert "answered 403" in fault
    assert fault.endswith("It has been answered so for a day: check the number, and what our account there may send.")


def test_a_day_of_403_counts_from_the_last_other_answer_on(two_closed_doors):
    """An account that was closed and is open again has shown nothing about a recipient."""
    town = two_closed_doors
    town.gateway.answers = [401]
    tell_until(town, at(8, 30), at(18))
    town.gateway.answers = [403]
    tell_until(town, at(18), at(18, on=TUESDAY))
    assert [status for status, _ in of_sms(town)] == ["waiting", "waiting"]
    tell_until(town, at(18, on=TUESDAY), at(20, on=TUESDAY))
    assert [status for status, _ in of_sms(town)] == ["given_up", "given_up"]


def test_a_401_waits_also_where_the_gateway_takes_others_meanwhile(two_closed_doors):
    town, now = two_closed_doors, at(8, 22)
    refuse_first(town, 401)
    while now < at(9, 30):
        town.tell(now)
        now += timedelta(minutes=1)
    assert [status for status, _ in of_sms(town)] == ["waiting", "sent"]
