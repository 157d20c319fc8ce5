"""Promises to customers: made, moved and withdrawn by people only; no plan ever moves one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from dispatch.errors import Conflict, InvalidInput
from dispatch.events import record_event
from dispatch.models import Appointment, Job, User


def promise(
    session: Session,
    job: Job,
    from_at: datetime,
    until_at: datetime,
    now: datetime,
    by_user: User,
    *,
    is_firm: bool = True,
    reason: str = "",
) -> Appointment:
    """Tell the customer when work will start; a promise in force is replaced, for a reason.

    Raises InvalidInput (the window, or no reason), Conflict (the job is closed).
    """
    old = job.find_promise()
    wrong = []
    if until_at < from_at:
        wrong.append("The promised window closes before it opens.")
    if until_at < now:
        wrong.append("The promised window has passed already.")
    if old is not None and not reason.strip():
        wrong.append("Say why the promise is moved: the customer counts on the one before.")
    if wrong:
        raise InvalidInput(wrong)
    _refuse_closed(job)
    if old is not None:
        old.withdrawn_at, old.withdrawn_reason = now, reason.strip()
        session.flush()  # one promise is in force at every moment
    row = Appointment(
        promised_from_at=from_at,
        promised_until_at=until_at,
        is_firm=is_firm,
        promised_at=now,
        promised_by_user_id=by_user.id,
    )
    job.appointments.append(row)
    job.touch()
    kind = "promise made" if old is None else "promise moved"
    record_event(session, kind, now, by_user.id, job, before=_facts(old), after=_facts(row), reason=reason.strip())
    return row


def withdraw(session: Session, job: Job, now: datetime, by_user: User, reason: str) -> None:
    """Take the promise back. Raises InvalidInput (no reason), Conflict (there is none, or the job is closed)."""
    if not reason.strip():
        raise InvalidInput(["Say why the promise is withdrawn: the customer counts on it."])
    _refuse_closed(job)
    old = job.find_promise()
    if old is None:
        raise Conflict(f"Nothing is promised for job {job.number}.")
    old.withdrawn_at, old.withdrawn_reason = now, reason.strip()
    job.touch()
    record_event(session, "promise withdrawn", now, by_user.id, job, before=_facts(old), reason=reason.strip())


def _refuse_closed(job: Job) -> None:
    if job.status != "open":
        raise Conflict(f"Job {job.number} is closed; what was promised for it stays as it was.")


def _facts(one: Appointment | None) -> dict[str, object]:
    if one is None:
        return {}
    return {"from_at": one.promised_from_at, "until_at": one.promised_until_at, "is_firm": one.is_firm}
