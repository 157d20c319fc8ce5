"""Days are planned on the wall clock of their zone, around every change of it and over midnight."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from data.records import WorkHours
from dispatch import clock
from dispatch.board.day import get_board
from dispatch.models import Stop, Technician
from dispatch.on_site.day import get_day, get_today
from dispatch.planning.shifts import find_shift
from dispatch.reports.days import get_utilization
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

HOUR = timedelta(hours=1)
LORD_HOWE = "Australia/Lord_Howe"


@pytest.mark.parametrize(
    ("zone", "on", "midnight", "length"),
    [
        (SANTIAGO, date(2026, 4, 4), datetime(2026, 4, 4, 3, tzinfo=UTC), 25),
        (SANTIAGO, date(2026, 4, 5), datetime(2026, 4, 5, 4, tzinfo=UTC), 24),
        (SANTIAGO, date(2026, 9, 5), datetime(2026, 9, 5, 4, tzinfo=UTC), 24),
        (SANTIAGO, date(2026, 9, 6), datetime(2026, 9, 6, 4, tzinfo=UTC), 23),
        (BERLIN, date(2026, 3, 29), datetime(2026, 3, 28, 23, tzinfo=UTC), 23),
        (BERLIN, date(2026, 10, 25), datetime(2026, 10, 24, 22, tzinfo=UTC), 25),
        (LORD_HOWE, date(2026, 4, 5), datetime(2026, 4, 4, 13, tzinfo=UTC), 24.5),
        (LORD_HOWE, date(2026, 10, 4), datetime(2026, 10, 3, 13, 30, tzinfo=UTC), 23.5),
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
        (LORD_HOWE, date(2026, 4, 4), 8.5),
        (LORD_HOWE, date(2026, 10, 3), 7.5),
    ],
)
def test_a_night_shift_over_a_change_of_clock_is_longer_or_shorter(session_factory, zone, on, length):
    """From ten in the evening to six in the morning, seven, eight or nine hours pass: in the plan, on the board, on the
    phone, which shows the night until it is over, and in the report."""
    people = [technician(hours=hours("22:00", "06:00"))]
    late = _wall(on + timedelta(days=1), 4, zone)
    settle(session_factory, people, [job(on=on, windows=(window(late, 30),))], [territory(zone=zone)])
    version = plan(session_factory, on=on, now=_wall(on, 1, zone))
    (route,) = version.routes
    assert route.shift_end_at - route.shift_start_at == timedelta(hours=length)
    assert late <= route.stops[0].planned_start_at <= late + timedelta(minutes=30)
    begins, ends = _wall(on, 22, zone), _wall(on + timedelta(days=1), 6, zone)
    with session_factory() as session:
        board = get_board(session, on, begins)
        (lane,) = board["technicians"]
        assert (lane["shift"]["start_at"], lane["shift"]["end_at"]) == (clock.to_iso(begins), clock.to_iso(ends))
        assert board["over_at"] == clock.to_iso(ends)
        (row,) = get_utilization(session, on, on)["rows"]
        assert (row["shift_s"], row["service_s"], row["late"]) == (length * 3600, 3600, 0)
        days = [get_today(session, 1, at) for at in (begins - HOUR, late, ends - HOUR, ends)]
        assert days == [on, on, on, on + timedelta(days=1)]
        day = get_day(session, 1, on, late)
        assert (day["over_at"], day["zone"]) == (clock.to_iso(ends), zone)
        assert [stop["start_at"] for stop in day["stops"]] == [clock.to_iso(route.stops[0].planned_start_at)]


def test_hours_that_the_clocks_jump_over_do_not_keep_the_day_from_being_planned(session_factory):
    """From half past two to three there is nothing on that night: half an hour later, as long as agreed."""
    on = date(2026, 3, 29)
    people = [technician("T1", hours=hours("02:30", "03:00")), technician("T2")]
    settle(session_factory, people, [job(on=on)], [territory(zone=BERLIN)])
    version = plan(session_factory, on=on, now=_wall(date(2026, 3, 28), 12, BERLIN))
    shifts = {route.technician.code: (route.shift_start_at, route.shift_end_at) for route in version.routes}
    assert shifts["T1"] == (datetime(2026, 3, 29, 1, 30, tzinfo=UTC), datetime(2026, 3, 29, 2, tzinfo=UTC))
    assert [stop.job.number for route in version.routes for stop in route.stops] == ["J1"]


def test_the_phone_shows_last_nights_work_until_it_ends_but_not_into_the_next_shift(session_factory):
    """Work that overruns midnight stays in sight; where one shift follows the other, the next day begins with it."""
    people = [technician("T1", hours=hours("14:00", "23:00")), technician("T2", hours=hours("08:00", "08:00"))]
    settle(session_factory, people, [job(required={"T1"}, windows=(window(_wall(MONDAY, 21, SANTIAGO), 0),))])
    plan(session_factory)
    tuesday = MONDAY + timedelta(days=1)
    with session_factory.begin() as session:
        stop = session.query(Stop).one()
        stop.status, stop.actual_start_at = "on_site", _wall(MONDAY, 23, SANTIAGO) + timedelta(minutes=40)
    with session_factory() as session:
        half_past = _wall(tuesday, 0, SANTIAGO) + timedelta(minutes=30)
        assert get_today(session, 1, half_past) == MONDAY
        assert get_today(session, 1, half_past + timedelta(minutes=15)) == tuesday
        assert get_today(session, 2, _wall(tuesday, 7, SANTIAGO)) == MONDAY
        assert get_today(session, 2, _wall(tuesday, 8, SANTIAGO)) == tuesday


def nights_and(day, **changes):
    """From ten in the evening to six in the morning on every day but that one, a weekday with hours of its own."""
    return technician("T1", hours={**hours("22:00", "06:00"), **day}, **changes)


@pytest.mark.parametrize(
    ("zone", "on"),
    [
        (SANTIAGO, date(2026, 4, 5)),
        (SANTIAGO, date(2026, 9, 6)),
        (BERLIN, date(2026, 3, 29)),
        (BERLIN, date(2026, 10, 25)),
        (BERLIN, date(2026, 11, 8)),
        (LORD_HOWE, date(2026, 10, 4)),
    ],
)
def test_nobody_is_planned_in_two_places_where_a_night_reaches_into_an_early_shift(session_factory, zone, on):
    """Saturday's night ends at six on Sunday, when Sunday's shift has begun at four: it is planned from six on, the
    earlier night to its end, whichever of the two is planned first; and the board says so."""
    saturday = on - timedelta(days=1)
    sunday = {6: WorkHours(time(4), time(12), time(12))}
    early = _wall(on, 4, zone)
    settle(
        session_factory,
        [nights_and(sunday)],
        [
            job("NIGHT", on=saturday, windows=((early, early + HOUR / 2),)),
            job("EARLY", on=on, windows=((early, early + 5 * HOUR),)),
        ],
        [territory(zone=zone)],
    )
    now = _wall(saturday, 1, zone)
    second = plan(session_factory, on=on, now=now)
    first = plan(session_factory, on=saturday, now=now)
    (night,), (day,) = first.routes, second.routes
    assert [stop.job.number for stop in night.stops] == ["NIGHT"]
    assert [stop.job.number for stop in day.stops] == ["EARLY"]
    assert night.shift_end_at == night.latest_end_at == day.shift_start_at == _wall(on, 6, zone)
    assert night.home_at <= day.leave_at
    with session_factory() as session:
        (notice,) = get_board(session, on, now)["notices"]
        assert notice.startswith("These shifts begin later than agreed, when the one of the day before has ended")
        assert notice.endswith(": Technician T1.")


def test_overtime_ends_where_the_next_shift_begins(session_factory):
    """A night until four with overtime until eight, and a shift at six: overtime is until six."""
    night = {5: WorkHours(time(20), time(4), time(8))}
    settle(session_factory, [technician(hours={**hours("06:00", "14:00"), **night})], [job(on=date(2026, 11, 7))])
    version = plan(session_factory, on=date(2026, 11, 7), now=_wall(date(2026, 11, 7), 1, SANTIAGO))
    (route,) = version.routes
    assert route.latest_end_at == _wall(date(2026, 11, 8), 6, SANTIAGO)


def test_a_shift_that_lies_within_the_night_before_is_none(session_factory):
    """Two hours on a Sunday of a person who works until six that morning."""
    settle(session_factory, [nights_and({6: WorkHours(time(3), time(5), time(5))})], [])
    with session_factory() as session:
        who = session.query(Technician).one()
        assert find_shift(who, date(2026, 11, 8), SANTIAGO) is None
        assert find_shift(who, date(2026, 11, 7), SANTIAGO).end_at == _wall(date(2026, 11, 8), 6, SANTIAGO)


@pytest.mark.parametrize(
    ("ends", "expires_on", "served"),
    [("06:00", 0, False), ("06:00", 1, True), ("00:00", 0, True), ("00:00", -1, False)],
)
def test_a_skill_counts_in_a_night_only_if_it_holds_until_the_night_is_over(session_factory, ends, expires_on, served):
    """It holds to the end of its last day. A shift cannot be split, so what ends at midnight does not count in a night
    that goes on until six, and the board says so."""
    last_on = MONDAY + timedelta(days=expires_on)
    who = technician(hours=hours("22:00", ends), skills={"gas": 1}, skills_until={"gas": last_on})
    settle(session_factory, [who], [job(skills={"gas": 1}, windows=(window(_wall(MONDAY, 22, SANTIAGO), 40),))])
    version = plan(session_factory)
    assert ([one.job.number for one in version.unassigned] == []) is served
    with session_factory() as session:
        notices = get_board(session, MONDAY, _wall(MONDAY, 7, SANTIAGO))["notices"]
    said = ["Skills that end before a shift must end do not count in it: Technician T1 (gas)."]
    assert notices == (said if (ends, expires_on) == ("06:00", 0) else [])


def test_territories_in_two_zones_are_planned_shown_and_reported_together(session_factory):
    """Eight o'clock is another instant in each; the day counts from the head office's midnight, a phone shows its own
    zone, and both days add up to the same."""
    settle(
        session_factory,
        [technician("CL"), technician("DE", territory="Stadt")],
        [job("J1"), job("J2", territory="Stadt")],
        [territory(), territory("Stadt", BERLIN)],
    )
    tuesday = MONDAY + timedelta(days=1)
    now = datetime(2026, 11, 23, 3, tzinfo=UTC)
    version = plan(session_factory, now=now)
    starts = {route.technician.code: route.shift_start_at for route in version.routes}
    assert starts == {"CL": _wall(MONDAY, 8, SANTIAGO), "DE": _wall(MONDAY, 8, BERLIN)}
    planned = {route.technician_id: clock.to_iso(route.stops[0].planned_start_at) for route in version.routes}
    with session_factory() as session:
        by_code = {one.code: one.id for one in session.query(Technician)}
        lanes = {lane["id"]: lane for lane in get_board(session, MONDAY, now)["technicians"]}
        rows = {row["technician_id"]: row for row in get_utilization(session, MONDAY, MONDAY)["rows"]}
        for code, zone in (("CL", SANTIAGO), ("DE", BERLIN)):
            who = by_code[code]
            day = get_day(session, who, MONDAY, now)
            assert (day["zone"], day["over_at"]) == (zone, clock.to_iso(_wall(tuesday, 0, zone)))
            assert [stop["start_at"] for stop in day["stops"]] == [planned[who]]
            assert lanes[who]["shift"]["start_at"] == clock.to_iso(starts[code])
            assert (rows[who]["on"], rows[who]["shift_s"], rows[who]["visits"]) == ("2026-11-23", 9 * 3600, 1)
            assert get_today(session, who, _wall(MONDAY, 0, zone)) == MONDAY
            assert get_today(session, who, _wall(MONDAY, 0, zone) - HOUR) == MONDAY - timedelta(days=1)


def _wall(on: date, hour: int, zone: str) -> datetime:
    from zoneinfo import ZoneInfo

    return datetime(on.year, on.month, on.day, hour, tzinfo=ZoneInfo(zone))
