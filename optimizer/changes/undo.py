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
        alone = self._try(change.visit)
        if alone is not None:
            return alone
        near = [one for one in self._around({change.visit}) if self._may_be_undone(one)]
        pairs = [undo for one in near[:MOST_PARTNERS] if (undo := self._try(change.visit, one))]
        if pairs:
            return min(pairs, key=lambda undo: (undo.gain, undo.together))
        undone = {change.visit}
        while ring := [one for one in self._around(undone) if self._may_be_undone(one)]:
            undone |= set(ring)
            of_all = self._try(change.visit, *undone)
            if of_all is not None:
                return of_all
        return None

    def find_gain(self, now: Places, then: Places) -> float:
        """By how much the plan gets dearer when visits go from these places to those, without end if a rule forbids
        it; `now` is possible."""
        visits = {visit_id for visit_id in now.keys() | then.keys() if now.get(visit_id) != then.get(visit_id)}
        shifts = {place.shift for places in (now, then) for visit_id, place in places.items() if visit_id in visits}
        parts = [self.layouts.find_part(places, shifts, visits) for places in (now, then)]
        costs = [float("inf") if part is None else part.cost for part in parts]
        return costs[1] - costs[0]

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
            more = {change.visit, *undo.together} - undone
            if more and self._find_part(undone | more, more) is not None:
                undone |= more
        return undone

    def _find_part(self, undone: Collection[str], last: Collection[str]) -> Plan | None:
        """The part of the plan without these changes that the last of them are about; None if a rule forbids it."""
        return self.layouts.find_part(self.places_without(undone), self._shifts(last), last)

    def _shifts(self, visits: Collection[str]) -> set[str]:
        """Where these changes are, before and after."""
        return {place.shift for visit_id in visits for place in _places(self._by_visit[visit_id])}

    def _may_be_undone(self, visit_id: str) -> bool:
        change = self._by_visit[visit_id]
        return change.before is None or self.can_stay(change)

    def _around(self, undone: Collection[str]) -> list[str]:
        """The other changes from or to the shifts that these are on, before or after; those that came first."""
        shifts = self._shifts(undone)
        found = [
            change
            for change in self.changes
            if change.visit not in undone and any(place.shift in shifts for place in _places(change))
        ]
        came = sorted(
            found, key=lambda change: (change.after is None or change.after.shift not in shifts, change.visit)
        )
        return [change.visit for change in came]

    def _try(self, visit: str, *others: str) -> Undo | None:
        """What undoing this change and the others means; None if a rule forbids it."""
        undone = {visit, *others}
        then = self._find_part(undone, undone)
        if then is None:
            return None
        now = self.layouts.price_part(self.plan, self._shifts(undone), undone)
        names = [*now.costs, *(name for name in then.costs if name not in now.costs)]
        costs = {name: then.costs.get(name, 0) - now.costs.get(name, 0) for name in names}
        more = {name: cost for name, cost in costs.items() if cost}
        return Undo(then.cost - now.cost, more, tuple(sorted(undone - {visit})))


def _places(change: Change) -> list[Place]:
    return [place for place in (change.before, change.after) if place is not None]
