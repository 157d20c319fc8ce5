"""Moving jobs by hand: the draft that a person begins for it, and trying a move without storing anything."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.travel import TravelSource
from dispatch.db import lock_day
from dispatch.errors import Conflict
from dispatch.events import record_event
from dispatch.models import PlanChange, PlanVersion
from dispatch.planning.agreed import why_never
from dispatch.planning.copying import copy_route, copy_routes, copy_row
from dispatch.planning.deciding import find_best_start, put_by_hand
from dispatch.planning.drafts import LaidOut, find_open_draft, lay_out_draft
from dispatch.planning.facts import find_published, lock_published


def begin_draft(session: Session, on: date, by_user_id: int | None, now: datetime) -> PlanVersion:
    """The day's open draft, or a new one that is the published plan as it stands, to move jobs in by hand.

    Raises Conflict for a day that is not planned.
    """
    lock_day(session, on)
    draft = find_open_draft(session, on)
    if draft is not None:
        return draft
    published = _planned(on, lock_published(session, on))
    newest = session.scalar(select(func.max(PlanVersion.version)).where(PlanVersion.on == on)) or 0
    draft = _as_draft(published, newest + 1, now)
    session.add(draft)
    session.flush()  # stops name their plan by id
    copy_routes(session, published.id, draft.id)
    record_event(session, "draft begun", now, by_user_id, draft, after={"on": on, "version": draft.version})
    session.flush()
    session.expire(draft)
    found = find_open_draft(session, on)
    assert found is not None, "it was stored just now"
    return found


def try_move(
    session: Session,
    on: date,
    job_id: int,
    technician_code: str,
    start_at: datetime | None,
    now: datetime,
    travel_source: TravelSource | None = None,
) -> tuple[LaidOut, LaidOut, datetime] | None:
    """The day as it stands in its draft, or as published, before and after a move, and the start; nothing is stored.

    Without a start the job goes where it fits best with that technician; None where it does not fit. Raises Conflict,
    NotFound, and InvalidInput for a technician who does not work then.
    """
    open_draft = find_open_draft(session, on)
    with session.no_autoflush:
        tried = _copy_of(open_draft or _planned(on, find_published(session, on)), now)
        before = lay_out_draft(session, tried, now, travel_source)
        refuse_what_is_not_planned(before, job_id)
        start_at = start_at or find_best_start(before, job_id, technician_code)
        if start_at is None:
            return None
        moved = _copy_of(open_draft or _planned(on, find_published(session, on)), now)
        put_by_hand(session, moved, job_id, technician_code, start_at, None, now)
        return before, lay_out_draft(session, moved, now, travel_source), start_at


def refuse_what_is_not_planned(laid_out: LaidOut, job_id: int) -> None:
    """Raises Conflict for a job that has begun, is closed, or is not wanted on the day, and for a late visit that stays
    where it is since its last window has closed."""
    facts, day = laid_out.facts, laid_out.day
    too_late = {
        one.stop.job_id: why_never(one.stop.job, facts.not_before_at, facts.zone) for one in day.staying.values()
    }
    if any(job.id == job_id for job in day.jobs.values()) and too_late.get(job_id) is None:
        return
    sentences = {one.job.id: one.sentence for one in day.left_out} | too_late
    why = f" {sentences[job_id]}" if sentences.get(job_id) else ""
    raise Conflict(
        f"This job cannot be moved on {laid_out.draft.on}: it has begun, is closed, or is not wanted then.{why}"
    )


def _planned(on: date, published: PlanVersion | None) -> PlanVersion:
    if published is None:
        raise Conflict(f"{on} is not planned yet; plan it before moving jobs.")
    return published


def _as_draft(version: PlanVersion, number: int, now: datetime) -> PlanVersion:
    """A draft with the same columns and reasons, against the version itself where that is published; no routes yet."""
    is_draft = version.status == "draft"
    own = {"version": number, "status": "draft", "base_id": version.base_id if is_draft else version.id}
    draft = copy_row(
        version, **own, draft_id=None, revision=1, made_at=now, published_at=None, published_by_user_id=None
    )
    draft.unassigned = [copy_row(one) for one in version.unassigned]
    return draft


def _copy_of(version: PlanVersion, now: datetime) -> PlanVersion:
    """The same with its routes and lines, in no session."""
    draft = _as_draft(version, version.version, now)
    draft.base = version.base if version.status == "draft" else version
    for route in version.routes:
        copied = copy_route(route, version.id)
        copied.technician = route.technician
        for stop, original in zip(copied.stops, route.stops, strict=True):
            stop.job = original.job
        draft.routes.append(copied)
    for line in version.changes if version.status == "draft" else []:
        draft.changes.append(_copy_line(line))
    return draft


def _copy_line(line: PlanChange) -> PlanChange:
    copied = copy_row(line)
    copied.job, copied.from_technician, copied.to_technician = line.job, line.from_technician, line.to_technician
    return copied
