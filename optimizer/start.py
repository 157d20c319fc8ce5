"""A plan as the start of a search: what still exists and fits is taken over, what does not is dropped from it."""

from __future__ import annotations

from collections.abc import Iterator

from optimizer.link_windows import Bounds
from optimizer.plan import Plan
from optimizer.primitives import KEEP, Primitives
from optimizer.problem import Problem
from optimizer.verify import Sequences, accepts, list_refused, list_ties


def take_over(problem: Problem, primitives: Primitives, plan: Plan) -> Sequences:
    """Returns for every shift the visits of the plan that the routing model accepts there, in their order.

    Visits and shifts that do not exist any more are passed over. Pinned visits are all there. Where a route does not
    fit any more, its visits are put back one after the other, and those that do not fit are left out.
    """
    seen: set[int] = set()
    wanted = [_wanted(problem, primitives, plan, shift, seen) for shift in range(primitives.shifts)]
    _drop_halves(primitives, wanted)
    bounds = starts_of(problem, primitives, plan)
    for group in list_refused(primitives, wanted, bounds=bounds):
        _refill(primitives, wanted, group, bounds)
    return wanted


def starts_of(problem: Problem, primitives: Primitives, plan: Plan) -> Bounds:
    """When the linked visits of a plan start: bounds that satisfy every link, as long as the plan is possible."""
    linked = {visit for link in primitives.links for visit in link[:2]}
    stops = (stop for route in plan.routes for stop in route.stops)
    starts_s = {problem.visit_index.get(stop.visit): stop.start_s for stop in stops}
    return {visit: (starts_s[visit], starts_s[visit]) for visit in linked if visit in starts_s}


def _wanted(problem: Problem, primitives: Primitives, plan: Plan, shift: int, seen: set[int]) -> list[int]:
    """The plan's order of one shift, as far as its visits may still go there, with every visit pinned to it."""
    route = plan.find_route(problem.shifts[shift].id)
    starts_s: dict[int, int] = {}
    for stop in route.stops if route else ():
        visit = problem.visit_index.get(stop.visit)
        if visit is not None and visit not in seen and primitives.allowed[visit, shift]:
            starts_s[visit] = stop.start_s
            seen.add(visit)
    missing = [visit for visit in primitives.pinned_order[shift] if visit not in starts_s]
    order = list(starts_s)
    for visit in missing:
        opens_s = primitives.windows[visit][0][0] if primitives.windows[visit] else None
        later = (place for place, one in enumerate(order) if opens_s is not None and starts_s.get(one, -1) > opens_s)
        order.insert(next(later, len(order)), visit)
    return order


def _drop_halves(primitives: Primitives, sequences: Sequences) -> None:
    """Drops whatever is tied to a visit that is not planned, until nothing is."""
    while True:
        planned = {visit for sequence in sequences for visit in sequence}
        halves = {one for tie in list_ties(primitives) if len(planned.intersection(tie)) == 1 for one in tie}
        halves = {visit for visit in halves & planned if primitives.drop_cost[visit] != KEEP}
        if not halves:
            return
        for sequence in sequences:
            sequence[:] = [visit for visit in sequence if visit not in halves]


def _refill(primitives: Primitives, sequences: Sequences, group: list[int], bounds: Bounds) -> None:
    """Empties the group's routes to what is pinned and puts the rest back, unit by unit, as long as it fits."""
    wanted = {shift: list(sequences[shift]) for shift in group}
    kept = {visit for shift in group for visit in wanted[shift] if primitives.drop_cost[visit] == KEEP}

    def lay_out() -> None:
        for shift in group:
            sequences[shift] = [visit for visit in wanted[shift] if visit in kept]

    lay_out()
    if kept and not accepts(primitives, sequences, group, bounds):
        for shift in group:  # their own order always has times
            wanted[shift] = _in_pinned_order(wanted[shift], primitives.pinned_order[shift])
        lay_out()
    for unit in _units(primitives, [visit for shift in group for visit in wanted[shift]]):
        if unit & kept:
            continue
        kept |= unit
        lay_out()
        if not accepts(primitives, sequences, group, bounds):
            kept -= unit
            lay_out()


def _in_pinned_order(sequence: list[int], pinned: tuple[int, ...]) -> list[int]:
    """The same sequence with its pinned visits in another order among themselves."""
    following = iter(pinned)
    return [next(following) if visit in pinned else visit for visit in sequence]


def _units(primitives: Primitives, visits: list[int]) -> Iterator[set[int]]:
    """Visits that go in together, in order: each with all that is tied to it, however indirectly."""
    tied: dict[int, set[int]] = {visit: {visit} for visit in visits}
    for first, second in list_ties(primitives):
        if first in tied and second in tied and tied[first] is not tied[second]:
            tied[first] |= tied[second]
            for one in tied[second]:
                tied[one] = tied[first]
    done: set[int] = set()
    for visit in visits:
        if visit not in done:
            done |= tied[visit]
            yield tied[visit]
