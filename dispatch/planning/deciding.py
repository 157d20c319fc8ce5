"""What people say to a draft: lines accepted, refused, or moved by hand to where somebody wants them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch import clock
from dispatch.errors import Conflict, InvalidInput, NotFound
from dispatch.events import record_event
from dispatch.jobs.statuses import BEGUN, OPEN, WAITING
from dispatch.models import Job, PlanChange, PlanVersion, Stop, Technician
from dispatch.planning.agreed import list_spans, why_never
from dispatch.planning.answers import leave_unanswered
from dispatch.planning.budget import ChangeBudget
from dispatch.planning.drafts import LaidOut, get_open_draft
from dispatch.planning.making_way import tell_discarded
from dispatch.planning.windows import list_windows
from optimizer.changes import Layouts, narrow
from optimizer.insert import Offers

DECISIONS = ("open", "accepted", "refused")
"""What may be said to a line; "edited" comes of moving a job by hand."""


def decide(
    session: Session, draft_id: int, revision: int, decisions: Mapping[int, str], by_user_id: int | None, now: datetime
) -> None:
    """Store what somebody says to lines, by their ids. A move by hand that is taken back leaves no line behind, unless
    the draft itself has the job elsewhere.

    Raises InvalidInput with all that is wrong, NotFound, Conflict.
    """
    draft = get_open_draft(session, draft_id, revision, for_update=True)
    lines = {change.id: change for change in draft.changes}
    wrong = [f"Draft {draft.version} has no line with id {one}." for one in decisions if one not in lines]
    wrong += [
        f"Line {one}: {said!r} is no decision; say one of: {', '.join(DECISIONS)}."
        for one, said in decisions.items()
        if said not in DECISIONS
    ]
    wrong += [
        f"Job {lines[one].job.number} need not be served any more; there is nothing to refuse."
        for one, said in decisions.items()
        if one in lines and lines[one].kind == "gone" and said == "refused"
    ]
    if wrong:
        raise InvalidInput(wrong)
    tolerance_s = ChangeBudget.of(session.info["settings"]).tolerance_s
    for one, said in decisions.items():
        _say(draft, lines[one], said, by_user_id, now, tolerance_s)
    _decided(session, draft, by_user_id, now, {lines[one].job.number: said for one, said in decisions.items()})


def move_by_hand(
    session: Session,
    draft_id: int,
    revision: int,
    job_id: int,
    technician_code: str,
    start_at: datetime,
    by_user_id: int | None,
    now: datetime,
) -> None:
    """Put a job where somebody wants it in the draft, whatever rules say; the draft then tells what it breaks.

    `find_best_start` says where it fits. Raises InvalidInput for a technician who does not work then, NotFound,
    Conflict.
    """
    draft = get_open_draft(session, draft_id, revision, for_update=True)
    put = put_by_hand(session, draft, job_id, technician_code, start_at, by_user_id, now)
    where = f"{put.to_technician.name if put.to_technician else technician_code}, {clock.to_iso(start_at)}"
    _decided(session, draft, by_user_id, now, {put.job.number: where})


def put_by_hand(
    session: Session,
    draft: PlanVersion,
    job_id: int,
    technician_code: str,
    start_at: datetime,
    by_user_id: int | None,
    now: datetime,
) -> PlanChange:
    """The draft's line of the job, new or not, where somebody wants it. Raises InvalidInput, NotFound, Conflict."""
    route = next((one for one in draft.routes if one.technician.code == technician_code), None)
    if route is None:
        raise InvalidInput([f"Technician {technician_code} has no shift in draft {draft.version}."])
    job = session.get(Job, job_id)
    if job is None or job.status != OPEN:
        raise NotFound(f"There is no open job with id {job_id}.")
    _refuse_what_is_held(session, draft, job)
    change = next((one for one in draft.changes if one.job_id == job_id), None) or _new_line(draft, job)
    change.decision, change.decided_by_user_id, change.decided_at = "edited", by_user_id, now
    change.to_technician, change.to_start_at = route.technician, start_at
    return change


def _refuse_what_is_held(session: Session, draft: PlanVersion, job: Job) -> None:
    """Raises Conflict for a visit that has begun, or is on a phone: that is called back before it goes elsewhere."""
    is_published = PlanVersion.on == draft.on, PlanVersion.status == "published"
    stops = select(Stop).join(PlanVersion, Stop.plan_id == PlanVersion.id).where(*is_published)
    stop = session.scalar(stops.where(Stop.job_id == job.id))
    name = "" if stop is None else stop.route.technician.name
    if stop is not None and stop.status in BEGUN:
        raise Conflict(f"Job {job.number} has been begun by {name}; it stays there.")
    if stop is not None and stop.status == "dispatched":
        raise Conflict(f"Job {job.number} was sent to the phone of {name}: call it back, and it can be moved.")


def find_best_start(laid_out: LaidOut, job_id: int, technician_code: str) -> datetime | None:
    """When the job fits best on that technician's shift beside everything else as decided; None where it does not."""
    problem, tolerance_s = laid_out.day.problem, laid_out.tolerance_s
    job = next((one for one in laid_out.day.jobs.values() if one.id == job_id), None)
    if job is None or technician_code not in problem.shift_index:
        return None
    if why_never(job, laid_out.facts.not_before_at, laid_out.facts.zone) is not None:
        return None
    windows = list_windows(job, laid_out.facts, is_pinned=False)  # of what is pinned, those that have passed as well
    if list_spans(job) and not windows:  # of what is pinned at a place that nobody reaches before they close
        return None
    visit = replace(problem.get_visit(job.number), pin=None, windows=windows)
    others = {number: place for number, place in laid_out.decided.places.items() if number != visit.id}
    free = replace(problem, visits=tuple(visit if one.id == visit.id else one for one in problem.visits))
    held = narrow(free, others, tolerance_s)
    plan = Layouts(held, tolerance_s).find_plan(others)
    offers = Offers(held, plan).direct(visit, shifts={technician_code}) if plan is not None else []
    return clock.after(laid_out.facts.day_start_at, offers[0].start_s) if offers else None


def discard(session: Session, draft_id: int, revision: int, by_user_id: int | None, now: datetime) -> None:
    """Take the draft away; what is published stays. Raises NotFound, Conflict."""
    draft = get_open_draft(session, draft_id, revision, for_update=True)
    leave_unanswered(session, draft, now, by_user_id)
    tell_discarded(session, draft, now, by_user_id)


def _new_line(draft: PlanVersion, job: Job) -> PlanChange:
    """A line for a job that the draft has where it is published, or leaves out as it was."""
    published = [(route, stop) for route in (draft.base.routes if draft.base else []) for stop in route.stops]
    change = PlanChange(kind="added", job=job, job_id=job.id, reason="", costs={}, together_job_ids=[], mark="")
    for route, stop in published:
        if stop.job_id == job.id and stop.status in WAITING:
            change.kind = "moved"
            change.from_technician, change.from_start_at = route.technician, stop.planned_start_at
    draft.changes.append(change)
    return change


def _say(
    draft: PlanVersion, change: PlanChange, said: str, by_user_id: int | None, now: datetime, tolerance_s: int
) -> None:
    if change.decision == "edited":  # back to where the draft has it
        technician, start_at = _proposed(draft, change)
        if _is_as_published(change, technician, start_at, tolerance_s):
            draft.changes.remove(change)
            return
        change.to_technician, change.to_start_at = technician, start_at
    change.decision = said
    change.decided_by_user_id, change.decided_at = (None, None) if said == "open" else (by_user_id, now)


def _proposed(draft: PlanVersion, change: PlanChange) -> tuple[Technician | None, datetime | None]:
    for route in draft.routes:
        for stop in route.stops:
            if stop.job_id == change.job_id and stop.status in WAITING:
                return route.technician, stop.planned_start_at
    return None, None


def _is_as_published(
    change: PlanChange, technician: Technician | None, start_at: datetime | None, tolerance_s: int
) -> bool:
    """Whether a job there is where it is published, or left out as there: nothing of its line is left to decide."""
    if start_at is None or change.from_start_at is None:
        return start_at is change.from_start_at
    moved_s = abs(clock.seconds_between(change.from_start_at, start_at))
    return technician is change.from_technician and moved_s <= tolerance_s


def _decided(
    session: Session, draft: PlanVersion, by_user_id: int | None, now: datetime, said: Mapping[str, str]
) -> None:
    draft.revision += 1
    record_event(session, "draft decided", now, by_user_id, draft, after=dict(said))
    session.flush()
