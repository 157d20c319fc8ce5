"""A repair is taken back: what it moved goes back, whoever has it by now, and nothing else is lost with it."""

import pytest

from dispatch.errors import Conflict
from dispatch.living.taking_back import take_back
from tests.dispatch.drafting import codes_of
from tests.dispatch.living.bad_day import GRID, incident_of, repair, tell
from tests.dispatch.town import at, job, plan, settle, stops_of, technician, window


def ill(factory, who, now):
    """They call in sick, and the day is repaired; returns the incident's id."""
    incident_id = tell(factory, "technician_ill", now, who=who)
    repair(factory, incident_id, now)
    return incident_id


def back(factory, incident_id, now):
    return take_back(factory, incident_id, "It was another one", now, None, travel_source=GRID)


def test_what_somebody_else_has_by_now_goes_back_too(either_database):
    """T1 falls ill, and J1 goes to T2; T2 falls ill, and it goes to T3. T1 was not ill after all."""
    settle(either_database, [technician("T1")], [job("J1", windows=(window(at(12), 60),))])
    plan(either_database)
    settle(either_database, [technician("T2")])
    first = ill(either_database, "T1", at(8))
    settle(either_database, [technician("T3")])
    ill(either_database, "T2", at(8, 5))
    assert codes_of(either_database) == {"J1": "T3"}
    back(either_database, first, at(8, 10))
    assert codes_of(either_database) == {"J1": "T1"}
    assert incident_of(either_database, first).status == "dismissed"


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
