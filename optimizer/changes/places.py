"""Where a plan has each visit, and which visits another plan has elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from optimizer.plan import Plan
from optimizer.problem import Problem


@dataclass(frozen=True, slots=True)
class Place:
    """A visit's shift and the second at which it starts there."""

    shift: str
    start_s: int


Places = Mapping[str, Place]
"""By visit id; a visit that is left out has none."""


@dataclass(frozen=True, slots=True)
class Change:
    """One visit that two plans have in different places; None is being left out."""

    visit: str
    before: Place | None
    after: Place | None

    @property
    def kind(self) -> str:
        """ "added", "left out", "moved" to another shift, or "retimed" on the same."""
        if self.before is None:
            return "added"
        if self.after is None:
            return "left out"
        return "retimed" if self.before.shift == self.after.shift else "moved"


def places_of(plan: Plan) -> dict[str, Place]:
    """Where a plan has its visits."""
    return {stop.visit: Place(route.shift, stop.start_s) for route in plan.routes for stop in route.stops}


def list_changes(problem: Problem, before: Places, after: Places, tolerance_s: int) -> list[Change]:
    """The changes to the problem's visits, in their order; a start within the tolerance is no change.

    What is pinned to a start is a fact and no change, whatever a plan said before.
    """
    found = []
    for visit in problem.visits:
        if visit.pin is not None and visit.pin.start_s is not None:
            continue
        change = Change(visit.id, before.get(visit.id), after.get(visit.id))
        if not _is_same(change.before, change.after, tolerance_s):
            found.append(change)
    return found


def _is_same(before: Place | None, after: Place | None, tolerance_s: int) -> bool:
    if before is None or after is None:
        return before is after
    return before.shift == after.shift and abs(before.start_s - after.start_s) <= tolerance_s
