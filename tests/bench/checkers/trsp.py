"""Checks answers to Pillac's technician routing files: time on duty, exact distances, tools, parts, the depot."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import dist
from typing import Any

from tests.bench.checkers.verdict import CLOSE, Verdict, roll_call, verdict

COST_CLOSE = 1e-4
"""Published values have four decimals."""


@dataclass(frozen=True)
class Row:
    """The depot (row 0), a technician or a request."""

    point: tuple[float, float]
    opens: float
    closes: float
    service: float
    skills: frozenset[int]
    tools: frozenset[int]
    parts: tuple[int, ...]


def check(text: str, answer: dict[str, Any]) -> Verdict:
    """The verdict on an answer to the instance in a file's text."""
    crew, rows = read(text)
    faults = list(roll_call(answer, range(crew + 1, len(rows)), range(1, crew + 1)))
    duties = []
    if not faults:
        for route in answer["routes"]:
            stops = [rows[0 if visit == "depot" else visit] for visit in route["visits"]]
            faults += [f"{route['resource']}: {fault}" for fault in _needs(rows[route["resource"]], rows, route)]
            faults += [f"{route['resource']}: {fault}" for fault in _times(rows[route["resource"]], stops, route)]
            duties.append(duty(rows[route["resource"]], stops))
    return verdict(answer, sum(duties), faults, COST_CLOSE)


def read(text: str) -> tuple[int, list[Row]]:
    """How many technicians, and all rows: the depot, technicians, requests."""
    lines = [line for line in text.splitlines() if line[:1].isdigit()]
    rows = []
    for line in lines[1:]:
        plain, lists = line.split("[")[0], re.findall(r"\[(.*?)\]", line)
        numbers = [float(word) for word in plain.split()]
        skills, tools, parts = ([int(word) for word in found.split(",") if word.strip()] for found in lists)
        rows.append(Row((numbers[1], numbers[2]), *numbers[3:6], frozenset(skills), frozenset(tools), tuple(parts)))
    return int(lines[0].split()[0]), rows


def duty(home: Row, stops: list[Row]) -> float:
    """From the latest start that does not delay the end, to the earliest end."""
    end = home.opens
    place = home
    for stop in stops:
        end = max(stop.opens, end + (place.service if place is not home else 0) + dist(place.point, stop.point))
        place = stop
    end += place.service + dist(place.point, home.point)
    latest, place = end, home
    for stop in reversed(stops):
        latest = min(stop.closes, latest - dist(stop.point, place.point) - stop.service)
        place = stop
    return end - (latest - dist(place.point, home.point))


def _needs(technician: Row, rows: list[Row], route: dict[str, Any]) -> Iterator[str]:
    tools, parts, called = technician.tools, list(technician.parts), False
    for visit in route["visits"]:
        if visit == "depot":
            if called:
                yield "calls at the depot twice"
            called = True
            continue
        request = rows[visit]
        if not request.skills <= technician.skills:
            yield f"has not the skill of {visit}"
        if called:
            continue
        if not request.tools <= tools:
            yield f"has not the tools of {visit}"
        parts = [have - need for have, need in zip(parts, request.parts, strict=True)]
        if min(parts, default=0) < 0:
            yield f"has no spare parts left for {visit}"


def _times(technician: Row, stops: list[Row], route: dict[str, Any]) -> Iterator[str]:
    place, free = technician, technician.opens
    for visit, stop, start in zip(route["visits"], stops, route["starts"], strict=True):
        if start < free + dist(place.point, stop.point) - CLOSE:
            yield f"is at {visit} before that can be"
        if not stop.opens - CLOSE <= start <= stop.closes + CLOSE:
            yield f"is at {visit} outside its window"
        place, free = stop, start + stop.service
    if free + dist(place.point, technician.point) > technician.closes + CLOSE:
        yield "is home too late"
