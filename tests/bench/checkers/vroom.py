"""Checks answers to VROOM documents with matrices and without breaks, speeds and rates of their own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from tests.bench.checkers.verdict import Verdict, roll_call, verdict

PLAIN_TASK = {"id", "location_index", "setup", "service", "time_windows", "description"}
PLAIN_JOB = PLAIN_TASK | {"delivery", "pickup", "skills", "priority"}
PLAIN_SHIPMENT = {"pickup", "delivery", "amount", "skills", "priority"}
PLAIN_VEHICLE = {"id", "profile", "start_index", "end_index", "capacity", "skills", "time_window", "max_tasks"}
PLAIN_VEHICLE |= {"max_travel_time", "costs", "description"}


@dataclass(frozen=True)
class Task:
    """A job, or one end of a shipment: what it needs, what it takes off and puts on the vehicle."""

    facts: dict[str, Any]
    skills: frozenset[int]
    off: list[int]
    on: list[int]
    aboard: bool
    """Whether what is taken off was on the vehicle from the start."""


def check(text: str, answer: dict[str, Any]) -> Verdict:
    """The verdict on an answer; raises ValueError for a document with features that are not judged here."""
    document = json.loads(text)
    _refuse_features(document)
    tasks = dict(_tasks(document))
    vehicles = {one["id"]: one for one in document["vehicles"]}
    faults = list(roll_call(answer, tasks, vehicles))
    cost = 0
    if not faults:
        for route in answer["routes"]:
            vehicle = vehicles[route["resource"]]
            legs = document["matrices"][vehicle.get("profile", "car")]["durations"]
            stops = [tasks[visit] for visit in route["visits"]]
            travel = sum(_legs(vehicle, stops, legs))
            cost += travel + vehicle.get("costs", {}).get("fixed", 0)
            faults += [f"{route['resource']}: {fault}" for fault in _route_faults(vehicle, stops, legs, route)]
        faults += _shipment_faults(document, answer)
    return verdict(answer, cost, faults)


def _refuse_features(document: dict[str, Any]) -> None:
    plain = {"jobs": PLAIN_JOB, "shipments": PLAIN_SHIPMENT, "vehicles": PLAIN_VEHICLE}
    found = {
        f"{kind}.{key}"
        for kind, known in plain.items()
        for one in document.get(kind, [])
        for key in one
        if key not in known
    }
    ends = [shipment[end] for shipment in document.get("shipments", []) for end in ("pickup", "delivery")]
    found |= {f"shipments.{key}" for end in ends for key in end if key not in PLAIN_TASK}
    found |= {f"costs.{key}" for one in document["vehicles"] for key in one.get("costs", {}) if key != "fixed"}
    found |= {f"matrices.{key}" for one in document.get("matrices", {}).values() for key in one if key == "costs"}
    if found or "matrices" not in document:
        raise ValueError(f"not judged here: {', '.join(sorted(found)) or 'coordinates without matrices'}")


def _tasks(document: dict[str, Any]) -> Iterator[tuple[Any, Task]]:
    for job in document.get("jobs", []):
        skills = frozenset(job.get("skills", ()))
        yield job["id"], Task(job, skills, job.get("delivery", []), job.get("pickup", []), aboard=True)
    for shipment in document.get("shipments", []):
        skills, amount = frozenset(shipment.get("skills", ())), shipment.get("amount", [])
        for end, off, on in (("pickup", [], amount), ("delivery", amount, [])):
            yield f"{end}/{shipment[end]['id']}", Task(shipment[end], skills, off, on, aboard=False)


def _legs(vehicle: dict[str, Any], stops: list[Task], durations: list[list[int]]) -> list[int]:
    """The leg into each stop and the one home; an end that is open has none."""
    places = [stop.facts["location_index"] for stop in stops]
    first = durations[vehicle["start_index"]][places[0]] if "start_index" in vehicle else 0
    last = durations[places[-1]][vehicle["end_index"]] if "end_index" in vehicle else 0
    return [first, *(durations[a][b] for a, b in pairwise(places)), last]


def _route_faults(
    vehicle: dict[str, Any], stops: list[Task], durations: list[list[int]], route: dict[str, Any]
) -> Iterator[str]:
    legs = _legs(vehicle, stops, durations)
    opens, closes = vehicle.get("time_window", (0, float("inf")))
    free, before = opens, vehicle.get("start_index")
    if len(stops) > vehicle.get("max_tasks", len(stops)):
        yield "too many tasks"
    if sum(legs) > vehicle.get("max_travel_time", sum(legs)):
        yield "travels too long"
    for visit, stop, leg, start in zip(route["visits"], stops, legs, route["starts"], strict=False):
        windows = stop.facts.get("time_windows", [(0, float("inf"))])
        if start < free + leg:
            yield f"is at {visit} before that can be"
        if not any(first <= start <= last for first, last in windows):
            yield f"is at {visit} outside its windows"
        if not stop.skills <= set(vehicle.get("skills", ())):
            yield f"has not the skills of {visit}"
        place = stop.facts["location_index"]
        free = start + stop.facts.get("service", 0) + (stop.facts.get("setup", 0) if place != before else 0)
        before = place
    if free + legs[-1] > closes:
        yield "is home too late"
    yield from _load_faults(vehicle, stops)


def _load_faults(vehicle: dict[str, Any], stops: list[Task]) -> Iterator[str]:
    if "capacity" not in vehicle:
        return
    for kind, room in enumerate(vehicle["capacity"]):
        load = sum(stop.off[kind] for stop in stops if stop.aboard and stop.off)
        peak = load
        for stop in stops:
            load += (stop.on[kind] if stop.on else 0) - (stop.off[kind] if stop.off else 0)
            peak = max(peak, load)
        if peak > room:
            yield f"carries {peak} of kind {kind}, holds {room}"


def _shipment_faults(document: dict[str, Any], answer: dict[str, Any]) -> Iterator[str]:
    where = {
        visit: (route["resource"], place) for route in answer["routes"] for place, visit in enumerate(route["visits"])
    }
    for shipment in document.get("shipments", []):
        ends = [where.get(f"{end}/{shipment[end]['id']}") for end in ("pickup", "delivery")]
        if ends == [None, None]:
            continue
        if None in ends or ends[0][0] != ends[1][0] or ends[0][1] > ends[1][1]:
            yield f"shipment {shipment['pickup']['id']} is not brought by one vehicle, first picked up"
