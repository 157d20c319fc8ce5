"""A road that is closed in a night shift: the day goes on until that shift is over, not until midnight."""

from datetime import timedelta

import pytest

from dispatch.db import make_session_factory
from dispatch.living.lines import get_line
from dispatch.living.predictions import list_predictions
from dispatch.planning.facts import read_day
from dispatch.planning.travel import build_travel
from dispatch.roads import get_travel_source
from tests.databases import settings_for
from tests.dispatch.living.bad_day import tell
from tests.dispatch.living.test_closed_roads import ACROSS, MIDDLE, make_roads
from tests.dispatch.town import CENTRE, MONDAY, at, hours, job, left_out, plan, settle, stops_of, technician, window

THERE = {"lat": ACROSS[0], "lon": ACROSS[1], "radius_m": 300}
FOUR = window(at(28), 30)


@pytest.fixture
def night(home):
    """T1 works from 22 to 6 and goes across the bridge at four."""
    factory = make_session_factory(settings_for(home, TRAVEL_SOURCE=str(make_roads(home))))
    settle(factory, [technician("T1", hours=hours("22:00", "06:00"))], [job("J1", location=ACROSS, windows=(FOUR,))])
    plan(factory, travel_source=None, now=at(21))
    yield factory
    factory.engine.dispose()


def test_a_visit_after_the_road_is_open_again_is_kept(night):
    tell(night, "road_closed", at(23), **THERE, until_at=at(26))
    version = plan(night, travel_source=None, now=at(23))
    assert (left_out(version), stops_of(night)["J1"][1].planned_start_at) == ({}, at(28))


@pytest.mark.parametrize(
    ("until_at", "sentence"),
    [
        (None, "The road there is closed for the day; agree on another day, or say when it is open again."),
        (
            at(31),
            "The road there is closed until 2026-11-24 07:00, when the day's last shift is over; agree on another day.",
        ),
    ],
    ids=["nobody said until when", "until after the shift"],
)
def test_what_stays_closed_all_night_says_why(night, until_at, sentence):
    tell(night, "road_closed", at(23), **THERE, until_at=until_at)
    assert left_out(plan(night, travel_source=None, now=at(23))) == {"J1": ("travel", sentence)}


def test_what_is_closed_after_midnight_without_an_end_is_driven_around(night):
    tell(night, "road_closed", at(25), **MIDDLE)
    with night() as session:
        travel = build_travel(get_travel_source(session), [CENTRE, ACROSS], read_day(session, MONDAY, now=at(25)))
    assert travel.leg_s("car", 0, 1, 27 * 3600) == 1305
    plan(night, travel_source=None, now=at(25))
    assert stops_of(night)["J1"][1].travel_s == 1305


def test_an_arrival_is_predicted_around_it(night):
    """Whoever sets out three minutes before four comes late."""
    tell(night, "road_closed", at(25), **MIDDLE)
    leave_at = stops_of(night)["J1"][1].planned_arrive_at - timedelta(seconds=193)
    with night() as session:
        (one,) = list_predictions(session, MONDAY, at(25))
    assert one.arrive_at == leave_at + timedelta(seconds=1305)


def test_what_is_told_of_after_midnight_names_its_day(night):
    """Half past two, until when it is closed, is on Tuesday."""
    with night() as session:
        ids = [tell(night, "road_closed", at(23), **THERE, until_at=at(hour, 30)) for hour in (23, 26)]
        assert [get_line(session, one)["facts"] for one in ids] == ["until 23:30", "until 2026-11-24 02:30"]
