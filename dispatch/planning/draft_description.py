"""Drafts as people see them: lists of changes, and what the day costs with and without. Answers are JSON-ready."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from data.travel import TravelSource
from dispatch import clock
from dispatch.models import PlanChange, PlanVersion, Technician
from dispatch.planning.baseline import find_published_plan
from dispatch.planning.decisions import proposed_places
from dispatch.planning.draft_summary import summarize_draft
from dispatch.planning.drafts import LaidOut, lay_out_draft
from optimizer.changes import Layouts, Places, places_of

Json = dict[str, Any]


def get_draft(session: Session, draft: PlanVersion, now: datetime, travel_source: TravelSource | None = None) -> Json:
    """As `describe_draft`. Raises Conflict for a day that is over."""
    return describe_draft(lay_out_draft(session, draft, now, travel_source))


def describe_draft(laid_out: LaidOut) -> Json:
    """The draft as a list of changes, with what the day costs as published, as proposed and as decided so far: each by
    now, without what is over. A version's own cost is of when it was made, and of the whole day.

    `outdated` and `obstacles` say why it cannot be published as it stands, `violations` which rules it breaks by what
    was moved by hand; `summary` is all of it in a sentence.
    """
    draft, decided = laid_out.draft, laid_out.decided
    numbers = {one.job_id: one.job.number for one in draft.changes}
    return {
        "id": draft.id,
        "on": draft.on.isoformat(),
        "zone": draft.zone,
        "version": draft.version,
        "revision": draft.revision,
        "made_at": clock.to_iso(draft.made_at),
        "policy": draft.policy,
        "base_version": draft.base.version if draft.base else None,
        "cost": _cost_proposed(laid_out),
        "cost_published": _cost_published(laid_out),
        "cost_decided": None if decided.plan is None else decided.plan.cost,
        "outdated": list(laid_out.outdated),
        "obstacles": list(decided.obstacles),
        "violations": [laid_out.day.sentence_of(one) for one in decided.violations],
        "visits": sum(len(route.stops) for route in draft.routes),
        "unassigned": len(draft.unassigned),
        "summary": summarize_draft(laid_out),
        "technicians": [
            {"id": route.technician_id, "code": route.technician.code, "name": route.technician.name}
            for route in draft.routes
        ],
        "changes": [_line(change, numbers) for change in draft.changes],
    }


def _cost_published(laid_out: LaidOut) -> int | None:
    """What the published plan costs by now, less what of it no longer fits; None when there is none."""
    published = find_published_plan(laid_out.facts)
    if published is None:
        return None
    return _cost_of(laid_out, places_of(published))


def _cost_proposed(laid_out: LaidOut) -> int | None:
    """What the draft costs by now, before anybody has said something else to its lines."""
    if laid_out.decided.plan and all(one.decision in ("open", "accepted") for one in laid_out.draft.changes):
        return laid_out.decided.plan.cost
    return _cost_of(laid_out, proposed_places(laid_out.draft))


def _cost_of(laid_out: LaidOut, places: Places) -> int | None:
    layouts = Layouts(laid_out.day.problem, laid_out.tolerance_s)
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
