"""What a change of somebody's hours, skills or days means for what is planned already, in sentences."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from dispatch import clock, installation
from dispatch.models import Job, PlanRoute, PlanVersion, Stop, Technician
from dispatch.planning.shifts import find_shift, find_zone
from dispatch.settings import Settings
from dispatch.statuses import WAITING

_THEN = {
    "publish": "The plan is made again by itself within minutes.",
    "propose": "A new plan is proposed by itself within minutes.",
    "warn": "Nothing is planned again by itself: plan the day again.",
}


def list_effects(session: Session, technician: Technician, now: datetime) -> list[str]:
    """Stops of published plans, not begun yet, that the technician as stored now cannot serve; then what follows."""
    today = clock.local_day(now, installation.get_zone(session))
    stops = session.scalars(
        select(Stop)
        .join(Stop.route)
        .join(PlanRoute.plan)
        .where(
            PlanRoute.technician_id == technician.id,
            PlanVersion.status == "published",
            PlanVersion.on >= today - timedelta(days=1),
            Stop.status.in_(WAITING),
            Stop.planned_end_at > now,
        )
        .order_by(PlanVersion.on)
        .options(joinedload(Stop.route).joinedload(PlanRoute.plan), joinedload(Stop.job).selectinload(Job.skills))
    )
    found = Counter((stop.route.plan.on, why) for stop in stops if (why := _why_not(technician, stop)))
    sentences = [
        f"{count} planned stop{'' if count == 1 else 's'} of {technician.name} on {on} will need another technician "
        f"or another time: {why}."
        for (on, why), count in found.items()
    ]
    settings: Settings = session.info["settings"]
    return [*sentences, _THEN[settings.replan]] if sentences else []


def _why_not(technician: Technician, stop: Stop) -> str:
    if stop.job.status != "open":
        return ""
    plan = stop.route.plan
    hours = find_shift(technician, plan.on, find_zone(technician, plan.on, plan.zone)) if technician.active else None
    if hours is None:
        return "there is no shift that day"
    if stop.planned_start_at < hours.start_at or stop.planned_end_at > hours.latest_end_at:
        return "the shift does not hold them"
    held = {one.name: one.level for one in technician.skills if one.expires_on is None or one.expires_on >= plan.on}
    missing = sorted(one.name for one in stop.job.skills if held.get(one.name, 0) < one.level)
    return f"they need {', '.join(missing)}" if missing else ""
