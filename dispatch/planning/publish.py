"""Publishes a draft by what was decided about it, on the day as it is by then; a draft that no longer fits is refused.

Nothing is locked while people think. The draft is laid out once more on the rows as they are: what was begun, pinned,
closed or published meanwhile stays as it is, and if that changes anything that somebody has decided or not seen, they
are told instead of being surprised. See docs/decisions/0024.
"""

from __future__ import annotations

from datetime import datetime

import optimizer
from data.travel import TravelSource
from dispatch.db import SessionFactory, lock_day
from dispatch.errors import Conflict, DraftOutdated, InvalidInput
from dispatch.models import PlanVersion, PlanViolation
from dispatch.planning.caps import CAP
from dispatch.planning.changes import list_change_rows
from dispatch.planning.decisions import Decided
from dispatch.planning.drafts import LaidOut, get_open_draft, lay_out_draft
from dispatch.planning.facts import DayFacts, get_plan_version, lock_published
from dispatch.planning.meanwhile import find_what_changed
from dispatch.planning.problem import DayProblem
from dispatch.planning.records import store_record, write_record
from dispatch.planning.store import Made, store_plan
from optimizer.changes import Layouts

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

    `reason` says why hard rules are broken by what was moved by hand, or caps by what was accepted. Raises NotFound;
    Conflict when the draft is not what somebody has seen, or its decisions do not go together; DraftOutdated, with
    sentences, when the day has changed so that it no longer fits; InvalidInput when rules are broken for no reason.
    """
    for _ in range(ATTEMPTS):
        with session_factory() as session:
            laid_out = lay_out_draft(session, get_open_draft(session, draft_id, revision), now, travel_source)
        draft, facts, day, decided = laid_out.draft, laid_out.facts, laid_out.day, laid_out.decided
        _refuse_what_cannot_be(laid_out, reason.strip())
        assert decided.plan is not None, "what has no plan has obstacles"
        # Verified by the routing model, with reasons for what is left out.
        plan = optimizer.replay(decided.problem, optimizer.Run.laid_out(decided.problem, decided.plan))
        changes = list_change_rows(facts, day, plan, Layouts(day.problem, laid_out.tolerance_s))
        made = Made(
            draft.policy, draft.threads, draft.seed, 0, draft.time_limit_s, draft.engine_seconds, laid_out.source
        )
        record = write_record(decided.problem, plan)
        with session_factory.begin() as session:
            lock_day(session, draft.on)
            open_draft = get_open_draft(session, draft_id, revision, for_update=True)
            current = lock_published(session, draft.on)
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
                costs=plan.costs,
                decided=open_draft,
                by_user_id=by_user_id,
                reason=reason.strip(),
            )
            _keep_what_people_want(version, open_draft, decided, day, by_user_id, reason.strip())
            session.flush()
            store_record(session, version, record, session_factory.settings.keep_records_days)
            plan_id = version.id
        with session_factory() as session:
            return get_plan_version(session, plan_id)
    raise Conflict(f"{draft.on} keeps changing while the draft is being published; try again.")


def _refuse_what_cannot_be(laid_out: LaidOut, reason: str) -> None:
    draft, found = laid_out.draft, laid_out.outdated
    if found:
        more = f" And {len(found) - TOLD} more." if len(found) > TOLD else ""
        raise DraftOutdated(f"The day has changed since draft {draft.version} was made. {' '.join(found[:TOLD])}{more}")
    if laid_out.decided.plan is None:
        raise Conflict(" ".join(laid_out.decided.obstacles))
    if laid_out.decided.violations and not reason:
        broken = " ".join(f"{laid_out.day.sentence_of(one)}." for one in laid_out.decided.violations)
        raise InvalidInput([f"{broken} To publish this all the same, say why."])


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
    job_ids = {job.number: job.id for job in day.jobs.values()}
    version.violations += [
        PlanViolation(rule=CAP, sentence=day.sentence_of(one), job_id=job_ids[one.visit])
        for one in decided.violations
        if one.rule == CAP and one.visit is not None
    ]
    kept = {day.sentence_of(one) for one in decided.violations}
    for violation in version.violations:
        if violation.sentence in kept and reason:
            violation.kept_by_user_id, violation.kept_reason = by_user_id, reason
