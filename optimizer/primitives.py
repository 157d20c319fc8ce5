"""The small language between rules and engines: what every rule is lowered to and all that an engine sees."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimizer.problem import Problem
from optimizer.setting_out import Steps
from optimizer.timing import FAR, Pause

Ints = NDArray[np.int64]
OPEN = -1
"""The location of a route's end that is left open."""
KEEP = -1
"""The drop cost of a visit that must stay."""
ANY, SAME, DIFFERENT = 0, 1, 2
"""Whose shifts the two visits of a link may be on."""


@dataclass
class Primitives:
    """A problem without a business word. V visits, S shifts, K loads, N locations; seconds, metres and cost units.

    allowed[V, S]            hard eligibility
    assignment_cost[V, S]    soft eligibility
    service_s[V, S]          work on site; setup_s[V] is paid when the stop before was elsewhere
    windows[V]               intervals in which work may start; none: any time
    time_cost[V]             (after_s, cost_per_s): piecewise linear cost of the start
    drop_cost[V]             price of leaving the visit out, or KEEP
    pinned_order[S]          visits that must be on a shift, in an order that always has times
    delivery[V, K], pickup[V, K], capacity[S, K]   what is carried
    pairs                    (first, second): one shift, in this order, both or none; `first`'s pickup is for `second`
    links                    (first, second, least lag, most lag, kind): the second starts so long after the first; both
                             or none, unless one must stay: then the other may be left out; kind ANY, SAME, DIFFERENT
                             people
    person[S]                whose shift it is
    fair_s[P]                driving and work that are fair for each person, all shifts together, but for set-up; every
                             second beyond costs busy_per_s
    worst_late_per_s         price of the largest lateness of any visit planned: of its start after due_s[V]
    duty_per_s[S]            price of every second from leaving to coming home
    depot[S], call_first[V, S], refilled[K]   where a shift may call once (or OPEN); which visits need that call before;
                             which loads never run out after it
    breaks[S]                rests, taken where the technician is
    open_cost[S]             price of using a shift; then rates per second and metre of travel, per second of overtime
    earliest_s[S], soft_end_s[S], hard_end_s[S], max_travel_s[S], max_travel_m[S], max_leg_s[S], max_duty_s[S]   limits
    seconds[P], metres[P], tolls[P]   travel between locations by profile; profile[S] says whose is whose
    by_time[P]               (from_s, seconds) for profiles whose seconds depend on when a leg is begun, the first from
                             -FAR; `seconds` are then the least of them for each leg
    """

    allowed: NDArray[np.bool_]
    assignment_cost: Ints
    service_s: Ints
    setup_s: Ints
    drop_cost: Ints
    capacity: Ints
    delivery: Ints
    pickup: Ints
    open_cost: Ints
    travel_cost_per_s: Ints
    travel_cost_per_m: Ints
    toll_factor: int
    overtime_per_s: Ints
    earliest_s: Ints
    soft_end_s: Ints
    hard_end_s: Ints
    max_travel_s: Ints
    max_travel_m: Ints
    max_leg_s: Ints
    max_duty_s: Ints
    visit_location: Ints
    start_location: Ints
    end_location: Ints
    profile: list[str]
    seconds: dict[str, Ints]
    metres: dict[str, Ints]
    tolls: dict[str, Ints]
    windows: list[tuple[tuple[int, int], ...]]
    time_cost: list[tuple[tuple[int, int], ...]]
    breaks: list[tuple[Pause, ...]]
    pinned_order: list[tuple[int, ...]]
    duty_per_s: Ints
    depot: Ints
    call_first: NDArray[np.bool_]
    person: Ints
    due_s: Ints
    fair_s: Ints
    refilled: list[bool] = field(default_factory=list)
    pairs: list[tuple[int, int]] = field(default_factory=list)
    links: list[tuple[int, int, int, int, int]] = field(default_factory=list)
    by_time: dict[str, tuple[tuple[int, Ints], ...]] = field(default_factory=dict)
    worst_late_per_s: int = 0
    busy_per_s: int = 0

    @property
    def visits(self) -> int:
        return int(self.allowed.shape[0])

    @property
    def shifts(self) -> int:
        return int(self.allowed.shape[1])

    def together(self, visit: int) -> set[int]:
        """The visit and all that pairs and links tie to it, directly or not."""
        found, open_ends = {visit}, [visit]
        while open_ends:
            here = open_ends.pop()
            for first, second, *_ in (*self.pairs, *self.links):
                other = second if first == here else first if second == here else here
                if other not in found:
                    found.add(other)
                    open_ends.append(other)
        return found

    def add_load(self, delivery: Ints, pickup: Ints, capacity: Ints, *, refilled: bool = False) -> None:
        """Adds one column: what each visit takes from the van and puts on it, and what each shift can carry."""
        self.refilled.append(refilled)
        self.delivery = np.column_stack([self.delivery, delivery])
        self.pickup = np.column_stack([self.pickup, pickup])
        self.capacity = np.column_stack([self.capacity, capacity])

    def leg_s(self, shift: int, origin: int, destination: int) -> int:
        """Seconds between two locations for a shift, at the best time of day; 0 at an open end."""
        return 0 if OPEN in (origin, destination) else int(self.seconds[self.profile[shift]][origin, destination])

    def steps(self, shift: int, legs: Iterable[tuple[int, int]]) -> list[Steps]:
        """How long legs take by when they are begun; nothing where that never matters."""
        tables = self.by_time.get(self.profile[shift], ())
        return [
            ((-FAR, 0),) if OPEN in leg else tuple((from_s, int(seconds[leg])) for from_s, seconds in tables)
            for leg in (legs if tables else ())
        ]

    def leg_m(self, shift: int, origin: int, destination: int) -> int:
        """Metres between two locations for a shift; 0 at an open end."""
        return 0 if OPEN in (origin, destination) else int(self.metres[self.profile[shift]][origin, destination])

    def leg_cost(self, shift: int, origin: int, destination: int, travel_s: int | None = None) -> int:
        """Price of travel between two locations for a shift, in `travel_s`, if given; 0 at an open end."""
        if OPEN in (origin, destination):
            return 0
        seconds = self.leg_s(shift, origin, destination) if travel_s is None else travel_s
        cost = int(self.travel_cost_per_s[shift]) * seconds
        cost += int(self.travel_cost_per_m[shift]) * self.leg_m(shift, origin, destination)
        tolls = self.tolls.get(self.profile[shift])
        return cost if tolls is None else cost + self.toll_factor * int(tolls[origin, destination])


def blank(problem: Problem) -> Primitives:
    """Primitives that carry the facts of a problem, free of any rule: everything is allowed and costs nothing."""
    return Primitives(**_of_shifts(problem), **of_visits(problem))


def of_visits(problem: Problem) -> dict[str, Any]:
    """The part of `blank` that there is a row of for each visit, and what is between visits."""
    visits, shifts = problem.visits, problem.shifts
    count_visits, count_shifts = len(visits), len(shifts)
    pace = np.array([shift.pace_percent for shift in shifts], dtype=np.int64)
    service = np.array([visit.service_s for visit in visits], dtype=np.int64)
    service_s = -(-service[:, None] * pace[None, :] // 100)
    for row, visit in enumerate(visits):
        if visit.service_by_technician_s:
            service_s[row] = [problem.service_s(visit, shift) for shift in shifts]
    return {
        "allowed": np.ones((count_visits, count_shifts), dtype=np.bool_),
        "assignment_cost": np.zeros((count_visits, count_shifts), dtype=np.int64),
        "service_s": service_s,
        "setup_s": np.array([visit.setup_s for visit in visits], dtype=np.int64),
        "drop_cost": np.zeros(count_visits, dtype=np.int64),
        "delivery": np.zeros((count_visits, 0), dtype=np.int64),
        "pickup": np.zeros((count_visits, 0), dtype=np.int64),
        "visit_location": _locations(visit.location for visit in visits),
        "windows": [() for _ in visits],
        "time_cost": [() for _ in visits],
        "call_first": np.zeros((count_visits, count_shifts), dtype=np.bool_),
        "due_s": np.full(count_visits, FAR, dtype=np.int64),
        "pairs": [],
        "links": [],
    }


def _of_shifts(problem: Problem) -> dict[str, Any]:
    shifts = problem.shifts

    def all_of(value: int) -> Ints:
        return np.full(len(shifts), value, dtype=np.int64)

    return {
        "capacity": np.zeros((len(shifts), 0), dtype=np.int64),
        "open_cost": all_of(0),
        "travel_cost_per_s": all_of(0),
        "travel_cost_per_m": all_of(0),
        "toll_factor": 0,
        "overtime_per_s": all_of(0),
        "earliest_s": all_of(-FAR),
        "soft_end_s": all_of(FAR),
        "hard_end_s": all_of(FAR),
        "max_travel_s": all_of(FAR),
        "max_travel_m": all_of(FAR),
        "max_leg_s": all_of(FAR),
        "max_duty_s": all_of(FAR),
        "start_location": _locations(shift.start_location for shift in shifts),
        "end_location": _locations(shift.end_location for shift in shifts),
        "profile": [shift.profile for shift in shifts],
        "seconds": dict(problem.travel.least_s),
        "metres": dict(problem.travel.metres),
        "tolls": dict(problem.travel.tolls),
        "by_time": dict(problem.travel.by_time),
        "breaks": [() for _ in shifts],
        "pinned_order": [() for _ in shifts],
        "duty_per_s": all_of(0),
        "depot": _locations(shift.depot for shift in shifts),
        "person": _people(problem),
        "fair_s": np.full(len({shift.technician for shift in shifts}), FAR, dtype=np.int64),
    }


def _locations(values: Iterable[int | None]) -> Ints:
    return np.array([OPEN if value is None else value for value in values], dtype=np.int64)


def _people(problem: Problem) -> Ints:
    """A number for each shift, the same for shifts of one technician."""
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(shift.technician, len(numbers)) for shift in problem.shifts], dtype=np.int64)
