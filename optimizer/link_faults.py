"""Finds what is wrong with the links of a problem: what they name, their lags, and what no plan could ever keep.

What pins contradict is not wrong: pins are kept and reported.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from optimizer.faults import Fault
from optimizer.problem import Link, Problem, Shift, Visit

TECHNICIANS = ("any", "same", "different")


def link_faults(problem: Problem) -> Iterator[Fault]:
    """Yields the faults of every link; what several links ask together is looked at once each makes sense."""
    sound = True
    for index, link in enumerate(problem.links):
        for fault in _faults_of(problem, link, f"links[{index}]"):
            sound = False
            yield fault
    if sound:
        yield from _endless_waiting(problem)


def _faults_of(problem: Problem, link: Link, where: str) -> Iterator[Fault]:
    unknown = [visit_id for visit_id in (link.first, link.second) if visit_id not in problem.visit_index]
    for visit_id in dict.fromkeys(unknown):
        yield Fault(where, f"visit {visit_id!r} does not exist", "name two visits given")
    if link.first == link.second:
        yield Fault(where, f"visit {link.first!r} is linked with itself", "name two different visits")
    if link.min_lag_s < 0:
        yield Fault(where, f"min_lag_s is {link.min_lag_s}", "use 0 or more, with first and second the other way round")
    if link.max_lag_s is not None and link.max_lag_s < link.min_lag_s:
        what = f"max_lag_s is {link.max_lag_s}, less than min_lag_s, {link.min_lag_s}"
        yield Fault(where, what, "let min_lag_s <= max_lag_s, or max_lag_s be None for any time later")
    if link.technicians not in TECHNICIANS:
        yield Fault(where, f"technicians is {link.technicians!r}", f"use one of: {', '.join(TECHNICIANS)}")
    if not unknown and link.technicians == "same" and link.max_lag_s is not None:
        yield from _too_soon_for_one(problem, link, link.max_lag_s, where)


def _too_soon_for_one(problem: Problem, link: Link, max_lag_s: int, where: str) -> Iterator[Fault]:
    """One person cannot start the second visit before the first is done."""
    first, second = problem.get_visit(link.first), problem.get_visit(link.second)
    if (first.pin and second.pin) or not problem.shifts or _anybody_in_two_places(problem.shifts):
        return
    least_s = min(problem.service_s(first, shift) for shift in problem.shifts)
    at_once = link.min_lag_s == 0 and min(problem.service_s(second, shift) for shift in problem.shifts) == 0
    if max_lag_s < least_s and not at_once:
        what = f"the same technician cannot start {link.second!r} within {max_lag_s} s after starting {link.first!r}"
        yield Fault(where, what, f"allow a max_lag_s of at least its service, {least_s} s, or different technicians")


def _anybody_in_two_places(shifts: tuple[Shift, ...]) -> bool:
    """Whether one technician's shifts overlap, as those of a firm that sends several people may."""
    in_order = sorted(shifts, key=lambda shift: (shift.technician, shift.start_s))
    return any(
        one.technician == other.technician and other.start_s < one.hard_end_s
        for one, other in itertools.pairwise(in_order)
    )


def _endless_waiting(problem: Problem) -> Iterator[Fault]:
    """Lags that add up to a visit starting after its own start; a link between two pinned visits may be broken."""
    binding = [
        link
        for link in problem.links
        if not (_is_pinned(problem.get_visit(link.first)) and _is_pinned(problem.get_visit(link.second)))
    ]
    soonest_s = {visit_id: 0 for link in binding for visit_id in (link.first, link.second)}
    moved: set[str] = set()
    for _ in range(len(soonest_s) + 1):
        moved = set()
        for link in binding:
            if soonest_s[link.second] < soonest_s[link.first] + link.min_lag_s:
                soonest_s[link.second] = soonest_s[link.first] + link.min_lag_s
                moved.add(link.second)
            if link.max_lag_s is not None and soonest_s[link.first] < soonest_s[link.second] - link.max_lag_s:
                soonest_s[link.first] = soonest_s[link.second] - link.max_lag_s
                moved.add(link.first)
        if not moved:
            return
    names = ", ".join(repr(visit_id) for visit_id in soonest_s if visit_id in moved)
    yield Fault("links", f"those of {names} ask a visit to start after itself", "let their lags agree")


def _is_pinned(visit: Visit) -> bool:
    return visit.pin is not None
