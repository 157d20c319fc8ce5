"""A part of the day laid out as it is published, changed by hand, verified and stored; nothing is searched."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import Session

import optimizer
from data.travel import TravelSource
from dispatch import clock
from dispatch.db import SessionFactory, lock_day
from dispatch.errors import Conflict
from dispatch.living.incidents import dismiss, reopen
from dispatch.models import PlanVersion, Stop
from dispatch.planning.baseline import find_published_plan
from dispatch.planning.budget import ChangeBudget, under_budget
from dispatch.planning.changes import list_change_rows
from dispatch.planning.facts import DayFacts, get_plan_version, lock_published
from dispatch.planning.meanwhile import find_what_changed
from dispatch.planning.pricing import price_whole_day
from dispatch.planning.problem import DayProblem, build_problem
from dispatch.planning.records import store_record, write_record
from dispatch.planning.running_late import lay_out_published, list_stuck
from dispatch.planning.store import Made, store_plan
from dispatch.settings import Settings
from optimizer.changes import Layouts, Places, narrow, places_of


@dataclass(frozen=True)
class LaidOut:
    """What is published, as far as it still fits, with the facts and the problem that it is laid out on.

    Who runs late has their visits later. `dropped` are the stops that can no longer be planned where they are.
    """

    facts: DayFacts
    day: DayProblem
    plan: optimizer.Plan
    tolerance_s: int
    source: TravelSource
    dropped: tuple[Stop, ...] = ()

    def instant(self, second: int) -> datetime:
        """A second of the problem as an instant."""
        return clock.after(self.facts.day_start_at, second)


def lay_out(
    facts: DayFacts, source: TravelSource, settings: Settings, *, keeps: bool = True, without: str = ""
) -> LaidOut:
    """The part of the day that `facts` are about; it must be planned.

    With `keeps` False those who start soon need not keep their technician. The job whose number is `without` is taken
    off its route, and held by nothing.
    """
    assert facts.published is not None, "only a published plan can be laid out"
    budget = replace(ChangeBudget.of(settings), keep_promises=False)  # people choose, and are told who waits longer
    if not keeps:
        budget = replace(budget, keep_technician_s=0)
    day = build_problem(facts, source, facts.published.policy)
    day = replace(day, input_hash=facts.published.input_hash)
    published = find_published_plan(facts)
    day = under_budget(day, facts, budget)
    if without:
        visits = tuple(replace(one, pin=None) if one.id == without else one for one in day.problem.visits)
        day = replace(day, problem=replace(day.problem, visits=visits))
    layouts = Layouts(day.problem, budget.tolerance_s)
    places = places_of(published) if published is not None else {}
    places = {visit: place for visit, place in places.items() if visit != without}
    plan = lay_out_published(layouts, places)
    assert plan is not None, "what fits shift by shift can be laid out"
    dropped = [stop for stop in list_stuck(facts, plan) if stop.job.number != without]
    return LaidOut(facts, day, plan, budget.tolerance_s, source, tuple(dropped))


def only_about(facts: DayFacts, people: Collection[int], jobs: Collection[int]) -> DayFacts:
    """The day as far as it is about these technicians, what is on their routes, and these jobs, all by id."""
    served = {stop.job_id for route in facts.routes if route.technician_id in people for stop in route.stops}
    return replace(
        facts,
        technicians=tuple(one for one in facts.technicians if one.id in people),
        jobs=tuple(job for job in facts.jobs if job.id in served or job.id in jobs),
        among=frozenset(people),
    )


def store(
    session_factory: SessionFactory,
    laid_out: LaidOut,
    places: Places,
    answers: Collection[int],
    now: datetime,
    by_user_id: int | None,
    *,
    as_draft: bool,
    reason: str = "",
    dismissed: int | None = None,
    reopened: Mapping[int, str] = MappingProxyType({}),
) -> PlanVersion:
    """Verify the plan with the visits at these places, and store it as the next version or as a draft.

    `answers` are the incidents that it repairs; `dismissed` is one that is dismissed with it, for `reason`; `reopened`
    says of others why they are open again. Raises Conflict when the day has changed since it was laid out, or a draft
    would take another's place.
    """
    facts, day = laid_out.facts, laid_out.day
    near = narrow(day.problem, places, laid_out.tolerance_s)
    wanted = Layouts(near, laid_out.tolerance_s).find_plan(places)
    if wanted is None:
        raise Conflict("This does not fit into the day as it is by now; look at it again.")
    plan = optimizer.replay(near, optimizer.Run.laid_out(near, wanted))  # verified by the model
    changes = list_change_rows(facts, day, plan, Layouts(day.problem, laid_out.tolerance_s))
    costs = price_whole_day(facts, day.problem, plan, laid_out.tolerance_s)
    assert facts.published is not None, "only a published plan can be laid out"
    settings = session_factory.settings
    made = Made(facts.published.policy, settings.plan_threads, 0, 0, 0.0, 0.0, laid_out.source)
    record = write_record(near, plan)
    with session_factory.begin() as session:
        lock_day(session, facts.on)
        current = lock_published(session, facts.on)
        if current is None or current.id != facts.published.id:
            raise Conflict("Another plan was published meanwhile; look at the day as it is now.")
        changed = find_what_changed(session, facts, day, plan, current, now)
        if changed is not None:
            raise Conflict(f"The day has changed meanwhile: {changed} Look at it again.")
        if as_draft and _has_draft(session, facts):
            raise Conflict("A draft of this day waits for decisions; decide about it first, or publish this at once.")
        if dismissed is not None:
            dismiss(session, dismissed, reason, by_user_id, now)
        for incident_id, why in reopened.items():
            reopen(session, incident_id, why, now, by_user_id)
        version = store_plan(
            session,
            facts,
            day,
            plan,
            current,
            made,
            changes,
            now=now,
            costs=costs,
            as_draft=as_draft,
            by_user_id=by_user_id,
            reason=reason,
            answers=answers,
        )
        session.flush()
        store_record(session, version, record, settings.keep_records_days)
        plan_id = version.id
    with session_factory() as session:
        return get_plan_version(session, plan_id)


def _has_draft(session: Session, facts: DayFacts) -> bool:
    is_open = PlanVersion.on == facts.on, PlanVersion.status == "draft"
    return session.scalar(select(PlanVersion.id).where(*is_open)) is not None
