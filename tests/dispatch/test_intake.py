"""Records become rows once, however often they come."""

from dataclasses import replace

import pytest
from shapely.geometry import box
from sqlalchemy import select

from data.outlines import to_geojson
from data.records import TerritoryRecord
from dispatch import intake
from dispatch.errors import InvalidInput
from dispatch.events import list_events
from dispatch.jobs.intake import store_jobs
from dispatch.models import Customer, Job, Location, Technician, Territory
from tests.dispatch.town import (
    BERLIN,
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


@pytest.mark.both_databases
def test_the_same_records_twice_change_nothing(session_factory):
    """No row more, and no new version of a job."""
    people = [technician(absences=(absent(DAY, DAY),), capacity={"valve": 2})]
    jobs = [job(windows=(window(at(9), 60),), parts={"valve": 1}, preferred=frozenset({"T1"}), skills={"gas": 1})]
    settle(session_factory, people, jobs)
    with session_factory() as session:
        version = job_named(session, "J1").version
    with session_factory.begin() as session:
        assert intake.store_technicians(session, people) == intake.Stored(0, 1)
        assert store_jobs(session, jobs, MORNING) == intake.Stored(0, 0, 1)
    with session_factory() as session:
        found = job_named(session, "J1")
        assert (len(found.windows), len(found.parts), len(found.wishes), len(found.skills)) == (1, 1, 1, 1)
        assert found.version == version
        assert session.query(Location).count() == 2


@pytest.mark.both_databases
def test_a_known_code_or_number_is_updated(session_factory):
    """Skills and hours are replaced, not added to."""
    settle(session_factory, [technician()], [job()])
    settle(session_factory, [technician(name="New", skills={"lifts": 1}, hours=hours("06:00", "12:00"))],
           [job(service_s=60, priority=9)])  # fmt: skip
    with session_factory() as session:
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
            intake.store_territories(session, [record], MORNING)
        with session_factory() as session:
            kept.append(session.scalars(select(Territory.phone)).one())
    assert kept == ["112", "112", None]


AROUND = box(CENTRE[1] - 0.1, CENTRE[0] - 0.1, CENTRE[1] + 0.1, CENTRE[0] + 0.1)


@pytest.mark.both_databases
def test_a_file_without_outlines_and_zones_leaves_those_there_are(session_factory):
    """Each territory that changes has its event; one that says the same already has none."""
    settle(session_factory, territories=[TerritoryRecord("Town", SANTIAGO, AROUND), TerritoryRecord("Coast", SANTIAGO)])
    untold = frozenset({"zone", "polygon"})
    phones = {"Town": "112", "Coast": None}
    told = [TerritoryRecord(name, BERLIN, phone=phone, untold=untold) for name, phone in phones.items()]
    with session_factory.begin() as session:
        assert intake.store_territories(session, told, MORNING) == intake.Stored(0, 1, 1)
    with session_factory() as session:
        town, coast = session.scalars(select(Territory).order_by(Territory.id))
        assert (town.zone, town.polygon, town.phone, town.version) == (SANTIAGO, to_geojson(AROUND), "112", 2)
        assert (coast.zone, coast.version) == (SANTIAGO, 1)
        [event] = list_events(session)
        assert (event.kind, event.before, event.after) == ("territory changed", {"phone": None}, {"phone": "112"})


@pytest.mark.both_databases
def test_open_jobs_are_put_into_outlines_that_come_after_them(session_factory):
    """As if the outline had been drawn on the map: jobs of none, and those of the territory that lie outside now."""
    away = {"location": (CENTRE[0] + 1, CENTRE[1])}
    settle(session_factory, [], [job("IN", territory=None), job("AWAY", **away), job("DONE", territory=None)])
    with session_factory.begin() as session:
        job_named(session, "DONE").status = "done"
    with session_factory.begin() as session:
        intake.store_territories(session, [TerritoryRecord("Town", SANTIAGO, AROUND)], MORNING)
    with session_factory() as session:
        found = {row.number: row.territory and row.territory.name for row in session.query(Job)}
        assert found == {"IN": "Town", "AWAY": None, "DONE": None}
        told = [one for one in list_events(session) if one.kind == "job changed"]
        assert {one.reason for one in told} == {"Outlines were imported."}
        assert len(told) == 2


def test_jobs_stay_with_a_territory_whose_outline_is_taken_away(session_factory):
    """It is known by name only from then on."""
    settle(session_factory, [], [job("J1")], [TerritoryRecord("Town", SANTIAGO, AROUND)])
    with session_factory.begin() as session:
        intake.store_territories(session, [territory()], MORNING)
    with session_factory() as session:
        assert job_named(session, "J1").territory.polygon is None


def test_a_new_territory_without_a_time_zone_is_refused(session_factory):
    with session_factory.begin() as session, pytest.raises(InvalidInput, match="Moon: nothing says its time zone"):
        intake.store_territories(session, [TerritoryRecord("Moon", "")], MORNING)
