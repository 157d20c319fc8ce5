"""Published visits that are merely late, and that a draft leaves where they are: there they stay, without a word.

On a large day somebody is always late. That is for the watch and for repairs to deal with, and keeps no draft about
somebody else from being published. See docs/decisions/0068.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import timedelta

from dispatch import clock
from dispatch.jobs.statuses import WAITING
from dispatch.models import PlanRoute, PlanVersion, Stop
from dispatch.planning.agreed import list_spans, why_never
from dispatch.planning.decisions import decided_places
from dispatch.planning.facts import DayFacts, is_kept
from dispatch.planning.held import Staying
from dispatch.planning.problem import DayProblem
from dispatch.planning.progress import breaks_left
from dispatch.planning.windows import list_windows
from optimizer import Pin, Problem, Window
from optimizer.changes import Layouts, Place
from optimizer.pins import pinned_visits

LONGEST_S = 7 * 86_400
"""So long a late visit can wait: longer than any day that is planned."""


def list_left_alone(facts: DayFacts, draft: PlanVersion, *, only_refused: bool = False) -> dict[str, Staying]:
    """By job number: the published stops that wait, and that the draft has with the same technician: no line is about
    them, or what it says is refused. With `only_refused` these alone.

    Not those that something else than being late keeps from staying, which people must hear of: who is away, a closed
    road, a window that opens later.
    """
    lines = {change.job.number: change for change in draft.changes}
    places, wanted = decided_places(draft), {job.id for job in facts.jobs}
    found = {}
    for route in facts.routes:
        for stop in route.stops:
            line, place = lines.get(stop.job.number), places.get(stop.job.number)
            is_left = not only_refused if line is None else line.decision == "refused"
            is_there = place is not None and place.shift == route.technician.code
            if is_left and is_there and stop.job_id in wanted and _may_stay(facts, route, stop):
                found[stop.job.number] = Staying(route, stop)
    return found


def list_overdue(facts: DayFacts, left_alone: Mapping[str, Staying]) -> dict[str, Staying]:
    """Those that should have been begun by now, or whose last window has closed: no plan could begin them there."""
    now = facts.not_before_at
    return {
        number: one
        for number, one in left_alone.items()
        if one.stop.planned_start_at < now or why_never(one.stop.job, now, facts.zone) is not None
    }


def keep_late(day: DayProblem, facts: DayFacts, left_alone: Mapping[str, Staying], tolerance_s: int) -> DayProblem:
    """The day in which those of them stay that do not fit any more since their technicians run late.

    `day` has those that are overdue pinned already. The others wait for these, and for what has been begun.
    """
    late = _list_running_late(day, facts)
    places = {
        number: Place(code, clock.seconds_between(facts.day_start_at, one.stop.planned_start_at))
        for number, one in left_alone.items()
        if (code := one.route.technician.code) in late and code in day.problem.shift_index and number in day.jobs
    }
    if not places:
        return day
    day = _as_soon_as_it_goes(_after_breaks(day, facts, {place.shift for place in places.values()}), facts)
    while True:
        layouts = Layouts(day.problem, tolerance_s)
        misfits = [number for number in layouts.list_misfits(places) if number not in day.staying]
        pushed = [number for number in misfits if _is_allowed(layouts, number, places[number])]
        if not pushed:
            return day
        day = _pinned(day, facts, {number: left_alone[number] for number in pushed}, places)
        day = _as_soon_as_it_goes(day, facts)


def _may_stay(facts: DayFacts, route: PlanRoute, stop: Stop) -> bool:
    if stop.status not in WAITING or is_kept(stop):
        return False
    start_at, spans = stop.planned_start_at, list_spans(stop.job)
    has_opened = any(opens_at <= start_at for opens_at, _ in spans)
    return (
        (has_opened if spans else why_never(stop.job, start_at, facts.zone) is None)
        and facts.hindrances.opens_at(stop.job.location, facts.over_at) is None
        and not facts.is_gone(route.technician_id, start_at)
    )


def _list_running_late(day: DayProblem, facts: DayFacts) -> set[str]:
    """The codes of those who are behind their published routes, for whatever reason."""
    late = {one.route.technician.code for one in day.staying.values()}
    for route in facts.routes:
        begun = day.begun.get(route.technician.code)
        overruns = begun is not None and (begun.last.actual_end_at or begun.free_at) > begun.last.planned_end_at
        if overruns or route.technician_id in facts.hindrances.held_up or _is_behind(route, facts):
            late.add(route.technician.code)
    return late


def _is_behind(route: PlanRoute, facts: DayFacts) -> bool:
    """Whether somebody should have set out for a visit that waits, or is to be in a break at this moment."""
    now, free_at = facts.not_before_at, route.leave_at or route.shift_start_at
    if any(one.planned_start_at < now < one.planned_end_at for one in route.rests):
        return True
    for stop in route.stops:
        way = timedelta(seconds=stop.travel_s)
        for rest in route.rests:
            if free_at <= rest.planned_start_at < stop.planned_arrive_at:
                way += rest.planned_end_at - rest.planned_start_at
        if stop.status in WAITING and stop.planned_arrive_at - way < now:
            return True
        free_at = stop.planned_end_at
    return False


def _is_allowed(layouts: Layouts, number: str, place: Place) -> bool:
    """Whether its technician may serve it at all."""
    problem = layouts.problem
    return bool(layouts.primitives.allowed[problem.visit_index[number], problem.shift_index[place.shift]])


def _pinned(day: DayProblem, facts: DayFacts, late: Mapping[str, Staying], places: Mapping[str, Place]) -> DayProblem:
    visits = tuple(
        replace(
            one,
            pin=Pin(places[one.id].shift, places[one.id].start_s),
            windows=list_windows(late[one.id].stop.job, facts, is_pinned=True),
        )
        if one.id in late
        else one
        for one in day.problem.visits
    )
    return replace(day, problem=replace(day.problem, visits=visits), staying={**day.staying, **late})


def _after_breaks(day: DayProblem, facts: DayFacts, codes: Collection[str]) -> DayProblem:
    """The day in which breaks of those of whom nothing was heard are over if they were to be over by now."""
    over = {
        route.technician.code: sum(one.planned_end_at <= facts.not_before_at for one in route.rests)
        for route in facts.routes
        if route.technician.code in codes and route.technician.code not in day.begun
    }
    now_s = clock.seconds_between(facts.day_start_at, facts.not_before_at)
    shifts = tuple(
        replace(one, breaks=breaks_left(one.breaks, over[one.id], now_s)) if one.id in over else one
        for one in day.problem.shifts
    )
    return replace(day, problem=replace(day.problem, shifts=shifts))


def _as_soon_as_it_goes(day: DayProblem, facts: DayFacts) -> DayProblem:
    """The day in which they are pinned to when they can begin, and whoever had to set out for them by now has: neither
    is a rule that anybody breaks."""
    needs = _waiting(day, facts).pin_needs
    late = {one.route.technician.code for one in day.staying.values()}.intersection(needs)
    visits = tuple(
        replace(one, pin=replace(one.pin, start_s=needs[one.pin.shift].starts_s[one.id]))
        if one.id in day.staying and one.pin is not None
        else one
        for one in day.problem.visits
    )
    begins_s = {code: clock.seconds_between(facts.day_start_at, day.hours[code].start_at) for code in late}
    shifts = tuple(
        replace(one, start_s=max(begins_s[one.id], min(one.start_s, needs[one.id].earliest_s)))
        if one.id in late
        else one
        for one in day.problem.shifts
    )
    return replace(day, problem=replace(day.problem, visits=visits, shifts=shifts))


def _waiting(day: DayProblem, facts: DayFacts) -> Problem:
    """The problem in which they begin at any time after they are published, so that breaks do not give way to them; the
    first of a shift, for which somebody has set out, does so when it is published."""
    problem = day.problem
    first = {pinned_visits(problem, problem.get_shift(code))[0].id for code in problem.pinned_to}
    visits = []
    for visit in problem.visits:
        if visit.id in day.staying and visit.pin is not None:
            start_s = clock.seconds_between(facts.day_start_at, day.staying[visit.id].stop.planned_start_at)
            after = Pin(visit.pin.shift, start_s if visit.id in first else None)
            visit = replace(visit, pin=after, windows=(Window(start_s, start_s + LONGEST_S),))
        visits.append(visit)
    return replace(problem, visits=tuple(visits))
