"""The published plan as planning again sees it: where a search begins, and what people know already."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import optimizer
from dispatch import clock
from dispatch.models import PlanRoute, Stop
from dispatch.planning.facts import DayFacts


def find_published_plan(facts: DayFacts) -> optimizer.Plan | None:
    """The published plan in the optimizer's words, or None; what of it does not fit any more is the optimizer's to say.

    Visits are job numbers, shifts are technicians' codes, as in the day's problem.
    """
    if facts.published is None:
        return None
    return optimizer.Plan(tuple(_route(facts, route) for route in facts.routes if _visited(route)), ())


def list_baseline(facts: DayFacts, codes: Collection[str]) -> dict[int, optimizer.Planned]:
    """By job id: with whom, of those who work that day, and when a job is published."""
    return {
        stop.job_id: optimizer.Planned(route.technician.code, _second(facts, stop.planned_start_at))
        for route in facts.routes
        if route.technician.code in codes
        for stop in _visited(route)
    }


def _visited(route: PlanRoute) -> list[Stop]:
    """A visit that was cancelled serves nobody, also when its job is open again."""
    return [stop for stop in route.stops if stop.status != "cancelled"]


def _route(facts: DayFacts, route: PlanRoute) -> optimizer.Route:
    stops = tuple(
        optimizer.Stop(
            stop.job.number,
            _second(facts, stop.planned_arrive_at),
            _second(facts, stop.planned_start_at),
            _second(facts, stop.planned_end_at),
            stop.travel_s,
            stop.travel_m,
            stop.setup_s,
        )
        for stop in _visited(route)
    )
    leave_s, home_s = (0 if at is None else _second(facts, at) for at in (route.leave_at, route.home_at))
    return optimizer.Route(route.technician.code, leave_s, home_s, stops, (), route.travel_home_s, route.travel_home_m)


def _second(facts: DayFacts, at: datetime) -> int:
    return clock.seconds_between(facts.day_start_at, at)
