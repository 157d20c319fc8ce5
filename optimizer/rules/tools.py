"""Tools: on the van when it leaves, or fetched on the way by a call at the depot."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

import numpy as np

from optimizer.plan import Plan, Violation
from optimizer.primitives import Primitives
from optimizer.problem import Problem, Shift, Visit
from optimizer.rules.base import Eligibility, distinct_pairs


class Tools(Eligibility):
    """Every tool that a visit needs is on the van, or was fetched by a call at the depot before."""

    name = "tools"

    def visit_key(self, visit: Visit) -> Hashable:
        return visit.tools

    def shift_key(self, shift: Shift) -> Hashable:
        return shift.tools, shift.depot is None

    def lower(self, problem: Problem, primitives: Primitives) -> None:
        super().lower(problem, primitives)
        for rows, columns, visit, shift in distinct_pairs(problem, self.visit_key, self.shift_key):
            if shift.depot is not None and not visit.tools <= shift.tools:
                primitives.call_first[np.ix_(rows, columns)] = True

    def check(self, problem: Problem, plan: Plan) -> Iterator[Violation]:
        for route in plan.routes:
            shift = problem.get_shift(route.shift)
            for position, stop in enumerate(route.stops):
                visit = problem.get_visit(stop.visit)
                fetched = route.call is not None and shift.depot is not None and route.call.after <= position
                if not fetched and not visit.tools <= shift.tools:
                    sentence = f"{_lacks(visit, shift)} and has not called at the depot before"
                    yield Violation(self.name, sentence, visit.id, shift.id, excused=visit.pin is not None)

    def why_not(self, problem: Problem, visit: Visit, shift: Shift) -> str | None:
        if shift.depot is not None or visit.tools <= shift.tools:
            return None
        return _lacks(visit, shift)


def _lacks(visit: Visit, shift: Shift) -> str:
    return f"has no {' and no '.join(sorted(visit.tools - shift.tools))} on the van"
