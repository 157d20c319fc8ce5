"""What customers say on the page of their visit is stored, also when they say it twice in one instant."""

import threading

import pytest
from sqlalchemy import select, text

from dispatch.models import ContactWish, Feedback
from dispatch.notices.links import get_link
from dispatch.notices.visit_page import say_how_it_went, stop_messages
from tests.dispatch.town import at, job, job_named, plan, report, settle, technician


def rate(session, token):
    say_how_it_went(session, token, 5, "Thank you", at(10))


def stop(session, token):
    stop_messages(session, token, at(10))


def wait_until_it_waits(factory):
    """Until the other transaction has come to what the first one holds; on SQLite it waits before it begins."""
    if factory.engine.dialect.name != "postgresql":
        return
    for _ in range(600):
        with factory.engine.connect() as connection:
            if connection.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
                return
        threading.Event().wait(0.05)
    raise AssertionError("it never waited")


@pytest.mark.parametrize(("say", "stored"), [(rate, Feedback), (stop, ContactWish)])
def test_a_double_click_is_stored_once_and_is_no_fault(either_database, say, stored):
    """The second one comes while the first is being stored."""
    settle(either_database, [technician()], [job()])
    plan(either_database)
    for status in ("en_route", "on_site", "done"):
        report(either_database, "J1", status, at(9))
    with either_database() as session:
        token = get_link(session, job_named(session, "J1").id, at(9)).token
    faults = []

    def say_it_again():
        try:
            with either_database.begin() as session:
                say(session, token)
        except Exception as fault:
            faults.append(fault)

    second = threading.Thread(target=say_it_again)
    with either_database.begin() as session:
        say(session, token)
        session.flush()
        second.start()
        wait_until_it_waits(either_database)
    second.join()
    assert faults == []
    with either_database() as session:
        assert len(session.scalars(select(stored)).all()) == 1
