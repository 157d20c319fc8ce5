"""Drafts that wait for decisions: found, and laid out on the day as it is now by what has been decided so far."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from data.travel import TravelSource
from dispatch import clock
from dispatch.errors import Conflict, NotFound, Stale
from dispatch.models import Job, PlanChange, PlanRoute, PlanVersion, Stop
from dispatch.planning.budget import ChangeBudget, under_budget
from dispatch.planning.caps import list_broken_caps
from dispatch.planning.decisions import Decided, lay_out_decisions
from dispatch.planning.facts import DayFacts, read_day, select_lines
from dispatch.planning.outdated import list_outdated
from dispatch.planning.problem import DayProblem, build_problem
from dispatch.planning.staying import keep_late, list_left_alone, list_overdue
from dispatch.planning.too_late import allow_late, list_closing, list_searched
from dispatch.roads import get_travel_source

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
    closing = list_closing(facts, list_searched(draft))
    day = build_problem(facts, source, draft.policy, list_overdue(facts, left_alone), closing)
    day = allow_late(day, facts, closing)
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
