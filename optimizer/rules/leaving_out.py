"""Nothing has to fit: a visit may be left out, at a price that grows with its priority."""

from __future__ import annotations

import numpy as np

from optimizer.plan import Plan
from optimizer.policy import Policy
from optimizer.primitives import Primitives
from optimizer.problem import Problem, Visit
from optimizer.rules.base import Rule


class LeavingOut(Rule):
    """Leaving a visit out costs its own price and what the policy asks for its priority."""

    name = "leaving out"

    def lower(self, problem: Problem, primitives: Primitives) -> None:
        primitives.drop_cost = np.array([price_of(problem.policy, visit) for visit in problem.visits], dtype=np.int64)

    def cost(self, problem: Problem, plan: Plan) -> int:
        return sum(price_of(problem.policy, problem.get_visit(one.visit)) for one in plan.unassigned)


def price_of(policy: Policy, visit: Visit) -> int:
    """What leaving this visit out costs."""
    return visit.price + policy.unassigned + policy.unassigned_per_priority * visit.priority
