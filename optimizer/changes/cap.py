"""Keeps a new plan under a cap of changes: where single changes cannot be undone, whole days go back to what they were.

A day that something new was put into has often moved as a whole; it goes back as a whole, and what was new is left out.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from optimizer.changes.places import Change, Place, Places
from optimizer.changes.undo import Undoing


@dataclass(frozen=True)
class _Days:
    """Shifts whose changes hang together, because visits that could stay have gone from one to the other."""

    shifts: frozenset[str]
    moved: int
    """Visits that move though they could stay."""


def keep_under_cap(undoing: Undoing, before: Places, most_moved: int, retiming_saves: int = 0) -> dict[str, Place]:
    """Where every visit is when no more than `most_moved` move that could stay.

    `before` are the places that people know. See `Undoing.choose_undone` for single changes. Of whole days, those are
    kept that save the most for each change.
    """
    undone = undoing.choose_undone(most_moved, retiming_saves)
    places = undoing.places_without(undone)
    left = [change for change in undoing.changes if change.visit not in undone and undoing.can_stay(change)]
    if len(left) <= most_moved:
        return places
    days = _hang_together(left)
    gains = {one: undoing.find_gain(places, _restored(undoing, places, before, one.shifts)) for one in days}
    spare = most_moved
    for one in sorted(days, key=lambda one: (-gains[one] / one.moved, sorted(one.shifts))):
        if one.moved <= spare:
            spare -= one.moved
        else:
            places = _restored(undoing, places, before, one.shifts)
    return places


def _hang_together(changes: Collection[Change]) -> list[_Days]:
    groups: list[tuple[set[str], int]] = []
    for change in changes:
        shifts, moved = {place.shift for place in (change.before, change.after) if place is not None}, 1
        for group in [one for one in groups if one[0] & shifts]:
            groups.remove(group)
            shifts, moved = shifts | group[0], moved + group[1]
        groups.append((shifts, moved))
    return [_Days(frozenset(shifts), moved) for shifts, moved in groups]


def _restored(undoing: Undoing, places: Places, before: Places, shifts: Collection[str]) -> dict[str, Place]:
    """The places with these shifts as they were: what came to them is left out, what could have stayed is back."""
    restored = {visit: place for visit, place in places.items() if place.shift not in shifts}
    for visit, place in before.items():
        is_known = visit in undoing.layouts.problem.visit_index
        if is_known and place.shift in shifts and undoing.layouts.admits(visit, place):
            restored[visit] = place
    return restored
