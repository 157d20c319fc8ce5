"""Return visits: the next job for what one visit could not finish, linked to the job that it continues."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from dispatch import clock
from dispatch.errors import Conflict
from dispatch.events import record_event
from dispatch.jobs.new import create_job
from dispatch.jobs.request import JobRequest, Terms
from dispatch.jobs.statuses import BEGUN, WAITING
from dispatch.models import Job, PlanVersion, Stop


def create_return_visit(
    session: Session, job: Job, stop: Stop | None, reason: str, now: datetime, by_user_id: int | None
) -> Job:
    """A new open job for the same work at the same place, for any day, better by the same technician.

    It needs the parts that have not been used and the steps that have not been done. It has no time windows: those were
    agreed for the visit before. The contract's clock runs on: what was to be restored by then still is. Its due time
    stays only if nobody was let in, for who was has responded.
    """
    was_let_in = stop is not None and stop.status != "no_access"
    wishes = {one.technician_id: one.wish for one in job.wishes}
    if stop is not None and "required" not in wishes.values():
        wishes.setdefault(stop.route.technician_id, "preferred")
    request = JobRequest(
        customer_id=job.customer_id,
        location_id=job.location_id,
        title=job.title,
        number=_next_number(session, job),
        job_type_id=job.job_type_id,
        territory_id=job.territory_id,
        service_s=job.service_s,
        setup_s=job.setup_s,
        priority=job.priority,
        notes=f"{reason}\n{job.notes}".strip(),
        skills={one.name: one.level for one in job.skills},
        parts={one.part: left for one in job.parts if (left := one.count - (one.used or 0)) > 0},
        checks=tuple((one.text, one.required) for one in job.checks if one.done_at is None),
        assets={one.asset_id: one.work for one in job.assets if one.asset.customer_id == job.customer_id},
        wishes=wishes,
        return_of_id=job.id,
        terms=Terms(job.contract_id, job.reported_at, None if was_let_in else job.due_at, job.restore_by_at),
    )
    return create_job(session, request, now, by_user_id)


def hold_visits(session: Session, job_id: int) -> None:
    """Hold the planned visits of a job and of what continues it, for whoever is to withdraw that.

    All before either job, by days and their ids: as whoever stores a plan takes those of its day, and whoever reports
    at a visit takes what a later day has planned instead.
    """
    jobs = select(Job.id).where(or_(Job.id == job_id, Job.return_of_id == job_id))
    visits = (
        select(Stop.id)
        .join(PlanVersion, Stop.plan_id == PlanVersion.id)
        .where(Stop.job_id.in_(jobs), PlanVersion.status == "published")
        .order_by(PlanVersion.on, Stop.id)
        .with_for_update(of=Stop)
    )
    held = None
    while (found := session.scalars(visits).all()) != held:  # another version may have come while this one waited
        held = found


def withdraw_return_visit(session: Session, job: Job, now: datetime, by_user_id: int | None) -> Stop | None:
    """Cancel the return visit that a wrong report created; returns where it was planned, if it still was to be served.

    Whoever calls holds the visits of both, see `hold_visits`. Raises Conflict when it has begun or ended.
    """
    known = find_return_visit(session, job)
    if known is None:
        return None
    stops = session.scalars(  # before the job, as reports do
        select(Stop)
        .join(PlanVersion, Stop.plan_id == PlanVersion.id)
        .where(Stop.job_id == known.id, PlanVersion.status == "published")
        .order_by(PlanVersion.on, Stop.id)
        .with_for_update(of=Stop)
    ).all()
    row = session.get_one(Job, known.id, with_for_update={"key_share": True}, populate_existing=True)
    if row.status != "open" or any(stop.status in BEGUN for stop in stops):
        raise Conflict(f"The return visit {row.number} is under way or over; it cannot be taken back any more.")
    stop = next((one for one in reversed(stops) if one.status in WAITING and not _has_passed(one, now)), None)
    before: dict[str, Any] = {"status": "requested"}
    after: dict[str, Any] = {"status": "cancelled"}
    if stop is not None:
        before, after = {"status": stop.status}, after | {"stop_id": stop.id}
        stop.status = "cancelled"
    row.status = "cancelled"
    reason = f"{job.number} is not to be continued after all."
    record_event(session, "job status", now, by_user_id, row, before=before, after=after, reason=reason)
    return stop


def find_return_visit(session: Session, job: Job) -> Job | None:
    """The visit that continues this job and has not been cancelled, or None."""
    query = select(Job).where(Job.return_of_id == job.id, Job.status != "cancelled")
    return session.scalar(query.order_by(Job.id.desc()).limit(1))


def _has_passed(stop: Stop, now: datetime) -> bool:
    """Whether it never began on a day that is over."""
    plan = stop.route.plan
    return plan.on < clock.local_day(now, plan.zone) and stop.planned_end_at <= now


def _next_number(session: Session, job: Job) -> str:
    """J1 is continued by J1-2, that by J1-3."""
    first, turn = job, 2
    while first.return_of_id is not None:
        first, turn = session.get_one(Job, first.return_of_id), turn + 1
    while session.scalar(select(Job.id).where(Job.number == f"{first.number}-{turn}")):
        turn += 1
    return f"{first.number}-{turn}"
