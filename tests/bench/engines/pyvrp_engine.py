"""PyVRP: prize collecting with one travel profile per set of skills; shifts that are alike are one type of vehicle."""

from collections import defaultdict

import numpy as np
import pyvrp
from pyvrp.stop import MaxRuntime

from tests.bench.engines.peer import Found
from tests.bench.instances import Instance


def prepare() -> None:
    """Nothing to compile."""


def run(instance: Instance, time_limit_s: float, threads: int, seed: int) -> Found:
    """One thread: it has no more."""
    assert threads == 1, "PyVRP searches with one thread"
    alike = defaultdict(list)
    for index, shift in enumerate(instance.shifts):
        alike[shift, instance.home(index)].append(index)
    homes = sorted({home for _, home in alike})
    skill_sets = sorted({shift.skills for shift, _ in alike}, key=sorted)
    forbidden = 10 * int(instance.travel_s.max()) + max(map(instance.price, range(len(instance.visits))))
    latest_s = 1 + max(shift.end_s for shift in instance.shifts)
    limits = [{} if one.longest_s is None else {"shift_duration": one.longest_s} for one, _ in alike]
    data = pyvrp.ProblemData(
        locations=[pyvrp.Location(0, 0) for _ in instance.travel_s],
        clients=[
            pyvrp.Client(
                index,
                delivery=[visit.demand],
                service_duration=visit.service_s,
                tw_early=visit.open_s,
                tw_late=visit.close_s,
                prize=0 if instance.left_out_s is None else instance.price(index),
                required=instance.left_out_s is None,
            )
            for index, visit in enumerate(instance.visits)
        ],
        depots=[pyvrp.Depot(home) for home in homes],
        vehicle_types=[
            pyvrp.VehicleType(
                len(shifts),
                capacity=[shift.capacity],
                start_depot=homes.index(home),
                end_depot=homes.index(home),
                tw_early=shift.start_s,
                tw_late=shift.end_s,
                profile=skill_sets.index(shift.skills),
                **limit,
            )
            for ((shift, home), shifts), limit in zip(alike.items(), limits, strict=True)
        ],
        distance_matrices=[distances(instance, skills, forbidden) for skills in skill_sets],
        # Where all must be served, what is only dear would be done: there it also takes too long.
        duration_matrices=[
            distances(instance, skills, latest_s) if instance.left_out_s is None else instance.travel_s
            for skills in skill_sets
        ],
    )
    result = pyvrp.solve(data, MaxRuntime(time_limit_s), seed=seed, display=False, collect_stats=False)
    routes: list[list[int]] = [[] for _ in instance.shifts]
    free = [list(shifts) for shifts in alike.values()]
    for route in result.best.routes():
        routes[free[route.vehicle_type()].pop()] = [activity.idx for activity in route if activity.is_client()]
    return Found(routes)


def distances(instance: Instance, skills: frozenset[str], forbidden: int) -> np.ndarray:
    """Travel seconds, prohibitive on the way to what these skills cannot do."""
    matrix = instance.travel_s.copy()
    for index, visit in enumerate(instance.visits):
        if visit.skill not in skills:
            matrix[:, index] = forbidden
            matrix[index, index] = 0
    return matrix
