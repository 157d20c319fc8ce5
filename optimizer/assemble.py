"""Turns an engine's answer, which visit follows which, into a plan with times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from optimizer.calls import find_call_gaps, legs_of, within_limits
from optimizer.duty import times_on_duty
from optimizer.link_windows import Bounds
from optimizer.plan import DepotCall, Plan, Rest, Route, Stop, Unassigned
from optimizer.plan_times import best_plan_times
from optimizer.primitives import Primitives
from optimizer.problem import Problem
from optimizer.setting_out import arrival_s
from optimizer.timing import FAR, Task, Times
from optimizer.travel import UNREACHABLE

Sequences = Sequence[Sequence[int]]
"""For every shift its visits in order, by position in the problem."""


def assemble(
    problem: Problem, primitives: Primitives, sequences: Sequences, bounds: Bounds | None = None
) -> Plan | None:
    """Returns the plan with the best times for these sequences, or None if they have none together.

    What is in no sequence is unassigned, for a reason yet to be found.
    """
    all_times = find_all_times(primitives, sequences, bounds)
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


def find_all_times(
    primitives: Primitives, sequences: Sequences, bounds: Bounds | None = None
) -> list[Times | None] | None:
    """The best times for each shift, None where it has no visits; or None when they do not work out together.

    `bounds` of linked visits' starts are a help to find times where there are many choices.
    """
    if primitives.links or primitives.worst_late_per_s:
        return best_plan_times(primitives, sequences, find_times, bounds)
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
            drives = times.drives or ((0, None),) * len(legs)
            cost = times.cost + sum(
                primitives.leg_cost(shift, *leg, seconds) for leg, (_, seconds) in zip(legs, drives, strict=True)
            )
            if best is None or cost < least:
                best, least = times, cost
    return best


def find_times_with(
    primitives: Primitives, shift: int, sequence: Sequence[int], gap: int | None, rest_gaps: Sequence[int] | None
) -> Times | None:
    """The best times with a call at the depot after `gap` stops, or without one.

    None, too, where travel takes so long then that it breaks a limit; what it takes at best is not looked at here.
    """
    legs = legs_of(primitives, shift, sequence, gap)
    legs_s = [primitives.leg_s(shift, *leg) for leg in legs]
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
        by_time=primitives.steps(shift, legs),
    )
    if times is not None and not _drives_fit(primitives, shift, times):
        return None
    if times is None or gap is None:
        return times
    starts_s = times.starts_s
    return replace(times, starts_s=(*starts_s[:gap], *starts_s[gap + 1 :]), call=(gap, starts_s[gap]))


def _drives_fit(primitives: Primitives, shift: int, times: Times) -> bool:
    """Whether no leg, nor all together, takes longer than the shift may travel at the times of day chosen."""
    drives_s = [seconds for _, seconds in times.drives]
    return bool(
        max(drives_s, default=0) <= primitives.max_leg_s[shift] and sum(drives_s) <= primitives.max_travel_s[shift]
    )


def find_route(problem: Problem, primitives: Primitives, shift: int, sequence: Sequence[int]) -> Route | None:
    """One shift's route with its best times, or None."""
    times = find_times(primitives, shift, sequence)
    return None if times is None else _route(problem, primitives, shift, sequence, times)


def _route(problem: Problem, primitives: Primitives, shift: int, sequence: Sequence[int], times: Times) -> Route:
    gap = times.call[0] if times.call else None
    legs = legs_of(primitives, shift, sequence, gap)
    rests = tuple(
        Rest(pause.id, start, start + pause.length_s)
        for pause, start in ((primitives.breaks[shift][index], start) for index, start in times.rests)
    )
    spans = [(rest.start_s, rest.end_s) for rest in rests]

    def travelled(leg: int, free_s: int) -> tuple[int, int, int, int | None]:
        """When a leg ends for somebody free at `free_s`, its seconds and metres, and when it is set out on if later."""
        travel_m = primitives.leg_m(shift, *legs[leg])
        if not times.drives:
            travel_s = primitives.leg_s(shift, *legs[leg])
            return arrival_s(free_s, travel_s, spans), travel_s, travel_m, None
        set_out_s, travel_s = times.drives[leg]
        return arrival_s(set_out_s, travel_s, spans), travel_s, travel_m, set_out_s if set_out_s > free_s else None

    lengths_s = _lengths_s(primitives, shift, sequence, gap)
    stops, call, free_s, leg = [], None, times.leave_s, 0
    for position, (visit, start_s, length_s) in enumerate(zip(sequence, times.starts_s, lengths_s, strict=True)):
        if times.call is not None and position == gap:
            left_s = times.call[1]
            arrive_s, travel_s, travel_m, set_out_s = travelled(leg, free_s)
            call = DepotCall(position, arrive_s, left_s, travel_s, travel_m, set_out_s)
            free_s, leg = left_s, leg + 1
        arrive_s, travel_s, travel_m, set_out_s = travelled(leg, free_s)
        setup_s = length_s - int(primitives.service_s[visit, shift])
        done_s = start_s + length_s
        visit_id = problem.visits[visit].id
        stops.append(Stop(visit_id, arrive_s, start_s, done_s, travel_s, travel_m, setup_s, set_out_s))
        free_s, leg = done_s, leg + 1
    _, travel_s, travel_m, set_out_s = travelled(leg, free_s)
    shift_id = problem.shifts[shift].id
    return Route(shift_id, times.leave_s, times.home_s, tuple(stops), rests, travel_s, travel_m, call, set_out_s)


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
