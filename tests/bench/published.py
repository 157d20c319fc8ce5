"""Published files as instances and answers: what peers need to plan them, and what the checkers say of their routes."""

from __future__ import annotations

import csv
import importlib
from pathlib import Path
from typing import Any

import numpy as np

from tests.bench.checkers import vrplib
from tests.bench.checkers.vans import Fleet
from tests.bench.checkers.verdict import Verdict
from tests.bench.instances import Instance, Shift, Visit
from tests.bench.judge import Routes


def check(kind: str, path: Path, answer: dict[str, Any]) -> Verdict:
    """The verdict of the set's checker, `kind` being the format's name."""
    verdict: Verdict = importlib.import_module(f"tests.bench.checkers.{kind}").check(_text(path), answer)
    return verdict


def read_fleet(kind: str, path: Path) -> Fleet:
    """The checker's own reading of a VRPTW file."""
    fleet: Fleet = importlib.import_module(f"tests.bench.checkers.{kind}").read(_text(path))
    return fleet


def as_instance(fleet: Fleet, name: str) -> Instance:
    """Vans become shifts from one depot; which vans may serve a customer becomes a skill of that name."""
    customers = list_customers(fleet)
    may_serve = {
        customer: [number for number, van in fleet.vans.items() if van.allowed is None or customer in van.allowed]
        for customer in customers
    }
    skills = {customer: " ".join(map(str, numbers)) for customer, numbers in may_serve.items()}
    depot = fleet.places[fleet.depot]
    return Instance(
        name=name,
        visits=tuple(
            Visit(place.service, place.opens, place.closes, skills[customer], priority=1, demand=place.demand)
            for customer, place in ((customer, fleet.places[customer]) for customer in customers)
        ),
        shifts=tuple(
            Shift(
                depot.opens,
                depot.closes,
                frozenset(skills[customer] for customer in customers if number in may_serve[customer]),
                van.capacity,
                van.longest,
            )
            for number, van in fleet.vans.items()
        ),
        travel_s=_travel(fleet, [*customers, fleet.depot]),
        depot=len(customers),
        left_out_s=None,
    )


def as_answer(fleet: Fleet, name: str, routes: Routes, seconds: float) -> dict[str, Any]:
    """Routes by position as an answer with the file's own numbers."""
    customers = list_customers(fleet)
    planned = [
        (number, [customers[visit] for visit in route])
        for number, route in zip(fleet.vans, routes, strict=True)
        if route
    ]
    served = {visit for _, visits in planned for visit in visits}
    return {
        "instance": name,
        "seconds": seconds,
        "cost": sum(fleet.length(visits) for _, visits in planned) / fleet.per_unit,
        "routes": [
            {
                "resource": number,
                "visits": visits,
                "starts": [start / fleet.per_unit for start in fleet.schedule(visits)],
            }
            for number, visits in planned
        ],
        "unassigned": [customer for customer in customers if customer not in served],
    }


def list_customers(fleet: Fleet) -> list[int]:
    """Every place but the depot, in the file's order."""
    return [place for place in fleet.places if place != fleet.depot]


def find_best(path: Path, table: str, column: str) -> float | None:
    """The best known cost: of the solution beside a VRPLIB file, or from the set's table; None if there is none."""
    if path.with_suffix(".sol").is_file():
        solution = vrplib.read_solution(_text(path.with_suffix(".sol")), vrplib.read(_text(path)))
        return float(solution["cost"])
    if not (path.parent / table).is_file():
        return None
    with (path.parent / table).open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            if row["instance"] in (path.name, path.stem):
                return float(row[column])
    return None


def _travel(fleet: Fleet, places: list[int]) -> np.ndarray:
    """int64[N, N], in 1/`per_unit`; all sets are symmetric."""
    legs = np.zeros((len(places), len(places)), dtype=np.int64)
    for row, here in enumerate(places):
        for column in range(row):
            legs[row, column] = legs[column, row] = fleet.leg(here, places[column])
    return legs


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8-sig")
