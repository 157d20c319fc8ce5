"""When work may start."""

from __future__ import annotations

from collections.abc import Iterator

from optimizer.plan import Plan, Violation
from optimizer.primitives import Primitives
from optimizer.problem import Problem, Shift, Visit
from optimizer.rules.base import Rule, assigned


class TimeWindows(Rule):
    """Work starts inside one of the visit's time windows."""

    name = "time windows"

    def lower(self, problem: Problem, primitives: Primitives) -> None:
        for index, visit in enumerate(problem.visits):
            primitives.windows[index] = tuple((window.open_s, window.close_s) for window in visit.windows)

    def check(self, problem: Problem, plan: Plan) -> Iterator[Violation]:
        for visit, shift, stop in assigned(problem, plan):
            if visit.windows and not any(window.open_s <= stop.start_s <= window.close_s for window in visit.windows):
                sentence = "work starts outside every time window"
                yield Violation(self.name, sentence, visit.id, shift.id, excused=visit.pin is not None)

    def why_not(self, problem: Problem, visit: Visit, shift: Shift) -> str | None:
        if not visit.windows:
            return None
        arrive_s = shift.start_s + problem.travel.leg_s(shift.profile, shift.start_location, visit.location)
        if visit.windows[-1].close_s < arrive_s:
            return "cannot be there before the last time window closes"
        if visit.windows[0].open_s > shift.hard_end_s:
            return "is off duty before the first time window opens"
        return None
