"""Plans one day: rows -> problem -> plan, verified -> rows. No transaction is open while the engine works."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

import optimizer
from data.travel import TravelSource
from dispatch.db import SessionFactory, lock_day
from dispatch.errors import Conflict, InvalidInput, PlanCancelled
from dispatch.models import PlanVersion
from dispatch.planning.baseline import find_published_plan
from dispatch.planning.budget import ChangeBudget, list_promised, under_budget
from dispatch.planning.carry import carry_decisions, has_decisions, under_decisions
from dispatch.planning.changes import list_change_rows
from dispatch.planning.drafts import find_open_draft, find_open_lines
from dispatch.planning.facts import DayFacts, Restriction, get_plan_version, lock_published, read_day, select_lines
from dispatch.planning.held import Staying
from dispatch.planning.meanwhile import find_what_changed
from dispatch.planning.nothing_better import keep_published
from dispatch.planning.pricing import price_whole_day
from dispatch.planning.problem import DayProblem, build_problem
from dispatch.planning.records import save_refused, store_record, write_record
from dispatch.planning.search import Search
from dispatch.planning.spent import find_budget
from dispatch.planning.stages import Listener, PlanProgress, Stages
from dispatch.planning.staying import keep_late, list_left_alone, list_overdue
from dispatch.planning.store import Made, store_plan
from dispatch.planning.too_late import allow_late, list_closing
from dispatch.roads import get_travel_source
from optimizer.changes import Layouts, places_of

__all__ = ["ATTEMPTS", "DEFAULT_POLICY", "POLICY_NAMES", "PlanProgress", "plan_day"]

ATTEMPTS = 3
DEFAULT_POLICY = "balanced"
POLICY_NAMES = tuple(optimizer.POLICIES)


def plan_day(
    session_factory: SessionFactory,
    on: date,
    *,
    now: datetime,
    policy: str = DEFAULT_POLICY,
    as_draft: bool = False,
    budget: ChangeBudget | None = None,
    time_limit_s: float = 10,
    seed: int = 0,
    iterations: int | None = None,
    travel_source: TravelSource | None = None,
    on_progress: Listener | None = None,
    cancelled: Callable[[], bool] | None = None,
    enough: Callable[[], bool] | None = None,
    restrict: Restriction | None = None,
    answers: Collection[int] = (),
    by_user_id: int | None = None,
    on_stored: Callable[[Session, PlanVersion], None] | None = None,
    clock: Callable[[], datetime] | None = None,
) -> PlanVersion:
    """Plan the day and publish the plan as its next version, or store it as a draft; returns the version.

    A draft that would change nothing is not made: what is returned then is the published version, which stays. One that
    takes another's place keeps what people have decided there.

    The search begins at the published plan, so the new one never costs more than what of that still fits, and it
    changes no more of it than the budget allows (the installation's for that day, if not given; when it is published
    and nobody has asked for that, what is left of it). Stops that are
    started or pinned stay where they are. When `enough` says so, the best plan so far is taken. When the day changes
    meanwhile so that the plan does not fit any more, it is planned again from the new state. `travel_source` is the
    installation's if not given. `on_stored` is called with what is returned, in the transaction that stores it.

    `restrict` chooses whom a repair is about: everybody else's routes are taken over as they are, and where nothing
    is to change the published version is returned. What is returned then has its lines, and routes are not read.
    `answers` are the incidents that the plan is for, `by_user_id` is who has asked for it. Where `clock` says what time
    it is, each attempt is made for the moment at which it begins, and stored with that at which it is.

    Raises Conflict (the day is over, or kept changing), InvalidInput (no such policy, impossible rows),
    PlanRefused (the computed plan breaks a rule that no pin excuses), PlanCancelled.
    """
    stages = Stages(on_progress)
    is_cancelled = cancelled or (lambda: False)
    settings = session_factory.settings
    for _ in range(ATTEMPTS):
        now = clock() if clock is not None else now
        stages.begin(0.0, "Reading jobs and technicians")
        with session_factory() as session:
            facts = read_day(session, on, now=now, restrict=restrict)
            source = travel_source or get_travel_source(session)
            waiting = find_open_lines(session, on) if as_draft else None
            is_kept = waiting is not None and (restrict is None or has_decisions(waiting))
            before = find_open_draft(session, on) if is_kept else None
            by_program = not as_draft and by_user_id is None
            allowed = budget or find_budget(session, on, now, by_program=by_program)
        stages.begin(0.02, "Working out travel times")
        refused = {} if before is None else list_left_alone(facts, before, only_refused=True)
        day = _build(facts, source, policy, list_overdue(facts, refused))
        day = keep_late(day, facts, refused, allowed.tolerance_s)
        if restrict is not None and facts.published is not None:
            # It has not looked at the rest of the day, and does not claim to have.
            day = replace(day, input_hash=facts.published.input_hash)
        if before is not None:
            day = under_decisions(day, before, allowed.tolerance_s)
        free, day = day, under_budget(day, facts, allowed)  # after them, since what people have decided no cap undoes
        published, asked = find_published_plan(facts), day.problem
        stages.begin(0.1, "Searching for better routes")
        began = time.monotonic()
        search = Search(
            day.problem,
            published,
            allowed,
            time_limit_s=time_limit_s,
            tell=stages.tell,
            cancelled=lambda: is_cancelled() or (enough is not None and enough()),
            sentence_of=day.sentence_of,
            promised=list_promised(free, day),
            brief=restrict is not None,
            threads=settings.plan_threads,
            seed=seed,
            iterations=iterations,
            on_refused=partial(save_refused, settings.home, now=now),
        )
        plan = search.find_plan()
        day = replace(day, problem=search.problem)
        made = Made(policy, settings.plan_threads, seed, iterations, time_limit_s, time.monotonic() - began, source)
        stages.begin(0.95, "Listing what changes", plan.cost)
        if is_cancelled():
            raise PlanCancelled("Planning was cancelled; the published plan stays as it was.")
        changes = list_change_rows(facts, day, plan, Layouts(day.problem, allowed.tolerance_s))
        if restrict is not None and facts.published is not None and not changes:
            stages.finish(f"{on} needs no repair")
            return facts.published
        costs = price_whole_day(facts, asked, plan, allowed.tolerance_s)
        if before is not None:
            carry_decisions(changes, before, places_of(plan))
        record = write_record(day.problem, plan)
        now = clock() if clock is not None else now
        stages.begin(0.97, "Storing the plan", plan.cost)
        with session_factory.begin() as session:
            lock_day(session, on)
            current = lock_published(session, on)
            changed = (
                _find_other_plan(current, facts)
                or (_find_decided(session, on, waiting) if as_draft else None)
                or find_what_changed(session, facts, day, plan, current, now)
            )
            if changed is None and as_draft and current is not None and not changes:
                keep_published(session, day, plan, current, now)
                version = current
            elif changed is None:
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
                    answers=answers,
                    by_user_id=by_user_id,
                )
                session.flush()
                store_record(session, version, record, settings.keep_records_days)
            if changed is None and on_stored is not None:
                on_stored(session, version)
        if changed is None:
            with session_factory() as session:
                if restrict is None:
                    stored = get_plan_version(session, version.id)
                else:
                    stored = session.scalars(select_lines().where(PlanVersion.id == version.id)).one()
            stages.finish(f"version {stored.version} of {on}, {stored.status}")
            return stored
    raise Conflict(f"{on} changed while it was being planned, {ATTEMPTS} times in a row: {changed} Plan it again.")


def _find_other_plan(current: PlanVersion | None, facts: DayFacts) -> str | None:
    """Whether another version was published since the facts were read, in a sentence."""
    is_same = (current.id if current else None) == (facts.published.id if facts.published else None)
    return None if is_same else "another plan was published meanwhile."


def _find_decided(session: Session, on: date, waiting: PlanVersion | None) -> str | None:
    """Whether somebody has decided about the day's draft since it was read, or moved jobs in one of their own, in a
    sentence."""
    is_open = PlanVersion.on == on, PlanVersion.status == "draft"
    row = select(PlanVersion.id, PlanVersion.revision).where(*is_open)
    now_open = session.execute(row.with_for_update(of=PlanVersion)).one_or_none()  # whoever decides now, waits
    seen = (waiting.id, waiting.revision) if waiting is not None else None
    if now_open is None or tuple(now_open) == seen or (waiting is None and now_open.revision == 1):
        return None
    return "somebody decided about its draft meanwhile."


def _build(facts: DayFacts, source: TravelSource, policy: str, staying: Mapping[str, Staying]) -> DayProblem:
    """The day's problem, in which who can come late comes late. Raises InvalidInput."""
    closing = list_closing(facts)
    try:
        return allow_late(build_problem(facts, source, policy, staying, closing), facts, closing)
    except optimizer.ProblemError as error:
        raise InvalidInput([str(fault) for fault in error.faults]) from error
