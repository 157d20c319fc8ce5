"""What each move from one status to another triggers: every move that people make, and what came of it."""

from contextlib import suppress

import pytest
from sqlalchemy import select

from dispatch.events import list_events_of
from dispatch.jobs.moving import change_status, find_stop_in_force, job_status, move_job
from dispatch.jobs.statuses import MOVES, PROGRAM
from dispatch.living.incidents import list_incidents
from dispatch.models import Job
from tests.dispatch.town import MONDAY, at, job, job_named, plan, settle, technician, user_of

# What is so after the move and was not before, and with a minus the other way round.
TRIGGERED = """
requested       -> cancelled        closed
planned         -> dispatched       sent
planned         -> en_route         departed
planned         -> on_site          started
planned         -> cancelled        closed cancellation
dispatched      -> planned          -sent
dispatched      -> en_route         departed
dispatched      -> on_site          started
dispatched      -> cancelled        closed cancellation
en_route        -> planned          -departed
en_route        -> on_site          started
en_route        -> no_access        started ended closed no_access
en_route        -> cancelled        closed cancellation
on_site         -> done             ended closed parts
on_site         -> no_access        ended closed no_access
on_site         -> to_be_continued  ended closed return
done            -> on_site          -ended -closed
done            -> to_be_continued  return
to_be_continued -> on_site          -ended -closed -return
no_access       -> planned          -departed -started -ended -closed -no_access
no_access       -> to_be_continued  return -no_access
no_access       -> cancelled        -no_access
cancelled       -> requested        -closed -cancellation
"""
EXPECTED = {(old, new): set(what) for old, _, new, *what in (line.split() for line in TRIGGERED.strip().splitlines())}
WAY = {
    "requested": [],
    "planned": [],
    "dispatched": ["dispatched"],
    "en_route": ["en_route"],
    "on_site": ["on_site"],
    "done": ["on_site", "done"],
    "to_be_continued": ["on_site", "to_be_continued"],
    "no_access": ["en_route", "no_access"],
    "cancelled": ["cancelled"],
}
"""How a planned job comes to stand there."""


class TakeBackError(Exception):
    """Ends a transaction without leaving anything."""


def seen(session, row, stop):
    """What can be seen of the job, its visit and its day."""
    returns = session.scalars(select(Job).where(Job.return_of_id == row.id, Job.status == "open")).all()
    facts = {
        "closed": row.status != "open",
        "parts": any(part.used is not None for part in row.parts),
        "return": bool(returns),
        "sent": stop is not None and stop.sent_at is not None,
        "departed": stop is not None and stop.actual_departed_at is not None,
        "started": stop is not None and stop.actual_start_at is not None,
        "ended": stop is not None and stop.actual_end_at is not None,
    }
    alerts = {incident.kind for incident in list_incidents(session, MONDAY, ("open",))}
    return {name for name, is_so in facts.items() if is_so} | alerts & {"cancellation", "no_access"}


@pytest.mark.parametrize("old", WAY)
def test_every_move_triggers_what_it_should_and_nothing_else(session_factory, old):
    settle(session_factory, [technician(capacity={"valve": 2})], [job(parts={"valve": 2})])
    if old != "requested":
        plan(session_factory)
    news = {move.new for move in MOVES if move.old == old and move.who != (PROGRAM,)}
    assert news == {new for before, new in EXPECTED if before == old}
    for new in sorted(news):
        with suppress(TakeBackError), session_factory.begin() as session:  # each begins from the same plan
            office = user_of(session, "EVE", "dispatcher")
            row = job_named(session, "J1")
            stop = find_stop_in_force(session, row.id)
            for step in WAY[old]:
                move_job(session, row, stop, job_status(row, stop, at(9)), step, at(9), office, "because")
                session.flush()
            before = seen(session, row, stop)
            change_status(session, row.id, new, office, at(9, 40), "because")
            session.flush()
            after = seen(session, row, stop)
            changed = (after - before) | {f"-{one}" for one in before - after}
            assert changed == EXPECTED[old, new], f"{old} -> {new}"
            raise TakeBackError


def test_a_job_cancelled_after_nobody_let_us_in_stands_there_again_when_it_is_reopened(session_factory):
    """Its visit is over, so the office says again what comes of it: another visit, or this one after all."""
    settle(session_factory, [technician()], [job()])
    plan(session_factory)
    with session_factory.begin() as session:
        office = user_of(session, "EVE", "dispatcher")
        row = job_named(session, "J1")
        stop = find_stop_in_force(session, row.id)
        for status, stands in (
            ("en_route", {"departed"}),
            ("no_access", {"closed", "departed", "started", "ended", "no_access"}),
            ("cancelled", {"closed", "departed", "started", "ended"}),
            ("requested", {"closed", "departed", "started", "ended", "no_access"}),
        ):
            answer = change_status(session, row.id, status, office, at(9), "because")
            assert seen(session, row, stop) == stands, status
        assert (answer["status"], "to_be_continued" in answer["next"]) == ("no_access", True)
    with session_factory() as session:
        events = list_events_of(session, job_named(session, "J1"))
        told = [event.after["status"] for event in events if event.kind == "job status"]
        assert told == ["en_route", "no_access", "cancelled", "no_access"]
