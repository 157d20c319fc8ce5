"""What contractors may still take on: their limits by day, week and month, less what other days' plans gave them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from dispatch import clock
from dispatch.jobs.statuses import OPEN, WAITING
from dispatch.models import Job, PlanRoute, PlanVersion, Stop, Technician

Taken = Mapping[tuple[int, str, str], int]
"""By technician's id, period and unit: what the published plans of the period's other days hold."""


def count_taken(session: Session, technicians: Iterable[Technician], on: date, now: datetime, zone: str) -> Taken:
    """What is planned for those who have limits, on the other days of the week and of the month, and what was done.

    Hours are those of agreed work, as on the day that is planned. A visit that nobody came to on a day that has passed
    takes nothing: its job is wanted again. `zone` is the head office's.
    """
    limited = [one.id for one in technicians if one.limits]
    taken: Counter[tuple[int, str, str]] = Counter()
    if not limited:
        return taken
    spans = {period: _find_span(period, on) for period in ("week", "month")}
    has_passed = and_(PlanVersion.on < clock.local_day(now, zone), Stop.planned_end_at <= now)
    never_began = and_(Stop.status.in_(WAITING), or_(has_passed, Job.status != OPEN))
    stops = session.execute(
        select(PlanRoute.technician_id, PlanVersion.on, Job.service_s)
        .join(Stop.route)
        .join(PlanRoute.plan)
        .join(Stop.job)
        .where(
            PlanRoute.technician_id.in_(limited),
            PlanVersion.status == "published",
            PlanVersion.on.between(min(first for first, _ in spans.values()), max(last for _, last in spans.values())),
            PlanVersion.on != on,
            Stop.status != "cancelled",
            ~never_began,
        )
    )
    for technician_id, planned_on, service_s in stops:
        for period, (first_on, last_on) in spans.items():
            if first_on <= planned_on <= last_on:
                taken[technician_id, period, "visits"] += 1
                taken[technician_id, period, "work_s"] += service_s
    return taken


def find_left(technician: Technician, unit: str, taken: Taken) -> int | None:
    """The most that is left for the day, the tightest of the limits; None without one."""
    left = [
        max(0, one.most - taken.get((technician.id, one.period, unit), 0))
        for one in technician.limits
        if one.unit == unit
    ]
    return min(left, default=None)


def _find_span(period: str, on: date) -> tuple[date, date]:
    """The first and the last day of the week or the month."""
    if period == "week":
        monday = on - timedelta(days=on.weekday())
        return monday, monday + timedelta(days=6)
    first_on = on.replace(day=1)
    return first_on, (first_on + timedelta(days=31)).replace(day=1) - timedelta(days=1)
