"""What a rule is: a name, a sentence, and how it is lowered, judged and explained."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from itertools import pairwise
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from optimizer.plan import Plan, Route, Stop, Violation
from optimizer.primitives import Primitives
from optimizer.problem import Problem, Shift, Visit


class Rule:
    """One business rule. A hard rule answers `check`, a soft one `cost`; a rule may be both.

    `name` is stable: it is stored, shown and switched. The docstring's first line is what people read about it.
    `of_shifts` says that `lower` writes only what belongs to shifts, so that one more visit needs nothing of it.
    """

    name: ClassVar[str]
    of_shifts: ClassVar[bool] = False

    def lower(self, problem: Problem, primitives: Primitives) -> None:
        """Writes the rule into the primitives."""

    def check(self, problem: Problem, plan: Plan) -> Iterator[Violation]:
        """Yields what a finished plan breaks, judged in the rule's own words."""
        yield from ()

    def cost(self, problem: Problem, plan: Plan) -> int:
        """What a finished plan costs by this rule, in cost units."""
        return 0

    def why_not(self, problem: Problem, visit: Visit, shift: Shift) -> str | None:
        """Says in a sentence why this visit can never go with that shift, or None."""
        return None


class Eligibility(Rule):
    """A hard rule that looks at one visit and one shift alone; `why_not` is all it needs.

    `visit_key` and `shift_key` name what `why_not` reads, so that it is asked once for each distinct pair.
    """

    def visit_key(self, visit: Visit) -> Hashable:
        return visit.id

    def shift_key(self, shift: Shift) -> Hashable:
        return shift.id

    def lower(self, problem: Problem, primitives: Primitives) -> None:
        for rows, visit, groups in _distinct_visits(problem, self.visit_key, self.shift_key):
            barred = [columns for columns, shift in groups if self.why_not(problem, visit, shift) is not None]
            if barred:
                primitives.allowed[np.ix_(rows, np.concatenate(barred))] = False

    def check(self, problem: Problem, plan: Plan) -> Iterator[Violation]:
        for visit, shift, _ in assigned(problem, plan):
            sentence = self.why_not(problem, visit, shift)
            if sentence is not None:
                yield Violation(self.name, sentence, visit.id, shift.id, excused=visit.pin is not None)


class Preference(Rule):
    """A soft rule that looks at one visit and one shift alone; `price` is all it needs."""

    def visit_key(self, visit: Visit) -> Hashable:
        return visit.id

    def shift_key(self, shift: Shift) -> Hashable:
        return shift.id

    def price(self, problem: Problem, visit: Visit, shift: Shift) -> int:
        """What it costs to give this visit to that shift."""
        raise NotImplementedError

    def lower(self, problem: Problem, primitives: Primitives) -> None:
        for rows, visit, groups in _distinct_visits(problem, self.visit_key, self.shift_key):
            prices = np.zeros(len(problem.shifts), dtype=np.int64)
            for columns, shift in groups:
                prices[columns] = self.price(problem, visit, shift)
            if prices.any():
                primitives.assignment_cost[rows] += prices

    def cost(self, problem: Problem, plan: Plan) -> int:
        return sum(self.price(problem, visit, shift) for visit, shift, _ in assigned(problem, plan))


def assigned(problem: Problem, plan: Plan) -> Iterator[tuple[Visit, Shift, Stop]]:
    """Yields every stop of a plan with its visit and shift."""
    for route in plan.routes:
        shift = problem.get_shift(route.shift)
        for stop in route.stops:
            yield problem.get_visit(stop.visit), shift, stop


def places_of(problem: Problem, route: Route, shift: Shift) -> list[int | None]:
    """Where a route leads: from the shift's start by every stop, and by the depot if it calls there, to its end."""
    places: list[int | None] = [problem.get_visit(stop.visit).location for stop in route.stops]
    if route.call is not None:
        places.insert(route.call.after, shift.depot)
    return [shift.start_location, *places, shift.end_location]


def drives_of(problem: Problem, route: Route, shift: Shift) -> Iterator[tuple[tuple[int | None, int | None], int]]:
    """Yields every leg of a route, from place to place, with the seconds that it takes when it is set out on."""
    moments = [route.leave_s, *(stop.leave_s for stop in route.stops)]
    later = [*(stop.set_out_s for stop in route.stops), route.set_out_home_s]
    if route.call is not None:
        moments.insert(route.call.after + 1, route.call.leave_s)
        later.insert(route.call.after, route.call.set_out_s)
    for leg, free_s, set_out_s in zip(pairwise(places_of(problem, route, shift)), moments, later, strict=True):
        yield leg, problem.travel.leg_s(shift.profile, *leg, free_s if set_out_s is None else set_out_s)


def distinct_pairs(
    problem: Problem, visit_key: Callable[[Visit], Hashable], shift_key: Callable[[Shift], Hashable]
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64], Visit, Shift]]:
    """Yields the rows and columns of each pair of keys, with one visit and one shift that stand for them."""
    for rows, visit, groups in _distinct_visits(problem, visit_key, shift_key):
        for columns, shift in groups:
            yield rows, columns, visit, shift


def _distinct_visits(
    problem: Problem, visit_key: Callable[[Visit], Hashable], shift_key: Callable[[Shift], Hashable]
) -> Iterator[tuple[NDArray[np.int64], Visit, list[tuple[NDArray[np.int64], Shift]]]]:
    """Yields the rows of each visit key with a visit that stands for them, and the same of all shift keys."""
    rows: dict[Hashable, list[int]] = {}
    for index, visit in enumerate(problem.visits):
        rows.setdefault(visit_key(visit), []).append(index)
    groups = problem.shift_groups.get(shift_key)
    if groups is None:
        columns: dict[Hashable, list[int]] = {}
        for index, shift in enumerate(problem.shifts):
            columns.setdefault(shift_key(shift), []).append(index)
        groups = [(np.array(some, dtype=np.int64), problem.shifts[some[0]]) for some in columns.values()]
        problem.shift_groups[shift_key] = groups
    for row in rows.values():
        yield np.array(row, dtype=np.int64), problem.visits[row[0]], groups
