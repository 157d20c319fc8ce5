"""Drafts as people see them: lists of changes, and what the day costs with and without. Answers are JSON-ready."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

import optimizer
from dispatch import clock
from dispatch.errors import Conflict, NotFound
from dispatch.models import Job, PlanChange, PlanRecord, PlanRoute, PlanVersion, Stop, Technician
from dispatch.planning.budget import ChangeBudget
from dispatch.planning.decisions import base_places, lay_out_decisions
from optimizer.changes import Layouts
from optimizer.record import load

Json = dict[str, Any]


def find_open_draft(session: Session, on: date) -> PlanVersion | None:
    """The draft of the day that waits for decisions, with all that these need, or None."""
    return session.scalar(_select_draft().where(PlanVersion.on == on, PlanVersion.status == "draft"))


def get_open_draft(session: Session, draft_id: int, revision: int, *, for_update: bool = False) -> PlanVersion:
    """A draft that can be decided about. Raises NotFound, and Conflict where it is not what somebody has seen."""
    if for_update:
        session.execute(select(PlanVersion.id).where(PlanVersion.id == draft_id).with_for_update(of=PlanVersion))
    draft = session.scalar(_select_draft().where(PlanVersion.id == draft_id))
    if draft is None or draft.published_at is not None:
        raise NotFound(f"There is no draft with id {draft_id}.")
    if draft.status == "decided":
        raise Conflict(f"Draft {draft.version} of {draft.on} has been published already; look at the plan as it is.")
    if draft.status == "discarded":
        raise Conflict(f"Draft {draft.version} of {draft.on} has been discarded, or replaced by a newer plan.")
    if draft.revision != revision:
        raise Conflict("Somebody else has decided about this draft meanwhile; look at it again.")
    return draft


def get_draft(session: Session, draft: PlanVersion) -> Json:
    """The draft as a list of changes, with what the day costs as published, as proposed and as decided so far."""
    problem, tolerance_s = get_draft_problem(session, draft), tolerance_of(session)
    decided = lay_out_decisions(problem, draft, tolerance_s)
    numbers = {one.job_id: one.job.number for one in draft.changes}
    return {
        "id": draft.id,
        "on": draft.on.isoformat(),
        "version": draft.version,
        "revision": draft.revision,
        "made_at": clock.to_iso(draft.made_at),
        "policy": draft.policy,
        "base_version": draft.base.version if draft.base else None,
        "cost": draft.cost,
        "cost_published": _cost_published(problem, draft, tolerance_s),
        "cost_decided": None if decided.plan is None else decided.plan.cost,
        "obstacles": list(decided.obstacles),
        "violations": [sentence_of(draft, one) for one in decided.violations],
        "visits": sum(len(route.stops) for route in draft.routes),
        "unassigned": len(draft.unassigned),
        "changes": [_line(change, numbers) for change in draft.changes],
    }


def get_draft_problem(session: Session, draft: PlanVersion) -> optimizer.Problem:
    """The problem that the draft was found for. Raises NotFound when it is kept no longer."""
    record = session.get(PlanRecord, draft.id)
    if record is None:
        raise NotFound(f"How draft {draft.version} was found is not known any more; plan the day again.")
    return load(record.data).problem


def tolerance_of(session: Session) -> int:
    """By how much a start may move without being a change, in seconds."""
    return ChangeBudget.of(session.info["settings"]).tolerance_s


def sentence_of(draft: PlanVersion, violation: optimizer.Violation) -> str:
    """A violation as people read it, with the names of the technician and the job."""
    names = {route.technician.code: route.technician.name for route in draft.routes}
    about = [] if violation.shift is None else [names.get(violation.shift, violation.shift)]
    if violation.visit is not None:
        about.append(f"job {violation.visit}")
    return f"{', '.join(about)}: {violation.sentence}" if about else violation.sentence


def _cost_published(problem: optimizer.Problem, draft: PlanVersion, tolerance_s: int) -> int | None:
    """What the published plan costs by now, less what of it no longer fits; None when there is none."""
    if draft.base is None:
        return None
    layouts, places = Layouts(problem, tolerance_s), base_places(draft)
    misfits = layouts.list_misfits(places)
    plan = layouts.find_plan({number: place for number, place in places.items() if number not in misfits})
    return None if plan is None else plan.cost


def _line(change: PlanChange, numbers: dict[int, str]) -> Json:
    return {
        "id": change.id,
        "job_id": change.job_id,
        "number": change.job.number,
        "title": change.job.title,
        "customer": change.job.customer.name,
        "kind": change.kind,
        "from": _place(change.from_technician, change.from_start_at),
        "to": _place(change.to_technician, change.to_start_at),
        "reason": change.reason,
        "gain": change.gain,
        "costs": change.costs,
        "together": [numbers[job_id] for job_id in change.together_job_ids if job_id in numbers],
        "mark": change.mark,
        "decision": change.decision,
    }


def _place(technician: Technician | None, start_at: datetime | None) -> Json | None:
    if technician is None or start_at is None:
        return None
    return {
        "technician_id": technician.id,
        "code": technician.code,
        "technician": technician.name,
        "start_at": clock.to_iso(start_at),
    }


def _select_draft() -> Select[PlanVersion]:
    lines = selectinload(PlanVersion.changes)
    routes = selectinload(PlanVersion.routes)
    base = selectinload(PlanVersion.base).selectinload(PlanVersion.routes)
    return select(PlanVersion).options(
        lines.selectinload(PlanChange.job).joinedload(Job.customer),
        lines.joinedload(PlanChange.from_technician),
        lines.joinedload(PlanChange.to_technician),
        selectinload(PlanVersion.unassigned),
        *(
            option
            for of_plan in (routes, base)
            for option in (
                of_plan.joinedload(PlanRoute.technician),
                of_plan.selectinload(PlanRoute.stops).joinedload(Stop.job),
            )
        ),
    )
