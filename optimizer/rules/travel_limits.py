"""How much a technician may drive: in a shift, and in one go."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from optimizer.lengths import length_words
from optimizer.plan import Plan, Route, Violation
from optimizer.primitives import Primitives
from optimizer.problem import Problem, Shift, Visit
from optimizer.rules.base import Rule, drives_of, places_of
from optimizer.timing import FAR


class TravelLimits(Rule):
    """No shift drives longer or farther than it may, nor any leg longer than it may."""

    name = "travel limits"
    of_shifts = True

    def lower(self, problem: Problem, primitives: Primitives) -> None:
        limits = np.array([_limits(problem, shift) for shift in problem.shifts], dtype=np.int64).reshape(-1, 3)
        primitives.max_travel_s, primitives.max_travel_m, primitives.max_leg_s = limits.T.copy()

    def check(self, problem: Problem, plan: Plan) -> Iterator[Violation]:
        for route in plan.routes:
            shift = problem.get_shift(route.shift)
            drives_s = [seconds for _, seconds in drives_of(problem, route, shift)]
            used = sum(drives_s), _travel_m(problem, route, shift), max(drives_s)
            kinds = (("travels", length_words), ("travels", _metre_words), ("has a leg of", length_words))
            for amount, limit, stretched, kind in zip(used, _own(shift), _limits(problem, shift), kinds, strict=True):
                if amount > limit:
                    does, words = kind
                    sentence = f"{does} {words(amount)}, {words(limit)} are the most"
                    yield Violation(self.name, sentence, shift=shift.id, excused=amount <= stretched)

    def why_not(self, problem: Problem, visit: Visit, shift: Shift) -> str | None:
        if shift.max_travel_s == 0 or shift.max_travel_m == 0:
            away_m = problem.travel.leg_m(shift.profile, shift.start_location, visit.location)
            return "may not travel" if away_m else None
        return None


def _metre_words(metres: int) -> str:
    return f"{metres} m"


def _travel_m(problem: Problem, route: Route, shift: Shift) -> int:
    return sum(problem.travel.leg_m(shift.profile, *leg) for leg in pairwise(places_of(problem, route, shift)))


def _own(shift: Shift) -> tuple[int, int, int]:
    """The shift's limits: seconds, metres, seconds of one leg."""
    given = (shift.max_travel_s, shift.max_travel_m, shift.max_leg_s)
    seconds, metres, leg_s = (FAR if limit is None else limit for limit in given)
    return seconds, metres, leg_s


def _limits(problem: Problem, shift: Shift) -> tuple[int, int, int]:
    """The limits, widened to what pinned visits need."""
    seconds, metres, leg_s = _own(shift)
    needs = problem.pin_needs.get(shift.id)
    if needs is None:
        return seconds, metres, leg_s
    return max(seconds, needs.travel_s), max(metres, needs.travel_m), max(leg_s, needs.longest_leg_s)
