"""What tests do with drafts: propose, look, decide, publish."""

from dispatch.planning.by_hand import begin_draft
from dispatch.planning.deciding import decide, find_best_start, move_by_hand
from dispatch.planning.draft_description import get_draft
from dispatch.planning.drafts import find_open_draft, lay_out_draft
from dispatch.planning.publish import publish_draft
from tests.dispatch.town import (
    CENTRE,
    MONDAY,
    MORNING,
    Grid,
    job,
    job_named,
    plan,
    settle,
    stops_of,
    technician,
    user_of,
)

EAST = (CENTRE[0], CENTRE[1] - 0.2)


def east(number="J1", **changes):
    """An hour of work twenty kilometres east."""
    return job(number, location=EAST, **changes)


def draft_of(session_factory, now=MORNING):
    """The open draft as people see it."""
    with session_factory() as session:
        draft = find_open_draft(session, MONDAY)
        assert draft is not None, "there is no draft"
        return get_draft(session, draft, now, Grid())


def line_of(draft, number):
    return next(line for line in draft["changes"] if line["number"] == number)


def say(session_factory, draft, **said):
    """`say(..., J1="refused")`; returns the draft as it is then."""
    lines = {line_of(draft, number)["id"]: decision for number, decision in said.items()}
    with session_factory.begin() as session:
        decide(session, draft["id"], draft["revision"], lines, dispatcher(session), MORNING)
    return draft_of(session_factory)


def dispatcher(session):
    return user_of(session, "D1", "dispatcher").id


def publish(session_factory, draft, now=MORNING, **options):
    with session_factory.begin() as session:
        by_user_id = dispatcher(session)
    return publish_draft(
        session_factory, draft["id"], draft["revision"], by_user_id, now, travel_source=Grid(), **options
    )


def codes_of(session_factory):
    return {number: code for number, (code, _) in stops_of(session_factory).items()}


def propose_a_move(session_factory):
    settle(session_factory, [technician("T1")], [east(), job("J2")])
    plan(session_factory)
    settle(session_factory, [technician("T2", home=EAST)])
    plan(session_factory, as_draft=True)
    return session_factory


def begin_by_hand(session_factory):
    """The draft that somebody begins to move jobs in."""
    with session_factory.begin() as session:
        begin_draft(session, MONDAY, dispatcher(session), MORNING)


def move(session_factory, draft, number, code, start_at=None):
    """Put a job with a technician by hand, where it fits best unless told; returns the draft as it is then."""
    with session_factory() as session:
        job_id = job_named(session, number).id
        found = find_open_draft(session, MONDAY)
        start_at = start_at or find_best_start(lay_out_draft(session, found, MORNING, Grid()), job_id, code)
    with session_factory.begin() as session:
        move_by_hand(session, draft["id"], draft["revision"], job_id, code, start_at, dispatcher(session), MORNING)
    return draft_of(session_factory)
