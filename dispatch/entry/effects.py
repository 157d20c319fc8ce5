"""What a change of somebody's hours, skills or days means for what is planned already, in sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from dispatch import clock, installation
from dispatch.jobs.statuses import BEGUN, WAITING
from dispatch.models import Job, PlanRoute, PlanVersion, Stop, Technician, Territory
from dispatch.planning.budget import is_tentative
from dispatch.planning.shifts import ShiftHours, find_shift, find_territory, find_zone
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
    hindered = list_hindered(session, technician, now)
    sentences = [
        f"{one.stops} planned stop{'' if one.stops == 1 else 's'} of {technician.name} on {one.on} will need another "
        f"technician or another time: {one.why}."
        for one in hindered
    ]
    return [*sentences, *say_what_follows(session, [one.on for one in hindered], now)]


def say_what_follows(session: Session, days: Collection[date], now: datetime) -> list[str]:
    """What becomes of plans of these days that cannot stay, by itself; of tentative ones that is something else."""
    settings: Settings = session.info["settings"]
    today = clock.local_day(now, installation.get_zone(session))
    tentative = {on for on in days if is_tentative(settings, on, today)}
    told = [THEN[settings.replan]] if set(days) - tentative else []
    return told + [
        f"The plan of {on} is tentative: this is mended when that day is planned again." for on in sorted(tentative)
    ]


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
    found: Counter[tuple[date, str]] = Counter()
    able: Counter[PlanRoute] = Counter()
    for stop in stops:
        why = _why_not(technician, stop)
        if why:
            found[stop.route.plan.on, why] += 1
        elif stop.job.status == "open":
            able[stop.route] += 1
    for route, count in able.items():
        too_many = _count_too_many(technician, route, count)
        if too_many:
            most = technician.max_visits
            found[route.plan.on, f"{most} visit{'' if most == 1 else 's'} a day is the most"] += too_many
    return [Hindrance(on, count, why) for (on, why), count in sorted(found.items())]


def _count_too_many(technician: Technician, route: PlanRoute, waiting: int) -> int:
    """How many of those that wait are more than the technician may have, with what was begun on the route."""
    if technician.max_visits is None:
        return 0
    begun = sum(stop.status in BEGUN for stop in route.stops)
    return min(waiting, max(0, waiting + begun - technician.max_visits))


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
    if missing:
        return f"they need {', '.join(missing)}"
    if stop.job.territory is not None and not is_sent_to(technician, stop.job.territory, plan.on):
        return f"they are in {stop.job.territory.name}, where {technician.name} is not sent that day"
    lacking = list_lacking_parts(technician, stop.job)
    return f"the van does not carry {', '.join(lacking)}" if lacking else ""


def is_sent_to(technician: Technician, territory: Territory, on: date) -> bool:
    """Whether the technician serves that territory on that day: whoever is lent to another belongs there alone."""
    own = find_territory(technician, on)
    if own is None:
        return True
    others = technician.secondary_territories if own is technician.territory else []
    return territory.id in {own.id, *(one.id for one in others)}


def list_lacking_parts(technician: Technician, job: Job) -> list[str]:
    """What the job needs of which the van carries too few."""
    stock = {one.part: one.count for one in technician.van_stock}
    return [one.part for one in job.parts if one.used is None and stock.get(one.part, 0) < one.count]


def list_missing_skills(technician: Technician, job: Job, hours: ShiftHours, zone: str) -> list[str]:
    """What the job asks for and the technician does not hold for all of that shift, or not at that level."""
    held = list_held(technician, hours, zone)
    return sorted(one.name for one in job.skills if held.get(one.name, 0) < one.level)
