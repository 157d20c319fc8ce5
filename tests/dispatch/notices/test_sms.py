"""A gateway for SMS says whether another try is of use, and whether anything of ours is taken at all."""

import base64
from datetime import timedelta

import pytest

from dispatch.notices.office import get_office_page
from tests.dispatch.notices.conftest import SECRET
from tests.dispatch.town import at, report


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
