"""The smallest towns: so many places on one straight street, a hundred seconds and a kilometre from each to the next.

Place 0 is the depot. A town takes only what a test is about; the rest is ample: shifts last ten thousand seconds,
nobody needs skills, everything fits. `solved` and `routes` let a test read as a sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from optimizer import (
    POLICIES,
    UNREACHABLE,
    Break,
    Link,
    Pair,
    Plan,
    Policy,
    Problem,
    Rest,
    Route,
    Shift,
    Stop,
    Travel,
    Unassigned,
    Visit,
    Window,
    solve,
)  # fmt: skip
from optimizer.rules import RULES, Rule, without

STEP_S, STEP_M = 100, 1_000
PLACES = 6
BALANCED = POLICIES["balanced"]
LEFT_OUT = BALANCED.unassigned


def street(places: int = PLACES, *, broken: Sequence[tuple[int, int]] = (), tolls: bool = False) -> Travel:
    """Travel along the street; `broken` names legs that no road leads along, `tolls` asks 7 for every leg."""
    steps = np.abs(np.arange(places)[:, None] - np.arange(places)[None, :])
    seconds, metres = steps * STEP_S, steps * STEP_M
    for leg in broken:
        seconds[leg] = metres[leg] = UNREACHABLE
    return Travel({"car": seconds}, {"car": metres}, {"car": np.where(steps > 0, 7, 0)} if tolls else {})


def visit(name: str = "v", at: int = 1, *, windows: Sequence[tuple[int, int]] = (), **rest: Any) -> Visit:
    """A visit of 600 s at a place."""
    return Visit(name, at, rest.pop("service_s", 600), windows=tuple(Window(*one) for one in windows), **rest)


def shift(name: str = "Ana", *, start: int | None = 0, end: int | None = 0, **rest: Any) -> Shift:
    """A shift from second 0 to 10,000 that begins and ends at the depot; the technician is called like it."""
    given = {"technician": name, "start_s": 0, "end_s": 10_000} | rest
    return Shift(name, start_location=start, end_location=end, **given)


def pause(length_s: int, *windows: tuple[int, int], name: str = "lunch") -> Break:
    """A break that may start in the windows given."""
    return Break(name, length_s, tuple(Window(*one) for one in windows))


def town(
    visits: Sequence[Visit] = (),
    shifts: Sequence[Shift] = (),
    *,
    travel: Travel | None = None,
    policy: Policy = BALANCED,
    pairs: Sequence[tuple[str, str]] = (),
    links: Sequence[Link] = (),
) -> Problem:
    """A problem on the street; without shifts Ana works there, without visits there is one at place 1."""
    return Problem(
        tuple(visits or [visit()]), tuple(shifts or [shift()]), travel or street(), policy,
        tuple(Pair(*names) for names in pairs), tuple(links),
    )  # fmt: skip


def solved(problem: Problem, *, leave_out: str | None = None, rules: Sequence[Rule] = RULES) -> Plan:
    """The plan for a town, if need be made as if one rule did not exist."""
    return solve(problem, time_limit_s=1, iterations=200, rules=without(leave_out) if leave_out else rules)


def routes(plan: Plan) -> dict[str, list[str]]:
    """The visits of every route, in order, by shift."""
    return {route.shift: [stop.visit for stop in route.stops] for route in plan.routes}


def plan_by_hand(problem: Problem, orders: dict[str, list[str]], **changes: Any) -> Plan:
    """A plan with these visits in this order, each begun on arrival; without breaks or regard for any rule.

    `changes` go to the first route: `leave_s`, or `rests` as (start, end) by break, with everything shifted to suit.
    """
    made = tuple(_route_by_hand(problem, problem.get_shift(name), order, changes) for name, order in orders.items())
    planned = {name for order in orders.values() for name in order}
    left = tuple(Unassigned(one.id, "", "") for one in problem.visits if one.id not in planned)
    return Plan(made, left)


def _route_by_hand(problem: Problem, shift: Shift, order: list[str], changes: dict[str, Any]) -> Route:
    place, now_s, stops = shift.start_location, changes.get("leave_s", shift.start_s), []
    leave_s = now_s
    for name in order:
        one = problem.get_visit(name)
        leg = (
            problem.travel.leg_s(shift.profile, place, one.location),
            problem.travel.leg_m(shift.profile, place, one.location),
        )
        setup_s = one.setup_s if place != one.location else 0
        arrive_s = now_s + leg[0]
        now_s = arrive_s + setup_s + problem.service_s(one, shift)
        stops.append(Stop(name, arrive_s, arrive_s, now_s, *leg, setup_s))
        place = one.location
    home = (problem.travel.leg_s(shift.profile, place, shift.end_location),
            problem.travel.leg_m(shift.profile, place, shift.end_location))  # fmt: skip
    rests = tuple(Rest(name, *times) for name, times in changes.get("rests", {}).items())
    return Route(shift.id, leave_s, now_s + home[0], tuple(stops), rests, *home)
