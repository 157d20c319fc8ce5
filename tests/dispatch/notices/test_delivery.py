"""Nothing is lost and nothing is told twice: tries, refusals, processes that die, and several at once."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from dispatch.events import record_event
from dispatch.mail import MailServer
from dispatch.models import Customer, Event, Notice, StoredSetting
from dispatch.notices import delivery
from dispatch.notices.delivery import AGAIN_AFTER, deliver_notices
from dispatch.notices.links import make_token
from dispatch.notices.office import get_office_page, send_again
from dispatch.notices.queueing import TOLD_SEQ, queue_from_events
from tests.dispatch.notices.conftest import EVENING, SETTLED, SUNDAY, shift, silence
from tests.dispatch.town import at, job_named, plan, report, user_of


def test_what_fails_is_tried_again_and_given_up_visibly(told):
    """Less and less often; "Send again" begins anew. The mail server is told the same id each time."""
    told.mailbox.refuses = True
    report(told.factory, "J1", "en_route", at(8))
    report(told.factory, "J1", "on_site", at(8, 5))
    report(told.factory, "J1", "done", at(9))
    now = at(9)
    told.tell(now)
    for wait in AGAIN_AFTER:
        assert told.tell(now + wait - timedelta(seconds=1)) == 0
        now += wait
        assert told.tell(now) == 1
    assert told.notices()[-1] == ("done", "e-mail", "given_up")
    with told.factory.begin() as session:
        [line] = get_office_page(session, now).given_up.rows
        assert "451" in line.fault
        send_again(session, line.id, now, user_of(session, "d", "dispatcher").id)
    told.mailbox.refuses = False
    told.tell(now)
    assert [str(one["Message-ID"]) for one in told.mailbox.messages] == [f"<notice-{line.id}@example.org>"]
    with told.factory() as session:
        kinds = session.scalars(select(Event.kind).order_by(Event.seq)).all()
    assert kinds[-3:] == ["customer not reached", "notice sent again", "customer told"]


@pytest.mark.parametrize(("dead", "works"), [("SMS", "e-mail"), ("e-mail", "SMS")])
def test_a_channel_on_which_nobody_answers_does_not_hold_up_the_other(told, monkeypatch, dead, works):
    """However much waits there, and for how long."""
    monkeypatch.setattr(delivery, "AT_ONCE", 1)
    address = "http://127.0.0.1:9" if dead == "SMS" else MailServer.from_url("smtp://127.0.0.1:9", "a@example.org")
    name = "sms_url" if dead == "SMS" else "mail_server"
    told.factory.settings = replace(told.factory.settings, **{name: address})
    report(told.factory, "J1", "en_route", at(8))
    queue_from_events(told.factory, at(8))
    with told.factory.begin() as session:
        session.execute(update(Notice).where(Notice.channel == dead, Notice.status == "waiting").values(next_at=at(7)))
    told.tell(at(8))
    assert sorted(told.notices()[1:]) == sorted([("on_the_way", works, "sent"), ("on_the_way", dead, "waiting")])


WRONG_PASSWORD = "535 5.7.8 Authentication credentials invalid"


def sign_in_with_a_password(town):
    server = replace(town.factory.settings.mail_server, user="me", password="secret")
    town.factory.settings = replace(town.factory.settings, mail_server=server)


def test_a_wrong_password_gives_up_nothing_and_is_told_once(town, caplog):
    """However long it is wrong; what waits goes out once it is mended, also what fails for its own sake at first."""
    sign_in_with_a_password(town)
    town.mailbox.answers["AUTH"] = WRONG_PASSWORD
    plan(town.factory, now=EVENING)
    town.tell(EVENING)
    now, tries = SETTLED, []
    for _ in range(12):
        tries.append(sum(town.tell(now + timedelta(seconds=second)) for second in (0, 1, 59)))
        now += timedelta(minutes=1)
    assert max(tries) == 1, "a password that is sent again and again locks accounts"
    assert [status for _, _, status in town.notices()] == ["waiting"] * 2
    with town.factory() as session:
        trouble = get_office_page(session, now).mail_trouble
        assert get_office_page(session, now).given_up.total == 0
    assert (WRONG_PASSWORD in trouble.fault, "SMTP_URL" in trouble.mend) == (True, True)
    assert (trouble.since, trouble.waiting) == (f"{SUNDAY} 18:10", 2)
    assert caplog.text.count("No e-mail goes out") == 1
    town.mailbox.answers.clear()
    town.mailbox.refuses = True
    for minute in range(3):
        town.tell(now + timedelta(minutes=minute))
    assert [status for _, _, status in town.notices()] == ["waiting"] * 2
    town.mailbox.refuses = False
    town.tell(now + timedelta(minutes=35))
    assert [status for _, _, status in town.notices()] == ["sent"] * 2
    with town.factory() as session:
        assert get_office_page(session, now).mail_trouble is None


def test_a_message_on_which_the_server_closes_keeps_no_other_from_being_sent(town):
    """What waits beside it is tried first, after a minute."""
    plan(town.factory, now=EVENING)
    town.tell(EVENING)
    town.mailbox.answers["RCPT"] = "421 4.7.0 Closing"
    assert town.tell(SETTLED) == 1
    town.mailbox.answers.clear()
    assert town.tell(SETTLED + timedelta(seconds=30)) == 0
    town.tell(SETTLED + timedelta(minutes=1))
    assert [message["To"] for message in town.mailbox.messages] == ["2@example.org", "1@example.org"]


def by_mail(town):
    """The statuses of the e-mails; what is given up goes by SMS instead."""
    return [status for _, channel, status in town.notices() if channel == "e-mail"]


def test_a_recipient_who_is_refused_is_given_up_and_the_others_are_told(town):
    """There is nothing wrong with the server, and nobody is told that there is."""
    plan(town.factory, now=EVENING)
    town.tell(EVENING)
    town.mailbox.answers["RCPT"] = "550 5.1.1 No such user"
    town.tell(SETTLED)
    assert by_mail(town) == ["given_up"] * 2
    with town.factory() as session:
        assert get_office_page(session, SETTLED).mail_trouble is None


def test_several_processes_tell_everybody_once(town):
    """Four at the same moment, as if each thought that it leads."""
    plan(town.factory, now=EVENING)
    for now in (EVENING, SETTLED):
        barrier = threading.Barrier(4)

        def run(now=now, barrier=barrier):
            barrier.wait()
            deliver_notices(town.factory, lambda: now)

        threads = [threading.Thread(target=run) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(town.mails()) == 2
    assert town.notices() == [("confirmed", "e-mail", "sent")] * 2


def test_a_process_that_dies_between_two_steps_loses_nothing(told, monkeypatch):
    """Killed after the claim and before the sending: it is sent at the next try."""
    report(told.factory, "J1", "en_route", at(8))

    def die(*_arguments):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("dispatch.notices.delivery.send_mail", die)
        with pytest.raises(KeyboardInterrupt):
            told.tell(at(8))
    told.tell(at(8, 1))
    assert [subject for subject, _ in told.mails()] == ["Technician is on the way"]


def test_a_title_of_two_lines_is_told_in_one(told):
    """Somebody pressed Alt and Enter in a cell of the file."""
    with told.factory.begin() as session:
        job_named(session, "J1").title = "Boiler\nand pump"
    for status in ("en_route", "on_site", "done"):
        report(told.factory, "J1", status, at(8))
    told.tell(at(8))
    assert [subject for subject, _ in told.mails()] == ["The work is done: Boiler and pump"]


@pytest.mark.parametrize("email", ["ana@", '"', "a@["])
def test_an_address_that_is_none_is_given_up_and_stops_nobody_else(town, email):
    """The office reads which one it is; another try would be of no use."""
    with town.factory.begin() as session:
        session.get(Customer, job_named(session, "J1").customer_id).email = email
    plan(town.factory, now=EVENING)
    for now in (EVENING, SETTLED):
        town.tell(now)
    assert [message["To"] for message in town.mailbox.messages] == ["2@example.org"]
    assert by_mail(town) == ["given_up", "sent"]
    with town.factory() as session:
        [line] = get_office_page(session, SETTLED).given_up.rows
    assert f"No e-mail can be written to {email!r}; correct the address" in line.fault


@pytest.mark.parametrize("step", ["write", "send_mail"])
def test_a_fault_that_nobody_foresaw_ends_one_notice_and_no_other(town, monkeypatch, caplog, step):
    """The office sees it, and the log says where it was."""
    calls = []

    def break_once(*arguments):
        calls.append(arguments)
        return 1 / (len(calls) - 1) and works(*arguments)

    plan(town.factory, now=EVENING)
    town.tell(EVENING)
    works = getattr(delivery, step)
    monkeypatch.setattr(delivery, step, break_once)
    town.tell(SETTLED)
    assert by_mail(town) == ["given_up", "sent"]
    with town.factory() as session:
        [line] = get_office_page(session, SETTLED).given_up.rows
        assert session.scalars(select(Event.kind).order_by(Event.seq)).all()[-2:] == [
            "customer not reached", "customer told",
        ]  # fmt: skip
    assert line.fault.startswith("Unexpected fault (ZeroDivisionError")
    assert f"notice {line.id} is given up" in caplog.text
    assert "break_once" in caplog.text


def test_where_the_database_does_not_answer_nothing_is_given_up(told, monkeypatch):
    """Whoever leads ends and is started again: what waits is told then."""
    report(told.factory, "J1", "en_route", at(8))

    def find_it_gone(*_arguments):
        raise OperationalError("SELECT", {}, Exception("the server closed the connection"))

    with monkeypatch.context() as patch:
        patch.setattr(delivery, "send_mail", find_it_gone)
        with pytest.raises(OperationalError):
            told.tell(at(8))
    told.tell(at(8, 1))
    assert [subject for subject, _ in told.mails()] == ["Technician is on the way"]


@pytest.mark.both_databases
def test_queueing_goes_on_where_it_stood_on_either_database(session_factory):
    """Nothing is told of what happened before the program knew notices; the place is stored with what was queued."""
    assert queue_from_events(session_factory, EVENING) == 0
    with session_factory() as session:
        assert session.get(StoredSetting, TOLD_SEQ).value == "0"
    with session_factory.begin() as session:
        record_event(session, "anything", EVENING, None)
    queue_from_events(session_factory, EVENING)
    with session_factory() as session:
        assert session.get(StoredSetting, TOLD_SEQ).value == "1"


def test_addresses_of_visits_are_short_and_nobody_can_make_one_up():
    """24 characters, another for each job and secret."""
    token = make_token("secret", 7, EVENING)
    assert len(token) == 24
    assert len({token, make_token("secret", 8, EVENING), make_token("other", 7, EVENING)}) == 3


@pytest.fixture
def waiting(town):
    """J1's customer is to be told a first time, and the mail server takes nothing until the next morning."""
    silence(town, "J2")

    def wait(minutes_before, minutes_after):
        plan(town.factory, now=EVENING)
        shift(town, "J1", minutes_before)
        town.tell(EVENING)
        town.mailbox.refuses = True
        town.tell(SETTLED)
        assert town.notices() == [("confirmed", "e-mail", "waiting")]
        shift(town, "J1", minutes_after)
        town.mailbox.refuses = False
        return town

    return wait


def test_a_time_that_has_passed_while_its_message_waited_is_told_nobody(waiting):
    """Planned for the afternoon when it was queued, and for nine o'clock since; the office reads why it is not sent."""
    town = waiting(300, -300)
    town.tell(at(10, 45))
    assert (town.mails(), town.notices()) == ([], [("confirmed", "e-mail", "dropped")])
    with town.factory() as session:
        [line] = get_office_page(session, at(10, 45)).newest.rows
    assert (line.status, line.fault) == ("dropped", "The time that it would have told has passed.")


def test_a_time_that_is_still_to_come_is_told_however_long_its_message_waited(waiting):
    """Planned for nine o'clock when it was queued, and for the afternoon since."""
    town = waiting(0, 300)
    town.tell(at(11))
    [(_, text)] = town.mails()
    assert "between 13:30 and 15:45" in text
