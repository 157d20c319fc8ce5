"""Breaks: taken where the technician is, never in the middle of work."""

from __future__ import annotations

from collections.abc import Iterator

from optimizer.plan import Plan, Route, Violation
from optimizer.primitives import Primitives
from optimizer.problem import Break, Problem, Shift
from optimizer.rules.base import Rule
from optimizer.timing import Pause


class Breaks(Rule):
    """Every break of the shift starts in one of its windows, unless the technician is at home all that time."""

    name = "breaks"
    of_shifts = True

    def lower(self, problem: Problem, primitives: Primitives) -> None:
        for index, shift in enumerate(problem.shifts):
            pauses = []
            for pause in shift.breaks:
                windows = _windows(problem, shift, pause)
                if windows:
                    pauses.append(Pause(pause.length_s, windows, pause.id))
            primitives.breaks[index] = tuple(pauses)

    def check(self, problem: Problem, plan: Plan) -> Iterator[Violation]:
        for route in plan.routes:
            shift = problem.get_shift(route.shift)
            known = {pause.id for pause in shift.breaks}
            for rest in route.rests:
                if rest.break_id not in known:
                    yield Violation(self.name, f"the shift has no break {rest.break_id}", shift=shift.id)
            for pause in shift.breaks:
                yield from self._check_one(problem, route, shift, pause)

    def _check_one(self, problem: Problem, route: Route, shift: Shift, pause: Break) -> Iterator[Violation]:
        rests = [rest for rest in route.rests if rest.break_id == pause.id]
        windows = _windows(problem, shift, pause)
        if not rests:
            if windows:
                yield Violation(self.name, f"break {pause.id} is not taken", shift=shift.id)
            return
        rest = rests[0]
        if len(rests) > 1 or rest.end_s - rest.start_s != pause.length_s:
            yield Violation(self.name, f"break {pause.id} is not taken once, in one piece", shift=shift.id)
        allowed = any(open_s <= rest.start_s <= close_s for open_s, close_s in windows)
        if not allowed or not any(window.open_s <= rest.start_s <= window.close_s for window in pause.windows):
            yield Violation(self.name, f"break {pause.id} starts outside its windows", shift=shift.id, excused=allowed)
        for stop in route.stops:
            if rest.start_s < stop.leave_s and rest.end_s > stop.start_s:
                yield Violation(self.name, f"break {pause.id} falls into work", stop.visit, shift.id)


def _windows(problem: Problem, shift: Shift, pause: Break) -> tuple[tuple[int, int], ...]:
    """When the break may start: from the shift's start on, and until the pinned visits leave room for it."""
    needs = problem.pin_needs.get(shift.id)
    earliest_s = shift.start_s if needs is None else min(shift.start_s, needs.earliest_s)
    windows = [(max(one.open_s, earliest_s), one.close_s) for one in pause.windows if one.close_s >= earliest_s]
    rest_s = None if needs is None else needs.rests_s.get(pause.id)
    if windows and rest_s is not None and not any(open_s <= rest_s <= close_s for open_s, close_s in windows):
        windows[-1] = windows[-1][0], rest_s
    return tuple(windows)
