"""Whether a day is over: asked at every report of every phone, so nearly nobody is read for it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dispatch import clock, installation
from dispatch.models import PlanRoute, PlanVersion, SpecialShift, Technician
from dispatch.planning.facts import last_shift_end, select_technicians


def is_over(session: Session, on: date, now: datetime) -> bool:
    """True after midnight, when the last shift must have ended, too: those of the published plan, and those that
    somebody was given for this day, maybe since."""
    zone = installation.get_zone(session)
    if clock.day_end(on, zone) > now:
        return False
    published = PlanVersion.on == on, PlanVersion.status == "published"
    last_end_at = session.scalar(select(func.max(PlanRoute.latest_end_at)).join(PlanRoute.plan).where(*published))
    if last_end_at is not None and last_end_at > now:
        return False
    given = session.scalars(select_technicians().where(Technician.special_shifts.any(SpecialShift.on == on)))
    return last_shift_end(given, on, zone) <= now
