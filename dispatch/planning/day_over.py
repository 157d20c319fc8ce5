"""When a day is over: night shifts, and those of territories west of the head office, go on past its midnight."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from dispatch import clock, installation
from dispatch.models import PlanRoute, PlanVersion, SpecialShift, Technician
from dispatch.planning.facts import last_shift_end, select_technicians
from dispatch.planning.far_east import list_begun_days


def find_over_at(session: Session, on: date) -> datetime:
    """With the last shift of the day's published plan, or of anybody without one, and at midnight at least."""
    zone = installation.get_zone(session)
    return find_end_of(session, session.scalar(_select_published(on)), on, zone)


def find_end_of(session: Session, plan_id: int | None, on: date, zone: str) -> datetime:
    """The same where the id of the published plan is known, or that there is none."""
    if plan_id is None:
        return last_shift_end(session.scalars(select_technicians()), on, zone)
    latest_at = _find_last_end(session, PlanRoute.plan_id == plan_id)
    day_end_at = clock.day_end(on, zone)
    return day_end_at if latest_at is None else max(day_end_at, latest_at)


def is_over(session: Session, on: date, now: datetime) -> bool:
    """Whether the last shift must have ended: of the published plan, and those given for this day alone, maybe since.

    Asked at every report of every phone, so nearly nobody is read for it.
    """
    zone = installation.get_zone(session)
    if clock.day_end(on, zone) > now:
        return False
    last_end_at = _find_last_end(session, PlanRoute.plan_id == _select_published(on).scalar_subquery())
    if last_end_at is not None and last_end_at > now:
        return False
    given = session.scalars(select_technicians().where(Technician.special_shifts.any(SpecialShift.on == on)))
    return last_shift_end(given, on, zone) <= now


def find_night(session: Session, on: date, now: datetime) -> date | None:
    """The day before, where `on` is today at the head office and shifts of the day before go on; else None."""
    before = on - timedelta(days=1)
    if on != clock.local_day(now, installation.get_zone(session)) or before not in list_begun_days(session, now):
        return None
    return None if is_over(session, before, now) else before


def _select_published(on: date) -> Select[int]:
    """The id of the day's published plan."""
    return select(PlanVersion.id).where(PlanVersion.on == on, PlanVersion.status == "published")


def _find_last_end(session: Session, of_plan: ColumnElement[bool]) -> datetime | None:
    """When the last of the plan's shifts must end; None without any."""
    return session.scalar(select(func.max(PlanRoute.latest_end_at)).where(of_plan))
