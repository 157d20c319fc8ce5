"""What customers are told, when, how often, and what becomes of messages that cannot be sent."""

import base64
import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from dispatch.appointments import promise
from dispatch.events import record_event
from dispatch.jobs import change_status
from dispatch.models import Customer, Event, Notice, StoredSetting
from dispatch.notices.delivery import AGAIN_AFTER, deliver_notices
from dispatch.notices.links import make_token
from dispatch.notices.office import get_office_page, send_again
from dispatch.notices.queueing import TOLD_SEQ, queue_from_events, queue_reminders
from dispatch.notices.texts import Words, change_words
from dispatch.notices.wishes import change_wish
from dispatch.planning.facts import find_published
from dispatch.planning.publish import publish_draft
from tests.dispatch.notices.conftest import SECRET
from tests.dispatch.town import MONDAY, Grid, at, job_named, plan, report, stops_of, user_of

SUNDAY = MONDAY - timedelta(days=1)
EVENING = at(18, on=SUNDAY)
SETTLED = EVENING + timedelta(minutes=10)


def shift(town, number, minutes):
    """The published stop of a job begins so much later, and its plan is published again as it then is."""
    with town.factory.begin() as session:
        published = find_published(session, MONDAY)
        for route in published.routes:
            for stop in route.stops:
                if stop.job.number == number:
                    for name in ("planned_arrive_at", "planned_start_at", "planned_end_at"):
                        setattr(stop, name, getattr(stop, name) + timedelta(minutes=minutes))
        record_event(session, "plan published", EVENING, None, published, after={})


def silence(town, number):
    """That customer has no e-mail and no telephone."""
    with town.factory.begin() as session:
        session.get(Customer, job_named(session, number).customer_id).email = None
        session.get(Customer, job_named(session, number).customer_id).phone = None


@pytest.fixture
def told(town):
    """J1's customer was told on the evening before; J2's cannot be reached."""
    silence(town, "J2")
    plan(town.factory, now=EVENING)
    town.tell(EVENING)
    town.tell(SETTLED)
    town.mails()
    return town


def test_a_published_plan_is_told_once_with_a_window_that_holds(town):
    """Not at once, since plans follow each other; two hours about the planned start, and the page of the visit."""
    plan(town.factory, now=EVENING)
    town.tell(EVENING)
    assert town.mails() == []
    for _ in range(3):
        town.tell(SETTLED)
    first, _second = mails = town.mails()
    assert len(mails) == 2
    assert stops_of(town.factory)["J1"][1].planned_start_at == at(9, 1) + timedelta(seconds=40)
    assert first[0] == "Your visit on Monday 23 November"
    assert "We come on Monday 23 November between 08:30 and 10:45: Work J1." in first[1]
    assert "https://plan.example.org/c/" in first[1]
    assert town.texts() == [], "a first time is no reason for an SMS, unless people say so"


def test_a_draft_is_told_nobody(town):
    """Only when it is published."""
    draft = plan(town.factory, now=EVENING, as_draft=True)
    town.tell(EVENING)
    town.tell(SETTLED)
    assert town.notices() == []
    with town.factory.begin() as session:
        by = user_of(session, "d", "dispatcher").id
    publish_draft(town.factory, draft.id, draft.revision, by, EVENING, travel_source=Grid())
    town.tell(EVENING)
    assert [kind for kind, _, _ in town.notices()] == ["confirmed", "confirmed"]


def test_a_plan_that_keeps_moving_is_told_once_and_as_it_is_then(told):
    """Five versions within ten minutes, and one message; a move inside the window told is none at all."""
    shift(told, "J1", 30)
    told.tell(SETTLED)
    assert told.notices()[1:] == []
    for _ in range(5):
        shift(told, "J1", 60)
        told.tell(SETTLED)
    told.tell(SETTLED + timedelta(minutes=10))
    [(subject, text)] = told.mails()
    assert subject == "New time for your visit: Monday 23 November"
    assert "between 14:00 and 16:15" in text
    [sms] = told.texts()
    assert sms.startswith("Your visit has a new time: Monday 23 November between 14:00 and 16:15 (Work J1).\nhttps://")


def test_a_plan_that_moves_and_comes_back_is_told_nobody(told):
    """What waited is dropped, and says why."""
    shift(told, "J1", 300)
    told.tell(SETTLED)
    shift(told, "J1", -300)
    told.tell(SETTLED + timedelta(minutes=10))
    assert told.mails() == []
    assert told.notices()[1:] == [("moved", "e-mail", "dropped"), ("moved", "SMS", "dropped")]


def test_nobody_is_told_more_than_three_times_a_day_about_times(told):
    """The fourth is dropped, and the office reads to call them."""
    now = SETTLED
    for minutes in (200, 200, -200):
        now += timedelta(minutes=11)
        shift(told, "J1", minutes)
        told.tell(now)
        now += timedelta(minutes=10)
        told.tell(now)
    assert len(told.mails()) == 2
    assert told.notices()[-2:] == [("moved", "e-mail", "dropped"), ("moved", "SMS", "sent")]
    with told.factory() as session:
        newest = get_office_page(session, now).newest
    assert any("call them" in one.fault for one in newest)


def test_a_promise_is_what_is_told(town):
    """Made in the office: its own window; moved: the new one, though the plan lies in both."""
    with town.factory.begin() as session:
        by = user_of(session, "d", "dispatcher")
        promise(session, job_named(session, "J1"), at(9), at(12), EVENING, by)
    town.tell(EVENING)
    town.tell(SETTLED)
    assert "between 09:00 and 12:00" in town.mails()[0][1]
    with town.factory.begin() as session:
        promise(session, job_named(session, "J1"), at(10), at(13), SETTLED, by, reason="They asked.")
    town.tell(SETTLED)
    town.tell(SETTLED + timedelta(minutes=10))
    [(subject, text)] = town.mails()
    assert subject.startswith("New time")
    assert "between 10:00 and 13:00" in text


def test_the_day_before_customers_are_reminded_unless_they_have_just_been_told(told):
    """Once, however often the task runs."""
    assert queue_reminders(told.factory, SETTLED) == "Queued 2 reminder(s) of 2026-11-23"
    told.tell(SETTLED)
    assert told.mails() == [], "told ten minutes ago"
    assert told.texts()[0].startswith("A reminder: we come on Monday 23 November"), "but not by SMS"
    assert queue_reminders(told.factory, SETTLED).startswith("Queued 0")


def test_the_way_the_end_and_the_question_are_told_as_they_happen(told):
    """With an arrival that can be kept: the drive of 100 s, with five minutes before and ten after, rounded."""
    report(told.factory, "J1", "en_route", at(8))
    told.tell(at(8))
    [(subject, text)] = told.mails()
    assert subject == "Technician is on the way"
    assert "arrives between 07:55 and 08:10" in text
    assert len(told.texts()) == 1
    report(told.factory, "J1", "on_site", at(8, 5))
    report(told.factory, "J1", "done", at(9))
    told.tell(at(9))
    [(subject, text)] = told.mails()
    assert subject == "The work is done: Work J1"
    assert "How did it go?" in text


def test_a_closed_door_and_a_cancellation_are_told(town):
    """The one who was told of a visit hears that there is none; whoever knew nothing hears nothing."""
    plan(town.factory, now=EVENING)
    town.tell(EVENING)
    with town.factory.begin() as session:
        change_status(session, job_named(session, "J2").id, "cancelled", user_of(session, "d", "dispatcher"), EVENING,
                      "Not wanted.")  # fmt: skip
    town.tell(SETTLED)
    assert [subject for subject, _ in town.mails()] == ["Your visit on Monday 23 November"]
    report(town.factory, "J1", "en_route", at(8))
    report(town.factory, "J1", "no_access", at(8, 20))
    town.tell(at(8, 20))
    assert [subject for subject, _ in town.mails()] == ["We could not get in"], "and not that somebody is on the way"
    with town.factory.begin() as session:
        change_status(session, job_named(session, "J1").id, "cancelled", user_of(session, "d", "dispatcher"), at(9),
                      "Not wanted.")  # fmt: skip
    town.tell(at(9))
    assert [subject for subject, _ in town.mails()] == ["Your visit is cancelled"]


def test_nobody_is_told_anything_at_night(town):
    """What can wait comes in the morning; what is of no use by then is dropped, and says so."""
    night = at(22, on=SUNDAY)
    plan(town.factory, now=night)
    town.tell(night)
    town.tell(at(7, 59))
    assert town.mails() == []
    town.tell(at(8))
    assert len(town.mails()) == 2
    report(town.factory, "J1", "en_route", at(23))
    town.tell(at(23))
    assert town.notices()[-1] == ("on_the_way", "SMS", "dropped")
    with town.factory() as session:
        assert "quiet hours" in session.scalars(select(Notice).order_by(Notice.id.desc())).first().fault


def test_whoever_wants_no_messages_gets_none_and_whoever_speaks_spanish_reads_spanish(town):
    """By channel; also what was queued before they said so."""
    plan(town.factory, now=EVENING)
    town.tell(EVENING)
    with town.factory.begin() as session:
        spanish, silent = {"language": "es", "no_email": False}, {"language": "en", "no_email": True}
        for number, wishes in (("J1", spanish), ("J2", silent)):
            customer_id = job_named(session, number).customer_id
            change_wish(session, customer_id, 0, EVENING, None, no_sms=True, **wishes)
    town.tell(SETTLED)
    [(subject, text)] = town.mails()
    assert subject == "Su visita del lunes 23 de noviembre"
    assert "entre las 08:30 y las 10:45" in text
    assert town.notices()[-1] == ("confirmed", "e-mail", "dropped")


def test_people_change_the_words_and_switch_a_kind_off(town):
    """A line whose field holds nothing is left out."""
    with town.factory.begin() as session:
        by = user_of(session, "a", "admin").id
        words = Words("{company}We come", "See you {date}.\nYour company {company}\n{link}", True)
        change_words(session, "confirmed", "e-mail", "en", 0, words, EVENING, by)
        change_words(session, "on_the_way", "SMS", "en", 0, Words("", "x", False), EVENING, by)
    plan(town.factory, now=EVENING)
    town.tell(EVENING)
    town.tell(SETTLED)
    assert all(text.startswith("See you Monday 23 November.\nhttps://") for _, text in town.mails())
    report(town.factory, "J1", "en_route", at(8))
    town.tell(at(8))
    assert town.texts() == []


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
        [line] = get_office_page(session, now).given_up
        assert "451" in line.fault
        send_again(session, line.id, now, user_of(session, "d", "dispatcher").id)
    told.mailbox.refuses = False
    told.tell(now)
    assert [str(one["Message-ID"]) for one in told.mailbox.messages] == [f"<notice-{line.id}@example.org>"]
    with told.factory() as session:
        kinds = session.scalars(select(Event.kind).order_by(Event.seq)).all()
    assert kinds[-3:] == ["customer not reached", "notice sent again", "customer told"]


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


def test_queueing_goes_on_where_it_stood_on_either_database(either_database):
    """Nothing is told of what happened before the program knew notices; the place is stored with what was queued."""
    assert queue_from_events(either_database, EVENING) == 0
    with either_database() as session:
        assert session.get(StoredSetting, TOLD_SEQ).value == "0"
    with either_database.begin() as session:
        record_event(session, "anything", EVENING, None)
    queue_from_events(either_database, EVENING)
    with either_database() as session:
        assert session.get(StoredSetting, TOLD_SEQ).value == "1"


def test_a_customer_who_was_told_a_time_that_nobody_plans_any_more_is_shown_to_the_office(told):
    """Since nothing true can be sent by itself."""
    with told.factory.begin() as session:
        published = find_published(session, MONDAY)
        for route in published.routes:
            route.stops = [stop for stop in route.stops if stop.job.number != "J1"]
    with told.factory() as session:
        [(told_when, job)] = get_office_page(session, SETTLED).unplanned
    assert (told_when, job.number) == ("2026-11-23 08:30 to 2026-11-23 10:45", "J1")


def test_addresses_of_visits_are_short_and_nobody_can_make_one_up():
    """24 characters, another for each job and secret."""
    token = make_token("secret", 7, EVENING)
    assert len(token) == 24
    assert len({token, make_token("secret", 8, EVENING), make_token("other", 7, EVENING)}) == 3
