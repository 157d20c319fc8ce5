"""Incidents as rows: raised once, told again when they change, repaired, dismissed; each step is an event."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from dispatch.errors import Conflict, Forbidden, InvalidInput, NotFound, Stale
from dispatch.events import record_event
from dispatch.living.illness import take_back_days_after
from dispatch.living.kinds import get_kind
from dispatch.living.policies import get_action
from dispatch.models import Incident, Job, PlanVersion, Stop, User
from dispatch.planning.answers import withdraw_from_draft
from dispatch.planning.day_over import is_over
from dispatch.runs.queue import request_repair
from dispatch.slices import Cut, Slice, cut_newest_first


def raise_incident(
    session: Session, kind: str, on: date, now: datetime, by_user_id: int | None, *, repair: bool = True, **facts: Any
) -> Incident:
    """Store what happened, or bring an open incident about the same up to date, and act as the policy says.

    `facts` are columns of `Incident`. With `repair` False nothing is queued: somebody is about to choose. Nor is the
    repair of a day that is over.
    """
    facts.setdefault("from_at", now)
    same = kind, on, facts.get("job_id"), facts.get("technician_id")
    row, is_new = find_open(session, *same), False
    if row is None:
        new = Incident(kind=kind, on=on, reported_at=now, action=get_action(session, kind), **facts)
        new.reported_by_user_id = by_user_id
        row = _find_told(session, new, same)
        is_new = row is new
    if not is_new:
        for name, value in facts.items():
            if name != "words" or value:  # whoever adds no words takes none back
                setattr(row, name, value)
    session.flush()
    told = {name: value for name, value in facts.items() if value not in (None, "")}
    what = "incident reported" if is_new else "incident changed"
    record_event(session, what, now, by_user_id, row, after={"kind": kind, "on": on, **told}, reason=row.words)
    is_repaired = repair and get_kind(kind).is_repaired and row.action != "warn"
    if is_repaired and _is_planned(session, on) and not is_over(session, on, now):
        request_repair(session, on, row.id, row.action == "propose", by_user_id, now, by_policy=True)
    return row


def _find_told(session: Session, new: Incident, same: tuple[str, date, int | None, int | None]) -> Incident:
    """The new one, stored; or that with which somebody else has told of the same in this instant."""
    try:
        with session.begin_nested():
            session.add(new)
    except IntegrityError:
        first = find_open(session, *same)
        if first is None:  # it is none of that
            raise
        return first
    return new


def dismiss(
    session: Session,
    incident_id: int,
    reason: str,
    by_user_id: int | None,
    now: datetime,
    seen_version: int | None = None,
) -> None:
    """It needs nothing, or was no such thing: plans no longer reckon with it. Says why.

    A published repair of it stays; one that is proposed is proposed no more.

    Raises NotFound, Conflict (closed already, or changed since it was seen), InvalidInput (no reason).
    """
    row = get_incident(session, incident_id)
    if seen_version is not None and row.version != seen_version:
        raise Stale("This has changed since you looked at it; look at it as it is now.")
    if row.status == "dismissed":
        raise Conflict("This has been dismissed already.")
    if not reason.strip():
        raise InvalidInput(["Say why it can be dismissed: the reason is kept with it."])
    withdraw_from_draft(session, row, now, by_user_id)
    row.status, row.closed_at, row.closed_by_user_id, row.reason = "dismissed", now, by_user_id, reason.strip()
    if row.kind == "technician_ill":
        take_back_days_after(session, row, now, by_user_id)
    record_event(session, "incident dismissed", now, by_user_id, row, after={"kind": row.kind}, reason=reason.strip())


def close_repaired(session: Session, row: Incident, outcome: str, now: datetime, by_user_id: int | None) -> None:
    """Nothing is left to do about it."""
    row.status, row.closed_at, row.closed_by_user_id, row.outcome = "repaired", now, by_user_id, outcome
    record_event(session, "incident repaired", now, by_user_id, row, after={"kind": row.kind, "outcome": outcome})


def reopen(session: Session, incident_id: int, why: str, now: datetime, by_user_id: int | None) -> None:
    """What was repaired is so no more, and is seen to as when it was told; nothing where it was told again since."""
    row = get_incident(session, incident_id)
    if row.status != "repaired" or find_open(session, row.kind, row.on, row.job_id, row.technician_id) is not None:
        return
    row.status, row.closed_at, row.closed_by_user_id, row.plan_id, row.outcome = "open", None, None, None, why
    record_event(session, "incident reopened", now, by_user_id, row, after={"kind": row.kind, "outcome": why})
    session.flush()
    _see_to(session, row, now, by_user_id)


def see_to_freed(session: Session, stop: Stop, now: datetime, by_user_id: int | None) -> None:
    """A visit that had begun waits again: where its technician is ill, and it was left to them, others are to come."""
    ill = Incident.kind == "technician_ill", Incident.status != "dismissed", Incident.on == stop.route.plan.on
    away = Incident.technician_id == stop.route.technician_id, Incident.from_at <= max(stop.planned_start_at, now)
    for row in session.scalars(select(Incident).where(*ill, *away).order_by(Incident.id.desc())).all():
        if row.status == "open":
            _see_to(session, row, now, by_user_id)
        else:
            why = f"{stop.job.number} is free again: {stop.route.technician.name} does not come to it after all."
            reopen(session, row.id, why, now, by_user_id)


def _see_to(session: Session, row: Incident, now: datetime, by_user_id: int | None) -> None:
    chosen = row.kind == "emergency" and row.action == "propose"  # the ways wait for somebody to choose
    if get_kind(row.kind).is_repaired and row.action != "warn" and not chosen and not is_over(session, row.on, now):
        request_repair(session, row.on, row.id, row.action == "propose", by_user_id, now, by_policy=True)


def withdraw_incident(session: Session, kind: str, job_id: int, now: datetime, by_user_id: int | None) -> None:
    """What was reported has been taken back, or is seen to: nothing is left to do about it."""
    open_ones = Incident.kind == kind, Incident.job_id == job_id, Incident.status == "open"
    with session.no_autoflush:  # the visit is half moved, and the database would refuse that half
        rows = session.scalars(select(Incident).where(*open_ones).with_for_update(of=Incident)).all()
    for row in rows:
        close_repaired(session, row, "The job has been moved on by hand since.", now, by_user_id)


def get_incident(session: Session, incident_id: int) -> Incident:
    """With what it is about. Raises NotFound."""
    row = session.scalar(_select().where(Incident.id == incident_id))
    if row is None:
        raise NotFound(f"There is no event of the day with id {incident_id}.")
    return row


def get_incident_for(session: Session, incident_id: int, user: User) -> Incident:
    """The same; technicians see what they have told themselves. Raises NotFound, Forbidden."""
    row = get_incident(session, incident_id)
    if user.role == "technician" and row.reported_by_user_id != user.id:
        raise Forbidden("Technicians see what they have told themselves; the office sees the rest.")
    return row


def list_incidents(
    session: Session,
    on: date,
    statuses: Iterable[str] | None = None,
    *,
    before_id: int | None = None,
    limit: int | None = None,
) -> list[Incident]:
    """Those of the day, the newest first; with `before_id` what was told of before that one, at most `limit`."""
    query = _of_day(on, statuses)
    if before_id is not None:
        query = query.where(Incident.id < before_id)
    return list(session.scalars(query.order_by(Incident.id.desc()).limit(limit)))


def slice_incidents(session: Session, on: date, statuses: Iterable[str], cut: Cut) -> Slice[Incident]:
    """A part of those of the day, the newest first."""
    return cut_newest_first(session, _of_day(on, statuses), Incident.id, cut)


def find_open(session: Session, kind: str, on: date, job_id: int | None, technician_id: int | None) -> Incident | None:
    """The open one about the same, locked until the transaction is over; None where there is none."""
    query = _select().where(Incident.kind == kind, Incident.on == on, Incident.status == "open")
    if job_id is not None:
        return session.scalar(query.where(Incident.job_id == job_id).with_for_update(of=Incident))
    if technician_id is None:
        return None
    of_them = Incident.job_id.is_(None), Incident.technician_id == technician_id
    return session.scalar(query.where(*of_them).with_for_update(of=Incident))


def _of_day(on: date, statuses: Iterable[str] | None) -> Select[Incident]:
    query = _select().where(Incident.on == on)
    return query if statuses is None else query.where(Incident.status.in_(list(statuses)))


def _is_planned(session: Session, on: date) -> bool:
    published = PlanVersion.on == on, PlanVersion.status == "published"
    return session.scalar(select(PlanVersion.id).where(*published)) is not None


def _select() -> Select[Incident]:
    return select(Incident).options(
        joinedload(Incident.technician),
        joinedload(Incident.job).joinedload(Job.customer),
        joinedload(Incident.job).joinedload(Job.location),
        joinedload(Incident.plan),
        joinedload(Incident.reported_by),
        joinedload(Incident.closed_by),
    )
