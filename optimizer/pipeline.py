"""The pipeline: lower the rules, search, verify what is found on the way, and hand out the best verified plan."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from optimizer.assemble import trivial_sequences
from optimizer.constant import with_constant_travel
from optimizer.engines import ruin
from optimizer.engines.routing import RoutingEngine, search_loosely
from optimizer.explain import explain
from optimizer.ledger import Ledger, PlanRefused, Refused, why_refused
from optimizer.link_windows import Bounds
from optimizer.plan import Plan
from optimizer.possible import possible
from optimizer.problem import Problem, Shift, Visit
from optimizer.rules import RULES, Rule, lower
from optimizer.run import NONE, ROUTING, RUIN, Run
from optimizer.start import starts_of, take_over
from optimizer.travel import Travel
from optimizer.verify import Sequences

__all__ = ["PlanRefused", "Progress", "Refused", "replay", "solve", "warm_up", "why_refused"]

LOG = logging.getLogger(__name__)
MINIMUM_S = 0.5
"""What OR-Tools gets at least, so that there is a first plan."""
VERIFY_EVERY_S = 1.0
"""Plans found on the way are verified no more often than this."""
VERIFYING_SHARE = 0.02
"""How much of the time may go into verifying plans on the way."""
VERIFYING_MARGIN = 1.5
"""How much longer than any before the last verification may take."""
GRACE_S = 0.1
"""By so much the time limit may be missed to explain more; where the search missed it, explaining gets this still."""
EXPLAINING_SHARE = 0.04
"""How much of the time is kept for explaining why visits are left out, and what would fit them."""
MOST_REPLANNED = 3_000
"""Above so many visits OR-Tools cannot plan in place of an engine whose plan is refused: its model would be too big."""
LOOSE_ITERATIONS = 1_000
"""For how long OR-Tools looks for a first plan of linked visits, in hundreds of neighbours."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a search is: seconds since it began, its limit, and the cost of the best plan so far."""

    elapsed_s: float
    time_limit_s: float
    cost: int


def solve(
    problem: Problem,
    *,
    time_limit_s: float,
    threads: int = 1,
    seed: int = 0,
    iterations: int | None = None,
    start: Plan | None = None,
    rules: Sequence[Rule] = RULES,
    on_progress: Callable[[Progress], None] | None = None,
    on_plan: Callable[[Plan], None] | None = None,
    on_refused: Callable[[Refused], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Plan:
    """Returns the best verified plan found, with a reason for every visit left out; `Plan.run` says how it was found.

    There always is one: what does not fit is left out at its price. The routing model and the referee have accepted
    it. With `start` it never costs more than that plan, less whatever of it does not exist or fit any more. With
    `iterations` and without running into the time limit, the same problem, start, seed and threads give the same plan.

    `on_progress` hears the cost of each better plan. `on_plan` hears each better verified plan, whose visits left
    out have no reasons yet, about every second and at the end. `on_refused` hears of plans that were refused and not
    used. `cancelled` is asked every few milliseconds; when it says yes, the best verified plan so far is returned.
    Raises `PlanRefused` if not even the start is accepted.
    """
    search = _Search(problem, rules, threads, seed)
    search.time_limit_s, search.iterations = time_limit_s, iterations
    search.on_progress, search.on_plan, search.cancelled = on_progress, on_plan, cancelled
    search.ledger.on_refused = on_refused
    if start is not None and problem.visits and problem.shifts:
        search.start = take_over(problem, search.primitives, start)
        search.starts = starts_of(problem, search.primitives, start)
    return search.explained(search.run())


def replay(problem: Problem, run: Run, rules: Sequence[Rule] = RULES) -> Plan:
    """Searches again exactly as `run` did, however long that takes: on the same version it finds the same plan."""
    search = _Search(problem, rules, run.threads, run.seed)
    search.start, search.repeated = [list(sequence) for sequence in run.start], run
    search.starts = {visit: (start_s, start_s) for visit, start_s in run.starts_s}
    return search.explained(search.run())


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

    time_limit_s: float = float("inf")
    iterations: int | None = None
    repeated: Run | None = None
    on_progress: Callable[[Progress], None] | None = None
    on_plan: Callable[[Plan], None] | None = None
    cancelled: Callable[[], bool] | None = None

    def __init__(self, problem: Problem, rules: Sequence[Rule], threads: int, seed: int) -> None:
        self.began = time.monotonic()
        self.problem, self.rules, self.threads, self.seed = problem, tuple(rules), threads, seed
        self.primitives = lower(problem, self.rules)
        self.planned = self.primitives if ruin.supports(self.primitives) else with_constant_travel(self.primitives)
        """What the engines plan by."""
        self.start: Sequences = trivial_sequences(self.primitives)
        self.starts: Bounds = {}
        self.ledger = Ledger(problem, self.primitives, self.rules)
        self._verify_next_at = self.began

    def run(self) -> Plan:
        """The best plan that the routing model and the referee both accept."""
        self.ledger.offer(self.start, self.starts)
        starts_s = tuple((visit, start_s) for visit, (start_s, _) in sorted(self.starts.items()))
        run = Run(NONE, self.seed, self.threads, tuple(map(tuple, self.start)), starts_s=starts_s)
        engine = NONE
        if self.problem.visits and self.problem.shifts:
            engine = RUIN if ruin.supports(self.planned) else ROUTING
        if self.repeated is not None:
            engine = self.repeated.engine
        if engine == RUIN:
            run = self._ruin(run)
            if self.ledger.refused_last and self.ledger.sequences == self.start:
                LOG.error("Nothing that ruin and recreate found is accepted.")
                engine = ROUTING if self.primitives.visits <= MOST_REPLANNED else RUIN
        if engine == ROUTING:
            run = self._route(run)
        return replace(self.ledger.get_best(), run=run)

    def explained(self, plan: Plan) -> Plan:
        """The plan with a reason for every visit left out, and with remedies for as many as there is time for."""
        end_s = min(0.0, self._left_s()) - GRACE_S

        def has_time(needed_s: float = 0.0) -> bool:
            return self._left_s() - needed_s > end_s

        return replace(plan, unassigned=explain(self.problem, self.primitives, plan, self.rules, has_time))

    def _ruin(self, run: Run) -> Run:
        found = ruin.search(
            self.planned,
            self._left_s(),
            threads=self.threads,
            seed=self.seed,
            iterations=self.iterations,
            start=self._planned_start(),
            bounds=self._bounds_of_best(),
            turns=None if self.repeated is None else [ruin.Turn(*turn) for turn in self.repeated.turns],
            built=None if self.repeated is None else self.repeated.built,
            keep_s=self._keep_s,
            on_better=lambda cost, found: self._hear(cost, lambda: self._offer(*found())),
            cancelled=self.cancelled,
        )
        if self.planned is self.primitives:
            self._offer(found.sequences, found.bounds)
        else:
            self._offer(self._possible(found.sequences))
        return replace(run, engine=RUIN, turns=tuple(map(tuple, found.turns)), built=found.built)

    def _route(self, run: Run) -> Run:
        """OR-Tools alone, with a model of the whole problem."""
        if self.planned.links and self.repeated is None:
            self._plan_links()
            run = replace(run, start=tuple(map(tuple, self.ledger.sequences)))
        engine = RoutingEngine(self.planned, self.seed)
        answer = engine.search(
            max(MINIMUM_S, self._left_s()),
            iterations=self.iterations,
            start=self._planned_start(),
            checks=None if self.repeated is None else self.repeated.checks,
            keep_s=self._keep_s,
            on_better=lambda cost, found: self._hear(cost, lambda: self._offer(self._possible(found()))),
            cancelled=self.cancelled,
        )
        if answer is not None:
            self._offer(self._possible(answer))
        return replace(run, engine=ROUTING, checks=engine.checks)

    def _plan_links(self) -> None:
        """Offers a first plan with linked visits in it."""
        loose = search_loosely(
            self.planned,
            max(MINIMUM_S, self._left_s() / 2),
            iterations=self.iterations or LOOSE_ITERATIONS,
            seed=self.seed,
            start=self._planned_start(),
            cancelled=self.cancelled,
        )
        if loose is not None:
            self._offer(self._possible(loose))

    def _planned_start(self) -> Sequences | None:
        """The best plan so far, as far as it is possible by what the engines plan by."""
        if self.planned is self.primitives or self.ledger.best is None:
            return self.ledger.sequences or None
        return take_over(self.problem, self.planned, self.ledger.best)

    def _bounds_of_best(self) -> Bounds | None:
        """When linked visits start in the best plan so far, where the engines plan by the truth."""
        if self.planned is not self.primitives or self.ledger.best is None:
            return None
        return starts_of(self.problem, self.primitives, self.ledger.best)

    def _possible(self, sequences: Sequences) -> Sequences:
        """The same sequences as far as there are times for them; what is left out for that is told of."""

        def tell(visit: int) -> None:
            LOG.log(
                logging.ERROR if self.planned is self.primitives else logging.INFO,
                "An engine plans visit %s where there is no time for it; it is left out.",
                self.problem.visits[visit].id,
            )

        return possible(self.primitives, sequences, tell)

    def _hear(self, cost: int, offer: Callable[[], None]) -> None:
        """Tells of a better plan; verifies the first one, and others as often as the time for it allows.

        Where engines plan by something else than the truth, the last alone is: which plan on the way is the best in
        truth would depend on when the clock let it be looked at.
        """
        now = time.monotonic()
        if self.on_progress:
            self.on_progress(Progress(now - self.began, self.time_limit_s, cost))
        if self.planned is not self.primitives:
            return
        is_better = self.ledger.best is None or cost < self.ledger.best.cost
        if is_better and now >= self._verify_next_at:
            offer()
            took_s = time.monotonic() - now
            self._verify_next_at = now + max(VERIFY_EVERY_S, took_s / VERIFYING_SHARE)

    def _offer(self, sequences: Sequences, bounds: Bounds | None = None) -> None:
        """Verifies a plan, and tells of it if it is the best so far."""
        before = self.ledger.best
        self.ledger.offer(sequences, bounds)
        if self.on_plan and self.ledger.best is not None and self.ledger.best is not before:
            self.on_plan(self.ledger.best)

    def _keep_s(self) -> float:
        """How much of the time verifying and explaining the last plan will take, by what verifying took so far.

        Where iterations are asked for, time is only the emergency brake: none of it is kept back.
        """
        if self.iterations is not None or self.repeated is not None:
            return 0.0
        is_whole = self.ledger.best is not None and not self.ledger.best.unassigned
        explaining_s = 0.0 if is_whole else EXPLAINING_SHARE * self.time_limit_s
        return VERIFYING_MARGIN * self.ledger.took_s + explaining_s

    def _left_s(self) -> float:
        return self.time_limit_s - (time.monotonic() - self.began)
