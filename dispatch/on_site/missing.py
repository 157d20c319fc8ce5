"""A part is missing: on site the visit ends and is continued with the part; before that, planning hears of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.errors import Forbidden
from dispatch.events import list_events_of
from dispatch.jobs.moving import report_status
from dispatch.jobs.statuses import OPEN
from dispatch.living.reporting import EventReport, report_event
from dispatch.models import Event, Job, Stop, User
from dispatch.on_site.notes import add_job_note
from dispatch.on_site.own_stops import get_published_stop
from dispatch.on_site.parts_used import report_missing

SAME_WITHIN = timedelta(hours=12)
"""The same person lacks the same part at the same job once: phones repeat what they are unsure of."""


def report_part_missing(
    session: Session,
    stop_id: int,
    part: str,
    count: int,
    words: str,
    by_user: User | None,
    now: datetime,
    at: datetime | None = None,
) -> dict[str, Any]:
    """Somebody lacks so many pieces of a part. On site the visit becomes "to be continued", by a job that needs them.

    Before the visit has begun the job stays where it is until the day is repaired: it needs the part now, the van does
    not carry it, and the office hears of it. Raises as `report_status`, `report_missing` and `report_event` do.
    """
    stop = get_published_stop(session, stop_id, by_user)
    if by_user is None:
        raise Forbidden("Sign in to report.")
    session.refresh(stop.job, with_for_update={"key_share": True})
    if not _is_known(session, stop.job, part, count, by_user, now):
        was_on_site = stop.status == "on_site" and stop.job.status == OPEN
        report_missing(session, stop.job, stop.route.technician, part, count, by_user, now)
        said = " ".join(one for one in (f"Part missing: {count} × {part}.", words.strip()) if one)
        if was_on_site:
            return {**report_status(session, stop.id, "to_be_continued", by_user, now, said, at), "part": part}
        add_job_note(session, stop.job, said, by_user, now, at)
        on = stop.route.plan.on
        report_event(session, EventReport("part_missing", on, job_id=stop.job_id, part=part, words=said), now, by_user)
    return {"stop_id": stop.id, "job_id": stop.job_id, "status": _status(session, stop), "part": part}


def _is_known(session: Session, job: Job, part: str, count: int, by_user: User, now: datetime) -> bool:
    return any(
        _is_same(event, part, count, by_user) and now - event.at <= SAME_WITHIN
        for event in list_events_of(session, job)
    )


def _is_same(event: Event, part: str, count: int, by_user: User) -> bool:
    said = event.after.get("part"), event.after.get("count")
    return event.kind == "part missing" and event.user_id == by_user.id and said == (part, count)


def _status(session: Session, stop: Stop) -> str:
    return session.scalars(select(Stop.status).where(Stop.id == stop.id)).one()
