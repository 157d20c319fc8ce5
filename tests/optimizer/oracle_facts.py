"""The oracle's facts: where a route leads, how long and far each leg is, and how long work takes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise

from optimizer import Problem, Shift, Visit
from tests.optimizer.oracle_day import LONG_AGO, Leg

Sequence = tuple[Visit, ...]


class Facts:
    """What a problem says about places and people, in the oracle's own words."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem

    def places(self, order: Sequence, shift: Shift, gap: int | None) -> list[int | None]:
        """Where somebody goes, from the start to the end of the shift."""
        between: list[int | None] = [v.location for v in order]
        if gap is not None:
            between.insert(gap, shift.depot)
        return [shift.start_location, *between, shift.end_location]

    def driven(
        self, order: Sequence, shift: Shift, gap: int | None, drives_s: tuple[int, ...]
    ) -> list[tuple[int, int, int]]:
        """Seconds, metres and toll of every leg, with these seconds if there are any."""
        legs = [self.leg(shift, *ends) for ends in pairwise(self.places(order, shift, gap))]
        if not drives_s:
            return legs
        return [(seconds, metres, toll) for seconds, (_, metres, toll) in zip(drives_s, legs, strict=True)]

    def road(self, shift: Shift, origin: int | None, destination: int | None) -> Leg:
        """How long a leg takes: always, or by when it is begun."""
        travel, profile = self.problem.travel, shift.profile
        if not travel.periods.get(profile):
            return self.leg(shift, origin, destination)[0]
        if origin is None or destination is None:
            return ((LONG_AGO, 0),)
        by_name = {None: travel.seconds[profile], **travel.traffic}
        changes = [(one.from_s, int(by_name[one.traffic][origin][destination])) for one in travel.periods[profile]]
        return ((LONG_AGO, int(travel.seconds[profile][origin][destination])), *changes)

    def leg(self, shift: Shift, origin: int | None, destination: int | None) -> tuple[int, int, int]:
        """Seconds at the best time of day, metres and toll of a leg; nothing at an open end."""
        if origin is None or destination is None:
            return 0, 0, 0
        travel, profile = self.problem.travel, shift.profile
        toll = int(travel.tolls[profile][origin][destination]) if profile in travel.tolls else 0
        names = {one.traffic for one in travel.periods.get(profile, ()) if one.traffic is not None}
        tables = travel.seconds[profile], *(travel.traffic[name] for name in names)
        return (
            min(int(table[origin][destination]) for table in tables),
            int(travel.metres[profile][origin][destination]),
            toll,
        )

    @staticmethod
    def work_s(visit: Visit, shift: Shift) -> int:
        """Seconds of work at the person's pace; a begun second counts."""
        return (visit.service_s * shift.pace_percent + 99) // 100

    def price_of_balance(self, busy_s: Mapping[str, int]) -> int:
        """What it costs that people drive and work so long: beyond what is fair, a tenth above an even share."""
        rate = self.problem.policy.balance_per_s
        return rate * sum(max(0, seconds - self.fair_s(person)) for person, seconds in busy_s.items()) if rate else 0

    def fair_s(self, person: str) -> int:
        """Work, and the shortest way to each place once, shared by how long people's shifts are."""
        problem = self.problem
        places = {visit.location for visit in problem.visits}
        origins = places | {shift.start_location for shift in problem.shifts if shift.start_location is not None}
        asked_s = sum(visit.service_s for visit in problem.visits)
        for place in places:
            ways = [self.leg(shift, origin, place)[0] for shift in problem.shifts for origin in origins - {place}]
            asked_s += min((seconds for seconds in ways if seconds >= 0), default=0)
        own_s = sum(shift.end_s - shift.start_s for shift in problem.shifts if shift.technician == person)
        all_s = sum(shift.end_s - shift.start_s for shift in problem.shifts)
        return math.ceil(Fraction(asked_s * own_s * 11, max(1, all_s) * 10))
