"""The table of statuses, walked whole: every status, every status, every role; and where a job stands meanwhile."""

from datetime import timedelta

import pytest

from dispatch.db import make_session_factory
from dispatch.errors import Conflict, Forbidden, InvalidInput
from dispatch.jobs.moving import find_stop_in_force, job_status, move_job
from dispatch.jobs.statuses import ACTORS, BEGUN, PROGRAM, STATUSES, list_next
from dispatch.models import Stop
from tests.databases import settings_for
from tests.dispatch.town import MORNING, at, job, job_named, plan, settle, stops_of, technician, user_of

# Who may: T technicians and the office, O the office, o the office and the program, P the program alone.
MATRIX = """
                 requested planned dispatched en_route on_site done to_be_continued no_access cancelled
requested        .         P       .          .        .       .    .               .         o
planned          P         .       O          T        T       .    .               .         o
dispatched       P         o       .          T        T       .    .               .         o
en_route         .         T       .          .        T       .    .               T         o
on_site          .         .       .          .        .       T    T               T         .
done             .         .       .          .        O       .    O               .         .
to_be_continued  .         .       .          .        O       .    .               .         .
no_access        .         O       .          .        .       .    O               .         O
cancelled        O         .       .          .        .       .    .               .         .
"""
LETTERS = {
    "T": {"technician", "dispatcher", "admin"},
    "O": {"dispatcher", "admin"},
    "o": {"dispatcher", "admin", PROGRAM},
    "P": {PROGRAM},
    ".": set(),
}
HEAD, *ROWS = [line.split() for line in MATRIX.strip().splitlines()]
ALLOWED = {(row[0], new): LETTERS[letter] for row in ROWS for new, letter in zip(HEAD, row[1:], strict=True)}


def plan_one_job(factory):
    settle(factory, [technician()], [job()])
    plan(factory)


@pytest.fixture
def town(put_database):
    """One job, planned; every case begins from it and leaves it as it was."""
    factory = make_session_factory(settings_for(put_database(plan_one_job)))
    yield factory
    factory.engine.dispose()


class TakeBackError(Exception):
    """Ends a transaction without leaving anything; says where the job stood."""


def stand(session, status):
    """Put the job there, and return it with its stop."""
    row = job_named(session, "J1")
    stop = find_stop_in_force(session, row.id)
    if status == "requested":
        session.delete(stop)
        session.flush()
        return row, None
    stop.status = status
    if status in BEGUN:
        stop.actual_departed_at = at(8)
    if status not in ("planned", "dispatched", "en_route", "cancelled"):
        stop.actual_start_at = at(9)
    if status in ("done", "to_be_continued", "no_access", "cancelled"):
        row.status = status
    if status in ("done", "to_be_continued", "no_access"):
        stop.actual_end_at = at(9, 30)
    session.flush()
    return row, stop


def attempt(factory, old, new, role, reason="because"):
    """Where the job stands after the move, or what was raised; nothing is kept."""
    try:
        with factory.begin() as session:
            row, stop = stand(session, old)
            assert job_status(row, stop, at(9, 40)) == old
            who = None if role == PROGRAM else user_of(session, "T1", role)
            move_job(session, row, stop, old, new, at(9, 40), who, reason)
            session.flush()
            raise TakeBackError(job_status(row, stop, at(9, 40)))
    except TakeBackError as stands:
        return str(stands)
    except (Conflict, Forbidden, InvalidInput) as refused:
        return type(refused)


@pytest.mark.parametrize("old", STATUSES)
def test_every_move_is_made_by_those_who_may_and_by_nobody_else(town, old):
    """To every status, by every role; what publishing a plan does is nobody's to do by hand."""
    assert set(HEAD) == set(STATUSES) == {row[0] for row in ROWS}
    for new in STATUSES:
        who = ALLOWED[old, new]
        for role in ACTORS:
            if who == {PROGRAM} and role == PROGRAM:
                continue  # a plan that is published does it: see below
            expected = new if role in who else Forbidden if who - {PROGRAM} else Conflict
            assert attempt(town, old, new, role) == expected, f"{old} -> {new} by {role}"


def test_screens_offer_what_is_allowed():
    """The same table, asked the other way round."""
    for old in STATUSES:
        for role in ACTORS:
            assert set(list_next(old, role)) == {new for new in STATUSES if role in ALLOWED[old, new]}


NEEDS_REASON = {"cancelled", "to_be_continued"}


@pytest.mark.parametrize(("old", "new"), [pair for pair, who in ALLOWED.items() if "dispatcher" in who])
def test_what_is_out_of_the_ordinary_needs_a_reason(town, old, new):
    """What closes a job without its being done, and what takes a report back."""
    takes_back = old in ("done", "to_be_continued", "no_access", "cancelled")
    expected = InvalidInput if new in NEEDS_REASON or takes_back else new
    assert attempt(town, old, new, "dispatcher", reason="  ") == expected


def where(factory, now=MORNING):
    with factory() as session:
        row = job_named(session, "J1")
        return job_status(row, find_stop_in_force(session, row.id), now)


def test_publishing_plans_a_job_and_frees_it_again(session_factory):
    """The two moves that only the program makes, also for what was dispatched."""
    settle(session_factory, [technician()], [job()])
    assert where(session_factory) == "requested"
    plan(session_factory)
    assert where(session_factory) == "planned"
    with session_factory.begin() as session:
        session.get(Stop, stops_of(session_factory)["J1"][1].id).status = "dispatched"
    settle(session_factory, [technician(hours={})])
    plan(session_factory)
    assert where(session_factory) == "requested"


def test_a_visit_that_never_began_is_no_plan_the_day_after(session_factory):
    """The job is asked for again; one that began stays where it was left."""
    settle(session_factory, [technician()], [job()])
    plan(session_factory)
    tuesday = at(9) + timedelta(days=1)
    assert where(session_factory, tuesday) == "requested"
    with session_factory.begin() as session:
        session.get(Stop, stops_of(session_factory)["J1"][1].id).status = "en_route"
    assert where(session_factory, tuesday) == "en_route"
