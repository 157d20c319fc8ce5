"""What a change of somebody's hours, skills or days means for what is planned already, in sentences."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from dispatch import clock, installation
from dispatch.jobs.statuses import WAITING
from dispatch.models import Job, PlanRoute, PlanVersion, Stop, Technician
from dispatch.planning.shifts import ShiftHours, find_shift, find_zone
from dispatch.planning.skills import list_held
from dispatch.settings import Settings

THEN = {
    "publish": "The plan is made again by itself within minutes.",
    "propose": "A new plan is proposed by itself within minutes.",
    "warn": "Nothing is planned again by itself: plan the day again.",
}
"""What follows by itself, by the policy for days that have changed."""


@dataclass(frozen=True)
class Hindrance:
    """So many stops of a day that somebody cannot serve for one reason, in words."""

    on: date
    stops: int
    why: str


def list_effects(session: Session, technician: Technician, now: datetime) -> list[str]:
    """`list_hindered` in sentences; then what follows."""
    sentences = [
        f"{one.stops} planned stop{'' if one.stops == 1 else 's'} of {technician.name} on {one.on} will need another "
        f"technician or another time: {one.why}."
        for one in list_hindered(session, technician, now)
    ]
    settings: Settings = session.info["settings"]
    return [*sentences, THEN[settings.replan]] if sentences else []


def list_hindered(session: Session, technician: Technician, now: datetime) -> list[Hindrance]:
    """Stops of published plans, not begun yet, that the technician as stored now cannot serve; by day."""
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
    return [Hindrance(on, count, why) for (on, why), count in found.items()]


def _why_not(technician: Technician, stop: Stop) -> str:
    if stop.job.status != "open":
        return ""
    plan = stop.route.plan
    zone = find_zone(technician, plan.on, plan.zone)
    hours = find_shift(technician, plan.on, zone) if technician.active else None
    if hours is None:
        return "there is no shift that day"
    if stop.planned_start_at < hours.start_at or stop.planned_end_at > hours.latest_end_at:
        return "the shift does not hold them"
    missing = list_missing_skills(technician, stop.job, hours, zone)
    return f"they need {', '.join(missing)}" if missing else ""


def list_missing_skills(technician: Technician, job: Job, hours: ShiftHours, zone: str) -> list[str]:
    """What the job asks for and the technician does not hold for all of that shift, or not at that level."""
    held = list_held(technician, hours, zone)
    return sorted(one.name for one in job.skills if held.get(one.name, 0) < one.level)
