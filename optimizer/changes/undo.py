"""What it would cost to undo a change, which changes can only be undone together, and which to undo under a cap."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from optimizer.changes.layout import Layouts
from optimizer.changes.places import Change, Place, Places
from optimizer.plan import Plan

MOST_PARTNERS = 12
"""So many other changes are tried as the one that must be undone as well, before all around are."""


@dataclass(frozen=True, slots=True)
class Undo:
    """What undoing a change does: the plan gets dearer by `gain` in all, and by `costs` rule by rule.

    `together` are the other changes that must be undone with it, because it cannot stay where it was beside them;
    the gain is that of all of them.
    """

    gain: int
    costs: Mapping[str, int] = field(default_factory=dict)
    together: tuple[str, ...] = ()


class Undoing:
    """Prices the undoing of changes that lead to the places `after`."""

    def __init__(self, layouts: Layouts, changes: Sequence[Change], after: Places, plan: Plan) -> None:
        """`plan` is the plan that has the visits at `after`, priced."""
        self.layouts, self.changes, self.after, self.plan = layouts, list(changes), after, plan
        self._by_visit = {change.visit: change for change in self.changes}

    def places_without(self, undone: Collection[str]) -> dict[str, Place]:
        """Where every visit is when these changes are undone."""
        places = dict(self.after)
        for visit_id in undone:
            before = self._by_visit[visit_id].before
            if before is None:
                places.pop(visit_id, None)
            else:
                places[visit_id] = before
        return places

    def can_stay(self, change: Change) -> bool:
        """Whether the visit by itself could still be where it was: False where it had to change."""
        return change.before is not None and self.layouts.admits(change.visit, change.before)

    def find_undo(self, change: Change) -> Undo | None:
        """What undoing this change means; None when it cannot be undone, whatever else is."""
        if change.before is not None and not self.can_stay(change):
            return None
        alone = self._find_plan({change.visit})
        if alone is not None:
            return self._undo(alone)
        near = [one for one in self._around({change.visit}) if self._may_be_undone(one)]
        pairs = [(plan, one) for one in near[:MOST_PARTNERS] if (plan := self._find_plan({change.visit, one}))]
        if pairs:
            plan, partner = min(pairs, key=lambda pair: (pair[0].cost, pair[1]))
            return self._undo(plan, (partner,))
        undone = {change.visit}
        while ring := [one for one in self._around(undone) if self._may_be_undone(one)]:
            undone |= set(ring)
            plan_of_all = self._find_plan(undone)
            if plan_of_all is not None:
                return self._undo(plan_of_all, tuple(sorted(undone - {change.visit})))
        return None

    def choose_undone(self, most_moved: int, retiming_saves: int = 0) -> set[str]:
        """The changes to undo: other starts on the same shift that save less than `retiming_saves`, for which no rule
        has a price, and the least valuable of all, so that at most so many visits move that could stay.

        Not more are undone than can be: what depends on each other is undone together or not at all.
        """
        movable = [change for change in self.changes if self.can_stay(change)]
        priced = [(undo, change) for change in movable if (undo := self.find_undo(change)) is not None]
        undone: set[str] = set()
        for undo, change in sorted(priced, key=lambda one: (one[0].gain, one[1].visit)):
            asked = retiming_saves if change.kind == "retimed" else 0
            if undo.gain >= asked and sum(one.visit not in undone for one in movable) <= most_moved:
                continue
            more = undone | {change.visit, *undo.together}
            if more != undone and self._find_plan(more) is not None:
                undone = more
        return undone

    def _find_plan(self, undone: Collection[str]) -> Plan | None:
        return self.layouts.find_plan(self.places_without(undone))

    def _may_be_undone(self, visit_id: str) -> bool:
        change = self._by_visit[visit_id]
        return change.before is None or self.can_stay(change)

    def _around(self, undone: Collection[str]) -> list[str]:
        """The other changes from or to the shifts that these are on, before or after; those that came first."""
        shifts = {place.shift for visit_id in undone for place in _places(self._by_visit[visit_id])}
        found = [
            change
            for change in self.changes
            if change.visit not in undone and any(place.shift in shifts for place in _places(change))
        ]
        came = sorted(
            found, key=lambda change: (change.after is None or change.after.shift not in shifts, change.visit)
        )
        return [change.visit for change in came]

    def _undo(self, plan: Plan, together: tuple[str, ...] = ()) -> Undo:
        names = [*self.plan.costs, *(name for name in plan.costs if name not in self.plan.costs)]
        costs = {name: plan.costs.get(name, 0) - self.plan.costs.get(name, 0) for name in names}
        return Undo(plan.cost - self.plan.cost, {name: cost for name, cost in costs.items() if cost}, together)


def _places(change: Change) -> list[Place]:
    return [place for place in (change.before, change.after) if place is not None]
