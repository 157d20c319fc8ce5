"""Who is stuck in a lift is shown who can come first, also where that is dear."""

import pytest

from dispatch.living.emergencies import Caller, EmergencyCall, take_call
from dispatch.living.incidents import get_incident
from dispatch.living.ways import choose_way, find_ways
from tests.dispatch.town import (
    CENTRE,
    MONDAY,
    Grid,
    at,
    job,
    job_named,
    plan,
    settle,
    stops_of,
    technician,
    user_of,
    window,
)

FAR = (CENTRE[0], CENTRE[1] + 0.02)
"""Five minutes' drive from the jobs."""


@pytest.fixture
def town(session_factory):
    """T1, who is alone, has J1 to J3 one after the other until some minutes past eleven."""
    settle(session_factory, [technician()], [job("J1", windows=(window(at(8), 30),)), job("J2"), job("J3")])
    plan(session_factory)
    return session_factory


def call(factory, now, **facts):
    with factory.begin() as session:
        told = EmergencyCall(
            MONDAY, title="Stuck", caller=Caller("Ana"), address="Far", lat=FAR[0], lon=FAR[1], minutes=30, **facts
        )
        return take_call(session, told, now, user_of(session, "EVE", "dispatcher")).id


def ways_of(factory, incident_id, now):
    with factory() as session:
        return find_ways(session, get_incident(session, incident_id), now, Grid())[0].ways


def choose(factory, incident_id, way, now):
    return choose_way(
        factory, incident_id, way.code, way.moved, way.start_at, now, None, as_draft=False, travel_source=Grid()
    )


def test_the_soonest_is_shown_beside_the_cheapest(town):
    """That T1 comes last is cheapest; but they can come straight from J1, and then the others wait."""
    incident_id = call(town, at(7))
    ways = ways_of(town, incident_id, at(7))
    assert [one.price_s for one in ways] == sorted(one.price_s for one in ways)
    cheapest, soonest = ways[0], min(ways, key=lambda one: one.start_at)
    assert cheapest.start_at > at(11)
    assert soonest.start_at < at(9, 15)
    assert any("starts" in sentence for sentence in soonest.displaces)


def test_the_soonest_is_what_is_sent_when_it_is_chosen(town):
    """Though the same technician could come later without moving anything, too."""
    incident_id = call(town, at(7))
    soonest = min(ways_of(town, incident_id, at(7)), key=lambda one: one.start_at)
    choose(town, incident_id, soonest, at(7))
    starts = sorted((stop.planned_start_at, number) for number, (_, stop) in stops_of(town).items())
    assert starts[1][0] == soonest.start_at
    assert len(starts) == 4


def test_nobody_is_sent_before_now(town):
    incident_id = call(town, at(10, 30))
    assert min(one.start_at for one in ways_of(town, incident_id, at(10, 30))) >= at(10, 30)


def test_a_few_minutes_are_not_worth_another_way(session_factory):
    """J1 takes four minutes: who comes after it comes as good as first."""
    settle(session_factory, [technician()], [job("J1", service_s=240, location=CENTRE)])
    plan(session_factory)
    incident_id = call(session_factory, at(7))
    assert len(ways_of(session_factory, incident_id, at(7))) == 1


def test_what_is_planned_for_later_can_be_done_first_though_that_is_dear(session_factory):
    """J2, of the same length, would wait in its place; that somebody can come sooner is told all the same."""
    settle(session_factory, [technician()], [job("J1"), job("J2", location=FAR)])
    plan(session_factory)
    number = max(stops_of(session_factory), key=lambda one: stops_of(session_factory)[one][1].planned_start_at)
    with session_factory.begin() as session:
        told = EmergencyCall(MONDAY, job_id=job_named(session, number).id)
        incident_id = take_call(session, told, at(7), user_of(session, "EVE", "dispatcher")).id
    [way] = ways_of(session_factory, incident_id, at(7))
    assert way.start_at < at(8, 15)
