"""Plans one day: rows -> problem -> plan, verified -> rows. No transaction is open while the engine works."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import optimizer
from data.travel import TravelSource
from dispatch.db import SessionFactory, lock_day
from dispatch.errors import Conflict, InvalidInput, PlanCancelled, PlanRefused
from dispatch.models import PlanVersion
from dispatch.planning.baseline import find_published_plan
from dispatch.planning.facts import find_published, get_plan_version, read_day
from dispatch.planning.problem import build_problem
from dispatch.planning.records import save_refused, store_record
from dispatch.planning.store import find_what_changed, store_plan
from dispatch.roads import get_travel_source

ATTEMPTS = 3
DEFAULT_POLICY = "balanced"
POLICY_NAMES = tuple(optimizer.POLICIES)


@dataclass(frozen=True)
class PlanProgress:
    """How far planning is: share done (0..1), what is being done, the cost of the best plan so far."""

    share: float
    message: str
    best_cost: int | None = None


Listener = Callable[[PlanProgress], None]


def plan_day(
    session_factory: SessionFactory,
    on: date,
    *,
    now: datetime,
    policy: str = DEFAULT_POLICY,
    time_limit_s: float = 10,
    seed: int = 0,
    iterations: int | None = None,
    travel_source: TravelSource | None = None,
    on_progress: Listener | None = None,
    cancelled: Callable[[], bool] | None = None,
    enough: Callable[[], bool] | None = None,
) -> PlanVersion:
    """Plan the day and publish the plan as its next version, which is returned.

    The search begins at the published plan, so the new one never costs more than what of that still fits.
    Stops that are started or pinned stay where they are. When `enough` says so, the best plan so far is taken. When
    the day changes meanwhile so that the plan does not fit any more, it is planned again from the new state.
    `travel_source` is the installation's if not given.

    Raises Conflict (the day is over, or kept changing), InvalidInput (no such policy, impossible rows),
    PlanRefused (the computed plan breaks a rule that no pin excuses), PlanCancelled.
    """
    tell = on_progress or (lambda _progress: None)
    is_cancelled = cancelled or (lambda: False)
    for _ in range(ATTEMPTS):
        tell(PlanProgress(0.0, "Reading jobs and technicians"))
        with session_factory() as session:
            facts = read_day(session, on, now=now)
            source = travel_source or get_travel_source(session)
        tell(PlanProgress(0.02, "Working out travel times"))
        try:
            day = build_problem(facts, source, policy)
        except optimizer.ProblemError as error:
            raise InvalidInput([str(fault) for fault in error.faults]) from error
        began = time.monotonic()
        threads = session_factory.settings.plan_threads
        plan = _solve(
            day.problem,
            find_published_plan(facts),
            day.sentence_of,
            tell,
            time_limit_s=time_limit_s,
            threads=threads,
            seed=seed,
            iterations=iterations,
            on_refused=lambda refused: save_refused(session_factory.settings.home, refused, now),
            cancelled=lambda: is_cancelled() or (enough is not None and enough()),
        )
        engine_seconds = time.monotonic() - began
        tell(PlanProgress(0.97, "Storing the plan", plan.cost))
        if is_cancelled():
            raise PlanCancelled("Planning was cancelled; the published plan stays as it was.")
        with session_factory.begin() as session:
            lock_day(session, on)
            current = find_published(session, on, for_update=True)
            changed = find_what_changed(session, facts, day, plan, current, now)
            if changed is None:
                version = store_plan(
                    session,
                    facts,
                    day,
                    plan,
                    current,
                    now=now,
                    threads=threads,
                    seed=seed,
                    iterations=iterations,
                    time_limit_s=time_limit_s,
                    engine_seconds=engine_seconds,
                    source=source,
                    policy=policy,
                )
                session.flush()
                store_record(session, version, day.problem, plan, session_factory.settings.keep_records_days)
                plan_id = version.id
        if changed is None:
            with session_factory() as session:
                return get_plan_version(session, plan_id)
    raise Conflict(f"{on} changed while it was being planned, {ATTEMPTS} times in a row: {changed} Plan it again.")


def _solve(
    problem: optimizer.Problem,
    start: optimizer.Plan | None,
    sentence_of: Callable[[optimizer.Violation], str],
    tell: Listener,
    *,
    cancelled: Callable[[], bool],
    time_limit_s: float,
    **options: Any,
) -> optimizer.Plan:
    """The best plan found, verified once more by the referee. Raises PlanRefused."""
    began = time.monotonic()
    best_cost: int | None = None

    def tell_share() -> None:
        share = min(1.0, (time.monotonic() - began) / time_limit_s)
        tell(PlanProgress(0.1 + 0.85 * share, "Searching for better routes", best_cost))

    def hear(progress: optimizer.Progress) -> None:
        nonlocal best_cost
        best_cost = progress.cost
        tell_share()

    def poll() -> bool:
        tell_share()
        return cancelled()

    try:
        plan = optimizer.solve(
            problem, start=start, time_limit_s=time_limit_s, on_progress=hear, cancelled=poll, **options
        )
    except optimizer.PlanRefused as error:
        raise PlanRefused(_sentences(sentence_of, error.plan)) from error
    judged = optimizer.check(problem, plan)
    if not judged.is_valid:
        raise PlanRefused(_sentences(sentence_of, judged))
    return replace(judged, unassigned=plan.unassigned)


def _sentences(sentence_of: Callable[[optimizer.Violation], str], plan: optimizer.Plan) -> list[str]:
    return [sentence_of(one) for one in plan.violations if not one.excused]
