"""Days on which driving takes longer at some hours."""

from dataclasses import replace
from datetime import date

import pytest

from data.travel import ByHour, read_hours
from dispatch import clock
from dispatch.planning.facts import DayFacts
from dispatch.planning.travel import build_travel
from dispatch.roads import get_travel_source
from dispatch.settings import Settings
from tests.dispatch.town import (
    BERLIN,
    CENTRE,
    MONDAY,
    SANTIAGO,
    Grid,
    at,
    job,
    plan,
    settle,
    stops_of,
    technician,
    window,
)

BUSY = ByHour(Grid(), read_hours("7:00 150, 9:00 100"))


def facts_of(on: date, zone: str) -> DayFacts:
    start_at, end_at = clock.day_start(on, zone), clock.day_end(on, zone)
    return DayFacts(on, zone, start_at, end_at, start_at, (), (), None)


def test_hours_are_those_on_the_wall_from_the_day_before_to_the_day_after():
    travel = build_travel(BUSY, [CENTRE, (CENTRE[0] + 0.01, CENTRE[1])], facts_of(MONDAY, SANTIAGO))
    assert [(one.from_s / 3_600, one.traffic) for one in travel.periods["car"]] == [
        (-17, "150"), (-15, None), (7, "150"), (9, None), (31, "150"), (33, None),
    ]  # fmt: skip
    assert (travel.seconds["car"][0, 1], travel.traffic["150"][0, 1]) == (100, 150)
    assert travel.leg_s("car", 0, 1, 8 * 3_600) == 150


@pytest.mark.parametrize(("on", "from_h"), [(date(2026, 3, 29), 6), (date(2026, 10, 25), 8)])
def test_the_rush_begins_by_the_clock_on_the_wall_when_clocks_change(on, from_h):
    """Seven o'clock is six hours after midnight where the clocks jump ahead, eight where they go back."""
    periods = build_travel(BUSY, [CENTRE], facts_of(on, BERLIN)).periods["car"]
    assert [one.from_s // 3_600 for one in periods if one.traffic][1] == from_h


def test_who_drives_in_the_rush_takes_longer(session_factory):
    settle(session_factory, [technician()], [job("J1", windows=(window(at(8), 30),))])
    busy = ByHour(Grid(), read_hours("0:00 200"))
    version = plan(session_factory, travel_source=busy)
    assert version.travel_source == "grid, 00:00 200 %"
    ((_, stop),) = stops_of(session_factory).values()
    usual = plan(session_factory)
    assert version.routes[0].travel_home_s == 2 * usual.routes[0].travel_home_s == 2 * 100
    assert stop.travel_s == 200


def test_the_setting_reaches_the_source_and_says_what_is_wrong_with_it(session_factory):
    settings = replace(session_factory.settings, travel_by_hour=read_hours("7:00 150"))
    with session_factory() as session:
        session.info["settings"] = settings
        assert get_travel_source(session).name == "straight line, 07:00 150 %"
    with pytest.raises(Exception, match='TRAVEL_BY_HOUR: "noon" is not an hour'):
        Settings.from_env({"WRENCHTIME_HOME": str(settings.home), "TRAVEL_BY_HOUR": "noon"})
