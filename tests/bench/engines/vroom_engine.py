"""VROOM by its Python binding: most priority first, then least travel."""

from datetime import timedelta

import vroom

from tests.bench.engines.peer import Found
from tests.bench.instances import Instance

EXPLORATION_LEVEL = 5
MOST_PRIORITY = 100
"""VROOM's scale ends here; ours is spread over it, since it sums priorities."""


def prepare() -> None:
    """Nothing to compile."""


def run(instance: Instance, time_limit_s: float | None, threads: int, seed: int) -> Found:
    """The search has no seed and stops by itself when it finds nothing more; without a time limit it runs till then."""
    assert all(shift.longest_s is None for shift in instance.shifts), "VROOM knows no longest time of a route"
    problem = vroom.Input()
    problem.set_durations_matrix("car", instance.travel_s.astype("uint32"))
    most = max(visit.priority for visit in instance.visits)
    skills = instance.list_skills()
    for index, visit in enumerate(instance.visits):
        problem.add_job(
            vroom.Job(
                id=index,
                location=index,
                default_service=visit.service_s,
                delivery=[visit.demand],
                skills={skills.index(visit.skill)},
                priority=visit.priority * (MOST_PRIORITY // most),
                time_windows=[vroom.TimeWindow(visit.open_s, visit.close_s)],
            )
        )
    for index, shift in enumerate(instance.shifts):
        problem.add_vehicle(
            vroom.Vehicle(
                id=index,
                start=instance.home(index),
                end=instance.home(index),
                capacity=[shift.capacity],
                skills={skills.index(skill) for skill in shift.skills},
                time_window=vroom.TimeWindow(shift.start_s, shift.end_s),
            )
        )
    timeout = None if time_limit_s is None else timedelta(seconds=time_limit_s)
    solution = problem.solve(EXPLORATION_LEVEL, nb_threads=threads, timeout=timeout)
    routes: list[list[int]] = [[] for _ in instance.shifts]
    for step in solution.routes.to_dict("records"):
        if step["type"] == "job":
            routes[int(step["vehicle_id"])].append(int(step["id"]))
    return Found(routes)
