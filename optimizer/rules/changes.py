"""What changes against a plan that people know already."""

from __future__ import annotations

import numpy as np

from optimizer.plan import Plan
from optimizer.primitives import Primitives
from optimizer.problem import Planned, Problem, Shift
from optimizer.rules.base import Rule, assigned

DAY_S = 86_400


class Changes(Rule):
    """A visit that was published for another technician or another day costs."""

    name = "changes"

    def lower(self, problem: Problem, primitives: Primitives) -> None:
        policy = problem.policy
        if not policy.change_technician and not policy.change_day:
            return
        days = np.array([_day(shift) for shift in problem.shifts], dtype=np.int64)
        for row, visit in enumerate(problem.visits):
            if visit.planned:
                column = problem.shift_index[visit.planned.shift]
                strange = primitives.person != primitives.person[column]
                moved = days != days[column]
                primitives.assignment_cost[row] += policy.change_technician * strange + policy.change_day * moved

    def cost(self, problem: Problem, plan: Plan) -> int:
        return sum(
            _price(problem, visit.planned, shift) for visit, shift, _ in assigned(problem, plan) if visit.planned
        )


class MovedLater(Rule):
    """Every second that work starts later than published costs."""

    # Not earlier: work starts as early as it can, so engines know only costs that rise with time.

    name = "moved later"

    def lower(self, problem: Problem, primitives: Primitives) -> None:
        per_s = problem.policy.later_per_s
        for row, visit in enumerate(problem.visits):
            if visit.planned and per_s:
                primitives.time_cost[row] += ((visit.planned.start_s, per_s),)

    def cost(self, problem: Problem, plan: Plan) -> int:
        later_s = sum(
            max(0, stop.start_s - visit.planned.start_s) for visit, _, stop in assigned(problem, plan) if visit.planned
        )
        return later_s * problem.policy.later_per_s


def _price(problem: Problem, planned: Planned, shift: Shift) -> int:
    before, policy = problem.get_shift(planned.shift), problem.policy
    price = 0 if shift.technician == before.technician else policy.change_technician
    return price if _day(shift) == _day(before) else price + policy.change_day


def _day(shift: Shift) -> int:
    """The day on which a shift begins, counted from the problem's second 0."""
    return shift.start_s // DAY_S
