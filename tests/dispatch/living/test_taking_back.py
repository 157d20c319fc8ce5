"""A repair is taken back: what it moved goes back, whoever has it by now, and nothing else is lost with it."""

import pytest
from sqlalchemy import select

from dispatch.errors import Conflict
from dispatch.living.emergencies import EmergencyCall, take_call
from dispatch.living.taking_back import take_back
from dispatch.models import PlanChange
from tests.dispatch.drafting import codes_of, draft_of, publish
from tests.dispatch.living.bad_day import GRID, incident_of, repair, tell
from tests.dispatch.town import MONDAY, at, job, job_named, plan, settle, stops_of, technician, user_of, window


def ill(factory, who, now):
    """They call in sick, and the day is repaired; returns the incident's id."""
    incident_id = tell(factory, "technician_ill", now, who=who)
    repair(factory, incident_id, now)
    return incident_id


def back(factory, incident_id, now):
    return take_back(factory, incident_id, "It was another one", now, None, travel_source=GRID)


@pytest.mark.both_databases
def test_what_somebody_else_has_by_now_goes_back_too(session_factory):
    """T1 falls ill, and J1 goes to T2; T2 falls ill, and it goes to T3. T1 was not ill after all."""
    settle(session_factory, [technician("T1")], [job("J1", windows=(window(at(12), 60),))])
    plan(session_factory)
    settle(session_factory, [technician("T2")])
    first = ill(session_factory, "T1", at(8))
    settle(session_factory, [technician("T3")])
    ill(session_factory, "T2", at(8, 5))
    assert codes_of(session_factory) == {"J1": "T3"}
    back(session_factory, first, at(8, 10))
    assert codes_of(session_factory) == {"J1": "T1"}
    assert incident_of(session_factory, first).status == "dismissed"


@pytest.fixture
def late(session_factory):
    """T1 was ill, and T2 has J1 now, beside J2 of nine o'clock; nobody has reported anything by twenty to ten."""
    jobs = [job("J1", windows=(window(at(12), 60),), preferred=frozenset({"T1"}))]
    settle(session_factory, [technician("T1")], jobs)
    plan(session_factory)
    return session_factory


def with_j2(factory, minutes):
    """T2 has a job of nine o'clock that can be begun so many minutes long."""
    settle(factory, [technician("T2")], [job("J2", required=frozenset({"T2"}), windows=(window(at(9), minutes),))])
    plan(factory)
    return ill(factory, "T1", at(8))


def test_who_runs_late_keeps_the_visits_that_were_not_moved(late):
    incident_id = with_j2(late, 240)
    assert codes_of(late) == {"J1": "T2", "J2": "T2"}
    back(late, incident_id, at(9, 40))
    assert codes_of(late) == {"J1": "T1", "J2": "T2"}
    assert stops_of(late)["J2"][1].planned_start_at >= at(9, 40)


def test_nothing_is_left_out_by_it_without_a_word(late):
    """J2 could only be begun until five past nine."""
    incident_id = with_j2(late, 5)
    with pytest.raises(Conflict, match="J2 can no longer be planned where it is"):
        back(late, incident_id, at(9, 40))
    assert codes_of(late) == {"J1": "T2", "J2": "T2"}


@pytest.fixture
def both(session_factory):
    """One plan answered two: J9, an emergency, is served by T2, and T2 comes to J1, since T1 was said to be ill."""
    settle(session_factory, [technician("T1")], [job("J1", windows=(window(at(12), 60),))])
    plan(session_factory)
    settle(session_factory, [technician("T2")], [job("J9", windows=(window(at(10), 60),), required=frozenset({"T2"}))])
    with session_factory.begin() as session:
        told = EmergencyCall(MONDAY, job_id=job_named(session, "J9").id)
        emergency = take_call(session, told, at(7), user_of(session, "EVE", "dispatcher")).id
    repair(session_factory, emergency, at(7), as_draft=True)
    illness = tell(session_factory, "technician_ill", at(7, 5), who="T1")
    repair(session_factory, illness, at(7, 5), as_draft=True)
    publish(session_factory, draft_of(session_factory, at(7, 6)), at(7, 6))
    assert codes_of(session_factory) == {"J1": "T2", "J9": "T2"}
    return session_factory, illness, emergency


@pytest.mark.both_databases
def test_what_the_same_plan_did_for_something_else_stays(both):
    """T1 was not ill after all; the emergency is served as before."""
    town, illness, emergency = both
    back(town, illness, at(7, 10))
    assert codes_of(town) == {"J1": "T1", "J9": "T2"}
    assert incident_of(town, emergency).status == "repaired"


@pytest.mark.both_databases
def test_what_can_only_be_undone_with_it_is_repaired_anew(both):
    """Had J9 found room only since J1 moved, it would be left out again, and that would be seen."""
    town, illness, emergency = both
    with town.begin() as session:
        j9 = job_named(session, "J9").id
        for line in session.scalars(select(PlanChange).where(PlanChange.job_id != j9)):
            line.together_job_ids = [j9]
    back(town, illness, at(7, 10))
    assert codes_of(town) == {"J1": "T1"}
    found = incident_of(town, emergency)
    assert (found.status, found.closed_at, found.plan_id) == ("open", None, None)
    assert found.outcome == "Plan 4, which repaired it, was taken back for another event."


def test_one_of_two_who_fell_ill_at_once_was_well(session_factory):
    """J2 cannot go back to T2, who is ill."""
    people = [technician("T1"), technician("T2")]
    settle(session_factory, people, [job(f"J{n}", preferred=frozenset({f"T{n}"})) for n in (1, 2)])
    plan(session_factory)
    settle(session_factory, [technician("T3")])
    found = [tell(session_factory, "technician_ill", at(7), who=who) for who in ("T1", "T2")]
    for incident_id in found:
        repair(session_factory, incident_id, at(7), as_draft=True)
    publish(session_factory, draft_of(session_factory, at(7)), at(7))
    assert codes_of(session_factory) == {"J1": "T3", "J2": "T3"}
    back(session_factory, found[0], at(7, 10))
    assert codes_of(session_factory) == {"J1": "T1", "J2": "T3"}
    assert incident_of(session_factory, found[1]).status == "repaired"
