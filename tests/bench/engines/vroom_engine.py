"""VROOM by its Python binding: most priority first, then least travel."""

from datetime import timedelta

import vroom

from tests.bench.instances import SKILLS, Instance
from tests.bench.judge import Routes

EXPLORATION_LEVEL = 5
MOST_PRIORITY = 100
"""VROOM's scale ends here; ours is spread over it, since it sums priorities."""


def run(instance: Instance, time_limit_s: float, seed: int) -> Routes:
    """One thread; the search has no seed and stops by itself when it finds nothing more."""
    problem = vroom.Input()
    problem.set_durations_matrix("car", instance.travel_s.astype("uint32"))
    most = max(visit.priority for visit in instance.visits)
    for index, visit in enumerate(instance.visits):
        problem.add_job(
            vroom.Job(
                id=index,
                location=index,
                default_service=visit.service_s,
                skills={SKILLS.index(visit.skill)},
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
                skills={SKILLS.index(skill) for skill in shift.skills},
                time_window=vroom.TimeWindow(shift.start_s, shift.end_s),
            )
        )
    solution = problem.solve(EXPLORATION_LEVEL, nb_threads=1, timeout=timedelta(seconds=time_limit_s))
    routes: list[list[int]] = [[] for _ in instance.shifts]
    for step in solution.routes.to_dict("records"):
        if step["type"] == "job":
            routes[int(step["vehicle_id"])].append(int(step["id"]))
    return routes
