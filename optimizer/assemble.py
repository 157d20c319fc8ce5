"""Turns an engine's answer, which visit follows which, into a plan with times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from optimizer.calls import find_call_gaps, legs_of, within_limits
from optimizer.duty import times_on_duty
from optimizer.plan import DepotCall, Plan, Rest, Route, Stop, Unassigned
from optimizer.plan_times import best_plan_times
from optimizer.primitives import Primitives
from optimizer.problem import UNREACHABLE, Problem
from optimizer.timing import FAR, Task, Times

Sequences = Sequence[Sequence[int]]
"""For every shift its visits in order, by position in the problem."""


def assemble(problem: Problem, primitives: Primitives, sequences: Sequences) -> Plan | None:
    """Returns the plan with the best times for these sequences, or None if they have none together.

    What is in no sequence is unassigned, for a reason yet to be found.
    """
    all_times = find_all_times(primitives, sequences)
    if all_times is None:
        return None
    routes = [
        _route(problem, primitives, shift, sequences[shift], times)
        for shift, times in enumerate(all_times)
        if times is not None
    ]
    planned = {visit for sequence in sequences for visit in sequence}
    left_out = tuple(Unassigned(visit.id, "", "") for index, visit in enumerate(problem.visits) if index not in planned)
    return Plan(tuple(routes), left_out)


def find_all_times(primitives: Primitives, sequences: Sequences) -> list[Times | None] | None:
    """The best times for each shift, None where it has no visits; or None when they do not work out together."""
    if primitives.links or primitives.worst_late_per_s:
        return best_plan_times(primitives, sequences, find_times)
    found = [find_times(primitives, shift, sequence) if sequence else None for shift, sequence in enumerate(sequences)]
    if any(times is None and sequence for times, sequence in zip(found, sequences, strict=True)):
        return None
    return found


def find_times(
    primitives: Primitives, shift: int, sequence: Sequence[int], rest_gaps: Sequence[int] | None = None
) -> Times | None:
    """The best times for one sequence on one shift, or None when its times do not work out.

    Where the shift must call at its depot, it does so after as many stops as make travel, time and duty together
    cheapest, the fewest of equally cheap ones. `rest_gaps` says for each break before which task it falls (a call at
    the depot is a task, too), where that is not to be chosen here.
    """
    gaps = find_call_gaps(primitives, shift, sequence)
    if gaps is None:
        return find_times_with(primitives, shift, sequence, None, rest_gaps)
    best: Times | None = None
    least = FAR
    for gap in gaps:
        legs = legs_of(primitives, shift, sequence, gap)
        if not within_limits(primitives, shift, legs):
            continue
        times = find_times_with(primitives, shift, sequence, gap, rest_gaps)
        if times is not None:
            cost = times.cost + sum(primitives.leg_cost(shift, *leg) for leg in legs)
            if best is None or cost < least:
                best, least = times, cost
    return best


def find_times_with(
    primitives: Primitives, shift: int, sequence: Sequence[int], gap: int | None, rest_gaps: Sequence[int] | None
) -> Times | None:
    """The best times with a call at the depot after `gap` stops, or without one."""
    legs_s = [primitives.leg_s(shift, *leg) for leg in legs_of(primitives, shift, sequence, gap)]
    if UNREACHABLE in legs_s:
        return None
    tasks = [
        Task(length_s, primitives.windows[visit], primitives.time_cost[visit])
        for visit, length_s in zip(sequence, _lengths_s(primitives, shift, sequence, gap), strict=True)
    ]
    if gap is not None:
        tasks.insert(gap, Task(0))
    times = times_on_duty(
        tasks,
        legs_s,
        primitives.breaks[shift],
        earliest_s=int(primitives.earliest_s[shift]),
        soft_end_s=int(primitives.soft_end_s[shift]),
        hard_end_s=int(primitives.hard_end_s[shift]),
        overtime_per_s=int(primitives.overtime_per_s[shift]),
        duty_per_s=int(primitives.duty_per_s[shift]),
        max_duty_s=int(primitives.max_duty_s[shift]),
        gaps=rest_gaps,
    )
    if times is None or gap is None:
        return times
    starts_s = times.starts_s
    return replace(times, starts_s=(*starts_s[:gap], *starts_s[gap + 1 :]), call=(gap, starts_s[gap]))


def find_route(problem: Problem, primitives: Primitives, shift: int, sequence: Sequence[int]) -> Route | None:
    """One shift's route with its best times, or None."""
    times = find_times(primitives, shift, sequence)
    return None if times is None else _route(problem, primitives, shift, sequence, times)


def _route(problem: Problem, primitives: Primitives, shift: int, sequence: Sequence[int], times: Times) -> Route:
    gap = times.call[0] if times.call else None
    legs = iter(legs_of(primitives, shift, sequence, gap))
    lengths_s = _lengths_s(primitives, shift, sequence, gap)
    rests = tuple(
        Rest(pause.id, start, start + pause.length_s)
        for pause, start in ((primitives.breaks[shift][index], start) for index, start in times.rests)
    )
    stops, call, free_s = [], None, times.leave_s
    for position, (visit, start_s, length_s) in enumerate(zip(sequence, times.starts_s, lengths_s, strict=True)):
        if times.call is not None and position == gap:
            leg, left_s = next(legs), times.call[1]
            travel_s, travel_m = primitives.leg_s(shift, *leg), primitives.leg_m(shift, *leg)
            call = DepotCall(position, arrival_s(free_s, travel_s, left_s, rests), left_s, travel_s, travel_m)
            free_s = left_s
        leg = next(legs)
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
    home = next(legs)
    return Route(
        problem.shifts[shift].id,
        times.leave_s,
        times.home_s,
        tuple(stops),
        rests,
        primitives.leg_s(shift, *home),
        primitives.leg_m(shift, *home),
        call,
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


def _lengths_s(primitives: Primitives, shift: int, sequence: Sequence[int], gap: int | None) -> list[int]:
    """Seconds on site of each stop: service, and set-up unless the place before was the same location."""
    legs = legs_of(primitives, shift, sequence, gap)
    if gap is not None:
        del legs[gap]  # the one to the depot, where nothing is done
    lengths = []
    for (origin, here), visit in zip(legs, sequence, strict=False):
        setup_s = 0 if origin == here else int(primitives.setup_s[visit])
        lengths.append(setup_s + int(primitives.service_s[visit, shift]))
    return lengths
