"""Changes what a job asks for, while it is open."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from dispatch import clock
from dispatch.editing import change_row
from dispatch.errors import Conflict, InvalidInput, NotFound, Stale
from dispatch.events import record_event
from dispatch.jobs.appointments import promise, withdraw
from dispatch.jobs.request import Span
from dispatch.jobs.statuses import OPEN
from dispatch.models import Job, JobWindow, User


def change_job(
    session: Session,
    job_id: int,
    seen_version: int,
    values: Mapping[str, Any],
    windows: tuple[Span, ...] | None,
    now: datetime,
    by_user_id: int | None,
) -> None:
    """Give columns of the job new values, and other windows if some are given; none means at any time.

    Raises NotFound, Stale, Conflict (it is closed), InvalidInput with all that is wrong.
    """
    job = _lock_job(session, job_id)
    if job.status != OPEN:
        raise Conflict(f"Job {job.number} is closed; reopen it before it is changed.")
    due_at, restore_by_at = (values.get(name, getattr(job, name)) for name in ("due_at", "restore_by_at"))
    wrong = [f"windows[{n}]: it closes before it opens." for n, (start, end) in enumerate(windows or ()) if end < start]
    if not values.get("title", job.title).strip():
        wrong.append("title: it is empty; say in a few words what is to be done.")
    if due_at and restore_by_at and restore_by_at < due_at:
        wrong.append("restore_by_at: it is before due_at, when the work is to start.")
    if wrong:
        raise InvalidInput(wrong)
    old = [(one.opens_at, one.closes_at) for one in job.windows]
    change_row(session, job, seen_version, now, by_user_id, **values)
    if windows is not None and sorted(windows) != old:
        job.windows = [JobWindow(opens_at=opens_at, closes_at=closes_at) for opens_at, closes_at in windows]
        job.touch()
        before, after = ([[clock.to_iso(at) for at in span] for span in spans] for spans in (old, sorted(windows)))
        record_event(session, "job changed", now, by_user_id, job, before={"windows": before}, after={"windows": after})
    session.flush()


def change_promise(
    session: Session,
    job_id: int,
    seen_version: int,
    span: Span | None,
    is_firm: bool,
    reason: str,
    now: datetime,
    by_user: User,
) -> None:
    """Promise the customer that window, or take the promise back where there is none to give.

    Raises NotFound, Stale, Conflict (the job is closed, nothing is promised), InvalidInput (the window, no reason).
    """
    job = _lock_job(session, job_id)
    if job.version != seen_version:
        raise Stale(f"Job {job.number} has been changed since (now version {job.version}); look at it again.")
    if span is None:
        withdraw(session, job, now, by_user, reason)
    else:
        promise(session, job, *span, now, by_user, is_firm=is_firm, reason=reason)
    session.flush()


def _lock_job(session: Session, job_id: int) -> Job:
    job = session.get(Job, job_id, with_for_update={"of": Job})
    if job is None:
        raise NotFound(f"There is no job with id {job_id}.")
    return job
