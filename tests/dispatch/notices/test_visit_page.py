"""What customers say on the page of their visit is stored, also when they say it twice in one instant."""

import pytest
from sqlalchemy import select

from dispatch.models import ContactWish, Feedback
from dispatch.notices.links import get_link
from dispatch.notices.visit_page import say_how_it_went, stop_messages
from tests.dispatch.at_once import do_at_once
from tests.dispatch.town import at, job, job_named, plan, report, settle, technician


def rate(session, token):
    say_how_it_went(session, token, 5, "Thank you", at(10))


def stop(session, token):
    stop_messages(session, token, at(10))


@pytest.mark.parametrize(("say", "stored"), [(rate, Feedback), (stop, ContactWish)])
def test_a_double_click_is_stored_once_and_is_no_fault(either_database, say, stored):
    """The second one comes while the first is being stored."""
    settle(either_database, [technician()], [job()])
    plan(either_database)
    for status in ("en_route", "on_site", "done"):
        report(either_database, "J1", status, at(9))
    with either_database() as session:
        token = get_link(session, job_named(session, "J1").id, at(9)).token
    assert do_at_once(either_database, *[lambda session: say(session, token)] * 2) == []
    with either_database() as session:
        assert len(session.scalars(select(stored)).all()) == 1
