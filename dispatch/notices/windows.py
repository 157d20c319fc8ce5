"""When somebody comes, as it can honestly be said: a window that holds, rounded so that nobody counts on the minute."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from dispatch import clock
from dispatch.models import Appointment, Stop

Window = tuple[datetime, datetime]

EARLIER, LATER = timedelta(minutes=30), timedelta(minutes=90)
"""Around a planned start that nobody has promised: days slip late far more often than early."""
QUARTER, FIVE = timedelta(minutes=15), timedelta(minutes=5)
LEAST_SLACK = timedelta(minutes=10)
SLACK_SHARE = 0.3
"""A drive may take so much longer than planned."""


def around(start_at: datetime) -> Window:
    """Two hours about a planned start, in quarters of an hour."""
    return _down(start_at - EARLIER, QUARTER), _up(start_at + LATER, QUARTER)


def planned_window(stop: Stop, promise: Appointment | None) -> Window:
    """What was promised, where the plan keeps it; else what the plan can hold."""
    if promise is not None and promise.promised_from_at <= stop.planned_start_at <= promise.promised_until_at:
        return promise.promised_from_at, promise.promised_until_at
    return around(stop.planned_start_at)


def arrival_window(departed_at: datetime, travel_s: int) -> Window:
    """For somebody on the road: a little before the drive is over, and not before it began, until a third longer."""
    travel = timedelta(seconds=travel_s)
    slack = max(LEAST_SLACK, SLACK_SHARE * travel)
    earliest = max(_down(departed_at + travel - FIVE, FIVE), _up(departed_at, FIVE))
    return earliest, _up(departed_at + travel + slack, FIVE)


def late_window(start_at: datetime) -> Window:
    """For a start that is predicted from what has happened so far: an hour, in quarters."""
    return _down(start_at - QUARTER, QUARTER), _up(start_at + 3 * QUARTER, QUARTER)


def after_quiet_hours(at: datetime, quiet: tuple[time, time], zone: str) -> datetime:
    """The instant itself, or the end of the quiet hours that it falls into, by the wall clock of the zone."""
    starts, ends = quiet
    if starts == ends:
        return at
    on = clock.local_day(at, zone)
    for evening in (on - timedelta(days=1), on):
        from_at = clock.at_wall_clock(evening, starts, zone)
        until_at = clock.at_wall_clock(evening + timedelta(days=int(ends <= starts)), ends, zone)
        if from_at <= at < until_at:
            return until_at
    return at


def _down(at: datetime, step: timedelta) -> datetime:
    return at - (at - datetime.min.replace(tzinfo=UTC)) % step


def _up(at: datetime, step: timedelta) -> datetime:
    down = _down(at, step)
    return down if down == at else down + step
