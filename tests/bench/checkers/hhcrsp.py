"""Checks answers to home health care files: travel, tardiness, and services in twos."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Any

from tests.bench.checkers.verdict import CLOSE, Verdict, roll_call, verdict


def check(text: str, answer: dict[str, Any]) -> Verdict:
    """The verdict on an answer to the instance in a file's text; visits are called `patient/service`."""
    day = Day(json.loads(text))
    faults = list(roll_call(answer, day.needs, day.abilities))
    if faults:
        return verdict(answer, 0, faults)
    starts: dict[str, Fraction] = {}
    by: dict[str, str] = {}
    distance = Fraction(0)
    for route in answer["routes"]:
        caregiver = route["resource"]
        moments = [Fraction(str(start)) for start in route["starts"]]
        starts.update(zip(route["visits"], moments, strict=True))
        by.update(dict.fromkeys(route["visits"], caregiver))
        distance += day.travel(route["visits"])
        faults += [f"{caregiver}: {fault}" for fault in day.route_faults(caregiver, route["visits"], moments)]
    faults += day.pair_faults(starts, by)
    late = [max(Fraction(0), start - day.needs[visit][2]) for visit, start in starts.items()]
    cost = (distance + sum(late) + max(late, default=Fraction(0))) / 3
    return verdict(answer, float(cost), faults)


def exact(number: float) -> Fraction:
    """A number of the file; what lies beyond nine decimals is noise of floats."""
    return Fraction(str(round(number, 9)))


class Day:
    """An instance. `needs` are (place, opens, closes, duration, service) of each visit, `abilities` of caregivers."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.rows = document["distances"]
        first = len(document["central_offices"])
        self.needs: dict[str, tuple[int, Fraction, Fraction, Fraction, str]] = {}
        self.pairs: list[tuple[str, str, Fraction, Fraction]] = []
        usual = {one["id"]: one.get("default_duration") for one in document["services"]}
        for place, patient in enumerate(document["patients"], first):
            opens, closes = (exact(end) for end in patient["time_window"])
            names = []
            for need in patient["required_caregivers"]:
                names.append(f"{patient['id']}/{need['service']}")
                duration = exact(need.get("duration", usual[need["service"]]))
                self.needs[names[-1]] = place, opens, closes, duration, need["service"]
            if "synchronization" in patient:
                least, most = patient["synchronization"].get("distance", (0, 0))
                self.pairs.append((names[0], names[1], exact(least), exact(most)))
        self.abilities = {one["id"]: set(one["abilities"]) for one in document["caregivers"]}

    def leg(self, origin: int, destination: int) -> Fraction:
        return exact(self.rows[origin][destination])

    def travel(self, visits: list[str]) -> Fraction:
        stops = [0, *(self.needs[visit][0] for visit in visits), 0]
        return sum((self.leg(*pair) for pair in pairwise(stops)), Fraction(0))

    def route_faults(self, caregiver: str, visits: list[str], starts: list[Fraction]) -> Iterator[str]:
        before, free = 0, Fraction(0)
        for visit, start in zip(visits, starts, strict=True):
            place, opens, _, duration, service = self.needs[visit]
            if service not in self.abilities[caregiver]:
                yield f"cannot do {visit}"
            if start < opens - Fraction(CLOSE):
                yield f"begins {visit} before its window"
            if start < free + self.leg(before, place) - Fraction(CLOSE):
                yield f"begins {visit} before being there"
            before, free = place, start + duration

    def pair_faults(self, starts: dict[str, Fraction], by: dict[str, str]) -> list[str]:
        faults = []
        for first, second, least, most in self.pairs:
            if (first in starts) != (second in starts):
                faults.append(f"{first} and {second}: one without the other")
            elif first in starts:
                lag = starts[second] - starts[first]
                if not least - Fraction(CLOSE) <= lag <= most + Fraction(CLOSE):
                    faults.append(f"{second} begins {float(lag)} after {first}, not {float(least)} to {float(most)}")
                if by[first] == by[second]:
                    faults.append(f"{first} and {second}: by the same caregiver")
        return faults
