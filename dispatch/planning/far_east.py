"""Days of territories far east of the head office: they begin, and their shifts end, hours before its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import Session, selectinload

from dispatch import clock, installation
from dispatch.models import BorrowedDay, PlanVersion, Technician, Territory
from dispatch.planning.shifts import find_shift, find_zone

FAR = timedelta(hours=4)
"""Nearer ones have the head office's day: hardly anybody works in the hours that it lacks."""


@dataclass(frozen=True)
class OwnDay:
    """A date as the territories of one zone have it; `until_at` is when the last shift that begins on it ends."""

    zone: str
    start_at: datetime
    end_at: datetime
    until_at: datetime


def list_own_days(session: Session, on: date, office: str) -> tuple[OwnDay, ...]:
    """Of each zone far east of the head office; none in nearly all companies."""
    far = list_far_zones(session, on, office)
    if not far:
        return ()
    last = {zone: clock.day_end(on, zone) for zone in far}
    for technician in session.scalars(_select_technicians(on, far)):
        zone = find_zone(technician, on, office)
        hours = find_shift(technician, on, zone) if zone in last else None
        if hours is not None:
            last[zone] = max(last[zone], hours.latest_end_at)
    return tuple(OwnDay(zone, clock.day_start(on, zone), clock.day_end(on, zone), last[zone]) for zone in far)


def _select_technicians(on: date, zones: Sequence[str]) -> Select[Technician]:
    """Whoever may work in one of the zones that day, with what tells when."""
    there = select(Territory.id).where(Territory.zone.in_(zones))
    lent = exists().where(
        BorrowedDay.technician_id == Technician.id, BorrowedDay.on == on, BorrowedDay.territory_id.in_(there)
    )
    return (
        select(Technician)
        .where(Technician.active, or_(Technician.territory_id.in_(there), lent))
        .options(
            selectinload(Technician.territory).selectinload(Territory.holidays),
            selectinload(Technician.shift_patterns),
            selectinload(Technician.special_shifts),
            selectinload(Technician.absences),
            selectinload(Technician.borrowed_days).selectinload(BorrowedDay.territory),
        )
    )


def list_far_zones(session: Session, on: date, office: str) -> list[str]:
    """Those of territories where the date begins so long before the head office's midnight that shifts do, too."""
    far_at = clock.day_start(on, office) - FAR
    zones = session.scalars(select(Territory.zone).distinct())
    return sorted(zone for zone in zones if clock.day_start(on, zone) <= far_at)


def first_shift_start(technicians: Iterable[Technician], on: date, office: str) -> datetime:
    """When the first shift of the date begins, where that is before the head office's midnight; else that midnight."""
    first_at = clock.day_start(on, office)
    for technician in technicians:
        zone = find_zone(technician, on, office)
        if zone != office and clock.day_start(on, zone) < first_at:
            hours = find_shift(technician, on, zone)
            first_at = first_at if hours is None else min(first_at, hours.start_at)
    return first_at


def list_begun_days(session: Session, now: datetime) -> list[date]:
    """The dates from yesterday to tomorrow whose published plan has begun; tomorrow's only far east of the office."""
    today = clock.local_day(now, installation.get_zone(session))
    near = PlanVersion.on.between(today - timedelta(days=1), today + timedelta(days=1))
    begun = PlanVersion.status == "published", near, PlanVersion.day_start_at <= now
    return list(session.scalars(select(PlanVersion.on).where(*begun).order_by(PlanVersion.on)))
