"""A plan that is stored takes rows and locks in the order of all others: nobody's report ends in a deadlock."""

import threading

import pytest
from sqlalchemy import select

from dispatch.living.incidents import find_open, raise_incident
from dispatch.living.watch import LATE, hold_alerts
from dispatch.models import Incident, Technician
from dispatch.planning.drafts import find_open_draft
from dispatch.planning.facts import find_published
from dispatch.runs.queue import request_repair
from tests.dispatch.at_once import wait_until_it_waits
from tests.dispatch.drafting import draft_of, propose_a_move, say
from tests.dispatch.town import MONDAY, at, job_named, plan

pytestmark = pytest.mark.both_databases

NOW = at(7)


@pytest.fixture(params=["nobody has decided", "somebody has decided"])
def proposed(request, session_factory):
    """T1 will be late at J1 and J2; what is to be done about it waits in a draft."""
    propose_a_move(session_factory)
    if request.param == "somebody has decided":
        say(session_factory, draft_of(session_factory), J1="accepted")
    with session_factory.begin() as session:
        draft = find_open_draft(session, MONDAY)
        for number in ("J1", "J2"):
            about = {"technician_id": t1(session), "job_id": job_named(session, number).id}
            row = raise_incident(session, LATE, MONDAY, NOW, None, repair=False, late_s=900, until_at=at(10), **about)
            row.plan_id = draft.id
    return session_factory


def t1(session):
    return session.scalars(select(Technician.id).where(Technician.code == "T1")).one()


def find_alert(session, number):
    """Locked, as before it is brought up to date."""
    return find_open(session, LATE, MONDAY, job_named(session, number).id, t1(session))


@pytest.mark.parametrize("numbers", ["J2", "J2 J1"])
def test_a_plan_is_stored_while_an_alert_that_its_draft_was_for_is_brought_up_to_date(proposed, numbers):
    """Alerts first, and then the queue, where another repair of them waits: the other way round each has what the other
    one wants."""
    faults = []

    def publish():
        try:
            plan(proposed, now=NOW)
        except Exception as fault:
            faults.append(fault)

    thread = threading.Thread(target=publish)
    first, *others = numbers.split()
    with proposed.begin() as session:
        if others:
            hold_alerts(session, MONDAY, t1(session))
        row = find_alert(session, first)
        thread.start()
        wait_until_it_waits(proposed)
        request_repair(session, MONDAY, row.id, True, None, NOW, by_policy=True)
        for number in others:
            find_alert(session, number)
    thread.join()
    assert faults == []
    with proposed() as session:
        assert find_published(session, MONDAY).version == 3
        outcomes = session.scalars(select(Incident.outcome)).all()
    assert ["meanwhile; proposed anew" in outcome for outcome in outcomes] == [True, True]
