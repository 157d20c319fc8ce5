"""When and where a technician works on a day: the wall-clock pattern turned into instants."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dispatch import clock
from dispatch.models import Absence, BorrowedDay, ShiftPattern, SpecialShift, Technician, Territory


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


def find_territory(technician: Technician, on: date) -> Territory | None:
    """Where the technician belongs that day: the territory that borrows them, else their own; None is anywhere."""
    borrowed = _find_borrowed(technician, on)
    return borrowed.territory if borrowed else technician.territory


def find_zone(technician: Technician, on: date, default: str) -> str:
    """The zone in which the technician's hours are meant that day; `default` for somebody who belongs anywhere."""
    territory = find_territory(technician, on)
    return territory.zone if territory else default


def find_shift(technician: Technician, on: date, zone: str) -> ShiftHours | None:
    """The shift that begins on the day, or None when it is free or the technician is absent.

    `zone` is what `find_zone` says. Nobody is in two places at once: a shift begins when the one of the day before
    has ended, if that is later, and its overtime ends where the one of the next day begins.
    """
    agreed = _find_agreed(technician, on, zone)
    if agreed is None:
        return None
    before, after = (_find_agreed_near(technician, on, days, zone) for days in (-1, 1))
    start_at = agreed.start_at if before is None else max(agreed.start_at, before.end_at)
    if start_at >= agreed.end_at:
        return None
    latest_end_at = agreed.latest_end_at
    if after is not None:
        latest_end_at = max(agreed.end_at, min(latest_end_at, after.start_at))
    if (start_at, latest_end_at) == (agreed.start_at, agreed.latest_end_at):
        return agreed
    lunch = _find_lunch(technician, on, zone, start_at, agreed.end_at)
    return ShiftHours(start_at, agreed.end_at, latest_end_at, *lunch)


def is_cut(technician: Technician, on: date, zone: str) -> bool:
    """Whether the shift agreed for the day begins before the one of the day before has ended. `zone` as above."""
    agreed, before = _find_agreed(technician, on, zone), _find_agreed_near(technician, on, -1, zone)
    return agreed is not None and before is not None and agreed.start_at < before.end_at


def _find_agreed_near(technician: Technician, on: date, days: int, zone: str) -> ShiftHours | None:
    """The hours agreed for the day so many days on; who belongs anywhere then goes by the zone of this day."""
    day = on + timedelta(days=days)
    return _find_agreed(technician, day, find_zone(technician, day, zone))


def _find_agreed(technician: Technician, on: date, zone: str) -> ShiftHours | None:
    """The hours agreed for one day, whatever the days beside it say; an end that is not after the start is on the next
    day."""
    pattern = None if find_absence(technician, on) else _find_pattern(technician, on)
    if pattern is None:
        return None
    start_at, end_at = clock.wall_span(on, pattern.starts, pattern.ends, zone)
    latest_end_at = end_at
    if pattern.latest_ends is not None:
        latest_end_at = max(end_at, clock.wall_span(on, pattern.starts, pattern.latest_ends, zone)[1])
    return ShiftHours(start_at, end_at, latest_end_at, *_find_lunch(technician, on, zone, start_at, end_at))


def _find_pattern(technician: Technician, on: date) -> ShiftPattern | SpecialShift | None:
    """The hours agreed for this very day, else the weekday's; these hold neither on holidays nor for somebody who is
    borrowed on other days only."""
    special = next((one for one in technician.special_shifts if one.on == on), None)
    if special is not None:
        return special
    territory = find_territory(technician, on)
    if territory is not None and any(holiday.on == on for holiday in territory.holidays):
        return None
    if technician.kind == "borrowed" and technician.borrowed_days and _find_borrowed(technician, on) is None:
        return None
    return next((one for one in technician.shift_patterns if one.weekday == on.weekday()), None)


def _find_borrowed(technician: Technician, on: date) -> BorrowedDay | None:
    return next((one for one in technician.borrowed_days if one.on == on), None)


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
