"""What was done about an incident, for its page: what the plan that answers it changes, by kind and job by job."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from dispatch import clock
from dispatch.models import Incident, Job, PlanChange, Technician

GROUPS = {
    "moved": "Goes to somebody else",
    "retimed": "Starts at another time",
    "added": "Comes in",
    "left out": "Is left out",
    "gone": "Need not be served any more",
}


@dataclass(frozen=True)
class ChangedJob:
    """One job, and in words where it was and where it is."""

    job_id: int
    number: str
    title: str
    customer: str
    words: str


def list_done(session: Session, incident: Incident) -> list[tuple[str, list[ChangedJob]]]:
    """The changes of its plan under what they have in common, each in the order of the day; empty without a plan."""
    if incident.plan is None:
        return []
    query = select(PlanChange).where(PlanChange.plan_id == incident.plan.id)
    rows = session.scalars(
        query.options(
            joinedload(PlanChange.job).joinedload(Job.customer),
            joinedload(PlanChange.from_technician),
            joinedload(PlanChange.to_technician),
        )
    ).all()
    rows = sorted(rows, key=lambda row: (row.to_start_at or row.from_start_at, row.id))
    zone = incident.plan.zone
    groups = {
        title: [_changed(row, zone) for row in rows if row.kind == kind and row.decision != "refused"]
        for kind, title in GROUPS.items()
    }
    return [(title, lines) for title, lines in groups.items() if lines]


def _changed(row: PlanChange, zone: str) -> ChangedJob:
    job = row.job
    before = _place(row.from_technician, row.from_start_at, zone)
    is_same = row.from_technician_id == row.to_technician_id
    after = _place(None if is_same else row.to_technician, row.to_start_at, zone)
    words = " → ".join(place for place in (before, after) if place)
    return ChangedJob(job.id, job.number, job.title, job.customer.name, words)


def _place(technician: Technician | None, start_at: datetime | None, zone: str) -> str:
    if start_at is None:
        return ""
    at = clock.local_time(start_at, zone)
    return at if technician is None else f"{technician.name} {at}"
