"""The page of a visit says what holds; what customers say there is stored, also when they say it twice at once."""

import pytest
from sqlalchemy import select

from dispatch.jobs.appointments import promise
from dispatch.jobs.moving import report_status
from dispatch.models import ContactWish, Feedback
from dispatch.notices.lateness import queue_lateness
from dispatch.notices.links import get_link
from dispatch.notices.visit_page import get_visit_page, say_how_it_went, stop_messages
from tests.dispatch.at_once import do_at_once
from tests.dispatch.notices.conftest import EVENING, SETTLED, shift
from tests.dispatch.town import at, job, job_named, plan, report, settle, stops_of, technician, user_of


def rate(session, token):
    say_how_it_went(session, token, 5, "Thank you", at(10))


def stop(session, token):
    stop_messages(session, token, at(10))


@pytest.mark.both_databases
@pytest.mark.parametrize(("say", "stored"), [(rate, Feedback), (stop, ContactWish)])
def test_a_double_click_is_stored_once_and_is_no_fault(session_factory, say, stored):
    """The second one comes while the first is being stored."""
    settle(session_factory, [technician()], [job()])
    plan(session_factory)
    for status in ("en_route", "on_site", "done"):
        report(session_factory, "J1", status, at(9))
    with session_factory() as session:
        token = get_link(session, job_named(session, "J1").id, at(9)).token
    assert do_at_once(session_factory, *[lambda session: say(session, token)] * 2) == []
    with session_factory() as session:
        assert len(session.scalars(select(stored)).all()) == 1


def page_of(town, now):
    """What the customer of J1 reads."""
    with town.factory() as session:
        token = get_link(session, job_named(session, "J1").id, now).token
        return get_visit_page(session, token, now, town.factory.settings)


def test_a_visit_that_is_continued_is_not_said_to_be_done(told):
    """They may say how it went so far."""
    report(told.factory, "J1", "on_site", at(9))
    stop = stops_of(told.factory)["J1"][1]
    with told.factory.begin() as session:
        report_status(session, stop.id, "to_be_continued", user_of(session, "T1"), at(10), "A part is missing.")
    page = page_of(told, at(10))
    assert (page.state, page.can_score) == ("continued", True)


def test_a_delay_that_was_told_from_the_road_is_what_the_page_says(told):
    """The drive should be over for hours, and what was said when it began with it."""
    report(told.factory, "J1", "en_route", at(9))
    told.tell(at(9))
    assert (page_of(told, at(9)).from_time, page_of(told, at(9)).until_time) == ("09:00", "09:10")
    queue_lateness(told.factory, at(11))
    told.tell(at(11))
    page = page_of(told, at(11, 1))
    assert (page.state, page.from_time, page.until_time) == ("on_the_way", "10:45", "11:45")


def test_the_page_tells_no_time_of_a_tentative_day(told):
    """It moved from Monday to Friday, which is planned anew every night."""
    shift(told, "J1", 4 * 24 * 60)
    page = page_of(told, SETTLED)
    assert (page.state, page.day, page.technician) == ("unknown", "", "")


def test_the_page_tells_no_promised_time_that_has_passed(town):
    """Nobody came, and nothing else is planned yet."""
    with town.factory.begin() as session:
        promise(session, job_named(session, "J1"), at(9), at(12), EVENING, user_of(session, "d", "dispatcher"))
    assert [page_of(town, at(hour)).state for hour in (11, 12)] == ["planned", "unknown"]
