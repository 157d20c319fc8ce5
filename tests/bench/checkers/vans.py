"""Checks routes of vans from one depot: distance, windows, capacity, allowed vans, longest route in time.

Whole numbers throughout: `per_unit` of them are one unit of the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from tests.bench.checkers.verdict import CLOSE, Verdict, roll_call, verdict


@dataclass(frozen=True)
class Place:
    """The depot or a customer: when it opens and closes, how long service takes, what it asks for."""

    opens: int
    closes: int
    service: int
    demand: int


@dataclass(frozen=True)
class Van:
    """What it holds; whom it may serve, None for all; how long a route may take."""

    capacity: int
    allowed: frozenset[int] | None = None
    longest: int | None = None


@dataclass(frozen=True)
class Fleet:
    """An instance; `leg(a, b)` is the distance and the travel time."""

    per_unit: int
    depot: int
    places: dict[int, Place]
    vans: dict[int, Van]
    leg: Callable[[int, int], int]

    def length(self, visits: Sequence[int]) -> int:
        """The distance of a route."""
        stops = [self.depot, *visits, self.depot]
        return sum(self.leg(*pair) for pair in pairwise(stops))

    def schedule(self, visits: Sequence[int]) -> list[int]:
        """Starts of a route that is home as early as it can, and begins as late as that allows."""
        stops = [self.depot, *visits, self.depot]

        def from_(leave: int) -> list[int]:
            moments = [leave]
            for before, here in pairwise(stops):
                done = moments[-1] + (self.places[before].service if len(moments) > 1 else 0)
                moments.append(max(self.places[here].opens, done + self.leg(before, here)))
            return moments

        latest = from_(self.places[self.depot].opens)[-1]
        for here, after in reversed(list(pairwise(stops))):
            service = self.places[here].service if here != self.depot else 0
            latest = min(self.places[here].closes, latest - self.leg(here, after) - service)
        return from_(latest)[1:-1]


def check_fleet(fleet: Fleet, answer: dict[str, Any]) -> Verdict:
    """The verdict on an answer whose objective is distance."""
    customers = [place for place in fleet.places if place != fleet.depot]
    faults = list(roll_call(answer, customers, fleet.vans))
    length = 0
    if not faults:
        length = sum(fleet.length(route["visits"]) for route in answer["routes"])
        faults = [fault for route in answer["routes"] for fault in _route_faults(fleet, route)]
    return verdict(answer, length / fleet.per_unit, faults)


def _route_faults(fleet: Fleet, route: dict[str, Any]) -> Iterator[str]:
    name, visits = route["resource"], route["visits"]
    van, depot = fleet.vans[name], fleet.places[fleet.depot]
    load = sum(fleet.places[visit].demand for visit in visits)
    if load > van.capacity:
        yield f"{name}: carries {load}, holds {van.capacity}"
    strangers = [] if van.allowed is None else [visit for visit in visits if visit not in van.allowed]
    if strangers:
        yield f"{name}: may not serve {strangers}"
    starts = [round(start * fleet.per_unit) for start in route["starts"]]
    if any(abs(whole - start * fleet.per_unit) > CLOSE for whole, start in zip(starts, route["starts"], strict=True)):
        yield f"{name}: starts have more decimals than the set"
    leave = starts[0] - fleet.leg(fleet.depot, visits[0])
    if leave < depot.opens:
        yield f"{name}: leaves {depot.opens - leave} before the depot opens"
    free, before = leave, fleet.depot
    for visit, start in zip(visits, starts, strict=True):
        place = fleet.places[visit]
        if start < free + fleet.leg(before, visit):
            yield f"{name}: at {visit} {free + fleet.leg(before, visit) - start} before it can be"
        if not place.opens <= start <= place.closes:
            yield f"{name}: at {visit} outside its window"
        free, before = start + place.service, visit
    home = free + fleet.leg(before, fleet.depot)
    if home > depot.closes:
        yield f"{name}: home {home - depot.closes} after the depot closes"
    if van.longest is not None and home - leave > van.longest:
        yield f"{name}: takes {home - leave}, {van.longest} are the most"
