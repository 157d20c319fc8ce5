"""Days and wall clocks: where a local day begins and ends, and how instants are written for people's devices.

A local day has 23, 24 or 25 hours. Everything is computed on instants; only this file knows wall clocks.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dispatch.errors import InvalidInput

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(9998, 12, 31)
"""Days beyond have no instants before or after them to reckon with."""


def at_wall_clock(on: date, wall: time, zone: str) -> datetime:
    """The instant, in UTC, when a clock on the wall of `zone` shows `wall` on that day.

    A time that the spring change skips means the instant that much after the change (02:30 -> 03:30); a time
    that the autumn change repeats means the first of the two.
    """
    return datetime.combine(on, wall.replace(fold=0), tzinfo=ZoneInfo(zone)).astimezone(UTC)


def at_wall_clock_within(on: date, wall: time, zone: str, start_at: datetime, end_at: datetime) -> datetime:
    """As `at_wall_clock`, but on the next day where only that lies in the span: night shifts go on past midnight."""
    at, day_later = (at_wall_clock(on + timedelta(days=days), wall, zone) for days in (0, 1))
    return day_later if at < start_at <= day_later <= end_at else at


def wall_span(on: date, starts: time, ends: time, zone: str) -> tuple[datetime, datetime]:
    """From when until when, in UTC, the wall clock goes from `starts` on that day to `ends`: on the next day where that
    is not later. The end is always after the start; when the clocks jump over the start and past the end, the span is
    as long as the wall says."""
    start_at = at_wall_clock(on, starts, zone)
    end_at = at_wall_clock(on + timedelta(days=int(ends <= starts)), ends, zone)
    if end_at <= start_at:
        end_at = start_at + (datetime.combine(on, ends) - datetime.combine(on, starts))
    return start_at, end_at


def day_start(on: date, zone: str) -> datetime:
    """The first instant of the local day, in UTC, also where the clock jumps from 00:00 to 01:00.

    Raises InvalidInput for a day at the ends of the calendar.
    """
    if not FIRST_DAY <= on <= LAST_DAY:
        raise InvalidInput([f"{on} is no day to plan; give one from {FIRST_DAY} to {LAST_DAY}."])
    return at_wall_clock(on, time(), zone)


def day_end(on: date, zone: str) -> datetime:
    """The first instant of the day after, in UTC. Raises InvalidInput as `day_start` does."""
    day_start(on, zone)
    return at_wall_clock(on + timedelta(days=1), time(), zone)


def local_day(at: datetime, zone: str) -> date:
    """The date that a calendar on the wall of `zone` shows at that instant."""
    return at.astimezone(ZoneInfo(zone)).date()


def local_time(at: datetime, zone: str) -> str:
    """The wall clock of `zone`, such as "14:05", for sentences."""
    return at.astimezone(ZoneInfo(zone)).strftime("%H:%M")


def local_moment(at: datetime, zone: str, on: date) -> str:
    """The same with the day before it where that is not the day `on`, such as "2026-11-24 08:00"."""
    day = local_day(at, zone)
    return local_time(at, zone) if day == on else f"{day} {local_time(at, zone)}"


def to_iso(at: datetime) -> str:
    """ISO 8601 in UTC, whole seconds, ending in Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def find_iso(at: datetime | None) -> str | None:
    """As `to_iso`; None stays None."""
    return None if at is None else to_iso(at)


def seconds_between(start_at: datetime, end_at: datetime) -> int:
    """Whole elapsed seconds, right over a change of the clock because both are instants."""
    return int((end_at - start_at).total_seconds())


def after(start_at: datetime, seconds: int) -> datetime:
    """The instant so many elapsed seconds later."""
    return start_at + timedelta(seconds=seconds)


def length_words(seconds: int) -> str:
    """How long something takes, such as "45 min" or "6 h 40", for sentences; never less than a minute."""
    minutes = max(1, round(seconds / 60))
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d}"
