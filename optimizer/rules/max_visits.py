"""How many visits a shift may have."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from optimizer.plan import Plan, Violation
from optimizer.primitives import Primitives
from optimizer.problem import Problem, Shift, Visit
from optimizer.rules.base import Rule
from optimizer.timing import FAR


class MaxVisits(Rule):
    """A shift has no more visits than it may have."""

    name = "maximum visits"

    def lower(self, problem: Problem, primitives: Primitives) -> None:
        if any(shift.max_visits is not None for shift in problem.shifts):
            one_each = np.ones(len(problem.visits), dtype=np.int64)
            limits = np.array([_limit(problem, shift) for shift in problem.shifts], dtype=np.int64)
            seconds = {problem.visit_index[pair.second] for pair in problem.pairs}
            firsts = {problem.visit_index[pair.first] for pair in problem.pairs}
            # A pair's load is on the van only between its two stops, so count both where nothing is handed over.
            delivery = np.array([0 if v in seconds else 2 if v in firsts else 1 for v in range(len(one_each))])
            primitives.add_load(delivery, one_each * 0, limits)

    def check(self, problem: Problem, plan: Plan) -> Iterator[Violation]:
        for route in plan.routes:
            shift = problem.get_shift(route.shift)
            if shift.max_visits is not None and len(route.stops) > shift.max_visits:
                sentence = f"has {len(route.stops)} visits, {shift.max_visits} are the most"
                excused = len(route.stops) <= _limit(problem, shift)
                yield Violation(self.name, sentence, shift=shift.id, excused=excused)

    def why_not(self, problem: Problem, visit: Visit, shift: Shift) -> str | None:
        return "may have no visits" if shift.max_visits == 0 else None


def _limit(problem: Problem, shift: Shift) -> int:
    """The most visits, or as many as are pinned to the shift if that is more."""
    pinned = len(problem.pinned_to.get(shift.id, ()))
    return max(FAR if shift.max_visits is None else shift.max_visits, pinned)
