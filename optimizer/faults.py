"""Finds everything wrong with a problem at once, each fault with its place and its remedy."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest

import numpy as np
from numpy.typing import NDArray

from optimizer.problem import Break, Problem, Shift, Visit, Window
from optimizer.travel import UNREACHABLE, Travel

LONGEST_LEG_S = 2**29 - 1
"""Seconds of travel are kept in 32 bits, and what is longer counts as no road."""
LONGEST_WORK_S = 2**31 - 1
HIGHEST_PRICE = 2**49
"""What costs twice as much the search takes for forbidden."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong: where, what, and how to mend it."""

    where: str
    what: str
    mend: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}; {self.mend}"


class ProblemError(ValueError):
    """The input makes no sense; `faults` lists everything that is wrong with it."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class Faults(list[Fault]):
    def raise_if_any(self) -> None:
        if self:
            raise ProblemError(self)


def find_faults(problem: Problem) -> Faults:
    """Lists every fault; an empty list means that the problem can be planned."""
    from optimizer.link_faults import link_faults  # builds on the faults of this file

    faults = Faults(_travel_faults(problem))
    if faults:  # the rest looks things up in the matrices
        return faults
    for index, visit in enumerate(problem.visits):
        faults.extend(visit_faults(problem, visit, f"visits[{index}] ({visit.id})"))
    for index, shift in enumerate(problem.shifts):
        faults.extend(_shift_faults(problem, shift, f"shifts[{index}] ({shift.id})"))
    faults.extend(_doubles("visits", [visit.id for visit in problem.visits]))
    faults.extend(_doubles("shifts", [shift.id for shift in problem.shifts]))
    faults.extend(_pair_faults(problem))
    faults.extend(link_faults(problem))
    if not faults:
        faults.extend(_unreachable_pins(problem))
    return faults


def _travel_faults(problem: Problem) -> Iterator[Fault]:
    tables = {name: getattr(problem.travel, name) for name in ("seconds", "metres", "tolls", "traffic")}
    yield from _period_faults(problem.travel)
    if set(tables["seconds"]) != set(tables["metres"]):
        yield Fault("travel", "seconds and metres name different profiles", "give both for every profile")
    sizes = set()
    for table, profiles in tables.items():
        for profile, matrix in profiles.items():
            where = f"travel.{table}[{profile!r}]"
            if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
                yield Fault(where, f"has shape {matrix.shape}", "give a square matrix")
            elif matrix.dtype.kind != "i":
                yield Fault(where, f"holds {matrix.dtype}", "give whole numbers (int64)")
            elif matrix.size and table in ("seconds", "traffic") and int(matrix.max()) > LONGEST_LEG_S:
                what = f"holds {int(matrix.max()):,}, more than {LONGEST_LEG_S:,}"
                yield Fault(where, what, f"use {UNREACHABLE} for legs without a road, or a larger unit")
            elif matrix.size and int(matrix.min()) < (UNREACHABLE if table != "tolls" else 0):
                yield Fault(where, "holds negative numbers", f"use {UNREACHABLE} only, for legs without a road")
            sizes.add(matrix.shape)
    if len(sizes) > 1:
        yield Fault("travel", "the matrices differ in size", "let every matrix cover the same locations")
        return
    for profile in sorted(set(tables["seconds"]) & set(tables["metres"])):
        if not _same_roads(tables["seconds"][profile], tables["metres"][profile]):
            yield Fault(
                "travel",
                f"seconds and metres of {profile!r} disagree about where roads lead",
                f"use {UNREACHABLE} in both for a leg without a road",
            )


def _period_faults(travel: Travel) -> Iterator[Fault]:
    for profile, periods in sorted(travel.periods.items()):
        where = f"travel.periods[{profile!r}]"
        if profile not in travel.seconds:
            yield Fault(where, "there are no seconds of that profile", "give them, or take the periods away")
        if any(after.from_s <= before.from_s for before, after in itertools.pairwise(periods)):
            yield Fault(where, "its periods are out of order", "let each begin after the one before")
        for name in sorted({one.traffic for one in periods if one.traffic is not None}):
            if name not in travel.traffic:
                yield Fault(where, f"there is no traffic {name!r}", "give its seconds, or name another")
            elif profile in travel.seconds and not _same_roads(travel.seconds[profile], travel.traffic[name]):
                what = f"seconds of {profile!r} and of traffic {name!r} disagree about where roads lead"
                yield Fault(where, what, f"use {UNREACHABLE} in both for a leg without a road")


def _same_roads(some: NDArray[np.int64], others: NDArray[np.int64]) -> bool:
    return some.shape != others.shape or not ((some == UNREACHABLE) != (others == UNREACHABLE)).any()


def visit_faults(problem: Problem, visit: Visit, where: str) -> Iterator[Fault]:
    """Yields what is wrong with a visit by itself; it need not be one of the problem's."""
    size = next(iter(problem.travel.seconds.values())).shape[0] if problem.travel.seconds else 0
    if not 0 <= visit.location < size:
        yield Fault(where, f"location {visit.location} is not in the travel matrices", f"use 0 to {size - 1}")
    for name in ("service_s", "setup_s", "price"):
        if getattr(visit, name) < 0:
            yield Fault(where, f"{name} is {getattr(visit, name)}", "use 0 or more")
    longest_s = max(visit.service_s, *visit.service_by_technician_s.values(), 0)
    if longest_s > LONGEST_WORK_S:
        yield Fault(where, f"takes {longest_s:,} seconds", f"use at most {LONGEST_WORK_S:,}")
    if any(length_s < 0 for length_s in visit.service_by_technician_s.values()):
        yield Fault(where, "a technician's own service time is negative", "use 0 or more")
    if not 0 <= visit.priority <= 100:
        yield Fault(where, f"priority is {visit.priority}", "use 0 to 100")
    price = problem.policy.unassigned + problem.policy.unassigned_per_priority * visit.priority + visit.price
    if price > HIGHEST_PRICE:
        yield Fault(where, f"costs {price:,} to leave out", f"let priority and price cost {HIGHEST_PRICE:,} at most")
    if any(level < 0 for level in visit.skills.values()):
        yield Fault(where, "a skill level is negative", "use 0 or more")
    if any(amount < 0 for amount in (*visit.delivery, *visit.pickup)):
        yield Fault(where, "a load is negative", "use 0 or more")
    yield from _window_faults(visit.windows, where)
    if visit.pin and visit.pin.shift not in problem.shift_index:
        yield Fault(where, f"is pinned to shift {visit.pin.shift!r}, which does not exist", "pin it to a shift given")
    if visit.planned and visit.planned.shift not in problem.shift_index:
        what = f"was published for shift {visit.planned.shift!r}, which does not exist"
        yield Fault(where, what, "name a shift given, or leave it out")


def _shift_faults(problem: Problem, shift: Shift, where: str) -> Iterator[Fault]:
    if shift.profile not in problem.travel.seconds:
        known = ", ".join(sorted(problem.travel.seconds)) or "none"
        yield Fault(where, f"travel profile {shift.profile!r} is not in the matrices", f"use one of: {known}")
    size = next(iter(problem.travel.seconds.values())).shape[0] if problem.travel.seconds else 0
    for name in ("start_location", "end_location", "depot"):
        location = getattr(shift, name)
        if location is not None and not 0 <= location < size:
            yield Fault(where, f"{name} {location} is not in the travel matrices", f"use 0 to {size - 1} or None")
    if not shift.start_s <= shift.end_s <= shift.hard_end_s:
        yield Fault(where, "does not run forward in time", "let start_s <= end_s <= latest_end_s")
    numbers = (
        "max_visits",
        "max_travel_s",
        "max_travel_m",
        "max_leg_s",
        "max_duty_s",
        "fixed_cost",
        "travel_cost_per_s",
        "travel_cost_per_m",
        "work_cost_per_s",
        "duty_cost_per_s",
    )
    for name in numbers:
        value = getattr(shift, name)
        if value is not None and value < 0:
            yield Fault(where, f"{name} is {value}", "use 0 or more")
    if shift.pace_percent <= 0:
        yield Fault(where, f"pace_percent is {shift.pace_percent}", "use 1 or more; 100 is the usual pace")
    if any(amount < 0 for amount in shift.capacity):
        yield Fault(where, "a capacity is negative", "use 0 or more")
    for pause in shift.breaks:
        yield from _break_faults(pause, f"{where}, break {pause.id}")


def _break_faults(pause: Break, where: str) -> Iterator[Fault]:
    if pause.length_s < 0:
        yield Fault(where, f"length_s is {pause.length_s}", "use 0 or more")
    if not pause.windows:
        yield Fault(where, "has no window", "say when it may start")
    yield from _window_faults(pause.windows, where)


def _window_faults(windows: tuple[Window, ...], where: str) -> Iterator[Fault]:
    for window in windows:
        if window.close_s < window.open_s:
            what = f"a window closes at {window.close_s} before it opens at {window.open_s}"
            yield Fault(where, what, "swap its ends")
    for before, after in itertools.pairwise(windows):
        if after.open_s <= before.close_s:
            yield Fault(where, "its windows overlap or are out of order", "sort them and merge those that touch")


def _pair_faults(problem: Problem) -> Iterator[Fault]:
    seen: set[str] = set()
    for index, pair in enumerate(problem.pairs):
        where = f"pairs[{index}]"
        for visit_id in (pair.first, pair.second):
            if visit_id not in problem.visit_index:
                yield Fault(where, f"visit {visit_id!r} does not exist", "name two visits given")
            elif visit_id in seen:
                yield Fault(where, f"visit {visit_id!r} is in a pair already", "let a visit be in one pair only")
            elif problem.get_visit(visit_id).pin:
                yield Fault(where, f"visit {visit_id!r} is pinned", "pins and pairs do not go together yet: drop one")
            seen.add(visit_id)
        if {pair.first, pair.second} <= set(problem.visit_index):
            first, second = problem.get_visit(pair.first), problem.get_visit(pair.second)
            if any(taken != brought for taken, brought in zip_longest(first.pickup, second.delivery, fillvalue=0)):
                what = f"{second.id!r} delivers other than what {first.id!r} picks up"
                yield Fault(where, what, "let both be the same")


def _doubles(kind: str, ids: list[str]) -> Iterator[Fault]:
    for double in sorted({one for one in ids if ids.count(one) > 1} if len(set(ids)) < len(ids) else set()):
        yield Fault(kind, f"id {double!r} is given more than once", "give each its own id")


def _unreachable_pins(problem: Problem) -> Iterator[Fault]:
    from optimizer.pins import pinned_visits  # looks at a whole problem, so not at the top

    for shift in problem.shifts:
        visits = pinned_visits(problem, shift)
        places = [shift.start_location, *(visit.location for visit in visits), shift.end_location]
        for origin, destination in itertools.pairwise(places):
            if visits and problem.travel.leg_s(shift.profile, origin, destination) == UNREACHABLE:
                yield Fault(
                    f"shift {shift.id}",
                    f"no road leads from location {origin} to {destination} between its pinned visits",
                    "correct the location or take the pin away",
                )
