"""Fairness between people: nobody drives and works much more than their share."""

from __future__ import annotations

from collections import Counter

from optimizer.plan import Plan
from optimizer.primitives import Primitives
from optimizer.problem import Problem
from optimizer.rules.base import Rule, drives_of


class Balance(Rule):
    """Every second that somebody drives and works beyond a fair share costs; all their shifts count together.

    The share is a tenth above what they would have if all that is asked for were shared by the length of shifts.
    """

    name = "balance"
    of_shifts = True

    def lower(self, problem: Problem, primitives: Primitives) -> None:
        primitives.busy_per_s = problem.policy.balance_per_s
        if primitives.busy_per_s:
            for shift, person in zip(problem.shifts, primitives.person, strict=True):
                primitives.fair_s[person] = problem.fair_s[shift.technician]

    def cost(self, problem: Problem, plan: Plan) -> int:
        if not problem.policy.balance_per_s:
            return 0
        busy_s: Counter[str] = Counter()
        for route in plan.routes:
            shift = problem.get_shift(route.shift)
            busy_s[shift.technician] += sum(seconds for _, seconds in drives_of(problem, route, shift))
            busy_s[shift.technician] += sum(
                problem.service_s(problem.get_visit(stop.visit), shift) for stop in route.stops
            )
        over_s = sum(max(0, seconds - problem.fair_s[technician]) for technician, seconds in busy_s.items())
        return over_s * problem.policy.balance_per_s
