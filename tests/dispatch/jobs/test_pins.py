"""What was moved by hand is set free again, and plans move it."""

import pytest

from dispatch.errors import NotFound
from dispatch.events import list_events_of
from dispatch.jobs.pins import take_pin_off
from dispatch.models import Stop
from tests.dispatch.drafting import EAST, codes_of, dispatcher, east
from tests.dispatch.town import MORNING, at, job_named, plan, report, settle, technician


@pytest.fixture
def pinned(session_factory):
    """J1 in the east is pinned to T1; T2 lives there."""
    settle(session_factory, [technician("T1")], [east()])
    plan(session_factory)
    with session_factory.begin() as session:
        session.query(Stop).one().pinned = True
    settle(session_factory, [technician("T2", home=EAST)])
    plan(session_factory)
    assert codes_of(session_factory) == {"J1": "T1"}
    return session_factory


def unpin(factory):
    with factory.begin() as session:
        take_pin_off(session, job_named(session, "J1").id, dispatcher(session), MORNING)


@pytest.mark.both_databases
def test_a_visit_without_its_pin_goes_to_whoever_is_nearer(pinned):
    """Taking it off twice is taking it off once, and the job's history tells of it."""
    unpin(pinned)
    unpin(pinned)
    plan(pinned)
    assert codes_of(pinned) == {"J1": "T2"}
    with pinned() as session:
        told = [event.kind for event in list_events_of(session, job_named(session, "J1"))]
    assert told.count("pin taken off") == 1


@pytest.mark.both_databases
def test_what_has_begun_stays_with_whoever_has_begun_it(pinned):
    report(pinned, "J1", "en_route", at(8))
    unpin(pinned)
    plan(pinned, now=at(8, 5))
    assert codes_of(pinned) == {"J1": "T1"}


def test_a_job_that_does_not_exist_is_not_found(session_factory):
    with pytest.raises(NotFound), session_factory.begin() as session:
        take_pin_off(session, 99, None, MORNING)
