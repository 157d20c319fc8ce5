"""Who can be called out outside shifts, and calling them in: from now on they have a shift that plans can use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from dispatch import clock, installation
from dispatch.errors import Conflict, InvalidInput, NotFound
from dispatch.events import record_event
from dispatch.models import OnCall, SpecialShift, Technician, Territory, User
from dispatch.planning.shifts import ShiftHours, find_absence, find_shift, find_zone

LONGEST = timedelta(hours=10)
"""A shift of somebody called in ends after this, or when their duty does."""


@dataclass(frozen=True)
class Duty:
    """Somebody's turn to be called out in a territory."""

    row: OnCall
    technician: Technician
    territory: Territory


def list_duties(session: Session, from_at: datetime, until_at: datetime) -> list[Duty]:
    """The turns of active technicians that touch that time, by their beginning and the name."""
    rows = session.execute(
        select(OnCall, Technician)
        .join(Technician, OnCall.technician_id == Technician.id)
        .where(OnCall.from_at < until_at, OnCall.until_at > from_at, Technician.active)
        .order_by(OnCall.from_at, Technician.name)
        .options(joinedload(OnCall.territory))
    )
    return [Duty(row, technician, row.territory) for row, technician in rows]


def describe_duties(session: Session, from_at: datetime, until_at: datetime, now: datetime) -> list[dict[str, Any]]:
    """JSON-ready for the board; `obstacle` is empty for somebody who can be called in now, else says why not."""
    return [
        {
            "technician_id": duty.technician.id,
            "name": duty.technician.name,
            "phone": duty.technician.phone,
            "territory": duty.territory.name,
            "from_at": clock.to_iso(duty.row.from_at),
            "until_at": clock.to_iso(duty.row.until_at),
            "obstacle": _find_obstacle(session, duty.technician, duty.row, now),
        }
        for duty in list_duties(session, from_at, until_at)
    ]


def call_in(session: Session, technician_id: int, reason: str, by_user: User, now: datetime) -> str:
    """Give somebody who is on call a shift from now on, and return a sentence that says which.

    A shift that they have on the same day is made longer: a day has one shift. Raises NotFound, InvalidInput (no
    reason), Conflict (not on call now, absent, or at work).
    """
    if not reason.strip():
        raise InvalidInput(["Say why: whoever is called in, and whoever pays for it, reads it."])
    technician = session.get(Technician, technician_id, with_for_update={"key_share": True})
    if technician is None:
        raise NotFound(f"There is no technician with id {technician_id}.")
    duties = list_duties(session, now, now + timedelta(microseconds=1))
    duty = next((one.row for one in duties if one.technician.id == technician.id), None)
    obstacle = _find_obstacle(session, technician, duty, now)
    if duty is None or obstacle:
        raise Conflict(obstacle)
    zone, on = _zone_and_day(session, technician, now)
    usual = find_shift(technician, on, zone)
    start_at = now.replace(second=0, microsecond=0)
    end_at = min(duty.until_at, start_at + LONGEST)
    latest_at = None
    if usual is not None:
        start_at, end_at = min(start_at, usual.start_at), max(end_at, usual.end_at)
        latest_at = usual.latest_end_at if usual.latest_end_at > end_at else None
    wall = ZoneInfo(zone)
    # A shift is stored by what the clock shows where it begins and ends: it lasts less than a day.
    last = (_on_the_wall(start_at, zone) + timedelta(days=1, minutes=-1)).replace(tzinfo=wall)
    end_at = min(end_at, last.astimezone(UTC))
    starts, ends = (at.astimezone(wall).time() for at in (start_at, end_at))
    latest_ends = None if latest_at is None else latest_at.astimezone(wall).time()
    row = next((one for one in technician.special_shifts if one.on == on), None)
    if row is None:
        technician.special_shifts.append(SpecialShift(on=on, starts=starts, ends=ends, latest_ends=latest_ends))
    else:
        row.starts, row.ends, row.latest_ends = starts, ends, latest_ends
    technician.touch()
    after = {"on": on, "starts": starts, "ends": ends}
    record_event(session, "called in", now, by_user.id, technician, after=after, reason=reason.strip())
    longer = "" if usual is None else ", which makes the shift of that day longer"
    return (
        f"{technician.name} has a shift on {on} from {starts:%H:%M} to {ends:%H:%M}{longer}. "
        "Plan the day again to use it, and call them."
    )


def _find_obstacle(session: Session, technician: Technician, duty: OnCall | None, now: datetime) -> str:
    """Why somebody cannot be called in now, in a sentence; empty where they can."""
    zone, on = _zone_and_day(session, technician, now)
    if duty is None or now >= duty.until_at:
        return f"{technician.name} is not on call now."
    if now < duty.from_at:
        return (
            f"{technician.name} is on call from {clock.local_day(duty.from_at, zone)} {_time(duty.from_at, zone)} on."
        )
    absence = find_absence(technician, on)
    if absence is not None:
        return f"{technician.name} is away: {absence.reason}."
    for day in (on - timedelta(days=1), on):
        hours = _hours(session, technician, day)
        if hours is not None and hours.start_at <= now < hours.end_at:
            return f"{technician.name} is at work until {_time(hours.end_at, zone)}; planning counts on them already."
    if hours is not None and _on_the_wall(hours.latest_end_at, zone) - _on_the_wall(now, zone) >= timedelta(days=1):
        return (
            f"{technician.name} has a shift at {_time(hours.start_at, zone)}, and a day has one shift: "
            "made longer from now on, it would last more than a day."
        )
    return ""


def _hours(session: Session, technician: Technician, on: date) -> ShiftHours | None:
    return find_shift(technician, on, find_zone(technician, on, installation.get_zone(session)))


def _zone_and_day(session: Session, technician: Technician, now: datetime) -> tuple[str, date]:
    """The zone in which the technician's hours are meant, and the date that it is there."""
    office = installation.get_zone(session)
    zone = find_zone(technician, clock.local_day(now, office), office)
    return zone, clock.local_day(now, zone)


def _on_the_wall(at: datetime, zone: str) -> datetime:
    """What the clock and the calendar there show, without a zone: shifts are stored so."""
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def _time(at: datetime, zone: str) -> str:
    return clock.local_time(at, zone)
