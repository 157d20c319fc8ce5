"""When a technician works on a day: the wall-clock pattern turned into instants."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from dispatch import clock
from dispatch.models import Absence, Technician


@dataclass(frozen=True)
class ShiftHours:
    """One shift in UTC. Lunch, if any, may start from `lunch_opens_at` until `lunch_closes_at`."""

    start_at: datetime
    end_at: datetime
    latest_end_at: datetime
    lunch_length_s: int = 0
    lunch_opens_at: datetime | None = None
    lunch_closes_at: datetime | None = None


def find_absence(technician: Technician, on: date) -> Absence | None:
    """The absence that covers the day, or None."""
    return next((one for one in technician.absences if one.from_on <= on <= one.to_on), None)


def find_shift(technician: Technician, on: date, zone: str) -> ShiftHours | None:
    """The shift that begins on the day, or None when it is free or the technician is absent.

    `zone` is the zone of the technician's territory; a time that is not after the start is on the next day.
    """
    pattern = next((one for one in technician.shift_patterns if one.weekday == on.weekday()), None)
    if pattern is None or find_absence(technician, on):
        return None

    def at(wall: time) -> datetime:
        return clock.at_wall_clock(on + timedelta(days=int(wall <= pattern.starts)), wall, zone)

    start_at, end_at = clock.at_wall_clock(on, pattern.starts, zone), at(pattern.ends)
    latest_end_at = max(end_at, at(pattern.latest_ends)) if pattern.latest_ends else end_at
    return ShiftHours(start_at, end_at, latest_end_at, *_find_lunch(technician, on, zone, start_at, end_at))


def _find_lunch(
    technician: Technician, on: date, zone: str, start_at: datetime, end_at: datetime
) -> tuple[int, datetime | None, datetime | None]:
    """Length and the instants between which lunch may start; none where the hours lie outside the shift."""
    length_s, opens, closes = technician.lunch_length_s, technician.lunch_opens, technician.lunch_closes
    if length_s is None or opens is None or closes is None:
        return 0, None, None
    for day in (on, on + timedelta(days=1)):  # the second for shifts over midnight
        opens_at = max(start_at, clock.at_wall_clock(day, opens, zone))
        closes_at = clock.at_wall_clock(day + timedelta(days=int(closes < opens)), closes, zone)
        closes_at = min(closes_at, end_at - timedelta(seconds=length_s))
        if opens_at <= closes_at:
            return length_s, opens_at, closes_at
    return 0, None, None
