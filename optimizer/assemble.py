"""Turns an engine's answer, which visit follows which, into a plan with times."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from optimizer.plan import Plan, Rest, Route, Stop, Unassigned
from optimizer.primitives import Primitives
from optimizer.problem import UNREACHABLE, Problem
from optimizer.timing import Task, Times, best_times

Sequences = Sequence[Sequence[int]]
"""For every shift its visits in order, by position in the problem."""


def assemble(problem: Problem, primitives: Primitives, sequences: Sequences) -> Plan | None:
    """Returns the plan with the best times for these sequences, or None if one of them has none.

    What is in no sequence is unassigned, for a reason yet to be found.
    """
    routes = []
    for shift, sequence in enumerate(sequences):
        if not sequence:
            continue
        route = find_route(problem, primitives, shift, sequence)
        if route is None:
            return None
        routes.append(route)
    planned = {visit for sequence in sequences for visit in sequence}
    left_out = tuple(Unassigned(visit.id, "", "") for index, visit in enumerate(problem.visits) if index not in planned)
    return Plan(tuple(routes), left_out)


def find_times(primitives: Primitives, shift: int, sequence: Sequence[int]) -> Times | None:
    """The best times for one sequence on one shift, or None when its times do not work out."""
    legs_s = [primitives.leg_s(shift, *leg) for leg in _legs(primitives, shift, sequence)]
    if UNREACHABLE in legs_s:
        return None
    return best_times(
        [
            Task(length_s, primitives.windows[visit], primitives.time_cost[visit])
            for visit, length_s in zip(sequence, _lengths_s(primitives, shift, sequence), strict=True)
        ],
        legs_s,
        primitives.breaks[shift],
        earliest_s=int(primitives.earliest_s[shift]),
        soft_end_s=int(primitives.soft_end_s[shift]),
        hard_end_s=int(primitives.hard_end_s[shift]),
        overtime_per_s=int(primitives.overtime_per_s[shift]),
    )


def find_route(problem: Problem, primitives: Primitives, shift: int, sequence: Sequence[int]) -> Route | None:
    """One shift's route with its best times, or None."""
    times = find_times(primitives, shift, sequence)
    if times is None:
        return None
    legs = _legs(primitives, shift, sequence)
    rests = tuple(
        Rest(pause.id, start, start + pause.length_s)
        for pause, start in ((primitives.breaks[shift][index], start) for index, start in times.rests)
    )
    stops, free_s = [], times.leave_s
    for visit, start_s, length_s, leg in zip(
        sequence, times.starts_s, _lengths_s(primitives, shift, sequence), legs[:-1], strict=True
    ):
        travel_s = primitives.leg_s(shift, *leg)
        stops.append(
            Stop(
                visit=problem.visits[visit].id,
                arrive_s=arrival_s(free_s, travel_s, start_s, rests),
                start_s=start_s,
                leave_s=start_s + length_s,
                travel_s=travel_s,
                travel_m=primitives.leg_m(shift, *leg),
                setup_s=length_s - int(primitives.service_s[visit, shift]),
            )
        )
        free_s = start_s + length_s
    return Route(
        problem.shifts[shift].id,
        times.leave_s,
        times.home_s,
        tuple(stops),
        rests,
        primitives.leg_s(shift, *legs[-1]),
        primitives.leg_m(shift, *legs[-1]),
    )


def arrival_s(leave_s: int, travel_s: int, start_s: int, rests: Sequence[Rest]) -> int:
    """When somebody who leaves at `leave_s` arrives, if rests before `start_s` interrupt the travel."""
    for rest in rests:
        if leave_s <= rest.start_s < min(start_s, leave_s + travel_s):
            travel_s -= rest.start_s - leave_s
            leave_s = rest.end_s
    return leave_s + travel_s


def trivial_sequences(primitives: Primitives) -> list[list[int]]:
    """The plan that always exists: pinned visits in their order, everything else left out."""
    return [list(order) for order in primitives.pinned_order]


def _legs(primitives: Primitives, shift: int, sequence: Sequence[int]) -> list[tuple[int, int]]:
    stops = [int(primitives.visit_location[visit]) for visit in sequence]
    return list(pairwise([int(primitives.start_location[shift]), *stops, int(primitives.end_location[shift])]))


def _lengths_s(primitives: Primitives, shift: int, sequence: Sequence[int]) -> list[int]:
    """Seconds on site of each stop: service, and set-up unless the stop before was at the same location."""
    lengths = []
    for (origin, here), visit in zip(_legs(primitives, shift, sequence), sequence, strict=False):
        setup_s = 0 if origin == here else int(primitives.setup_s[visit])
        lengths.append(setup_s + int(primitives.service_s[visit, shift]))
    return lengths
