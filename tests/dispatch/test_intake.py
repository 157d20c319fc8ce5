"""Records become rows once, however often they come."""

from dataclasses import replace

import pytest
from shapely.geometry import box
from sqlalchemy import select

from data.records import TerritoryRecord
from dispatch import intake
from dispatch.errors import InvalidInput
from dispatch.jobs.intake import store_jobs
from dispatch.models import Customer, Job, Location, Technician, Territory
from tests.dispatch.town import (
    CENTRE,
    MORNING,
    SANTIAGO,
    absent,
    at,
    hours,
    job,
    job_named,
    settle,
    technician,
    territory,
    window,
)
from tests.dispatch.town import MONDAY as DAY


def test_the_same_records_twice_change_nothing(either_database):
    """No row more, and no new version of a job."""
    people = [technician(absences=(absent(DAY, DAY),), capacity={"valve": 2})]
    jobs = [job(windows=(window(at(9), 60),), parts={"valve": 1}, preferred=frozenset({"T1"}), skills={"gas": 1})]
    settle(either_database, people, jobs)
    with either_database() as session:
        version = job_named(session, "J1").version
    with either_database.begin() as session:
        assert intake.store_technicians(session, people) == intake.Stored(0, 1)
        assert store_jobs(session, jobs, MORNING) == intake.Stored(0, 0, 1)
    with either_database() as session:
        found = job_named(session, "J1")
        assert (len(found.windows), len(found.parts), len(found.wishes), len(found.skills)) == (1, 1, 1, 1)
        assert found.version == version
        assert session.query(Location).count() == 2


def test_a_known_code_or_number_is_updated(either_database):
    """Skills and hours are replaced, not added to."""
    settle(either_database, [technician()], [job()])
    settle(either_database, [technician(name="New", skills={"lifts": 1}, hours=hours("06:00", "12:00"))],
           [job(service_s=60, priority=9)])  # fmt: skip
    with either_database() as session:
        person = session.query(Technician).one()
        assert (person.name, [skill.name for skill in person.skills]) == ("New", ["lifts"])
        assert {pattern.starts.hour for pattern in person.shift_patterns} == {6}
        assert (session.query(Job).one().service_s, session.query(Job).one().priority) == (60, 9)


def test_a_job_gets_the_territory_that_holds_it(session_factory):
    """By its outline; a job outside all of them has none."""
    outline = box(CENTRE[1] - 0.1, CENTRE[0] - 0.1, CENTRE[1] + 0.1, CENTRE[0] + 0.1)
    far = (CENTRE[0] + 1, CENTRE[1])
    areas = [TerritoryRecord("Town", SANTIAGO, outline)]
    settle(session_factory, [], [job("IN", territory=None), job("OUT", territory=None, location=far)], areas)
    with session_factory() as session:
        assert job_named(session, "IN").territory.name == "Town"
        assert job_named(session, "OUT").territory is None


def test_two_jobs_of_one_customer_share_the_customer(session_factory):
    """Known by name and telephone."""
    same = {"customer_name": "Ms Soto", "customer_phone": "1"}
    settle(session_factory, [], [job("J1", **same), job("J2", **same), job("J3", customer_name="Ms Soto")])
    with session_factory() as session:
        assert session.query(Customer).count() == 2


def test_all_unknown_names_are_told_and_nothing_is_stored(session_factory):
    """Territories and technicians that nobody has imported."""
    with session_factory.begin() as session, pytest.raises(InvalidInput) as refused:
        store_jobs(
            session, [job("J1", territory="Moon"), job("J2", required=frozenset({"T9"}), territory=None)], MORNING
        )
    assert len(refused.value.problems) == 2
    with session_factory.begin() as session, pytest.raises(InvalidInput, match="Moon"):
        intake.store_technicians(session, [technician(territory="Moon")])
    with session_factory() as session:
        assert session.query(Job).count() == session.query(Technician).count() == 0


def test_somebody_without_a_territory_or_a_home_can_be_stored(session_factory):
    """A borrowed technician who works anywhere and starts at the first customer."""
    settle(session_factory, [technician(territory=None, home=None, home_address="")])
    with session_factory() as session:
        person = session.query(Technician).one()
        assert (person.territory, person.home) == (None, None)


def test_a_file_that_says_no_telephone_of_a_territory_leaves_the_one_it_has(session_factory):
    """An empty one takes it away."""
    kept = []
    for record in (replace(territory(), phone="112"), territory(), replace(territory(), phone="")):
        with session_factory.begin() as session:
            intake.store_territories(session, [record])
        with session_factory() as session:
            kept.append(session.scalars(select(Territory.phone)).one())
    assert kept == ["112", "112", None]
