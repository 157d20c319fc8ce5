"""Prices and checks any engine's routes with plain code that shares nothing with an engine."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.bench.instances import LEFT_OUT_S, Instance

Routes = Sequence[Sequence[int]]
"""For each shift the visits in their order."""


@dataclass(frozen=True)
class Verdict:
    """What a plan costs and what it breaks. `cost` = travel seconds + the price of what is left out."""

    cost: int
    travel_s: int
    left_out: int
    faults: tuple[str, ...]


def judge(instance: Instance, routes: Routes) -> Verdict:
    """Every visit at most once, skills, windows, shift hours; travel from home to home."""
    planned = [visit for route in routes for visit in route]
    faults = [f"visit {visit} is planned twice" for visit in set(planned) if planned.count(visit) > 1]
    travel_s = 0
    for shift, route in enumerate(routes):
        travelled_s, broken = judge_route(instance, shift, route)
        travel_s += travelled_s
        faults += broken
    left_out = set(range(len(instance.visits))) - set(planned)
    dropped_s = LEFT_OUT_S * sum(instance.visits[visit].priority for visit in left_out)
    return Verdict(travel_s + dropped_s, travel_s, len(left_out), tuple(faults))


def judge_route(instance: Instance, shift: int, route: Sequence[int]) -> tuple[int, list[str]]:
    """Seconds of travel, and what is broken when everything starts as early as it can."""
    faults = []
    place, clock_s, travel_s = instance.home(shift), instance.shifts[shift].start_s, 0
    for index in route:
        visit = instance.visits[index]
        leg_s = int(instance.travel_s[place, index])
        start_s = max(clock_s + leg_s, visit.open_s)
        if not instance.can(shift, index):
            faults.append(f"shift {shift} has not the skill of visit {index}")
        if start_s > visit.close_s:
            faults.append(f"visit {index} starts {start_s - visit.close_s} s too late")
        place, clock_s, travel_s = index, start_s + visit.service_s, travel_s + leg_s
    if route:
        leg_s = int(instance.travel_s[place, instance.home(shift)])
        travel_s += leg_s
        if clock_s + leg_s > instance.shifts[shift].end_s:
            faults.append(f"shift {shift} ends {clock_s + leg_s - instance.shifts[shift].end_s} s too late")
    return travel_s, faults
