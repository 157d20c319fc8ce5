"""vrp-cli by its Python binding, in its "pragmatic" format."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import vrp_cli

from tests.bench.engines.peer import Found
from tests.bench.instances import Instance, Shift

MIDNIGHT = datetime(2030, 1, 1, tzinfo=UTC)


def prepare() -> None:
    """Nothing to compile."""


def run(instance: Instance, time_limit_s: float, threads: int, seed: int) -> Found:
    """This binding takes no seed, and time limits in whole seconds."""
    assert all(shift.longest_s is None for shift in instance.shifts), "vrp-cli counts waiting before the first visit"
    travel = instance.travel_s.ravel().tolist()
    config = {
        "termination": {"maxTime": max(1, round(time_limit_s))},
        "environment": {
            "parallelism": {"numThreadPools": threads, "threadsPerPool": 1},
            "logging": {"enabled": False},
        },
    }
    matrix = {"profile": "car", "travelTimes": travel, "distances": travel}
    answer = vrp_cli.solve_pragmatic(
        problem=json.dumps(as_pragmatic(instance)), matrices=[json.dumps(matrix)], config=json.dumps(config)
    )
    routes: list[list[int]] = [[] for _ in instance.shifts]
    for tour in json.loads(answer).get("tours", []):
        jobs = [activity["jobId"] for stop in tour["stops"] for activity in stop["activities"]]
        routes[int(tour["vehicleId"])] = [int(job) for job in jobs if job.isdigit()]
    return Found(routes)


def as_pragmatic(instance: Instance) -> dict[str, Any]:
    """The instance as a problem of that format; cost is travel alone, matrices give both times and distances.

    Its objectives come strictly one after the other: what is left out first, then travel. Its own choice of
    objectives would put fewer routes before less travel.
    """
    alike: dict[tuple[Shift, int], list[int]] = {}
    for index, shift in enumerate(instance.shifts):
        alike.setdefault((shift, instance.home(index)), []).append(index)
    first = "minimize-unassigned" if instance.left_out_s is None else "maximize-value"
    jobs = [
        {
            "id": str(index),
            "deliveries": [
                {
                    "places": [
                        {
                            "location": {"index": index},
                            "duration": visit.service_s,
                            "times": [[clock(visit.open_s), clock(visit.close_s)]],
                        }
                    ],
                    "demand": [visit.demand],
                }
            ],
            "skills": {"allOf": [visit.skill]},
            **({"value": visit.priority} if instance.left_out_s is not None else {}),
        }
        for index, visit in enumerate(instance.visits)
    ]
    vehicles = [
        {
            "typeId": f"like {indices[0]}",
            "vehicleIds": list(map(str, indices)),
            "profile": {"matrix": "car"},
            "costs": {"fixed": 0, "distance": 1, "time": 0},
            "shifts": [
                {
                    "start": {"earliest": clock(shift.start_s), "location": {"index": home}},
                    "end": {"latest": clock(shift.end_s), "location": {"index": home}},
                }
            ],
            "capacity": [shift.capacity],
            "skills": sorted(shift.skills),
        }
        for (shift, home), indices in alike.items()
    ]
    return {
        "plan": {"jobs": jobs},
        "fleet": {"vehicles": vehicles, "profiles": [{"name": "car"}]},
        "objectives": [[{"type": first}], [{"type": "minimize-cost"}]],
    }


def clock(second: int) -> str:
    """A second of the day as a moment."""
    return (MIDNIGHT + timedelta(seconds=second)).isoformat().replace("+00:00", "Z")
