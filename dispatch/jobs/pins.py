"""Sets a visit free that somebody moved by hand: until then every plan leaves it where they have put it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from dispatch.events import record_event
from dispatch.jobs.moving import find_stop_in_force, get_job
from dispatch.jobs.statuses import WAITING
from dispatch.models import Job, Stop


def is_pinned(job: Job, stop: Stop | None) -> bool:
    """Whether somebody holds the job's stop in force where it is; what has begun is held without it."""
    return job.status == "open" and stop is not None and stop.pinned and stop.status in WAITING


def take_pin_off(session: Session, job_id: int, by_user_id: int | None, now: datetime) -> None:
    """Let plans move the job's visit from now on; one that is not pinned stays as it is. Raises NotFound."""
    stop = find_stop_in_force(session, job_id, for_update=True)
    job = get_job(session, job_id)
    if stop is None or not is_pinned(job, stop):
        return
    stop.pinned = False
    told = {"technician": stop.route.technician.name, "stop_id": stop.id}
    record_event(session, "pin taken off", now, by_user_id, job, before={"on": stop.route.plan.on}, after=told)
