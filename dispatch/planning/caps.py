"""The caps of the change budget once more, when a draft is to be published: by then other visits may start soon."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dispatch import clock
from dispatch.models import PlanVersion
from dispatch.planning.baseline import find_published_plan
from dispatch.planning.budget import ChangeBudget, under_budget
from dispatch.planning.decisions import Decided
from dispatch.planning.facts import DayFacts
from dispatch.planning.problem import DayProblem
from optimizer import Violation
from optimizer.changes import places_of

CAP = "change budget"
"""The rule under which it is stored that somebody keeps such a change."""


@dataclass(frozen=True)
class BrokenCap:
    """A visit that the budget would hold where it is published, and that a draft has elsewhere.

    `is_accepted` says that a person has accepted just this; `sentence` is for who makes the draft again, `violation`
    for who publishes it so.
    """

    is_accepted: bool
    sentence: str
    violation: Violation


def list_broken_caps(
    draft: PlanVersion, facts: DayFacts, day: DayProblem, decided: Decided, budget: ChangeBudget
) -> list[BrokenCap]:
    """What the draft changes and a plan made now would not. `day` is the day as it is now, and not under the budget.

    What cannot stay is passed over, and what somebody moved by hand: caps are for what programs propose.
    """
    published = find_published_plan(facts)
    if published is None or decided.plan is None:
        return []
    before, after = places_of(published), places_of(decided.plan)
    said = {change.job.number: change.decision for change in draft.changes}
    moved = {
        number
        for number, place in before.items()
        if said.get(number) != "edited" and (number not in after or after[number].shift != place.shift)
    }
    if not moved:  # nearly always, and then the day need not be laid out once more
        return []
    return [
        _broken(facts, day, number, shift, before[number].start_s, budget, said.get(number) == "accepted")
        for number, shift in _list_kept(day, under_budget(day, facts, budget))
        if number in moved
    ]


def _list_kept(day: DayProblem, held: DayProblem) -> Iterator[tuple[str, str]]:
    """The visits, with their shifts, that keep their technicians under the budget alone."""
    for free, visit in zip(day.problem.visits, held.problem.visits, strict=True):
        if free.pin is None and visit.pin is not None:
            yield visit.id, visit.pin.shift


def _broken(
    facts: DayFacts, day: DayProblem, number: str, shift: str, start_s: int, budget: ChangeBudget, is_accepted: bool
) -> BrokenCap:
    name = day.technicians[shift].name
    at = clock.local_time(clock.after(facts.day_start_at, start_s), facts.zone)
    starts = f"starts at {at}, within {budget.keep_technician_s // 3_600} h, and"
    violation = Violation(CAP, f"{starts} was to keep {name}", visit=number)
    return BrokenCap(is_accepted, f"Job {number} {starts} keeps {name}.", violation)
