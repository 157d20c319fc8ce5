"""Drafts as people see them: lists of changes, and what the day costs with and without. Answers are JSON-ready."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from data.travel import TravelSource
from dispatch import clock
from dispatch.errors import Conflict, NotFound, Stale
from dispatch.models import Job, PlanChange, PlanRoute, PlanVersion, Stop, Technician
from dispatch.planning.baseline import find_published_plan
from dispatch.planning.budget import ChangeBudget, under_budget
from dispatch.planning.caps import list_broken_caps
from dispatch.planning.decisions import Decided, lay_out_decisions
from dispatch.planning.draft_summary import summarize_draft
from dispatch.planning.facts import DayFacts, read_day, select_lines
from dispatch.planning.outdated import list_outdated
from dispatch.planning.problem import DayProblem, build_problem
from dispatch.planning.staying import keep_late, list_left_alone, list_overdue
from dispatch.roads import get_travel_source
from optimizer.changes import Layouts, places_of

Json = dict[str, Any]


def find_open_draft(session: Session, on: date) -> PlanVersion | None:
    """The draft of the day that waits for decisions, with all that these need, or None."""
    return session.scalar(_select_draft().where(PlanVersion.on == on, PlanVersion.status == "draft"))


def find_open_lines(session: Session, on: date) -> PlanVersion | None:
    """The draft of the day that waits for decisions, with its lines and what was said to them alone, or None."""
    return session.scalar(select_lines().where(PlanVersion.on == on, PlanVersion.status == "draft"))


def get_open_draft(
    session: Session, draft_id: int, revision: int | None = None, *, for_update: bool = False
) -> PlanVersion:
    """A draft that can be decided about, of the revision that somebody has seen, or as it is now.

    Raises NotFound, Conflict where it is over, and Stale where it is another revision.
    """
    if for_update:
        session.execute(select(PlanVersion.id).where(PlanVersion.id == draft_id).with_for_update(of=PlanVersion))
    draft = session.scalar(_select_draft().where(PlanVersion.id == draft_id))
    if draft is None or draft.published_at is not None:
        raise NotFound(f"There is no draft with id {draft_id}.")
    if draft.status == "decided":
        raise Conflict(f"Draft {draft.version} of {draft.on} has been published already; look at the plan as it is.")
    if draft.status == "discarded":
        raise Conflict(f"Draft {draft.version} of {draft.on} has been discarded, or replaced by a newer plan.")
    if revision is not None and draft.revision != revision:
        raise Stale("Somebody else has decided about this draft meanwhile; look at it again.")
    return draft


@dataclass(frozen=True)
class LaidOut:
    """A draft on the day as it is now, by what has been decided so far. `outdated` says why it cannot be published."""

    draft: PlanVersion
    facts: DayFacts
    day: DayProblem
    decided: Decided
    outdated: tuple[str, ...]
    tolerance_s: int
    source: TravelSource


def lay_out_draft(
    session: Session, draft: PlanVersion, now: datetime, travel_source: TravelSource | None = None
) -> LaidOut:
    """Lay the draft out, which takes as long as working out the day's travel times: read, do not hold a lock meanwhile.

    Raises Conflict for a day that is over.
    """
    facts = read_day(session, draft.on, now=now).counted_from(draft.day_start_at)
    budget = ChangeBudget.of_day(session.info["settings"], draft.on, clock.local_day(now, facts.zone))
    source = travel_source or get_travel_source(session)
    left_alone = list_left_alone(facts, draft)
    day = build_problem(facts, source, draft.policy, list_overdue(facts, left_alone))
    day = day.moved_by_hand({change.job.number for change in draft.changes if change.decision == "edited"})
    prices = replace(budget, keep_technician_s=0, keep_promises=False)  # caps are looked at below
    day = under_budget(day, facts, prices)
    day = keep_late(day, facts, left_alone, budget.tolerance_s)
    decided = lay_out_decisions(day.problem, draft, budget.tolerance_s, day.staying)
    broken = list_broken_caps(draft, facts, day, decided, budget)
    kept = tuple(one.violation for one in broken if one.is_accepted)
    decided = replace(decided, violations=(*decided.violations, *kept))
    outdated = list_outdated(draft, facts, day, decided, budget.tolerance_s)
    outdated += [one.sentence for one in broken if not one.is_accepted]
    return LaidOut(draft, facts, day, decided, tuple(outdated), budget.tolerance_s, source)


def get_draft(session: Session, draft: PlanVersion, now: datetime, travel_source: TravelSource | None = None) -> Json:
    """As `describe_draft`. Raises Conflict for a day that is over."""
    return describe_draft(lay_out_draft(session, draft, now, travel_source))


def describe_draft(laid_out: LaidOut) -> Json:
    """The draft as a list of changes, with what the day costs as published, as proposed and as decided so far.

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
        "cost": draft.cost,
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
    layouts = Layouts(laid_out.day.problem, laid_out.tolerance_s)
    places = places_of(published)
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
