"""When a technician works: the start, the planned end, and the end that overtime must not pass."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from optimizer.lengths import length_words
from optimizer.plan import Plan, Violation
from optimizer.primitives import Primitives
from optimizer.problem import Problem, Shift, Visit
from optimizer.rules.base import Rule
from optimizer.travel import UNREACHABLE


class ShiftHours(Rule):
    """Nobody leaves before the shift starts or is home after its hard end; past the planned end is overtime."""

    name = "shift hours"
    of_shifts = True

    def lower(self, problem: Problem, primitives: Primitives) -> None:
        for index, shift in enumerate(problem.shifts):
            primitives.earliest_s[index], primitives.hard_end_s[index] = _bounds(problem, shift)
            primitives.soft_end_s[index] = shift.end_s
        primitives.overtime_per_s = np.full(len(problem.shifts), problem.policy.overtime_per_s, dtype=np.int64)

    def check(self, problem: Problem, plan: Plan) -> Iterator[Violation]:
        for route in plan.routes:
            shift = problem.get_shift(route.shift)
            earliest_s, latest_s = _bounds(problem, shift)
            if route.leave_s < shift.start_s:
                sentence = f"leaves {length_words(shift.start_s - route.leave_s)} before the shift starts"
                yield Violation(self.name, sentence, shift=shift.id, excused=route.leave_s >= earliest_s)
            if route.home_s > shift.hard_end_s:
                sentence = f"is home {length_words(route.home_s - shift.hard_end_s)} after the shift must end"
                yield Violation(self.name, sentence, shift=shift.id, excused=route.home_s <= latest_s)

    def cost(self, problem: Problem, plan: Plan) -> int:
        over = sum(max(0, route.home_s - problem.get_shift(route.shift).end_s) for route in plan.routes)
        return over * problem.policy.overtime_per_s

    def why_not(self, problem: Problem, visit: Visit, shift: Shift) -> str | None:
        out_s = problem.travel.leg_s(shift.profile, shift.start_location, visit.location)
        back_s = problem.travel.leg_s(shift.profile, visit.location, shift.end_location)
        if UNREACHABLE in (out_s, back_s):
            return "cannot get there by road"
        arrive_s = shift.start_s + out_s
        open_s = next((window.open_s for window in visit.windows if window.close_s >= arrive_s), arrive_s)
        setup_s = 0 if visit.location == shift.start_location else visit.setup_s
        done_s = max(arrive_s, open_s) + setup_s + problem.service_s(visit, shift)
        late_s = done_s + back_s - shift.hard_end_s
        return f"would be home {-(-late_s // 60)} min after the shift must end" if late_s > 0 else None


def _bounds(problem: Problem, shift: Shift) -> tuple[int, int]:
    """Earliest leave and latest home, widened to what pinned visits need."""
    needs = problem.pin_needs.get(shift.id)
    if needs is None:
        return shift.start_s, shift.hard_end_s
    return min(shift.start_s, needs.earliest_s), max(shift.hard_end_s, needs.home_s)
