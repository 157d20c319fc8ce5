"""Broken and bent plans: small changes to a plan that often, but not always, make it illegal."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

from optimizer import DepotCall, Plan, Problem, Rest, Route, Unassigned

Bend = Callable[[Plan, Problem, random.Random], Plan | None]


def bent(plan: Plan, problem: Problem, source: random.Random) -> Plan:
    """The plan after one to three random changes."""
    for _ in range(source.randint(1, 3)):
        plan = source.choice(BENDS)(plan, problem, source) or plan
    return plan


def _with_route(plan: Plan, at: int, route: Route) -> Plan:
    return replace(plan, routes=(*plan.routes[:at], route, *plan.routes[at + 1 :]))


def _move_a_time(plan: Plan, problem: Problem, source: random.Random) -> Plan | None:
    if not plan.routes:
        return None
    at = source.randrange(len(plan.routes))
    route, by = plan.routes[at], source.choice([-3, -1, 1, 2, 5])
    what = source.choice(["leave_s", "home_s", "travel_home_s", "travel_home_m", "stop", "rest"])
    if what == "stop":
        index = source.randrange(len(route.stops))
        name = source.choice(["arrive_s", "start_s", "leave_s", "travel_s", "travel_m", "setup_s"])
        stop = route.stops[index]
        stop = replace(stop, **{name: getattr(stop, name) + by})
        return _with_route(plan, at, replace(route, stops=(*route.stops[:index], stop, *route.stops[index + 1 :])))
    if what == "rest":
        return None if not route.rests else _with_route(plan, at, _move_a_rest(route, by, source))
    return _with_route(plan, at, replace(route, **{what: getattr(route, what) + by}))


def _move_a_rest(route: Route, by: int, source: random.Random) -> Route:
    index = source.randrange(len(route.rests))
    rest = route.rests[index]
    moved = Rest(rest.break_id, rest.start_s + by, rest.end_s + source.choice([by, by, 0]))
    return replace(route, rests=(*route.rests[:index], moved, *route.rests[index + 1 :]))


def _delay_everything(plan: Plan, problem: Problem, source: random.Random) -> Plan | None:
    """Moves a whole route in time: consistent, but windows, hours and breaks may not like it."""
    if not plan.routes:
        return None
    at, by = source.randrange(len(plan.routes)), source.choice([-9, -2, -1, 1, 2, 9])
    route = plan.routes[at]
    stops = tuple(
        replace(one, arrive_s=one.arrive_s + by, start_s=one.start_s + by, leave_s=one.leave_s + by)
        for one in route.stops
    )
    rests = tuple(Rest(one.break_id, one.start_s + by, one.end_s + by) for one in route.rests)
    moved = replace(route, leave_s=route.leave_s + by, home_s=route.home_s + by, stops=stops, rests=rests)
    return _with_route(plan, at, moved)


def _leave_early(plan: Plan, problem: Problem, source: random.Random) -> Plan | None:
    """Leaves and arrives earlier and waits there, which is often as good."""
    if not plan.routes or plan.routes[0].rests:
        return None
    route, by = plan.routes[0], source.randint(1, 4)
    first = replace(route.stops[0], arrive_s=route.stops[0].arrive_s - by)
    return _with_route(plan, 0, replace(route, leave_s=route.leave_s - by, stops=(first, *route.stops[1:])))


def _start_later(plan: Plan, problem: Problem, source: random.Random) -> Plan | None:
    """Starts the last stop later and comes home later, as somebody who dawdles does."""
    if not plan.routes or any(rest.end_s > plan.routes[0].stops[-1].start_s for rest in plan.routes[0].rests):
        return None
    route, by = plan.routes[0], source.randint(1, 6)
    last = route.stops[-1]
    last = replace(last, start_s=last.start_s + by, leave_s=last.leave_s + by)
    return _with_route(plan, 0, replace(route, home_s=route.home_s + by, stops=(*route.stops[:-1], last)))


def _swap_stops(plan: Plan, problem: Problem, source: random.Random) -> Plan | None:
    if not plan.routes or len(plan.routes[0].stops) < 2:
        return None
    stops = list(plan.routes[0].stops)
    i, j = source.sample(range(len(stops)), 2)
    stops[i], stops[j] = replace(stops[i], visit=stops[j].visit), replace(stops[j], visit=stops[i].visit)
    return _with_route(plan, 0, replace(plan.routes[0], stops=tuple(stops)))


def _change_shift(plan: Plan, problem: Problem, source: random.Random) -> Plan | None:
    """Gives a whole route to any shift, perhaps to one that has a route."""
    if not plan.routes:
        return None
    at = source.randrange(len(plan.routes))
    return _with_route(plan, at, replace(plan.routes[at], shift=source.choice(problem.shifts).id))


def _leave_out(plan: Plan, problem: Problem, source: random.Random) -> Plan | None:
    """Leaves a whole route out, which only pins and pairs mind."""
    if not plan.routes:
        return None
    at = source.randrange(len(plan.routes))
    out = tuple(Unassigned(stop.visit, "", "") for stop in plan.routes[at].stops)
    return replace(plan, routes=plan.routes[:at] + plan.routes[at + 1 :], unassigned=plan.unassigned + out)


def _forget_or_double(plan: Plan, problem: Problem, source: random.Random) -> Plan | None:
    if not plan.unassigned:
        return None
    return replace(plan, unassigned=source.choice([plan.unassigned[1:], plan.unassigned + plan.unassigned[:1]]))


def _change_rests(plan: Plan, problem: Problem, source: random.Random) -> Plan | None:
    """Skips a break, takes it twice, or takes one that nobody has."""
    if not plan.routes:
        return None
    route = plan.routes[0]
    strange = Rest("nobody's", route.home_s + 50, route.home_s + 55)
    rests = source.choice([route.rests[1:], route.rests + route.rests[:1], (*route.rests, strange), route.rests[::-1]])
    return _with_route(plan, 0, replace(route, rests=rests))


def _change_call(plan: Plan, problem: Problem, source: random.Random) -> Plan | None:
    """Forgets a call at the depot, moves it or bends its times; makes one where there is none."""
    routes = [
        at for at, route in enumerate(plan.routes) if route.call or problem.get_shift(route.shift).depot is not None
    ]
    if not routes:
        return None
    at = source.choice(routes)
    route = plan.routes[at]
    if route.call is None:
        after = source.randint(0, len(route.stops))
        moment = route.leave_s if after == 0 else route.stops[after - 1].leave_s
        return _with_route(plan, at, replace(route, call=DepotCall(after, moment, moment, 0, 0)))
    name = source.choice(["forget", "after", "arrive_s", "leave_s", "travel_s", "travel_m"])
    if name == "forget":
        return _with_route(plan, at, replace(route, call=None))
    value = max(0, getattr(route.call, name) + source.choice([-1, 1, 2]))
    return _with_route(plan, at, replace(route, call=replace(route.call, **{name: value})))


BENDS: tuple[Bend, ...] = (
    _move_a_time, _delay_everything, _leave_early, _start_later, _swap_stops, _change_shift, _leave_out,
    _forget_or_double, _change_rests, _change_call,
)  # fmt: skip
