"""What everybody's fair share of the work is, so that nobody drives and works much more than the others."""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from optimizer.problem import Problem
from optimizer.travel import UNREACHABLE

SPARE_PERCENT = 10
"""So much more than an even share is still fair: nobody can be asked to share to the second."""
COLUMNS = 256
"""So many places are looked at together: a table of ten thousand places would not fit into memory often."""
NO_ROAD_S = 2**40


def find_fair_s(problem: Problem) -> dict[str, int]:
    """Seconds of driving and work that are a fair share for each technician, a tenth more than an even one.

    All that is asked for is the service of every visit, planned or not, and for each place once the shortest way there
    from any other visit or from where a shift begins. It is shared by the length of people's shifts, all their days
    together. So nobody's share depends on the plan, and what each costs beyond it is their own.
    """
    hours_s: Counter[str] = Counter()
    for shift in problem.shifts:
        hours_s[shift.technician] += shift.end_s - shift.start_s
    asked_s = sum(visit.service_s for visit in problem.visits) + int(_shortest_ways_s(problem).sum())
    all_s = max(1, sum(hours_s.values()))
    return {
        technician: -(-asked_s * own_s * (100 + SPARE_PERCENT) // (100 * all_s))
        for technician, own_s in hours_s.items()
    }


def _shortest_ways_s(problem: Problem) -> NDArray[np.int64]:
    """Seconds to each place with visits, from the nearest other place, by the quickest profile; 0 if no road leads."""
    places = np.unique([visit.location for visit in problem.visits]).astype(np.int64)
    begins = [shift.start_location for shift in problem.shifts if shift.start_location is not None]
    origins = np.union1d(places, np.array(begins, dtype=np.int64))
    least_s = np.full(len(places), NO_ROAD_S, dtype=np.int64)
    for profile in sorted({shift.profile for shift in problem.shifts}):
        table = problem.travel.least_s[profile]
        for first in range(0, len(places), COLUMNS):
            some = places[first : first + COLUMNS]
            ways_s = table[np.ix_(origins, some)]
            nowhere = (ways_s == UNREACHABLE) | (origins[:, None] == some[None, :])
            least = np.where(nowhere, NO_ROAD_S, ways_s).min(axis=0, initial=NO_ROAD_S)
            least_s[first : first + COLUMNS] = np.minimum(least_s[first : first + COLUMNS], least)
    return np.where(least_s == NO_ROAD_S, 0, least_s)
