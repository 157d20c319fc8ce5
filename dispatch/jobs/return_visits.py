"""Return visits: the next job for what one visit could not finish, linked to the job that it continues."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.errors import Conflict
from dispatch.events import record_event
from dispatch.jobs.new import create_job
from dispatch.jobs.request import JobRequest, Terms
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


def withdraw_return_visit(session: Session, job: Job, now: datetime, by_user_id: int | None) -> None:
    """Cancel the return visit that a wrong report created. Raises Conflict when it has begun or ended."""
    row = find_return_visit(session, job)
    if row is None:
        return
    begun = session.scalar(
        select(Stop.id)
        .join(PlanVersion, Stop.plan_id == PlanVersion.id)
        .where(Stop.job_id == row.id, PlanVersion.status == "published", Stop.status != "planned")
        .with_for_update(of=Stop)
    )
    if begun is not None or row.status != "open":
        raise Conflict(f"The return visit {row.number} is under way or over; it cannot be taken back any more.")
    row.status = "cancelled"
    record_event(
        session,
        "job status",
        now,
        by_user_id,
        row,
        before={"status": "requested"},
        after={"status": "cancelled"},
        reason=f"{job.number} is not to be continued after all.",
    )


def find_return_visit(session: Session, job: Job) -> Job | None:
    """The visit that continues this job and has not been cancelled, or None."""
    query = select(Job).where(Job.return_of_id == job.id, Job.status != "cancelled")
    return session.scalar(query.order_by(Job.id.desc()).limit(1).with_for_update(key_share=True))


def _next_number(session: Session, job: Job) -> str:
    """J1 is continued by J1-2, that by J1-3."""
    first, turn = job, 2
    while first.return_of_id is not None:
        first, turn = session.get_one(Job, first.return_of_id), turn + 1
    while session.scalar(select(Job.id).where(Job.number == f"{first.number}-{turn}")):
        turn += 1
    return f"{first.number}-{turn}"
