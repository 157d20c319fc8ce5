"""How long somebody may be on duty, whenever they leave."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from optimizer.lengths import length_words
from optimizer.plan import Plan, Violation
from optimizer.primitives import Primitives
from optimizer.problem import Problem, Shift, Visit
from optimizer.rules.base import Rule
from optimizer.timing import FAR


class DutyLimit(Rule):
    """Nobody is on duty for longer than they may be, from leaving to coming home."""

    name = "duty limit"
    of_shifts = True

    def lower(self, problem: Problem, primitives: Primitives) -> None:
        primitives.max_duty_s = np.array([_limit_s(problem, shift) for shift in problem.shifts], dtype=np.int64)

    def check(self, problem: Problem, plan: Plan) -> Iterator[Violation]:
        for route in plan.routes:
            shift, duty_s = problem.get_shift(route.shift), route.home_s - route.leave_s
            if shift.max_duty_s is not None and duty_s > shift.max_duty_s:
                sentence = f"is on duty for {length_words(duty_s)}, {length_words(shift.max_duty_s)} is the most"
                yield Violation(self.name, sentence, shift=shift.id, excused=duty_s <= _limit_s(problem, shift))

    def why_not(self, problem: Problem, visit: Visit, shift: Shift) -> str | None:
        if shift.max_duty_s is None:
            return None
        out_s = problem.travel.leg_s(shift.profile, shift.start_location, visit.location)
        back_s = problem.travel.leg_s(shift.profile, visit.location, shift.end_location)
        longer_s = out_s + problem.service_s(visit, shift) + back_s - shift.max_duty_s
        return f"would be on duty {length_words(longer_s)} too long" if longer_s > 0 else None


def _limit_s(problem: Problem, shift: Shift) -> int:
    """The limit, widened to what pinned visits need; FAR where there is none."""
    if shift.max_duty_s is None:
        return FAR
    needs = problem.pin_needs.get(shift.id)
    return shift.max_duty_s if needs is None else max(shift.max_duty_s, needs.duty_s)
