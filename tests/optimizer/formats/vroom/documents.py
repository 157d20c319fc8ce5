"""Small random VROOM documents that use everything the format knows, from one seed each."""

from __future__ import annotations

import random
from typing import Any


def make_document(seed: int, most_tasks: int = 6, most_vehicles: int = 3) -> dict[str, Any]:
    """A valid document; each feature is there in some of them."""
    rng = random.Random(seed)
    size = rng.randint(3, 7)
    loads = rng.choice([0, 0, 1, 2])
    horizon = rng.choice([1_500, 4_000])
    origin = rng.choice([0, 0, 1_600_000_000])
    profiles = ["car", "bike"] if rng.random() < 0.3 else ["car"]
    matrices = {profile: _tables(rng, size) for profile in profiles}
    vehicles = [
        _vehicle(rng, number, size, loads, origin, horizon, profiles, matrices)
        for number in range(1, rng.randint(1, most_vehicles) + 1)
    ]
    document: dict[str, Any] = {"vehicles": vehicles, "matrices": matrices}
    jobs, shipments = [], []
    for number in range(1, rng.randint(1, most_tasks) + 1):
        if rng.random() < 0.25:
            shipments.append(_shipment(rng, number, size, loads, origin, horizon))
        else:
            jobs.append(_job(rng, number, size, loads, origin, horizon))
    if jobs:
        document["jobs"] = jobs
    if shipments:
        document["shipments"] = shipments
    return _priced_setup_apart(document)


def _tables(rng: random.Random, size: int) -> dict[str, Any]:
    def table(most: int) -> list[list[int]]:
        return [[0 if row == column else rng.randint(1, most) for column in range(size)] for row in range(size)]

    tables = {"durations": table(400)}
    kind = rng.random()
    if kind < 0.5:
        tables["distances"] = table(4_000)
    if kind > 0.8:
        tables["costs"] = table(50)
    return tables


def _span(rng: random.Random, origin: int, horizon: int, shortest: int) -> list[int]:
    start = rng.randint(0, horizon - shortest)
    return [origin + start, origin + rng.randint(start + shortest, horizon)]


def _windows(rng: random.Random, origin: int, horizon: int) -> list[list[int]]:
    first = _span(rng, origin, horizon // 2, 100)
    second = _span(rng, origin + horizon // 2 + 1, horizon // 2, 100)
    return rng.choice([[first], [second], [first, second], [second, first]])


def _task(rng: random.Random, number: int, size: int, origin: int, horizon: int) -> dict[str, Any]:
    task: dict[str, Any] = {"id": number, "location_index": rng.randrange(size)}
    if rng.random() < 0.7:
        task["service"] = rng.randint(0, 300)
    if rng.random() < 0.4:
        task["setup"] = rng.randint(1, 200)
    if rng.random() < 0.4:
        task["time_windows"] = _windows(rng, origin, horizon)
    if rng.random() < 0.2:
        task["service_per_type"] = {"van": rng.randint(0, 300)}
    if rng.random() < 0.2:
        task["description"] = f"Task {number}, “small”"
    if rng.random() < 0.2:
        task["location"] = [round(rng.uniform(-71.4, -71.2), 5), round(rng.uniform(-30, -29.8), 5)]
    return task


def _needs(rng: random.Random) -> dict[str, Any]:
    needs: dict[str, Any] = {}
    if rng.random() < 0.3:
        needs["skills"] = rng.sample([1, 2, 3], rng.randint(1, 2))
    if rng.random() < 0.5:
        needs["priority"] = rng.choice([1, 2, 10, 100])
    return needs


def _job(rng: random.Random, number: int, size: int, loads: int, origin: int, horizon: int) -> dict[str, Any]:
    job = _task(rng, number, size, origin, horizon) | _needs(rng)
    for key in ("delivery", "pickup"):
        if loads and rng.random() < 0.6:
            job[key] = [rng.randint(0, 4) for _ in range(loads)]
    return job


def _shipment(rng: random.Random, number: int, size: int, loads: int, origin: int, horizon: int) -> dict[str, Any]:
    shipment: dict[str, Any] = _needs(rng)
    if loads and rng.random() < 0.8:
        shipment["amount"] = [rng.randint(0, 4) for _ in range(loads)]
    for key in ("pickup", "delivery"):
        shipment[key] = _task(rng, number, size, origin, horizon)
    return shipment


def _vehicle(
    rng: random.Random,
    number: int,
    size: int,
    loads: int,
    origin: int,
    horizon: int,
    profiles: list[str],
    matrices: dict[str, Any],
) -> dict[str, Any]:
    profile = rng.choice(profiles)
    vehicle: dict[str, Any] = {"id": number, "profile": profile}
    both = ("start_index", "end_index")
    for key in rng.choice([both, both, ("start_index",), ("end_index",)]):
        vehicle[key] = rng.randrange(size)
    if loads:
        vehicle["capacity"] = [rng.randint(2, 9) for _ in range(loads)]
    if rng.random() < 0.7:
        vehicle["skills"] = rng.sample([1, 2, 3], rng.randint(1, 3))
    if rng.random() < 0.7:
        vehicle["time_window"] = _span(rng, origin, horizon, 900)
    if rng.random() < 0.3:
        vehicle["type"] = "van"
    if rng.random() < 0.2:
        vehicle["speed_factor"] = rng.choice([0.5, 0.8, 1.25, 2])
    if rng.random() < 0.25:
        vehicle["max_tasks"] = rng.randint(1, 4)
    if rng.random() < 0.2:
        vehicle["max_travel_time"] = rng.randint(300, 1_500)
    if rng.random() < 0.3 and "distances" in matrices[profile]:
        vehicle["max_distance"] = rng.randint(3_000, 15_000)
    if rng.random() < 0.5:
        vehicle["breaks"] = _breaks(rng, vehicle.get("time_window", [origin, origin + horizon]))
    vehicle["costs"] = _costs(rng, matrices[profile])
    return vehicle


def _breaks(rng: random.Random, window: list[int]) -> list[dict[str, Any]]:
    breaks = []
    third = (window[1] - window[0]) // 3
    for number in range(1, rng.randint(1, 2) + 1):
        start = rng.randint(window[0] + (number - 1) * third, window[0] + number * third)
        breaks.append(
            {
                "id": number,
                "service": rng.choice([0, 60, 200]),
                "time_windows": [[start, start + rng.randint(0, third - 200)]],
            }
        )
    return breaks


def _costs(rng: random.Random, tables: dict[str, Any]) -> dict[str, int]:
    costs = {}
    if rng.random() < 0.3:
        costs["fixed"] = rng.randint(0, 600)
    if rng.random() < 0.3:
        costs["per_task_hour"] = rng.choice([0, 100, 3_600])
    if "costs" not in tables and rng.random() < 0.4:
        costs["per_hour"] = rng.choice([0, 77, 3_600, 10_000])
    if "distances" in tables and rng.random() < 0.4:
        costs["per_km"] = rng.choice([3, 1_000])
    return costs


def _priced_setup_apart(document: dict[str, Any]) -> dict[str, Any]:
    """Set-up is not priced while searching at shared places: that is warned of, so not part of these documents."""
    if any(vehicle["costs"].get("per_task_hour") for vehicle in document["vehicles"]):
        for job in document.get("jobs", []):
            job.pop("setup", None)
        for shipment in document.get("shipments", []):
            shipment["pickup"].pop("setup", None)
            shipment["delivery"].pop("setup", None)
    return document
