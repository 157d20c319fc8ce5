"""Priorities and exact costs in one sum: whatever the document asks, prices stay below what the search forbids."""

import random

from optimizer import solve
from optimizer.formats.vroom import parse_document, read

NOBODY = 99


def make_document(jobs, vehicles):
    """Speeds and rates whose greatest divisor is small, so that exact costs are large numbers."""
    rng = random.Random(1)
    size = jobs + 1
    durations = [[0 if one == other else rng.randint(600, 12_000) for other in range(size)] for one in range(size)]
    return {
        "vehicles": [
            {
                "id": number,
                "start_index": 0,
                "end_index": 0,
                "speed_factor": (1.37, 0.93, 1.11)[number % 3],
                "costs": {"per_hour": 3_601, "fixed": 2_000},
            }
            for number in range(vehicles)
        ],
        "jobs": [
            {
                "id": number,
                "location_index": number,
                "priority": rng.choice((0, 1, 5, 100)),
                "skills": [NOBODY] if number % 6 == 0 else [],
            }
            for number in range(1, size)
        ],
        "matrices": {"car": {"durations": durations}},
    }


def test_what_somebody_may_serve_is_served_whatever_it_costs():
    """Prices so high that the search took them for forbidden once left everything out."""
    document = read(parse_document(make_document(100, 10)))
    plan = solve(document.problem, time_limit_s=100, iterations=200)
    lacking = {visit.id for visit in document.problem.visits if visit.skills}
    assert {one.visit for one in plan.unassigned} == lacking
    assert len(lacking) == 16
