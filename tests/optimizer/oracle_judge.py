"""The oracle as a judge: lives through a finished plan second by second and says what is illegal and what it costs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from optimizer import Plan, Route, Shift, Visit
from tests.optimizer.oracle import Oracle
from tests.optimizer.oracle_roads import seconds_on


def judge(oracle: Oracle, plan: Plan) -> tuple[list[str], dict[str, int]]:
    """Returns all that is illegal about a plan, and its costs by rule (rules that cost nothing are not named)."""
    return list(_illegal(oracle, plan)), _costs(oracle, plan)


def _illegal(oracle: Oracle, plan: Plan) -> Iterator[str]:
    counts = Counter([stop.visit for route in plan.routes for stop in route.stops])
    counts.update(one.visit for one in plan.unassigned)
    yield from (f"{visit.id} occurs {counts[visit.id]} times" for visit in oracle.problem.visits
                if counts[visit.id] != 1)  # fmt: skip
    used = [route.shift for route in plan.routes]
    if len(set(used)) < len(used):
        yield "a shift has two routes"
    shifts, visits = {one.id: one for one in oracle.problem.shifts}, {one.id: one for one in oracle.problem.visits}
    if "pinned" in oracle.rules:
        yield from (f"{one.visit} is pinned" for one in plan.unassigned if visits[one.visit].pin)
    yield from _illegal_links(oracle, plan)
    for route in plan.routes:
        order = tuple(visits[stop.visit] for stop in route.stops)
        if not order:
            yield f"{route.shift} goes nowhere"
            continue
        names = [visit.id for visit in order]
        yield from (f"{v.id}: {rule}" for v in order for rule in oracle.unfit(v, shifts[route.shift]))
        gap = None if route.call is None else route.call.after
        if gap is not None and (gap > len(order) or shifts[route.shift].depot is None):
            yield f"{route.shift}: calls where it cannot"
            continue
        drives_s = _drives_s(oracle, route, order, shifts[route.shift])
        broken = oracle.broken_limits(order, shifts[route.shift], gap, drives_s)
        yield from (f"{route.shift}: {rule}" for rule in broken)
        if oracle.splits_pair(frozenset(names)) or oracle.out_of_order(names):
            yield f"{route.shift}: pairs"
        yield from _illegal_times(oracle, route, order, shifts[route.shift])
        yield from _illegal_rests(oracle, route, shifts[route.shift])


def _illegal_links(oracle: Oracle, plan: Plan) -> Iterator[str]:
    """Lags, people, and visits without their partner; of what is pinned nothing more is asked than that it is there."""
    people = {shift.id: shift.technician for shift in oracle.problem.shifts}
    found = {stop.visit: (stop.start_s, people[route.shift]) for route in plan.routes for stop in route.stops}
    pinned = {visit.id for visit in oracle.problem.visits if visit.pin}
    for link in oracle.problem.links if "links" in oracle.rules else ():
        both = [name for name in (link.first, link.second) if name in found]
        if pinned.issuperset(both):
            continue
        if len(both) == 1:
            yield f"{both[0]}: links, alone"
            continue
        (first_s, first), (second_s, second) = found[link.first], found[link.second]
        lag_s = second_s - first_s
        if lag_s < link.min_lag_s or (link.max_lag_s is not None and lag_s > link.max_lag_s):
            yield f"{link.second}: links, time"
        if {"same": first != second, "different": first == second}.get(link.technicians):
            yield f"{link.second}: links, people"


def _illegal_times(oracle: Oracle, route: Route, order: tuple[Visit, ...], shift: Shift) -> Iterator[str]:
    """Walks along the route."""
    on_duty = oracle.earliest_s(shift) <= route.leave_s and route.home_s <= oracle.latest_s(shift)
    if "shift hours" in oracle.rules and not on_duty:
        yield f"{route.shift}: hours"
    most_s = oracle.most_duty_s(shift)
    if "duty limit" in oracle.rules and most_s is not None and route.home_s - route.leave_s > most_s:
        yield f"{route.shift}: duty"
    place, now_s = shift.start_location, route.leave_s
    for done, (stop, visit) in enumerate(zip((*route.stops, None), (*order, None), strict=True)):
        if route.call is not None and route.call.after == done:
            leg, call = oracle.leg(shift, place, shift.depot), route.call
            leave_s, leg_s = _set_out(oracle, shift, (place, shift.depot), now_s, call.set_out_s)
            yield from _early(route, now_s, leave_s)
            if (call.travel_s, call.travel_m, call.arrive_s) != (leg_s, leg[1], _travel(route, leave_s, leg_s)):
                yield f"{route.shift}: the way to the depot is not true"
            if call.leave_s < call.arrive_s or any(one.start_s < call.leave_s < one.end_s for one in route.rests):
                yield f"{route.shift}: leaves the depot before being there, or while resting"
            place, now_s = shift.depot, call.leave_s
        if stop is None or visit is None:
            break
        leg = oracle.leg(shift, place, visit.location)
        setup_s = 0 if place == visit.location else visit.setup_s
        leave_s, leg_s = _set_out(oracle, shift, (place, visit.location), now_s, stop.set_out_s)
        yield from _early(route, now_s, leave_s)
        arrive_s = _travel(route, leave_s, leg_s)
        if (stop.travel_s, stop.travel_m, stop.arrive_s, stop.setup_s) != (leg_s, leg[1], arrive_s, setup_s):
            yield f"{visit.id}: travel, arrival or set-up is not true"
        if stop.start_s < arrive_s or stop.leave_s != stop.start_s + setup_s + oracle.work_s(visit, shift):
            yield f"{visit.id}: the times of work are impossible"
        windows = oracle.windows(visit, shift)
        if windows and not any(opens <= stop.start_s <= closes for opens, closes in windows):
            yield f"{visit.id}: windows"
        place, now_s = visit.location, stop.leave_s
    leg = oracle.leg(shift, place, shift.end_location)
    leave_s, leg_s = _set_out(oracle, shift, (place, shift.end_location), now_s, route.set_out_home_s)
    yield from _early(route, now_s, leave_s)
    if (route.travel_home_s, route.travel_home_m, route.home_s) != (leg_s, leg[1], _travel(route, leave_s, leg_s)):
        yield f"{route.shift}: the way home is not true"


def _set_out(
    oracle: Oracle, shift: Shift, ends: tuple[int | None, int | None], free_s: int, set_out_s: int | None
) -> tuple[int, int]:
    """When a leg is begun, and how long it takes then."""
    leave_s, leg = free_s if set_out_s is None else set_out_s, oracle.road(shift, *ends)
    return leave_s, leg if isinstance(leg, int) else seconds_on(leg, leave_s)


def _early(route: Route, free_s: int, leave_s: int) -> Iterator[str]:
    if leave_s < free_s or (leave_s > free_s and any(one.start_s < leave_s < one.end_s for one in route.rests)):
        yield f"{route.shift}: sets out too early, or while resting"


def _drives_s(oracle: Oracle, route: Route, order: tuple[Visit, ...], shift: Shift) -> tuple[int, ...]:
    """How long every leg of a plan takes."""
    ends = [(stop.set_out_s, stop.leave_s) for stop in route.stops] + [(route.set_out_home_s, route.home_s)]
    if route.call is not None:
        ends.insert(route.call.after, (route.call.set_out_s, route.call.leave_s))
    places = oracle.places(order, shift, None if route.call is None else route.call.after)
    free_s, found = route.leave_s, []
    for leg, (set_out_s, done_s) in zip(pairwise(places), ends, strict=True):
        found.append(_set_out(oracle, shift, leg, free_s, set_out_s)[1])
        free_s = done_s
    return tuple(found)


def _travel(route: Route, now_s: int, leg_s: int) -> int:
    """When a leg is over: every second is travelled but those of a rest. An illegal leg of -1 s takes no time back."""
    while leg_s > 0:
        if not any(rest.start_s <= now_s < rest.end_s for rest in route.rests):
            leg_s -= 1
        now_s += 1
    return now_s


def _illegal_rests(oracle: Oracle, route: Route, shift: Shift) -> Iterator[str]:
    to_take = oracle.breaks_to_take(shift)
    if Counter(rest.break_id for rest in route.rests) != Counter(list(to_take)):
        yield f"{route.shift}: not exactly the breaks to take"
        return
    for rest, later in zip(route.rests, route.rests[1:], strict=False):
        if later.start_s < rest.end_s:
            yield f"{route.shift}: rests overlap"
    for rest in route.rests:
        length_s, windows = to_take[rest.break_id]
        if rest.end_s - rest.start_s != length_s:
            yield f"{rest.break_id}: length"
        if not any(opens <= rest.start_s <= closes for opens, closes in windows):
            yield f"{rest.break_id}: windows"
        if rest.start_s < route.leave_s < rest.end_s:
            yield f"{rest.break_id}: sets out while resting"
        if any(rest.start_s < stop.leave_s and stop.start_s < rest.end_s for stop in route.stops):
            yield f"{rest.break_id}: rests at work"


def _costs(oracle: Oracle, plan: Plan) -> dict[str, int]:
    shifts, visits = {one.id: one for one in oracle.problem.shifts}, {one.id: one for one in oracle.problem.visits}
    total: Counter[str] = Counter()
    total["leaving out"] = sum(oracle.price_of_leaving_out(visits[one.visit]) for one in plan.unassigned)
    for route in plan.routes:
        order = tuple(visits[stop.visit] for stop in route.stops)
        starts_s = [stop.start_s for stop in route.stops]
        shift, gap = shifts[route.shift], None if route.call is None else route.call.after
        total.update(oracle.timeless_costs(order, shift, gap, _drives_s(oracle, route, order, shift)))
        total.update(oracle.time_costs(order, shift, starts_s, route.home_s))
        if "duty cost" in oracle.rules:
            total["duty cost"] += (route.home_s - route.leave_s) * shift.duty_cost_per_s
    if "balance" in oracle.rules:
        busy_s: Counter[str] = Counter()
        for route in plan.routes:
            order, shift = tuple(visits[stop.visit] for stop in route.stops), shifts[route.shift]
            busy_s[shift.technician] += sum(_drives_s(oracle, route, order, shift))
            busy_s[shift.technician] += sum(oracle.work_s(visit, shift) for visit in order)
        total["balance"] = oracle.price_of_balance(busy_s)
    if "worst lateness" in oracle.rules:
        late_s = [stop.start_s - due_s for route in plan.routes for stop in route.stops
                  if (due_s := visits[stop.visit].due_s) is not None]  # fmt: skip
        total["worst lateness"] = max([0, *late_s]) * oracle.policy.worst_lateness_per_s
    return {rule: cost for rule, cost in total.items() if cost}
