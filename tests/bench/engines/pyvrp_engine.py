"""PyVRP: prize collecting with one travel profile per set of skills."""

import pyvrp
from pyvrp.stop import MaxRuntime

from tests.bench.instances import LEFT_OUT_S, Instance
from tests.bench.judge import Routes

FORBIDDEN = 1_000_000
"""Distance to a visit whose skill the profile lacks: more than any prize."""


def run(instance: Instance, time_limit_s: float, seed: int) -> Routes:
    """One thread."""
    skill_sets = sorted({shift.skills for shift in instance.shifts}, key=sorted)
    data = pyvrp.ProblemData(
        locations=[pyvrp.Location(0, 0) for _ in instance.travel_s],
        clients=[
            pyvrp.Client(
                index,
                service_duration=visit.service_s,
                tw_early=visit.open_s,
                tw_late=visit.close_s,
                prize=LEFT_OUT_S * visit.priority,
                required=False,
            )
            for index, visit in enumerate(instance.visits)
        ],
        depots=[pyvrp.Depot(instance.home(shift)) for shift in range(len(instance.shifts))],
        vehicle_types=[
            pyvrp.VehicleType(
                start_depot=index,
                end_depot=index,
                tw_early=shift.start_s,
                tw_late=shift.end_s,
                profile=skill_sets.index(shift.skills),
            )
            for index, shift in enumerate(instance.shifts)
        ],
        distance_matrices=[distances(instance, skills) for skills in skill_sets],
        duration_matrices=[instance.travel_s] * len(skill_sets),
    )
    result = pyvrp.solve(data, MaxRuntime(time_limit_s), seed=seed, display=False, collect_stats=False)
    routes: list[list[int]] = [[] for _ in instance.shifts]
    for route in result.best.routes():
        routes[route.vehicle_type()] = [activity.idx for activity in route if activity.is_client()]
    return routes


def distances(instance: Instance, skills: frozenset[str]):
    """Travel seconds, prohibitive on the way to what these skills cannot do."""
    matrix = instance.travel_s.copy()
    for index, visit in enumerate(instance.visits):
        if visit.skill not in skills:
            matrix[:, index] = FORBIDDEN
            matrix[index, index] = 0
    return matrix
