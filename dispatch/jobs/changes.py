"""Changes what a job asks for, while it is open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from dispatch.entry.rows import merge, place
from dispatch.errors import Conflict, Forbidden, InvalidInput, NotFound, Stale
from dispatch.jobs.appointments import promise, withdraw
from dispatch.jobs.facts import record_change, tell_job
from dispatch.jobs.request import Span
from dispatch.jobs.statuses import OPEN
from dispatch.jobs.told import list_unknown
from dispatch.models import Asset, Job, JobAsset, JobPart, JobSkill, JobWindow, JobWish, Technician, User
from dispatch.territories.coverage import find_territories
from dispatch.territories.scope import get_limits, without_limits


@dataclass(frozen=True)
class JobEdit:
    """What is to be changed: columns by name, and whole lists as in `JobRequest`. None stays as it is.

    `place` is an address and a point (lat, lon).
    """

    columns: Mapping[str, Any] = field(default_factory=dict)
    place: tuple[str, tuple[float, float]] | None = None
    windows: tuple[Span, ...] | None = None
    skills: Mapping[str, int] | None = None
    parts: Mapping[str, int] | None = None
    assets: Mapping[int, str] | None = None
    wishes: Mapping[int, str] | None = None


def change_job(
    session: Session, job_id: int, seen_version: int, edit: JobEdit, now: datetime, by_user_id: int | None
) -> Job:
    """Make the job say what the edit tells, with one event of what it said before, if nobody else has changed it.

    Raises NotFound, Stale, Conflict (it is closed), Forbidden (the new place is in none of the person's territories),
    InvalidInput with all that is wrong.
    """
    job = _lock_job(session, job_id)
    if job.status != OPEN:
        raise Conflict(f"Job {job.number} is closed; reopen it before it is changed.")
    if job.version != seen_version:
        raise Stale(
            f"This job has been changed since you opened it (version {seen_version}, now {job.version}): "
            "look at it as it is now, and change it again."
        )
    wrong = list(_list_wrong(session, job, edit))
    if wrong:
        raise InvalidInput(wrong)
    before = tell_job(job)
    with session.no_autoflush:  # one change, one version
        _apply(session, job, edit)
    record_change(session, job, before, now, by_user_id)
    session.flush()
    return job


def _apply(session: Session, job: Job, edit: JobEdit) -> None:
    for name, value in edit.columns.items():
        setattr(job, name, value)
    if edit.place is not None:
        _move_to(session, job, *edit.place)
    if edit.windows is not None:
        windows = [JobWindow(opens_at=opens_at, closes_at=closes_at) for opens_at, closes_at in edit.windows]
        merge(job, job.windows, ("opens_at", "closes_at"), windows)
    if edit.skills is not None:
        merge(job, job.skills, ("name",), [JobSkill(name=name, level=level) for name, level in edit.skills.items()])
    if edit.parts is not None:
        merge(job, job.parts, ("part",), [JobPart(part=part, count=count) for part, count in edit.parts.items()])
    if edit.assets is not None:
        assets = [JobAsset(asset=session.get_one(Asset, one), work=work) for one, work in edit.assets.items()]
        merge(job, job.assets, ("asset",), assets)
    if edit.wishes is not None:
        wishes = [JobWish(technician=_get_named(session, one), wish=wish) for one, wish in edit.wishes.items()]
        merge(job, job.wishes, ("technician",), wishes)


def _get_named(session: Session, technician_id: int) -> Technician:
    """Also whom the session's territories hide: a job may name them, see `list_unknown`."""
    with without_limits(session):
        return session.get_one(Technician, technician_id)


def _list_wrong(session: Session, job: Job, edit: JobEdit) -> Iterator[str]:
    due_at, restore_by_at = (edit.columns.get(name, getattr(job, name)) for name in ("due_at", "restore_by_at"))
    for n, (start_at, end_at) in enumerate(edit.windows or ()):
        if end_at < start_at:
            yield f"windows[{n}]: it closes before it opens."
    if not edit.columns.get("title", job.title).strip():
        yield "title: it is empty; say in a few words what is to be done."
    if due_at and restore_by_at and restore_by_at < due_at:
        yield "restore_by_at: it is before due_at, when the work is to start."
    yield from list_unknown(
        session, job.customer_id, parts=edit.parts or {}, assets=edit.assets or {}, wishes=edit.wishes or {}
    )
    for one in job.parts:
        if one.used is not None and edit.parts is not None and one.part not in edit.parts:
            yield f"parts: {one.used} of {one.part!r} are reported as used already; leave it among the parts."


def _move_to(session: Session, job: Job, address: str, point: tuple[float, float]) -> None:
    """To another place, in the territory whose outline holds it; the row of the old place stays with what was there."""
    found = place(job.location, point, address)
    assert found is not None, "a point is a place"
    if found is job.location:
        return
    [territory] = find_territories(session, [found])
    limits = get_limits(session)
    if limits and territory is not None and territory.id not in limits:
        raise Forbidden("This place is in none of your territories; ask a dispatcher of its territory.")
    job.location, job.territory = found, territory


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
