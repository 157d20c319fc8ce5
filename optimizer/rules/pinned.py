"""What a person or the day itself has fixed stays as it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from optimizer.assemble import find_all_times, trivial_sequences
from optimizer.lengths import length_words
from optimizer.pins import pinned_visits
from optimizer.plan import Plan, Violation
from optimizer.primitives import KEEP, Primitives
from optimizer.problem import Problem, Shift, Visit
from optimizer.rules.base import Rule


class Pinned(Rule):
    """A pinned visit stays with its shift and at its start; other rules report it instead of moving it."""

    name = "pinned"

    def lower(self, problem: Problem, primitives: Primitives) -> None:
        for shift_id in problem.pinned_to:
            column, shift = problem.shift_index[shift_id], problem.get_shift(shift_id)
            pinned = pinned_visits(problem, shift)
            primitives.pinned_order[column] = tuple(problem.visit_index[visit.id] for visit in pinned)
            for visit in pinned:
                row = problem.visit_index[visit.id]
                primitives.allowed[row, :] = False
                primitives.allowed[row, column] = True
                primitives.drop_cost[row] = KEEP
                primitives.call_first[row, :] = False  # what it lacks is reported
                primitives.windows[row] = _windows(problem, visit, shift)
        primitives.links = _links_kept(primitives)

    def check(self, problem: Problem, plan: Plan) -> Iterator[Violation]:
        stops = {stop.visit: (route.shift, stop) for route in plan.routes for stop in route.stops}
        for visit in problem.visits:
            if visit.pin is None:
                continue
            if visit.id not in stops:
                yield Violation(self.name, "a pinned visit is left out", visit.id, visit.pin.shift)
                continue
            shift_id, stop = stops[visit.id]
            if shift_id != visit.pin.shift:
                yield Violation(self.name, f"is pinned to shift {visit.pin.shift}", visit.id, shift_id)
                continue
            windows = _windows(problem, visit, problem.get_shift(shift_id))
            if windows and not any(open_s <= stop.start_s <= close_s for open_s, close_s in windows):
                yield Violation(self.name, "is moved away from its pinned start", visit.id, shift_id)
            elif visit.pin.start_s is not None and stop.start_s != visit.pin.start_s:
                late_s = stop.start_s - visit.pin.start_s
                sentence = f"starts {length_words(late_s)} after its pinned start"
                yield Violation(self.name, sentence, visit.id, shift_id, excused=True)


def _links_kept(primitives: Primitives) -> list[tuple[int, int, int, int, int]]:
    """The links that pinned visits do not break by themselves; of those that contradict each other, the first."""
    pinned = trivial_sequences(primitives)
    kept = [link for link in primitives.links if not _is_pinned(primitives, link)]
    if len(kept) == len(primitives.links) or find_all_times(primitives, pinned) is not None:
        return primitives.links
    for link in primitives.links:
        one_more = replace(primitives, links=[*kept, link])
        if _is_pinned(primitives, link) and find_all_times(one_more, pinned) is not None:
            kept.append(link)
    return kept


def _is_pinned(primitives: Primitives, link: tuple[int, int, int, int, int]) -> bool:
    return bool(primitives.drop_cost[link[0]] == KEEP and primitives.drop_cost[link[1]] == KEEP)


def _windows(problem: Problem, visit: Visit, shift: Shift) -> tuple[tuple[int, int], ...]:
    """When a pinned visit may start: as pinned or in its windows, or else as early as the other pins let it."""
    soonest_s = problem.pin_needs[shift.id].starts_s[visit.id]
    if visit.pin is not None and visit.pin.start_s is not None:
        return ((visit.pin.start_s, soonest_s),)
    windows = tuple((window.open_s, window.close_s) for window in visit.windows)
    if not windows or soonest_s <= windows[-1][1]:
        return windows
    return (*windows, (soonest_s, soonest_s))
