"""Carries what people decided about a draft over to the draft that takes its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import optimizer
from dispatch.models import PlanChange, PlanVersion
from dispatch.planning.decisions import decided_places
from dispatch.planning.problem import DayProblem, LeftOut
from optimizer.changes import Layouts, Place, hold

REFUSED = "refused"
"""The rule under which a job is left out because somebody refused to add it."""


def has_decisions(draft: PlanVersion) -> bool:
    """Whether somebody has said anything to its lines, or moved a job: such a draft is never thrown away for a plan."""
    return any(line.decision != "open" for line in draft.changes)


def under_decisions(day: DayProblem, draft: PlanVersion, tolerance_s: int) -> DayProblem:
    """The day's problem in which everything that somebody decided stays decided, as far as that still works.

    What was refused or accepted is held about where it was seen, what was moved by hand is pinned there.
    """
    lines = {line.job.number: line for line in draft.changes if line.decision != "open"}
    places = decided_places(draft)
    edited = {number for number, line in lines.items() if line.decision == "edited" and number in places}
    day = day.moved_by_hand({number for number in edited if places[number].shift in day.problem.shift_index})
    wanted = {number: places[number] for number in lines if number in places and number in day.problem.visit_index}
    layouts = Layouts(day.problem, tolerance_s)
    held = {number: place for number, place in wanted.items() if layouts.admits(number, place)}
    problem = hold(day.problem, held, held, tolerance_s)
    visits, left_out, put = [], list(day.left_out), set()
    for visit in problem.visits:
        line = lines.get(visit.id)
        if visit.id in edited and _is_free(day, visit.id) and wanted[visit.id].shift in day.problem.shift_index:
            place = wanted[visit.id]
            visit = replace(day.problem.get_visit(visit.id), pin=optimizer.Pin(place.shift, place.start_s))
            put.add(visit.id)
        if line is not None and line.decision == "refused" and line.kind == "added" and visit.pin is None:
            left_out.append(LeftOut(line.job, REFUSED, "Somebody has decided not to add it to this day's plan."))
        else:
            visits.append(visit)
    problem = replace(problem, visits=tuple(visits))
    return replace(day, problem=problem, left_out=tuple(left_out), edited=frozenset(put))


def carry_decisions(rows: Iterable[PlanChange], draft: PlanVersion, places: Mapping[str, Place]) -> None:
    """Writes into new lines what was said to the same lines before, and marks those that are not as they were.

    `places` are where the new plan has its visits, by job number.
    """
    before = {line.job_id: line for line in draft.changes}
    wanted = decided_places(draft)
    for row in rows:
        line = before.get(row.job_id)
        if line is None:
            row.mark = f"New since draft {draft.version}."
            continue
        if line.decision == "open":
            continue
        number = line.job.number
        then, now = wanted.get(number), places.get(number)
        if (then and then.shift) != (now and now.shift):
            row.mark = f"It was {line.decision} otherwise in draft {draft.version}; that is no longer possible."
        elif line.decision == "refused":  # what stays as published is no line
            row.mark = f"Refused in draft {draft.version}, but the plan has changed since: decide again."
        else:
            row.decision, row.decided_by_user_id, row.decided_at = (
                line.decision,
                line.decided_by_user_id,
                line.decided_at,
            )


def _is_free(day: DayProblem, number: str) -> bool:
    pin = day.problem.get_visit(number).pin
    return pin is None or pin.start_s is None
