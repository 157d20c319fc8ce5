"""What customers are told, when, and how often."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from dispatch.jobs.appointments import promise
from dispatch.jobs.moving import change_status
from dispatch.models import Customer, Notice
from dispatch.notices.delivery import write
from dispatch.notices.office import get_office_page
from dispatch.notices.queueing import queue_reminders
from dispatch.notices.texts import Words, change_words
from dispatch.notices.visits import get_visit
from dispatch.notices.wishes import change_wish, get_wish
from dispatch.planning.facts import find_published
from dispatch.planning.publish import publish_draft
from tests.dispatch.notices.conftest import EVENING, SETTLED, SUNDAY, shift
from tests.dispatch.town import (
    BERLIN,
    MONDAY,
    Grid,
    at,
    job,
    job_named,
    plan,
    report,
    settle,
    stops_of,
    technician,
    territory,
    user_of,
)


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


def test_customers_in_another_zone_are_told_by_their_own_clocks(town):
    """Eight in Berlin is four at the head office, and not what their door says."""
    there = [territory(), territory("Stadt", BERLIN)]
    settle(town.factory, [technician("DE", territory="Stadt")], [job("J3", territory="Stadt")], there)
    with town.factory.begin() as session:
        job_named(session, "J3").customer.email = "berlin@example.org"
    noon = at(12, on=SUNDAY)
    plan(town.factory, now=noon)
    town.tell(noon)
    town.tell(noon + timedelta(minutes=10))
    [text] = [text for _, text in town.mails() if "Work J3" in text]
    assert "We come on Monday 23 November between 07:30 and 09:45: Work J3." in text


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
        newest = get_office_page(session, now).newest.rows
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
    assert queue_reminders(told.factory, SETTLED).startswith("Queued 2 reminder(s) of 2026-11-23")
    told.tell(SETTLED)
    assert told.mails() == [], "told ten minutes ago"
    assert told.texts()[0].startswith("A reminder: we come on Monday 23 November"), "but not by SMS"
    assert queue_reminders(told.factory, SETTLED).startswith("Queued 0")


def test_the_way_the_end_and_the_question_are_told_as_they_happen(told):
    """With an arrival that can be kept: a drive of two minutes and ten more, rounded, and never before they left."""
    report(told.factory, "J1", "en_route", at(7, 58))
    told.tell(at(8))
    [(subject, text)] = told.mails()
    assert subject == "Technician is on the way"
    assert "arrives between 08:00 and 08:10" in text
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
        job_named(session, "J1").territory.phone = "051 221 0000"
    town.tell(at(9))
    [(subject, text)] = town.mails()
    assert (subject, "please call us.\n051 221 0000\n" in text) == ("Your visit is cancelled", True)


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


def test_a_customer_who_was_told_a_time_that_nobody_plans_any_more_is_shown_to_the_office(told):
    """Since nothing true can be sent by itself."""
    with told.factory.begin() as session:
        published = find_published(session, MONDAY)
        for route in published.routes:
            route.stops = [stop for stop in route.stops if stop.job.number != "J1"]
    with told.factory() as session:
        [(told_when, job)] = get_office_page(session, SETTLED).unplanned
    assert (told_when, job.number) == ("2026-11-23 08:30 to 2026-11-23 10:45", "J1")


def test_of_a_tentative_day_customers_are_told_only_what_was_promised(town):
    """The day is firm two days before: then the daily task tells what it is by then, once."""
    with town.factory.begin() as session:
        promise(session, job_named(session, "J1"), at(9), at(12), EVENING, user_of(session, "d", "dispatcher"))
    early = EVENING - timedelta(days=3)
    plan(town.factory, now=early)
    for minutes in (0, 10):
        town.tell(early + timedelta(minutes=minutes))
    [(_, text)] = town.mails()
    assert "between 09:00 and 12:00" in text
    before = at(16, on=SUNDAY - timedelta(days=1))
    for _ in range(2):
        queue_reminders(town.factory, before - timedelta(days=1))
    assert len(town.notices()) == 1
    for _ in range(2):
        said = queue_reminders(town.factory, before)
        town.tell(before + timedelta(minutes=10))
    assert said.endswith("and 0 first time(s) of days that are firm now")
    assert [subject for subject, _ in town.mails()] == ["Your visit on Monday 23 November"]


def test_messages_end_with_the_company_s_name(town):
    """It is set where the program runs; a real company has nobody who stores it."""
    with town.factory.begin() as session:
        session.info["settings"] = settings = replace(session.info["settings"], company_name="Lifts & Co")
        visit = get_visit(session, job_named(session, "J1").id, EVENING)
        _, body = write(session, "missed", "e-mail", visit, None, settings, EVENING)
    assert body.endswith("\n\nLifts & Co")


def test_who_wishes_for_no_language_is_told_in_the_company_s(town):
    """A customer with a wish of their own keeps it."""
    with town.factory.begin() as session:
        session.info["settings"] = replace(session.info["settings"], company_language="es")
        one, other = session.scalars(select(Customer).order_by(Customer.id))
        change_wish(session, other.id, 0, EVENING, None, language="en", no_email=False, no_sms=False)
        assert [get_wish(session, who.id).language for who in (one, other)] == ["es", "en"]
