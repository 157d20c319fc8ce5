"""The pipeline: lower the rules, search, put times to the result, and let nothing out that the referee refuses."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from optimizer.assemble import assemble, find_times, trivial_sequences
from optimizer.engines import ruin
from optimizer.engines.routing import RoutingEngine
from optimizer.explain import explain
from optimizer.plan import Plan
from optimizer.primitives import KEEP
from optimizer.problem import Problem, Shift, Travel, Visit
from optimizer.referee import check
from optimizer.rules import RULES, Rule, lower
from optimizer.timing import Times

LOG = logging.getLogger(__name__)
VERIFYING_SHARE = 4.0
"""What verifying and explaining take, in times of lowering and building: 2 to 4 at 200 to 1,000 visits, measured."""
MINIMUM_S = 0.5
"""What OR-Tools gets at least, so that there is a first plan."""


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
    time limit, the same problem, seed and threads give the same plan. Raises `PlanRefused` if the referee refuses it.
    """
    search = _Search(problem, rules, time_limit_s, threads, seed, iterations, on_progress, cancelled)
    best = search.run()
    return replace(best, unassigned=explain(problem, search.primitives, best, rules))


def warm_up() -> float:
    """Plans the smallest day there is, which compiles the engine where that has not been done; returns the seconds.

    Once compiled, the engine is kept beside the code (or where NUMBA_CACHE_DIR says) and loads in about a second.
    """
    began = time.monotonic()
    legs = np.array([[0, 600], [600, 0]], dtype=np.int64)
    problem = Problem(
        (Visit("near", 1, 600, due_s=0), Visit("too long", 1, 9_000)),
        (Shift("shift", "technician", 0, 0, 0, 7_200),),
        Travel({"car": legs}, {"car": legs}),
    )
    solve(problem, time_limit_s=600, iterations=1)
    return time.monotonic() - began


class _Search:
    """One run of the pipeline: ruin and recreate where it knows all that is asked, OR-Tools routing where not."""

    def __init__(
        self,
        problem: Problem,
        rules: Sequence[Rule],
        time_limit_s: float,
        threads: int,
        seed: int,
        iterations: int | None,
        on_progress: Callable[[Progress], None] | None,
        cancelled: Callable[[], bool] | None,
    ) -> None:
        self.began = time.monotonic()
        self.problem, self.rules, self.primitives = problem, rules, lower(problem, tuple(rules))
        self.time_limit_s, self.threads, self.seed, self.iterations = time_limit_s, threads, seed, iterations
        self.on_progress, self.cancelled = on_progress, cancelled

    def run(self) -> Plan:
        """The best plan that the routing model and the referee both accept."""
        trivial = trivial_sequences(self.primitives)
        if not self.problem.visits or not self.problem.shifts:
            return self._judged(trivial)
        engine = RoutingEngine(self.primitives, self.seed)
        if ruin.supports(self.primitives):
            # Where iterations are asked for, time is only the emergency brake: none of it is kept back.
            spare_s = VERIFYING_SHARE * (time.monotonic() - self.began) if self.iterations is None else 0.0
            found = ruin.search(
                self.primitives,
                self._left_s() - spare_s,
                threads=self.threads,
                seed=self.seed,
                iterations=self.iterations,
                on_better=lambda cost, _sequences: self._report(cost),
                cancelled=self.cancelled,
            ).sequences
            if engine.accepts(found, self._times(found)):
                return self._judged(found)
            LOG.error("The routing model refuses a plan of ruin and recreate; planning again with OR-Tools alone.")
            engine = RoutingEngine(self.primitives, self.seed)
        answer = engine.search(
            max(MINIMUM_S, self._left_s()), iterations=self.iterations, on_better=self._report, cancelled=self.cancelled
        )
        return self._judged(self._possible(trivial if answer is None else answer))

    def _possible(self, sequences: list[list[int]]) -> list[list[int]]:
        """The same sequences without the visits for which there are no times after all.

        The routing model lets a break fall around work that takes no time; we do not.
        """
        partner = {visit: other for pair in self.primitives.pairs for visit, other in (pair, pair[::-1])}
        kept = [list(sequence) for sequence in sequences]
        for shift, sequence in enumerate(kept):
            while sequence and find_times(self.primitives, shift, sequence) is None:
                late = next(
                    count
                    for count in range(1, len(sequence) + 1)
                    if find_times(self.primitives, shift, sequence[:count]) is None
                )
                movable = [one for one in sequence[:late] if self.primitives.drop_cost[one] != KEEP]
                if not movable:  # nothing but pins so far: their own order always has times
                    LOG.error("The routing model's order of the pinned visits has no times; they are put in their own.")
                    sequence[:] = self.primitives.pinned_order[shift]
                    break
                visit = movable[-1]
                LOG.error(
                    "The routing model plans visit %s where there is no time for it; it is left out.",
                    self.problem.visits[visit].id,
                )
                sequence[:] = [one for one in sequence if one not in (visit, partner.get(visit))]
        return kept

    def _times(self, sequences: list[list[int]]) -> list[Times | None]:
        return [
            find_times(self.primitives, shift, sequence) if sequence else None
            for shift, sequence in enumerate(sequences)
        ]

    def _judged(self, sequences: list[list[int]]) -> Plan:
        plan = assemble(self.problem, self.primitives, sequences)
        if plan is None:
            raise RuntimeError("an engine's plan has no possible times; this is a fault of the engine")
        judged = check(self.problem, plan, self.rules)
        if not judged.is_valid:
            raise PlanRefused(judged)
        return judged

    def _left_s(self) -> float:
        return self.time_limit_s - (time.monotonic() - self.began)

    def _report(self, cost: int) -> None:
        if self.on_progress:
            self.on_progress(Progress(time.monotonic() - self.began, self.time_limit_s, cost))
