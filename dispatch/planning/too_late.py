"""Published visits that nobody can begin in time any more: a plan that is searched for has them late rather than not.

Who waits is better served late than not at all, as in drafts by hand, where late visits stay (see `staying`). Such a
visit has no window any more, and is due when its last one closes: every minute later costs, and leaving it out costs
most. Who moves it by hand agrees on a time first, as before.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

import optimizer
from dispatch import clock
from dispatch.jobs.statuses import WAITING
from dispatch.models import PlanVersion, Stop
from dispatch.planning.agreed import list_spans
from dispatch.planning.facts import DayFacts, is_kept
from dispatch.planning.problem import DayProblem
from dispatch.planning.progress import Begun
from optimizer import Problem, Shift, Visit, Window
from optimizer.changes import Layouts

LEFT_OUT = (
    "Nobody comes before its last time window closes, nor after it on this day; agree on a new one with the customer."
)
_LONGEST_S = 2 * 86_400
"""Two days hold every shift that begins on this one."""


def list_closing(facts: DayFacts, numbers: Collection[str] | None = None) -> dict[int, datetime]:
    """By job id: when the last window closes of visits that are published, wait, and are held to nobody; of all, or of
    these jobs. None on a day that has not begun: who is left out there can still be asked for another time. Not behind
    a closed road, nor where what was promised lies in none of the windows."""
    if facts.not_before_at <= facts.day_start_at:
        return {}
    wanted = {job.id for job in facts.jobs}
    return {
        stop.job_id: max(closes_at for _, closes_at in spans)
        for route in facts.routes
        for stop in route.stops
        if stop.job_id in wanted and (numbers is None or stop.job.number in numbers) and _waits(stop)
        if (spans := list_spans(stop.job)) and facts.hindrances.opens_at(stop.job.location, facts.over_at) is None
    }


def list_searched(draft: PlanVersion) -> set[str]:
    """The numbers of the jobs that a search has put where the draft has them, and nobody else."""
    return {line.job.number for line in draft.changes if line.decision not in ("edited", "refused")}


def allow_late(day: DayProblem, facts: DayFacts, closing: Mapping[int, datetime]) -> DayProblem:
    """The day in which those of these may begin late whose last window has closed, or closes before anybody who may
    serve them can be there."""
    now_s = clock.seconds_between(facts.day_start_at, facts.not_before_at)
    ends_s = {
        number: clock.seconds_between(facts.day_start_at, closing[job.id])
        for number, job in day.jobs.items()
        if job.id in closing and day.problem.get_visit(number).pin is None
    }
    late = {number for number, end_s in ends_s.items() if end_s < now_s}
    near = [number for number in ends_s if number not in late and not _is_soon_there(day, facts, number, ends_s)]
    if near:
        # Whom the window alone keeps from it may serve it: asked for as if all of them could come late.
        free = _with_late(day.problem, {number: ends_s[number] for number in near}, now_s)
        allowed = Layouts(free, 0).primitives.allowed
        for number in near:
            row = free.visit_index[number]
            able = [one for index, one in enumerate(free.shifts) if allowed[row, index]]
            if able and all(_reaches_s(day, facts, one, number) > ends_s[number] for one in able):
                late.add(number)
    if not late:
        return day
    problem = _with_late(day.problem, {number: ends_s[number] for number in late}, now_s)
    return replace(day, problem=problem, late={number: closing[day.jobs[number].id] for number in late})


def list_broken(day: DayProblem, plan: optimizer.Plan) -> list[optimizer.Violation]:
    """The windows after which work starts: told as those are that pins break."""
    sentence = "work starts after its last time window has closed"
    return [
        optimizer.Violation("time windows", sentence, stop.visit, route.shift, excused=True)
        for route in plan.routes
        for stop in route.stops
        if stop.visit in day.late
    ]


def why_left_out(day: DayProblem, one: optimizer.Unassigned) -> tuple[str, str]:
    """The rule and the sentence: of who cannot even come late, what people can do about it."""
    return (one.rule, one.sentence) if one.visit not in day.late else ("time windows", LEFT_OUT)


def _waits(stop: Stop) -> bool:
    return stop.status in WAITING and not is_kept(stop)


def _is_soon_there(day: DayProblem, facts: DayFacts, number: str, ends_s: dict[str, int]) -> bool:
    """Whether the one with whom it is published can be there in time: then nobody else is looked at."""
    planned = day.problem.get_visit(number).planned
    shift = None if planned is None else day.problem.shift_index.get(planned.shift)
    return shift is not None and _reaches_s(day, facts, day.problem.shifts[shift], number) <= ends_s[number]


def _reaches_s(day: DayProblem, facts: DayFacts, shift: Shift, number: str) -> int:
    """When somebody who goes there next is there, at the sooner of what is usual and what is true at this hour."""
    begun: Begun | None = day.begun.get(shift.id)
    free_s = shift.start_s if begun is None else clock.seconds_between(facts.day_start_at, begun.free_at)
    if shift.start_location is None:
        return free_s
    travel = day.problem.travel
    to = day.problem.get_visit(number).location
    tables = (travel.seconds[shift.profile], *travel.traffic.values())
    return free_s + min(int(table[shift.start_location, to]) for table in tables)


def _with_late(problem: Problem, due_s: Mapping[str, int], now_s: int) -> Problem:
    visits = tuple(_late(one, due_s[one.id], max(now_s, 0)) if one.id in due_s else one for one in problem.visits)
    return replace(problem, visits=visits)


def _late(visit: Visit, due_s: int, earliest_s: int) -> Visit:
    due_s = due_s if visit.due_s is None else min(due_s, visit.due_s)
    return replace(visit, windows=(Window(earliest_s, earliest_s + _LONGEST_S),), due_s=due_s)
