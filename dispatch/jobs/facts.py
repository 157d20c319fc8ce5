"""What a job asks for as its history tells it, so that every change is told with what was said before."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from dispatch import clock
from dispatch.events import record_event
from dispatch.models import Job

COLUMNS = (
    "title",
    "requested_on",
    "reported_at",
    "due_at",
    "restore_by_at",
    "priority",
    "service_s",
    "setup_s",
    "notes",
)


def tell_job(job: Job) -> dict[str, Any]:
    """By name: the columns that people change, and what belongs to the job, in words that need no other row."""
    told = {name: getattr(job, name) for name in COLUMNS}
    return told | {
        "job_type": job.job_type.name if job.job_type else None,
        "customer": job.customer.name,
        "address": job.location.address,
        "place": list(job.location.point),
        "territory": job.territory.name if job.territory else None,
        "windows": sorted([clock.to_iso(one.opens_at), clock.to_iso(one.closes_at)] for one in job.windows),
        "skills": {one.name: one.level for one in job.skills},
        "parts": {one.part: one.count for one in job.parts},
        # Two may have one name: what tells them apart stands with it.
        "assets": {f"{one.asset.name} ({one.asset.id})": one.work for one in job.assets},
        "wishes": {f"{one.technician.name} ({one.technician.code})": one.wish for one in job.wishes},
    }


def record_change(
    session: Session, job: Job, before: dict[str, Any], now: datetime, by_user_id: int | None, reason: str = ""
) -> bool:
    """Tell what says something else than `before`, what `tell_job` told then; returns whether anything does."""
    after = tell_job(job)
    changed = [name for name in after if after[name] != before[name]]
    if not changed:
        return False
    old, new = ({name: said[name] for name in changed} for said in (before, after))
    record_event(session, "job changed", now, by_user_id, job, before=old, after=new, reason=reason)
    return True
