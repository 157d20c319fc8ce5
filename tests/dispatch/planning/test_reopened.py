"""A job that was cancelled by mistake and is open again is planned as one that was never planned."""

import pytest

from dispatch.jobs.moving import change_status
from dispatch.models import Stop
from tests.dispatch.drafting import begin_by_hand, codes_of, draft_of, line_of, move, publish
from tests.dispatch.town import MORNING, job, job_named, plan, settle, stops_of, technician, user_of


@pytest.fixture
def reopened(session_factory):
    """J1 of T1 is called off, and called back; J2 is for anybody."""
    people = [technician("T1"), technician("T2")]
    settle(session_factory, people, [job("J1", required=frozenset({"T1"})), job("J2")])
    plan(session_factory)
    cancel_and_reopen(session_factory)
    return session_factory


def cancel_and_reopen(factory):
    with factory.begin() as session:
        eve = user_of(session, "EVE", "dispatcher")
        for status in ("cancelled", "requested"):
            change_status(session, job_named(session, "J1").id, status, eve, MORNING, "By mistake.")
    assert stops_of(factory)["J1"][1].status == "cancelled"


def test_it_is_proposed_where_plans_are_proposed(reopened):
    plan(reopened, as_draft=True)
    draft = draft_of(reopened)
    assert (line_of(draft, "J1")["kind"], draft["outdated"]) == ("added", [])
    publish(reopened, draft)
    assert stops_of(reopened)["J1"][1].status == "planned"


def test_it_is_moved_by_hand(reopened):
    begin_by_hand(reopened)
    draft = move(reopened, draft_of(reopened), "J1", "T1")
    assert (line_of(draft, "J1")["kind"], draft["outdated"]) == ("added", [])
    publish(reopened, draft)
    assert stops_of(reopened)["J1"][1].status == "planned"


def test_a_draft_about_another_job_says_nothing_of_it(reopened):
    other = {"T1": "T2", "T2": "T1"}[codes_of(reopened)["J2"]]
    begin_by_hand(reopened)
    publish(reopened, move(reopened, draft_of(reopened), "J2", other))
    assert codes_of(reopened) == {"J2": other}


def test_nobody_keeps_it_who_was_to_keep_it_before(session_factory):
    """Its pin went away with the visit."""
    settle(session_factory, [technician("T1")], [job("J1"), job("J2")])
    plan(session_factory)
    with session_factory.begin() as session:
        for stop in session.query(Stop):
            stop.pinned = True
    cancel_and_reopen(session_factory)
    plan(session_factory)
    stop = stops_of(session_factory)["J1"][1]
    assert (stop.status, stop.pinned) == ("planned", False)
