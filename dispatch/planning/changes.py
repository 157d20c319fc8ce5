"""The lines of a plan: what it changes against the published one, each with its reason and what undoing it costs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import optimizer
from dispatch import clock
from dispatch.jobs.statuses import WAITING
from dispatch.models import Job, PlanChange, Stop
from dispatch.planning.baseline import find_published_plan
from dispatch.planning.facts import DayFacts
from dispatch.planning.problem import DayProblem
from dispatch.planning.too_late import why_left_out
from optimizer.changes import Change, Layouts, Place, Undo, Undoing, list_changes, places_of

COST_WORDS = {
    "travel": "travel",
    "lateness": "lateness",
    "shift hours": "overtime",
    "leaving out": "a job left out",
    "open shift": "sending somebody out",
    "changes": "the change itself",
    "territory": "work in another territory",
    "preferred technician": "not the preferred technician",
    "moved later": "a later start",
}
"""What a rule's cost is for, in the words of a reason; others are called as they are."""
MOST_NAMED = 3
"""So many jobs are named in a reason; of more it says how many."""


def list_change_rows(facts: DayFacts, day: DayProblem, plan: optimizer.Plan, layouts: Layouts) -> list[PlanChange]:
    """New rows, not in any session; none for the first plan of a day."""
    published = find_published_plan(facts)
    if published is None or facts.published is None:
        return []
    before, after = places_of(published), places_of(plan)
    unpinned = tuple(replace(one, pin=None) if one.id in day.edited else one for one in day.problem.visits)
    changes = list_changes(replace(day.problem, visits=unpinned), before, after, layouts.tolerance_s)
    undoing = Undoing(layouts, [change for change in changes if change.visit not in day.edited], after, plan)
    writer = _Writer(facts, day, plan, layouts, {change.visit: change for change in changes})
    rows = [
        writer.line(change, None if change.visit in day.edited else undoing.find_undo(change)) for change in changes
    ]
    return [*rows, *writer.gone()]


class _Writer:
    """Writes lines about one plan."""

    def __init__(
        self,
        facts: DayFacts,
        day: DayProblem,
        plan: optimizer.Plan,
        layouts: Layouts,
        changes: Mapping[str, Change],
    ) -> None:
        self.facts, self.day, self.layouts, self.changes = facts, day, layouts, changes
        self.people = {one.code: one for one in (*(route.technician for route in facts.routes), *facts.technicians)}
        self.left_out = {one.visit: why_left_out(day, one)[1] for one in plan.unassigned}
        self.base_left_out = {one.job_id for one in facts.published.unassigned} if facts.published else set()

    def line(self, change: Change, undo: Undo | None) -> PlanChange:
        job = self.day.jobs[change.visit]
        return PlanChange(
            job_id=job.id,
            kind=change.kind,
            from_technician_id=self._technician_id(change.before),
            from_start_at=self._instant(change.before),
            to_technician_id=self._technician_id(change.after),
            to_start_at=self._instant(change.after),
            reason=self._reason(change, job, undo),
            gain=None if undo is None else undo.gain,
            costs={} if undo is None else dict(undo.costs),
            together_job_ids=[] if undo is None else [self.day.jobs[one].id for one in undo.together],
        )

    def gone(self) -> Iterator[PlanChange]:
        """Stops that the new plan has no visits for."""
        left_out = {one.job.id: one.sentence for one in self.day.left_out}
        wanted = {job.id for job in self.facts.jobs}
        for route in self.facts.routes:
            for stop in route.stops:
                if stop.status not in WAITING or (stop.job_id in wanted and stop.job_id not in left_out):
                    continue
                is_left_out = stop.job_id in left_out
                yield PlanChange(
                    job_id=stop.job_id,
                    kind="left out" if is_left_out else "gone",
                    from_technician_id=route.technician_id,
                    from_start_at=stop.planned_start_at,
                    reason=left_out[stop.job_id] if is_left_out else _why_gone(stop),
                    costs={},
                    together_job_ids=[],
                )

    def _reason(self, change: Change, job: Job, undo: Undo | None) -> str:
        if change.visit in self.day.edited:
            return "Moved by hand."
        if change.after is None:
            return self.left_out.get(change.visit) or "It is left out."
        if change.before is None:
            fits_now = "It was left out before and fits now."
            return fits_now if job.id in self.base_left_out else "It came in after the published plan was made."
        away = self._why_away(change.before)
        if away is not None:
            return away
        if not self.layouts.admits(change.visit, change.before):
            return self._why_impossible(change.visit, change.before)
        if undo is None:
            return self._why_stuck(change.before)
        if undo.together:
            others = " and ".join(undo.together)
            came = all(self._came_to(one, change.before.shift) for one in undo.together)
            return f"Makes room for {others}." if came else f"Goes together with the change of {others}."
        if undo.gain <= 0:
            return "Follows from other changes on the route."
        most = sorted(undo.costs.items(), key=lambda one: -one[1])
        for_what = [f"{COST_WORDS.get(name, name)} {_minutes(cost)}" for name, cost in most if cost >= 60][:3]
        return f"Saves what {_minutes(undo.gain)} of travel cost{_in_brackets(for_what)}."

    def _came_to(self, visit_id: str, shift: str) -> bool:
        change = self.changes[visit_id]
        return change.after is not None and change.after.shift == shift != getattr(change.before, "shift", None)

    def _why_away(self, place: Place) -> str | None:
        """That its technician has fallen ill, or has left, before it would begin there."""
        technician = self.people[place.shift]
        if not self.facts.is_gone(technician.id, self._at(place.start_s)):
            return None
        away_at = self.facts.hindrances.away[technician.id]
        return f"{technician.name} is away from {clock.local_time(away_at, self.facts.zone)} on."

    def _why_stuck(self, place: Place) -> str:
        """Why it cannot be undone though it may be served there: what has come instead has nowhere else to go."""
        came = sorted(self.day.jobs[one].number for one in self.changes if self._came_to(one, place.shift))
        if not came:
            return f"{self.people[place.shift].name} no longer comes to it at that time."
        more = f" and {len(came) - MOST_NAMED} more" if len(came) > MOST_NAMED else ""
        return f"{self.people[place.shift].name} takes over {', '.join(came[:MOST_NAMED])}{more}."

    def _why_impossible(self, visit_id: str, place: Place) -> str:
        name = self.people[place.shift].name
        if place.shift not in self.day.problem.shift_index:
            return f"{name} does not work then any more."
        visit, shift = self.day.problem.get_visit(visit_id), self.day.problem.get_shift(place.shift)
        for rule in optimizer.RULES:
            sentence = rule.why_not(self.day.problem, visit, shift)
            if sentence is not None:
                return f"{name} {sentence}."
        at = clock.local_time(self._at(place.start_s), self.facts.zone)
        return f"It can no longer start at about {at}."

    def _technician_id(self, place: Place | None) -> int | None:
        return None if place is None else self.people[place.shift].id

    def _instant(self, place: Place | None) -> datetime | None:
        return None if place is None else self._at(place.start_s)

    def _at(self, second: int) -> datetime:
        return self.facts.day_start_at + timedelta(seconds=second)


def _why_gone(stop: Stop) -> str:
    if stop.job.status == "open":
        return "The job is not wanted on this day any more."
    return f"The job is {stop.job.status.replace('_', ' ')}."


def _minutes(seconds: int) -> str:
    return f"{max(1, round(seconds / 60))} min"


def _in_brackets(parts: list[str]) -> str:
    return f" ({', '.join(parts)})" if parts else ""
