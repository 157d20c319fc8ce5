"""Where every version of every plan had a job, and what came of it there."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from dispatch import clock
from dispatch.jobs.statuses import WORDS
from dispatch.models import Job, PlanRoute, PlanVersion, Stop


@dataclass(frozen=True)
class Visit:
    """A stop of one plan version; `really` is empty for one that never began."""

    on: str
    plan_id: int
    version: str
    technician: str
    planned: str
    status: str
    really: str
    is_in_force: bool


def list_visits(session: Session, job: Job, zone: str) -> list[Visit]:
    """The newest day and version first, drafts left out."""
    stops = session.scalars(
        select(Stop)
        .join(PlanVersion, Stop.plan_id == PlanVersion.id)
        .where(Stop.job_id == job.id, PlanVersion.status.in_(("published", "superseded")))
        .order_by(PlanVersion.on.desc(), PlanVersion.version.desc())
        .options(
            joinedload(Stop.route).joinedload(PlanRoute.plan), joinedload(Stop.route).joinedload(PlanRoute.technician)
        )
    )
    return [_visit(stop, zone) for stop in stops]


def _visit(stop: Stop, zone: str) -> Visit:
    plan = stop.route.plan
    is_in_force = plan.status == "published"
    times = [at for at in (stop.actual_start_at, stop.actual_end_at) if at is not None]
    return Visit(
        on=plan.on.isoformat(),
        plan_id=plan.id,
        version=f"{plan.version}" if is_in_force else f"{plan.version}, replaced",
        technician=stop.route.technician.name,
        planned=f"{clock.local_time(stop.planned_start_at, zone)} to {clock.local_time(stop.planned_end_at, zone)}",
        status=WORDS[stop.status] if is_in_force else "",
        really=" to ".join(clock.local_time(at, zone) for at in times) if is_in_force else "",
        is_in_force=is_in_force,
    )
