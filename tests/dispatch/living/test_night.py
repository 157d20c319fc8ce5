"""After midnight, while a night shift goes on: of which day it is what happens, and who can come."""

from datetime import timedelta

import pytest

from dispatch.errors import InvalidInput
from dispatch.living.choices import get_choices
from dispatch.living.emergencies import EmergencyCall, take_call
from dispatch.living.incidents import get_incident
from dispatch.living.night import find_day_of
from dispatch.living.ways import find_ways
from tests.dispatch.living.bad_day import technician_id, tell
from tests.dispatch.town import (
    MONDAY,
    Grid,
    at,
    hours,
    job,
    job_named,
    plan,
    report,
    settle,
    technician,
    user_of,
    window,
)

TUESDAY = MONDAY + timedelta(days=1)
ONE_AT_NIGHT, SEVEN = at(25), at(31)


@pytest.fixture
def night(session_factory):
    """T5 works from 22 to 6, at J1 about one; T1 works by day and has J2 on Tuesday."""
    at_night = job("J1", required=frozenset({"T5"}), windows=(window(at(24, 30), 60),))
    by_day = job("J2", required=frozenset({"T1"}), on=TUESDAY)
    settle(session_factory, [technician(), technician("T5", hours=hours("22:00", "06:00"))], [at_night, by_day])
    for on in (MONDAY, TUESDAY):
        plan(session_factory, on=on, now=at(21))
    return session_factory


def days_of(factory, on, now):
    """Of T5, T1, J1 and J2."""
    with factory() as session:
        people = [find_day_of(session, on, now, technician_id=technician_id(session, code)) for code in ("T5", "T1")]
        return [*people, *(find_day_of(session, on, now, job_id=job_named(session, one).id) for one in ("J1", "J2"))]


def test_what_happens_after_midnight_is_of_the_shift_in_which_it_happens(night):
    """Until that is over; a day that is not today is meant as it is said."""
    assert days_of(night, TUESDAY, ONE_AT_NIGHT) == [MONDAY, TUESDAY, MONDAY, TUESDAY]
    assert days_of(night, TUESDAY, SEVEN) == [TUESDAY] * 4
    assert days_of(night, MONDAY, ONE_AT_NIGHT) == [MONDAY] * 4


def test_the_visits_of_the_night_are_offered_beside_those_of_the_day(night):
    with night() as session:
        found = get_choices(session, TUESDAY, ONE_AT_NIGHT)
        assert (found["night"], len(found["visits"])) == (MONDAY, 2)
        later = get_choices(session, TUESDAY, SEVEN)
        assert (later["night"], len(later["visits"])) == (None, 1)


def test_what_happens_at_a_visit_of_the_night_is_not_taken_as_of_the_day_after(night):
    """It would hold up nobody."""
    report(night, "J1", "on_site", at(24, 30))
    with pytest.raises(InvalidInput, match=r"^on: the visit to this job is of 2026-11-23"):
        tell(night, "overrun", ONE_AT_NIGHT, number="J1", minutes=60, on=TUESDAY)
    assert tell(night, "overrun", ONE_AT_NIGHT, number="J1", minutes=60)


def test_whoever_is_on_the_night_shift_is_among_those_who_can_come(night):
    """The call is one of the shifts that go on."""
    settle(night, (), [job("J9", on=None)], territories=())
    with night.begin() as session:
        call = EmergencyCall(MONDAY, job_id=job_named(session, "J9").id)
        incident_id = take_call(session, call, ONE_AT_NIGHT, user_of(session, "EVE", "dispatcher")).id
    with night() as session:
        ways = find_ways(session, get_incident(session, incident_id), ONE_AT_NIGHT, Grid())[0].ways
    assert ways[0].code == "T5"
    assert ways[0].start_at < at(30)
