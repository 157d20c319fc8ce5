"""A closed road also means something to those who only wanted to drive through: their ways lead around it.

The town has a bridge of 1,928 m west of everybody's home (193 s) and a way around it of 13,046 m (1,305 s).
"""

import pytest

from data.travel import RoadGraph
from data.travel.road_network import make_network
from dispatch.board.map_layers import get_route_lines
from dispatch.db import make_session_factory
from dispatch.jobs.moving import report_status
from dispatch.living.incidents import get_incident
from dispatch.living.lines import get_line
from dispatch.living.predictions import list_predictions
from dispatch.living.scope import restrict
from dispatch.planning.facts import read_day
from dispatch.planning.travel import build_travel
from dispatch.roads import get_travel_source
from tests.databases import settings_for
from tests.dispatch.living.bad_day import incident_of, repair, tell
from tests.dispatch.town import CENTRE, MONDAY, at, job, plan, settle, stops_of, technician, user_of

LAT, LON = CENTRE
ACROSS = (LAT, LON - 0.02)
MIDDLE = {"lat": LAT, "lon": LON - 0.01, "radius_m": 300}
EAST = (LAT, LON + 0.02)


def make_roads(folder):
    """The bridge, the way around it, and a street east; returns the file."""
    lines = [[CENTRE, ACROSS], [CENTRE, (LAT - 0.05, LON), (LAT - 0.05, LON - 0.02), ACROSS], [CENTRE, EAST]]
    points = [point for line in lines for point in line]
    network = make_network(
        place="Rivertown",
        attribution="nobody",
        tail=[1, 1, 1],
        head=[2, 2, 3],
        lines=([0, 2, 6, 8], [lat for lat, _ in points], [lon for _, lon in points]),
        forward_kmh=[36, 36, 36],
        backward_kmh=[36, 36, 36],
        road_class=["residential"] * 3,
        street_names=["Bridge", "Around", "East"],
    )
    path = folder / "roads.npz"
    RoadGraph(network).save(path)
    return path


@pytest.fixture
def town(home):
    """T1 goes to J1 across the bridge, T2 to J2 on this side."""
    factory = make_session_factory(settings_for(home, TRAVEL_SOURCE=str(make_roads(home))))
    jobs = [job("J1", location=ACROSS, skills={"gas": 1}), job("J2", location=EAST, skills={"lifts": 1})]
    settle(factory, [technician("T1"), technician("T2", skills={"lifts": 1})], jobs)
    plan(factory, travel_source=None)
    yield factory
    factory.engine.dispose()


def minutes(moment):
    return round((moment - at(0)).total_seconds() / 60)


def predicted(factory, now):
    """By job number: the start in minutes after midnight."""
    with factory() as session:
        return {one.job.number: minutes(one.start_at) for one in list_predictions(session, MONDAY, now)}


def test_who_drives_through_a_closed_area_is_planned_around_it(town):
    assert minutes(stops_of(town)["J1"][1].planned_arrive_at) == 8 * 60 + 3
    closed = tell(town, "road_closed", at(7, 30), **MIDDLE, until_at=at(14))
    repair(town, closed, at(7, 30), travel_source=None)
    _, stop = stops_of(town)["J1"]
    assert (stop.travel_s, minutes(stop.planned_arrive_at)) == (1305, 8 * 60 + 22)
    assert incident_of(town, closed).status == "repaired"


def test_who_is_there_sooner_by_waiting_until_it_is_open_waits(town):
    closed = tell(town, "road_closed", at(7, 30), **MIDDLE, until_at=at(8, 18))
    repair(town, closed, at(7, 30), travel_source=None)
    _, stop = stops_of(town)["J1"]
    assert (stop.travel_s, minutes(stop.planned_arrive_at)) == (193, 8 * 60 + 21)


def test_where_no_other_way_leads_people_come_when_it_is_open(town):
    """Both ways are closed near the bridge's far end, which is not where the job is."""
    far_end = {"lat": LAT, "lon": LON - 0.0185, "radius_m": 60}
    beyond = {"lat": LAT - 0.0015, "lon": LON - 0.02, "radius_m": 60}
    for area in (far_end, beyond):
        tell(town, "road_closed", at(7, 30), **area, until_at=at(10))
    with town() as session:
        facts = read_day(session, MONDAY, now=at(7, 30))
        source = get_travel_source(session)
    travel = build_travel(source, [CENTRE, ACROSS], facts)
    leave_s = 8 * 3600
    assert travel.leg_s("car", 0, 1, leave_s) >= 2 * 3600 + 193
    assert travel.leg_s("car", 0, 1, 10 * 3600) == 193
    assert travel.leg_s("car", 0, 1, 7 * 3600) == 193, "nothing was closed yet"


def test_arrivals_are_predicted_around_what_is_closed_before_anything_is_repaired(town):
    assert predicted(town, at(7, 30))["J1"] == 8 * 60 + 3
    tell(town, "road_closed", at(7, 30), **MIDDLE, until_at=at(14))
    assert predicted(town, at(7, 30)) == {"J1": 8 * 60 + 22, "J2": 8 * 60 + 3}


def test_an_arrival_is_predicted_for_when_it_is_open_where_that_is_sooner(town):
    tell(town, "road_closed", at(7, 30), **MIDDLE, until_at=at(8, 10))
    assert predicted(town, at(7, 30))["J1"] == 8 * 60 + 13


def test_a_repair_is_about_those_whose_ways_lead_through(town):
    """And about nobody else, unless they could help."""
    closed = tell(town, "road_closed", at(7, 30), **MIDDLE, until_at=at(14))
    with town() as session:
        whole = read_day(session, MONDAY, now=at(7, 30))
        incident = get_incident(session, closed)
        part = restrict(session, whole, [incident])
        assert {one.code for one in part.technicians} == {"T1"}


def test_the_map_draws_the_way_around(town):
    """There in the morning; home in the afternoon by the bridge, which is open again."""
    tell(town, "road_closed", at(7, 30), **MIDDLE, until_at=at(8, 30))
    with town() as session:
        lines = get_route_lines(session, MONDAY, at(7, 30))["features"]
    by_name = {line["properties"]["name"]: line["geometry"]["coordinates"] for line in lines}
    assert [LON, LAT - 0.05] in by_name["Technician T1"]
    assert by_name["Technician T1"].count([LON, LAT - 0.05]) == 1
    assert [LON, LAT - 0.05] not in by_name["Technician T2"]


def test_the_event_says_what_it_means_for_travel_times(town):
    closed = tell(town, "road_closed", at(7, 30), **MIDDLE)
    with town() as session:
        assert "timed, and drawn on the map, around it" in get_line(session, closed)["travel"]


def test_where_the_roads_cannot_be_opened_work_goes_on_and_everybody_is_told(town, home, caplog):
    """The file is gone: predictions keep the planned times, reports are taken, the event and the log say why."""
    closed = tell(town, "road_closed", at(7, 30), **MIDDLE, until_at=at(14))
    gone = make_session_factory(settings_for(home, TRAVEL_SOURCE=str(home / "gone.npz")))
    assert predicted(gone, at(7, 30))["J1"] == predicted(town, at(7, 30))["J1"] - round((1305 - 193) / 60)
    with gone.begin() as session:
        stop_id = stops_of(town)["J1"][1].id
        assert report_status(session, stop_id, "en_route", user_of(session, "T1"), at(8))["status"] == "en_route"
    with gone() as session:
        line = get_line(session, closed)
        assert "gone.npz" in line["travel"]
        assert "keep their times" in line["travel"]
    assert "gone.npz" in caplog.text
    gone.engine.dispose()


def test_where_times_are_estimates_the_event_says_that_nobody_drives_around(session_factory):
    settle(session_factory, [technician("T1")], [job("J1", location=ACROSS)])
    plan(session_factory)
    closed = tell(session_factory, "road_closed", at(7, 30), **MIDDLE)
    with session_factory() as session:
        assert "straight-line estimates" in get_line(session, closed)["travel"]
