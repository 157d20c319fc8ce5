"""The independent judge: re-reads any plan against the facts and the rules' own words, and prices it.

It imports no engine and looks at no primitives, so what an engine believes about a plan cannot colour the verdict.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from optimizer.plan import DepotCall, Plan, Route, Violation
from optimizer.problem import Problem, Shift
from optimizer.rules import RULES, Rule
from optimizer.travel import UNREACHABLE

ITINERARY = "itinerary"
"""The name under which the referee reports times and places that do not fit the facts."""


def check(problem: Problem, plan: Plan, rules: Sequence[Rule] = RULES) -> Plan:
    """Returns the plan with its violations and costs as judged now, whatever it claimed before.

    Raises KeyError when the plan names a visit or a shift that the problem does not have.
    """
    violations = [*_check_roll_call(problem, plan)]
    for route in plan.routes:
        violations.extend(_check_itinerary(problem, route, problem.get_shift(route.shift)))
    for rule in rules:
        violations.extend(rule.check(problem, plan))
    costs = {rule.name: cost for rule in rules if (cost := rule.cost(problem, plan))}
    return replace(plan, violations=tuple(violations), costs=costs)


def _check_roll_call(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """Every visit is planned once or left out once, every shift has one route at most."""
    planned = [stop.visit for route in plan.routes for stop in route.stops]
    named = planned + [one.visit for one in plan.unassigned]
    unknown = set(named) - set(problem.visit_index)
    if unknown:
        raise KeyError(f"the plan names visits that do not exist: {', '.join(sorted(unknown))}")
    counts = dict.fromkeys(problem.visit_index, 0)
    for visit in named:
        counts[visit] += 1
    for visit, count in counts.items():
        if count != 1:
            yield Violation(ITINERARY, f"is in the plan {count} times, planned or left out", visit)
    shifts = [route.shift for route in plan.routes]
    for shift in sorted(set(shifts)):
        if shifts.count(shift) > 1:
            yield Violation(ITINERARY, f"has {shifts.count(shift)} routes", shift=shift)


def _check_itinerary(problem: Problem, route: Route, shift: Shift) -> Iterator[Violation]:
    """Travel is what the matrices say, nothing overlaps, and nobody is anywhere before they can be."""
    if not route.stops:
        yield Violation(ITINERARY, "has no stops: a shift that goes nowhere has no route", shift=shift.id)
    for rest in route.rests:
        if rest.start_s < route.leave_s < rest.end_s:
            yield Violation(ITINERARY, "sets out in the middle of a break", shift=shift.id)
    for rest, following in pairwise(route.rests):
        if following.start_s < rest.end_s:
            yield Violation(ITINERARY, "two breaks overlap", shift=shift.id)
    if route.call is not None and (shift.depot is None or not 0 <= route.call.after <= len(route.stops)):
        yield Violation(ITINERARY, "calls at a depot, or after stops, that it does not have", shift=shift.id)
    place, free_s = shift.start_location, route.leave_s
    for position, stop in enumerate(route.stops):
        if route.call is not None and route.call.after == position:
            yield from _check_call(problem, route, route.call, shift, place, free_s)
            place, free_s = shift.depot, route.call.leave_s
        visit = problem.get_visit(stop.visit)
        leg, claimed = (place, visit.location), (stop.travel_s, stop.travel_m)
        leave_s = free_s if stop.set_out_s is None else stop.set_out_s
        yield from _check_leg(problem, route, shift, leg, (free_s, leave_s), claimed, visit.id)
        arrive_s = _arrive_s(route, leave_s, stop.travel_s, stop.start_s)
        if stop.arrive_s != arrive_s:
            yield Violation(ITINERARY, f"arrives at {stop.arrive_s}, should be {arrive_s}", visit.id, shift.id)
        if stop.start_s < arrive_s:
            yield Violation(ITINERARY, "work starts before the technician is there", visit.id, shift.id)
        setup_s = visit.setup_s if place != visit.location else 0
        if stop.setup_s != setup_s or stop.leave_s - stop.start_s != setup_s + problem.service_s(visit, shift):
            yield Violation(ITINERARY, "work does not take as long as it should", visit.id, shift.id)
        place, free_s = visit.location, stop.leave_s
    if route.call is not None and route.call.after == len(route.stops):
        yield from _check_call(problem, route, route.call, shift, place, free_s)
        place, free_s = shift.depot, route.call.leave_s
    travel_home = route.travel_home_s, route.travel_home_m
    leave_s = free_s if route.set_out_home_s is None else route.set_out_home_s
    yield from _check_leg(problem, route, shift, (place, shift.end_location), (free_s, leave_s), travel_home, None)
    home_s = _arrive_s(route, leave_s, route.travel_home_s, route.home_s)
    if route.home_s != home_s:
        yield Violation(ITINERARY, f"is home at {route.home_s}, should be {home_s}", shift=shift.id)


def _check_call(
    problem: Problem, route: Route, call: DepotCall, shift: Shift, place: int | None, free_s: int
) -> Iterator[Violation]:
    """The depot is reached as the matrices say, and left when nobody is still on the way there."""
    leave_s = free_s if call.set_out_s is None else call.set_out_s
    claimed = call.travel_s, call.travel_m
    yield from _check_leg(problem, route, shift, (place, shift.depot), (free_s, leave_s), claimed, None)
    arrive_s = _arrive_s(route, leave_s, call.travel_s, call.leave_s)
    if call.arrive_s != arrive_s:
        sentence = f"arrives at the depot at {call.arrive_s}, should be {arrive_s}"
        yield Violation(ITINERARY, sentence, shift=shift.id)
    if call.leave_s < arrive_s:
        yield Violation(ITINERARY, "leaves the depot before the technician is there", shift=shift.id)
    if any(rest.start_s < call.leave_s < rest.end_s for rest in route.rests):
        yield Violation(ITINERARY, "leaves the depot in the middle of a break", shift=shift.id)


def _check_leg(
    problem: Problem,
    route: Route,
    shift: Shift,
    leg: tuple[int | None, int | None],
    moments: tuple[int, int],
    claimed: tuple[int, int],
    visit: str | None,
) -> Iterator[Violation]:
    """The leg is as long as the matrices say; `moments` are when the technician is free, and when they set out."""
    free_s, leave_s = moments
    if leave_s < free_s:
        yield Violation(ITINERARY, "sets out before being free", visit, shift.id)
    if leave_s > free_s and any(rest.start_s < leave_s < rest.end_s for rest in route.rests):
        yield Violation(ITINERARY, "sets out in the middle of a break", visit, shift.id)
    facts = problem.travel.leg_s(shift.profile, *leg, leave_s), problem.travel.leg_m(shift.profile, *leg)
    if UNREACHABLE in facts:
        yield Violation(ITINERARY, "cannot be reached by road from the stop before", visit, shift.id)
    elif facts != claimed:
        sentence = f"travel is given as {claimed[0]} s and {claimed[1]} m, it takes {facts[0]} s and {facts[1]} m"
        yield Violation(ITINERARY, sentence, visit, shift.id)


def _arrive_s(route: Route, leave_s: int, travel_s: int, before_s: int) -> int:
    """When a leg ends that starts at `leave_s`, interrupted by the breaks that start on the way."""
    now_s, left_s = leave_s, travel_s
    for rest in route.rests:
        if now_s <= rest.start_s < before_s and rest.start_s < now_s + left_s:
            left_s -= rest.start_s - now_s
            now_s = rest.end_s
    return now_s + left_s
