"""The pipeline: lower the rules, search, put times to the result, and let nothing out that the referee refuses."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from optimizer.assemble import assemble, trivial_sequences
from optimizer.engines.routing import RoutingEngine
from optimizer.explain import explain
from optimizer.plan import Plan
from optimizer.problem import Problem
from optimizer.referee import check
from optimizer.rules import RULES, Rule, lower


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a search is: seconds since it began, its limit, and the cost of the best plan so far."""

    elapsed_s: float
    time_limit_s: float
    cost: int


class PlanRefused(RuntimeError):
    """An engine's plan broke a rule: a fault of the engine, so the plan is not handed out."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        broken = [violation for violation in plan.violations if not violation.excused]
        super().__init__("; ".join(f"{one.rule}: {one.visit or one.shift}: {one.sentence}" for one in broken))


def solve(
    problem: Problem,
    *,
    time_limit_s: float,
    threads: int = 1,
    seed: int = 0,
    iterations: int | None = None,
    rules: Sequence[Rule] = RULES,
    on_progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Plan:
    """Returns the best plan found, judged by the referee, with a reason for every visit left out.

    There always is one: what does not fit is left out at its price. With `iterations` and without running into the
    time limit, the same problem and seed give the same plan. Raises `PlanRefused` if the referee refuses the plan.
    """
    began = time.monotonic()
    primitives = lower(problem, tuple(rules))

    def report(cost: int) -> None:
        if on_progress:
            on_progress(Progress(time.monotonic() - began, time_limit_s, cost))

    candidates = [trivial_sequences(primitives)]
    if problem.visits and problem.shifts:
        engine = RoutingEngine(primitives, seed)
        left_s = time_limit_s - (time.monotonic() - began)
        found = engine.search(left_s, iterations=iterations, on_better=report, cancelled=cancelled)
        if found is not None:
            candidates.insert(0, found)
    plans = [plan for one in candidates if (plan := assemble(problem, primitives, one)) is not None]
    best = min((check(problem, plan, rules) for plan in plans), key=lambda plan: (not plan.is_valid, plan.cost))
    if not best.is_valid:
        raise PlanRefused(best)
    return replace(best, unassigned=explain(problem, primitives, best, rules))
