"""Publishes a draft by what was decided about it, on the day as it is by then; a draft that no longer fits is refused.

Nothing is locked while people think. The draft is laid out once more on the rows as they are: what was begun, pinned,
closed or published meanwhile stays as it is, and if that changes anything that somebody has decided or not seen, they
are told instead of being surprised. See docs/decisions/0024.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import optimizer
from data.travel import TravelSource
from dispatch.db import SessionFactory, lock_day
from dispatch.errors import Conflict, DraftOutdated, InvalidInput
from dispatch.models import PlanVersion
from dispatch.planning.baseline import find_published_plan
from dispatch.planning.budget import ChangeBudget, under_budget
from dispatch.planning.changes import list_change_rows
from dispatch.planning.decisions import Decided, lay_out_decisions, to_sequences
from dispatch.planning.drafts import get_open_draft, sentence_of
from dispatch.planning.facts import DayFacts, find_published, get_plan_version, read_day
from dispatch.planning.problem import DayProblem, build_problem
from dispatch.planning.records import store_record
from dispatch.planning.store import Made, find_what_changed, store_plan
from dispatch.roads import get_travel_source
from optimizer.changes import Layouts, Place, list_changes, places_of

ATTEMPTS = 3
TOLD = 5
"""So many reasons why a draft is outdated are told one by one."""


def publish_draft(
    session_factory: SessionFactory,
    draft_id: int,
    revision: int,
    by_user_id: int | None,
    now: datetime,
    *,
    reason: str = "",
    travel_source: TravelSource | None = None,
) -> PlanVersion:
    """Publish the day as decided and return the new version. Of several who do so at once, one succeeds.

    `reason` says why hard rules are broken by what was moved by hand. Raises NotFound; Conflict when the draft is not
    what somebody has seen, or its decisions do not go together; DraftOutdated, with sentences, when the day has
    changed so that it no longer fits; InvalidInput when rules are broken for no reason.
    """
    budget = ChangeBudget.of(session_factory.settings)
    for _ in range(ATTEMPTS):
        with session_factory() as session:
            draft = get_open_draft(session, draft_id, revision)
            facts = read_day(session, draft.on, now=now)
            source = travel_source or get_travel_source(session)
        published = find_published_plan(facts)
        day = build_problem(facts, source, draft.policy)
        prices_only = replace(budget, keep_technician_s=0)
        day = replace(day, problem=under_budget(day.problem, published, prices_only, 0))
        decided = lay_out_decisions(day.problem, draft, budget.tolerance_s)
        _refuse_outdated(draft, facts, day, decided, budget.tolerance_s)
        assert decided.plan is not None, "what has no plan is outdated or has obstacles"
        if decided.violations and not reason.strip():
            broken = " ".join(f"{sentence_of(draft, one)}." for one in decided.violations)
            raise InvalidInput([f"{broken} To publish this all the same, say why."])
        run = optimizer.Run("none", 0, 1, to_sequences(decided.problem, decided.plan))
        plan = optimizer.replay(
            decided.problem, run
        )  # verified by the routing model, with reasons for what is left out
        changes = list_change_rows(facts, day, plan, Layouts(day.problem, budget.tolerance_s))
        made = Made(draft.policy, draft.threads, draft.seed, 0, draft.time_limit_s, draft.engine_seconds, source)
        with session_factory.begin() as session:
            lock_day(session, draft.on)
            open_draft = get_open_draft(session, draft_id, revision, for_update=True)
            current = find_published(session, draft.on, for_update=True)
            if _is_another(current, facts) or find_what_changed(session, facts, day, plan, current, now):
                continue  # in this very moment: look at the day once more
            version = store_plan(
                session,
                facts,
                day,
                plan,
                current,
                made,
                changes,
                now=now,
                decided=open_draft,
                by_user_id=by_user_id,
                reason=reason.strip(),
            )
            _keep_what_people_want(version, open_draft, decided, day, by_user_id, reason.strip())
            session.flush()
            store_record(session, version, decided.problem, plan, session_factory.settings.keep_records_days)
            plan_id = version.id
        with session_factory() as session:
            return get_plan_version(session, plan_id)
    raise Conflict(f"{draft.on} keeps changing while the draft is being published; try again.")


def _refuse_outdated(draft: PlanVersion, facts: DayFacts, day: DayProblem, decided: Decided, tolerance_s: int) -> None:
    """Raises DraftOutdated, or Conflict where only the decisions are at fault."""
    found = [*_overtaken(draft, day, decided)]
    if decided.plan is None and not found:
        if (facts.published.id if facts.published else None) == draft.base_id and day.input_hash == draft.input_hash:
            raise Conflict(" ".join(decided.obstacles))
        found = list(decided.obstacles)
    if decided.plan is not None:
        before = find_published_plan(facts)
        places = places_of(before) if before is not None else {}
        lines = {change.job.number for change in draft.changes}
        known = lines if draft.base_id is not None else set(decided.places)
        for change in list_changes(day.problem, places, places_of(decided.plan), tolerance_s):
            if change.visit not in known:
                found.append(f"Job {change.visit} would be {change.kind}, which the draft did not say.")
    if found:
        more = f" And {len(found) - TOLD} more." if len(found) > TOLD else ""
        raise DraftOutdated(f"The day has changed since draft {draft.version} was made. {' '.join(found[:TOLD])}{more}")


def _overtaken(draft: PlanVersion, day: DayProblem, decided: Decided) -> list[str]:
    """What was to move and has been begun or pinned elsewhere meanwhile."""
    sentences = []
    for change in draft.changes:
        number, place = change.job.number, decided.places.get(change.job.number)
        visit = day.problem.visits[day.problem.visit_index[number]] if number in day.problem.visit_index else None
        if visit is None or visit.pin is None or visit.pin.start_s is None:
            continue
        if _shift(place) != visit.pin.shift:
            name = day.technicians[visit.pin.shift].name
            sentences.append(f"Job {number} was begun by {name} or pinned there meanwhile; it stays there.")
    return sentences


def _shift(place: Place | None) -> str | None:
    return None if place is None else place.shift


def _is_another(current: PlanVersion | None, facts: DayFacts) -> bool:
    return (current.id if current else None) != (facts.published.id if facts.published else None)


def _keep_what_people_want(
    version: PlanVersion, draft: PlanVersion, decided: Decided, day: DayProblem, by_user_id: int | None, reason: str
) -> None:
    """Pins what was moved by hand, so that no later plan moves it back, and notes who keeps which violation and why."""
    edited = {change.job_id for change in draft.changes if change.decision == "edited"}
    for route in version.routes:
        for stop in route.stops:
            stop.pinned = stop.pinned or stop.job_id in edited
    for line in version.changes:
        if line.job_id in edited:
            line.reason = "Moved by hand."
    kept = {day.sentence_of(one) for one in decided.violations}
    for violation in version.violations:
        if violation.sentence in kept and reason:
            violation.kept_by_user_id, violation.kept_reason = by_user_id, reason
