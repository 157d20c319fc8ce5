"""Makes an emergency of a job that is stored: what was agreed for later gives way, and the job is needed now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from dispatch import clock, installation
from dispatch.errors import Conflict
from dispatch.events import record_event
from dispatch.jobs.appointments import withdraw
from dispatch.jobs.changes import JobEdit, change_job
from dispatch.jobs.making import agree
from dispatch.jobs.moving import find_stop_in_force, get_job, job_status
from dispatch.jobs.request import Terms
from dispatch.jobs.sla import find_terms
from dispatch.jobs.statuses import BEGUN, OPEN, WAITING
from dispatch.models import Job, User

REASON = "It is an emergency now."


def make_urgent(
    session: Session,
    job_id: int,
    told: Mapping[str, Any],
    due_at: datetime | None,
    skills: Mapping[str, int] | None,
    now: datetime,
    by_user: User,
) -> Job:
    """Give the job these columns and skills; its windows and its promise give way, and so does another day's plan.

    Where the plan of the day itself has it, it stays there until somebody chooses a better way, for nobody may be able
    to come sooner. Where nobody says by when, it is due as it was, or sooner if its contract says so of a call now.

    Raises NotFound, InvalidInput, Conflict (it is closed, or somebody is with it or on the way).
    """
    stop = find_stop_in_force(session, job_id, for_update=True)
    job = get_job(session, job_id)
    if job.status != OPEN:
        raise Conflict(f"Job {job.number} is closed; reopen it first.")
    stands = job_status(job, stop, now)
    if stop is not None and stands in BEGUN:
        raise Conflict(f"{stop.route.technician.name} is with job {job.number} or on the way to it already: call them.")
    if job.find_promise() is not None:
        withdraw(session, job, now, by_user, REASON)
        session.flush()
    if stop is not None and stands in WAITING and stop.route.plan.on != told["requested_on"]:
        stop.status = "cancelled"  # its day is planned again by itself, without it
        record_event(
            session,
            "job status",
            now,
            by_user.id,
            job,
            before={"status": stands},
            after={"status": "requested", "stop_id": stop.id},
            reason=f"{REASON} It was planned for {stop.route.plan.on} at "
            f"{clock.local_time(stop.planned_start_at, stop.route.plan.zone)}.",
        )
    terms = _begin_terms(session, job, told["requested_on"], now)
    due, restore_by = agree(
        due_at, None, _earlier(job.due_at, terms.due_at), _earlier(job.restore_by_at, terms.restore_by_at)
    )
    columns = {**told, "due_at": due, "restore_by_at": restore_by}
    return change_job(session, job_id, job.version, JobEdit(columns, windows=(), skills=skills), now, by_user.id)


def _begin_terms(session: Session, job: Job, on: date, now: datetime) -> Terms:
    """What the contract that the job is done under says of a call now."""
    if job.contract is None:
        return Terms()
    office = installation.get_zone(session)
    zone = installation.get_zone_at(session, job.territory)
    holidays = {one.on for one in job.territory.holidays} if job.territory else set()
    return find_terms([job.contract], zone, holidays, now, on, office)


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    return min((at for at in (one, other) if at is not None), default=None)
