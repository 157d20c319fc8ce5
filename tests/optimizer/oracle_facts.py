"""The oracle's facts: where a route leads, how long and far each leg is, and how long work takes."""

from __future__ import annotations

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
