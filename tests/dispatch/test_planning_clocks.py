"""Days are planned on the wall clock of their zone, around every change of it and over midnight."""

from datetime import UTC, date, datetime, timedelta

import pytest

from dispatch import clock
from tests.dispatch.town import (
    BERLIN,
    MONDAY,
    SANTIAGO,
    hours,
    job,
    plan,
    settle,
    technician,
    territory,
    window,
)


@pytest.mark.parametrize(
    ("zone", "on", "midnight", "length"),
    [
        (SANTIAGO, date(2026, 4, 4), datetime(2026, 4, 4, 3, tzinfo=UTC), 25),
        (SANTIAGO, date(2026, 4, 5), datetime(2026, 4, 5, 4, tzinfo=UTC), 24),
        (SANTIAGO, date(2026, 9, 5), datetime(2026, 9, 5, 4, tzinfo=UTC), 24),
        (SANTIAGO, date(2026, 9, 6), datetime(2026, 9, 6, 4, tzinfo=UTC), 23),
        (BERLIN, date(2026, 3, 29), datetime(2026, 3, 28, 23, tzinfo=UTC), 23),
        (BERLIN, date(2026, 10, 25), datetime(2026, 10, 24, 22, tzinfo=UTC), 25),
    ],
)
def test_a_day_with_a_change_of_clock_is_planned_on_the_wall_clock(session_factory, zone, on, midnight, length):
    """The shift begins at eight on the wall and the window at ten, though the day has 23 or 25 hours."""
    wall = lambda hour: _wall(on, hour, zone)  # noqa: E731
    settle(
        session_factory,
        [technician(hours=hours("08:00", "12:00"))],
        [job(on=on, windows=(window(wall(10), 30),))],
        [territory(zone=zone)],
    )
    version = plan(session_factory, on=on, now=midnight - timedelta(hours=5))
    assert version.day_start_at == midnight
    (route,) = version.routes
    assert (route.shift_start_at, route.shift_end_at) == (wall(8), wall(12))
    assert wall(10) <= route.stops[0].planned_start_at <= wall(10) + timedelta(minutes=30)
    assert clock.day_end(on, zone) - midnight == timedelta(hours=length)


@pytest.mark.parametrize(
    ("zone", "on", "length"),
    [
        (SANTIAGO, date(2026, 4, 4), 9),
        (SANTIAGO, date(2026, 9, 5), 7),
        (BERLIN, date(2026, 3, 28), 7),
        (BERLIN, date(2026, 10, 24), 9),
        (BERLIN, date(2026, 11, 2), 8),
    ],
)
def test_a_night_shift_over_a_change_of_clock_is_longer_or_shorter(session_factory, zone, on, length):
    """From ten in the evening to six in the morning, seven, eight or nine hours pass."""
    people = [technician(hours=hours("22:00", "06:00"))]
    late = _wall(on + timedelta(days=1), 4, zone)
    settle(session_factory, people, [job(on=on, windows=(window(late, 30),))], [territory(zone=zone)])
    version = plan(session_factory, on=on, now=_wall(on, 1, zone))
    (route,) = version.routes
    assert route.shift_end_at - route.shift_start_at == timedelta(hours=length)
    assert late <= route.stops[0].planned_start_at <= late + timedelta(minutes=30)


def test_territories_in_two_zones_are_planned_together(session_factory):
    """Eight o'clock is another instant in each; the day counts from the head office's midnight."""
    settle(
        session_factory,
        [technician("CL"), technician("DE", territory="Stadt")],
        [job("J1"), job("J2", territory="Stadt")],
        [territory(), territory("Stadt", BERLIN)],
    )
    version = plan(session_factory, now=datetime(2026, 11, 23, 3, tzinfo=UTC))
    starts = {route.technician.code: route.shift_start_at for route in version.routes}
    assert starts == {"CL": _wall(MONDAY, 8, SANTIAGO), "DE": _wall(MONDAY, 8, BERLIN)}


def _wall(on: date, hour: int, zone: str) -> datetime:
    from zoneinfo import ZoneInfo

    return datetime(on.year, on.month, on.day, hour, tzinfo=ZoneInfo(zone))
