"""Wall clocks and instants agree on every day of the year, wherever and however the clocks are changed."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dispatch import clock
from dispatch.notices.windows import after_quiet_hours
from dispatch.tasks import Daily

HOUR = timedelta(hours=1)
ZONES = (
    "Europe/Berlin",  # at two or three in the morning
    "America/New_York",
    "America/Santiago",  # at midnight, in the southern hemisphere
    "Australia/Lord_Howe",  # by half an hour
    "Pacific/Auckland",
    "America/Havana",  # 00:00 to 01:00, and back at 01:00
    "Asia/Kolkata",  # never
)
walls = st.times().map(lambda at: at.replace(second=0, microsecond=0))


def list_changes(zone: str, year: int) -> list[date]:
    """The days of the year that have not 24 hours."""
    days = [date(year, 1, 1) + timedelta(days=day) for day in range(365)]
    return [on for on in days if clock.day_end(on, zone) - clock.day_start(on, zone) != 24 * HOUR]


@st.composite
def nights(draw):
    """A zone, and a day at or around one of its changes."""
    zone = draw(st.sampled_from(ZONES))
    changes = list_changes(zone, draw(st.sampled_from((2026, 2027)))) or [date(2026, 6, 1)]
    return zone, draw(st.sampled_from(changes)) + timedelta(days=draw(st.integers(-2, 2)))


def on_the_wall(at: datetime, zone: str) -> datetime:
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


@pytest.mark.parametrize(
    ("zone", "lengths"),
    [
        ("Europe/Berlin", [23, 25]),
        ("America/New_York", [23, 25]),
        ("America/Santiago", [25, 23]),
        ("Pacific/Auckland", [25, 23]),
        ("Australia/Lord_Howe", [24.5, 23.5]),
        ("Asia/Kolkata", []),
    ],
)
def test_a_year_has_two_days_of_another_length_or_none(zone, lengths):
    """In the order of the year; half an hour on Lord Howe Island."""
    found = [(clock.day_end(on, zone) - clock.day_start(on, zone)) / HOUR for on in list_changes(zone, 2026)]
    assert found == lengths


@given(nights(), st.integers(0, 25 * 60 - 1))
def test_every_instant_lies_in_exactly_one_local_day(night, minutes):
    """Days touch and do not overlap, and the calendar on the wall says the same."""
    zone, on = night
    start_at = clock.day_start(on, zone)
    assert clock.local_day(start_at, zone) == on
    assert clock.day_end(on, zone) == clock.day_start(on + timedelta(days=1), zone)
    at = start_at + timedelta(minutes=minutes)
    day = clock.local_day(at, zone)
    assert clock.day_start(day, zone) <= at < clock.day_end(day, zone)


@given(nights(), walls)
def test_a_wall_clock_is_shown_as_it_was_given_but_in_the_gap(night, wall):
    """There as much later as the clocks jump; never earlier, and never on another day but over midnight."""
    zone, on = night
    shown = on_the_wall(clock.at_wall_clock(on, wall, zone), zone)
    meant = datetime.combine(on, wall)
    assert shown == meant or timedelta(0) < shown - meant <= HOUR
    if shown == meant:
        earlier = clock.at_wall_clock(on, wall, zone) - HOUR
        assert on_the_wall(earlier, zone) != meant, "of two such times it is the first"


@given(nights(), walls, walls)
@example(("Europe/Berlin", date(2026, 3, 29)), time(2, 30), time(3))
@example(("America/Santiago", date(2026, 9, 6)), time(0, 30), time(1))
def test_hours_always_end_after_they_begin_and_last_as_long_as_the_wall_says(night, starts, ends):
    """But for the change itself: a night shift over it is an hour longer or shorter."""
    zone, on = night
    start_at, end_at = clock.wall_span(on, starts, ends, zone)
    assert start_at < end_at
    length = datetime.combine(on, ends) - datetime.combine(on, starts)
    length = length if length > timedelta(0) else length + timedelta(days=1)
    assert abs((end_at - start_at) - length) <= HOUR


@given(nights(), walls, walls, st.integers(1, 10 * 60))
def test_a_time_in_a_shift_over_midnight_is_found_on_the_day_that_it_is_on(night, starts, wall, minutes):
    """As it is shown, so it is read, whichever of the two days it is on."""
    zone, on = night
    start_at = clock.at_wall_clock(on, starts, zone)
    end_at = start_at + timedelta(minutes=minutes)
    found = clock.at_wall_clock_within(on, wall, zone, start_at, end_at)
    both = [clock.at_wall_clock(on + timedelta(days=days), wall, zone) for days in (0, 1)]
    inside = [at for at in both if start_at <= at <= end_at]
    assert found == (inside or both)[0]


@given(nights(), walls, st.integers(0, 72 * 60))
def test_a_daily_task_is_due_once_on_every_date(night, at, minutes):
    """Also on the date whose clocks jump over its time, and where they show it twice."""
    zone, on = night
    daily, now = Daily(at), clock.day_start(on, zone) + timedelta(minutes=minutes)
    last, following = daily.last_due(now, zone), daily.next_due(now, zone)
    assert last <= now < following
    assert daily.last_due(following, zone) == following
    assert daily.next_due(last, zone) == following, "nothing lies between"
    assert 22 * HOUR < following - last < 26 * HOUR


@given(nights(), walls, walls, st.integers(0, 48 * 60))
def test_customers_are_told_at_once_or_when_the_quiet_hours_are_over(night, starts, ends, minutes):
    """Never in them, never earlier, and at most a night later."""
    zone, on = night
    at = clock.day_start(on, zone) + timedelta(minutes=minutes)
    told_at = after_quiet_hours(at, (starts, ends), zone)
    assert at <= told_at <= at + 25 * HOUR
    assert after_quiet_hours(told_at, (starts, ends), zone) == told_at, "the quiet hours are over then"
    if told_at > at:
        shown = on_the_wall(told_at, zone).time()
        assert shown == ends or shown == on_the_wall(clock.at_wall_clock(on, ends, zone), zone).time()


@given(st.sampled_from(ZONES), st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)))
def test_what_is_written_for_devices_is_the_same_instant(zone, at):
    """Whatever the wall shows there."""
    assert datetime.fromisoformat(clock.to_iso(at.astimezone(ZoneInfo(zone)))) == at.replace(microsecond=0)
