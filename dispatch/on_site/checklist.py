"""The steps of a job: ticked on site, and those required before the work counts as done."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from dispatch.errors import Conflict, NotFound
from dispatch.events import record_event
from dispatch.jobs.statuses import OPEN
from dispatch.models import Job, JobCheck, JobType, User


def tick(
    session: Session, job: Job, position: int, is_done: bool, by_user: User, now: datetime, at: datetime | None = None
) -> None:
    """Say that a step was done `at` that moment, or was not after all. Saying it twice says it once.

    Raises NotFound (no such step), Conflict (the job is closed).
    """
    check = session.get(JobCheck, (job.id, position), with_for_update=True)
    if check is None:
        raise NotFound(f"Job {job.number} has no step {position}.")
    if (check.done_at is not None) == is_done:
        return
    if job.status != OPEN:
        raise Conflict(f"Job {job.number} is closed; its steps stay as they were reported.")
    check.done_at, check.done_by_user_id = (at or now, by_user.id) if is_done else (None, None)
    kind = "step done" if is_done else "step not done"
    record_event(session, kind, now, by_user.id, job, after={"position": position, "text": check.text})


def copy_checklist(job_type: JobType) -> list[JobCheck]:
    """The steps of such work, for a new job; changing the type later changes no job."""
    return [JobCheck(position=one.position, text=one.text, required=one.required) for one in job_type.checklist]


def list_missing(job: Job) -> list[str]:
    """The steps that must still be done before the work counts as done, in their order."""
    return [check.text for check in job.checks if check.required and check.done_at is None]


def refuse_missing(job: Job) -> None:
    """Raises Conflict, naming every required step that is not done."""
    missing = list_missing(job)
    if missing:
        raise Conflict(
            f"Not done yet: {'; '.join(missing)}. Tick {'it' if len(missing) == 1 else 'each'} when it is done. "
            "If it cannot be done now, report “Come again” and say why."
        )
