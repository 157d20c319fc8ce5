"""Checks answers to VRPLIB files: VRPTW as the DIMACS challenge rounds, SDVRPTW with vans that differ."""

from __future__ import annotations

import re
from fractions import Fraction
from math import isqrt
from typing import Any

from tests.bench.checkers.solomon import truncated
from tests.bench.checkers.vans import Fleet, Place, Van, check_fleet
from tests.bench.checkers.verdict import Verdict

PER_UNIT = {"VRPTW": 10, "SDVRPTW": 1000}


def check(text: str, answer: dict[str, Any]) -> Verdict:
    """The verdict on an answer to the instance in a file's text; customers are called by their nodes' numbers."""
    return check_fleet(read(text), answer)


def read(text: str) -> Fleet:
    keys = dict(re.findall(r"^([A-Z_]+) *: *(.*?) *$", text, re.MULTILINE))
    parts = re.split(r"^([A-Z_]+_SECTION)\s*$|^EOF", text, flags=re.MULTILINE)
    sections = {
        name: {int(line.split()[0]): line.split()[1:] for line in body.splitlines() if line.strip()}
        for name, body in zip(parts[1::2], parts[2::2], strict=False)
        if name
    }
    per_unit = PER_UNIT[keys["TYPE"]]
    points = {node: (Fraction(x), Fraction(y)) for node, (x, y) in sections["NODE_COORD_SECTION"].items()}
    services = sections.get("SERVICE_TIME_SECTION", {})
    places = {
        node: Place(
            opens=int(Fraction(sections["TIME_WINDOW_SECTION"][node][0]) * per_unit),
            closes=int(Fraction(sections["TIME_WINDOW_SECTION"][node][1]) * per_unit),
            service=int(Fraction(services[node][0] if services else keys["SERVICE_TIME"]) * per_unit),
            demand=int(sections["DEMAND_SECTION"][node][0]),
        )
        for node in points
    }
    own = sections.get("CAPACITY_SECTION", {})
    allowed = sections.get("VEHICLES_ALLOWED_CLIENTS_SECTION", {})
    longest = int(Fraction(keys["VEHICLES_MAX_DURATION"]) * per_unit) if "VEHICLES_MAX_DURATION" in keys else None
    vans = {
        number: Van(
            int(own[number][0] if own else keys["CAPACITY"]),
            frozenset(map(int, allowed[number])) if allowed else None,
            longest,
        )
        for number in range(1, int(keys["VEHICLES"]) + 1)
    }
    leg = truncated if keys["TYPE"] == "VRPTW" else rounded
    return Fleet(per_unit, min(points), places, vans, lambda a, b: leg(points[a], points[b]))


def rounded(here: tuple[Fraction, Fraction], there: tuple[Fraction, Fraction]) -> int:
    """The straight line in thousandths, to the nearest."""
    square = (here[0] - there[0]) ** 2 + (here[1] - there[1]) ** 2
    return (isqrt(int(4 * square * 1000**2)) + 1) // 2


def read_solution(text: str, fleet: Fleet) -> dict[str, Any]:
    """A published solution as an answer. Its customers are counted from 1 without the depot, and it has no times."""
    routes = [
        (int(number), [int(word) + 1 for word in visits.split()])
        for number, visits in re.findall(r"^Route #(\d+):(.*)$", text, re.MULTILINE)
    ]
    cost = re.search(r"^Cost:? *([\d.]+)", text, re.MULTILINE)
    assert cost, "a solution says what it costs"
    return {
        # solutions of VRPTW files are in the file's unit, those of SDVRPTW files in thousandths
        "cost": float(cost[1]) / (1000 if fleet.per_unit == 1000 else 1),
        "routes": [
            {
                "resource": number,
                "visits": visits,
                "starts": [start / fleet.per_unit for start in fleet.schedule(visits)],
            }
            for number, visits in routes
            if visits
        ],
        "unassigned": [],
    }
