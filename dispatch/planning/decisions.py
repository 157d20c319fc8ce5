"""A draft as it would be published by what people have decided about its lines; nothing is searched anew."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import optimizer
from dispatch import clock
from dispatch.jobs.statuses import WAITING
from dispatch.models import PlanChange, PlanVersion
from optimizer.changes import Layouts, Place, narrow


@dataclass(frozen=True)
class Decided:
    """What comes of a draft's decisions on one problem, which `problem` is, with every visit held at about its place.

    `plan` is None where they do not go together; `obstacles` say why. `violations` are hard rules that are broken by
    what people moved by hand, and caps by what they accepted, who may keep them for a reason.
    """

    problem: optimizer.Problem
    places: Mapping[str, Place]
    plan: optimizer.Plan | None
    obstacles: tuple[str, ...] = ()
    violations: tuple[optimizer.Violation, ...] = ()


def lay_out_decisions(
    problem: optimizer.Problem, draft: PlanVersion, tolerance_s: int, staying: Collection[str] = ()
) -> Decided:
    """The draft with every line as decided, an open one as proposed, and everything else as it is published.

    `problem` is the draft's own or that of the day as it is by now; jobs that it does not have are passed over. Visits
    that stay where they are, although late, are not to wait longer for what was moved by hand.
    """
    lines = {change.job.number: change for change in draft.changes}
    base = base_places(draft)
    places = decided_places(draft)
    unchanged = {visit_id: base[visit_id] for visit_id in places if visit_id in base and visit_id not in lines}
    held = _with_edits(narrow(problem, unchanged, tolerance_s), lines.values(), places)
    layouts = Layouts(held, tolerance_s)
    places = {visit_id: place for visit_id, place in places.items() if visit_id in problem.visit_index}
    plan = layouts.find_plan(places)
    near = narrow(held, places, tolerance_s)
    if plan is None:
        return Decided(near, places, None, tuple(_obstacles(draft, lines, layouts.list_misfits(places), places)))
    edited = {number for number, change in lines.items() if change.decision == "edited"}
    broken = [one for one in plan.violations if _concerns(one, edited, places) or _pushes(one, staying)]
    return Decided(near, places, plan, (), tuple(broken))


def decided_places(draft: PlanVersion) -> dict[str, Place]:
    """By job number: where every visit of the draft that has not begun is to be."""
    places = _places_of(draft, draft.day_start_at)
    for change in draft.changes:
        number = change.job.number
        if change.decision == "refused":
            places.pop(number, None)
            places |= _from(draft, change)
        elif change.decision == "edited" and change.to_technician and change.to_start_at:
            places[number] = Place(
                change.to_technician.code, clock.seconds_between(draft.day_start_at, change.to_start_at)
            )
    return places


def proposed_places(draft: PlanVersion) -> dict[str, Place]:
    """By job number: where the draft has what has not begun, whatever people have said to its lines."""
    return _places_of(draft, draft.day_start_at)


def base_places(draft: PlanVersion) -> dict[str, Place]:
    """By job number: where the published plan that the draft was made against has what has not begun."""
    return {} if draft.base is None else _places_of(draft.base, draft.day_start_at)


def _places_of(version: PlanVersion, day_start_at: datetime) -> dict[str, Place]:
    return {
        stop.job.number: Place(route.technician.code, clock.seconds_between(day_start_at, stop.planned_start_at))
        for route in version.routes
        for stop in route.stops
        if stop.status in WAITING
    }


def _from(draft: PlanVersion, change: PlanChange) -> dict[str, Place]:
    """Where the line's job is published; nothing when it is left out."""
    if change.from_technician is None or change.from_start_at is None:
        return {}
    start_s = clock.seconds_between(draft.day_start_at, change.from_start_at)
    return {change.job.number: Place(change.from_technician.code, start_s)}


def _with_edits(
    problem: optimizer.Problem, changes: Collection[PlanChange], places: Mapping[str, Place]
) -> optimizer.Problem:
    """What somebody moved by hand is where they put it, whatever rules say, unless it has begun elsewhere."""
    edited = {
        change.job.number
        for change in changes
        if change.decision == "edited" and places[change.job.number].shift in problem.shift_index
    }
    visits = tuple(
        replace(visit, pin=optimizer.Pin(places[visit.id].shift, places[visit.id].start_s))
        if visit.id in edited and (visit.pin is None or visit.pin.start_s is None)
        else visit
        for visit in problem.visits
    )
    return replace(problem, visits=visits)


def _obstacles(
    draft: PlanVersion, lines: Mapping[str, PlanChange], misfits: Collection[str], places: Mapping[str, Place]
) -> list[str]:
    """Why the decisions do not go together, in sentences."""
    names = {route.technician.code: route.technician.name for route in draft.routes}
    number_of = {change.job_id: change.job.number for change in draft.changes}
    sentences = []
    for number, change in lines.items():
        others = [number_of[job_id] for job_id in change.together_job_ids if job_id in number_of]
        not_refused = [one for one in others if lines[one].decision != "refused"]
        if change.decision == "refused" and not_refused:
            sentences.append(
                f"Job {number} can stay where it is published only if the change of {' and '.join(not_refused)} "
                "is refused too."
            )
    for number in misfits:
        place = places[number]
        at = clock.local_time(clock.after(draft.day_start_at, place.start_s), draft.zone)
        sentences.append(f"Job {number} does not fit with {names.get(place.shift, place.shift)} at about {at}.")
    return sentences or ["These decisions break a rule together; refuse or accept other lines with them."]


def _concerns(violation: optimizer.Violation, edited: Collection[str], places: Mapping[str, Place]) -> bool:
    return violation.visit in edited or (
        violation.visit is None and violation.shift in {places[number].shift for number in edited if number in places}
    )


def _pushes(violation: optimizer.Violation, staying: Collection[str]) -> bool:
    return violation.rule == "pinned" and violation.visit in staying
