"""Nothing has to fit: a visit may be left out, at a price that grows with its priority."""

from __future__ import annotations

import numpy as np

from optimizer.plan import Plan
from optimizer.primitives import Primitives
from optimizer.problem import Problem, Visit
from optimizer.rules.base import Rule


class LeavingOut(Rule):
    """Leaving a visit out costs its price, what its priority asks, and the lateness it has when all shifts are over."""

    name = "leaving out"

    def lower(self, problem: Problem, primitives: Primitives) -> None:
        primitives.drop_cost = np.array([price_of(problem, visit) for visit in problem.visits], dtype=np.int64)

    def cost(self, problem: Problem, plan: Plan) -> int:
        return sum(price_of(problem, problem.get_visit(one.visit)) for one in plan.unassigned)


def price_of(problem: Problem, visit: Visit) -> int:
    """What leaving this visit out costs.

    Its lateness counts until the last shift is over, since it cannot be served sooner then: else a visit that is
    long overdue would be cheaper to leave out than to serve.
    """
    policy = problem.policy
    late_s = 0 if visit.due_s is None else max(0, problem.last_end_s - visit.due_s)
    asked = policy.unassigned + policy.unassigned_per_priority * visit.priority
    return visit.price + asked + policy.lateness_per_s * late_s
