"""The numbers of a route and of a day, each defined once, all as planned in the published version but what is late.

utilization = service / shift time; busy share = (service + travel) / shift time. Service includes set-up.
Shift time is from the planned start to the planned end of the shift; overtime is not part of it. Cancelled visits
stay on their routes until somebody plans again: they are no work, and no travel unless somebody had set out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatch.clock import seconds_between
from dispatch.jobs.statuses import BEGUN
from dispatch.models import PlanRoute, Stop


@dataclass(frozen=True)
class DayTotals:
    """Whole seconds and metres; `late` counts visits that start, or really started, after the window promised to the
    customer, or after their SLA is due."""

    shift_s: int = 0
    service_s: int = 0
    travel_s: int = 0
    travel_m: int = 0
    break_s: int = 0
    wait_s: int = 0
    overtime_s: int = 0
    visits: int = 0
    late: int = 0

    @property
    def utilization(self) -> float:
        """Service per shift time; 0 where there is no shift."""
        return round(self.service_s / self.shift_s, 4) if self.shift_s else 0.0

    @property
    def busy_share(self) -> float:
        """Service and travel per shift time; 0 where there is no shift."""
        return round((self.service_s + self.travel_s) / self.shift_s, 4) if self.shift_s else 0.0


def late_s(stop: Stop) -> int:
    """Seconds by which work starts (really, else as planned) after the end of the promised window, or after the SLA is
    due, whichever is first; 0 when in time, or cancelled."""
    if stop.status == "cancelled":
        return 0
    promise = stop.job.find_promise()
    latest = [stop.job.due_at, promise.promised_until_at if promise is not None else None]
    start_at = stop.actual_start_at or stop.planned_start_at
    return max((seconds_between(one, start_at) for one in latest if one is not None and one < start_at), default=0)


def route_totals(route: PlanRoute) -> DayTotals:
    """The numbers of one technician's day, also when nobody is visited."""
    visited = [stop for stop in route.stops if stop.status != "cancelled"]
    driven = [stop for stop in route.stops if stop.status != "cancelled" or stop.actual_departed_at is not None]
    travel_home_s, travel_home_m = (route.travel_home_s, route.travel_home_m) if driven else (0, 0)
    home_at = _home_at(route, driven)
    return DayTotals(
        shift_s=seconds_between(route.shift_start_at, route.shift_end_at),
        service_s=sum(seconds_between(stop.planned_start_at, stop.planned_end_at) for stop in visited),
        travel_s=sum(stop.travel_s for stop in driven) + travel_home_s,
        travel_m=sum(stop.travel_m for stop in driven) + travel_home_m,
        break_s=sum(seconds_between(rest.planned_start_at, rest.planned_end_at) for rest in route.rests),
        wait_s=_wait_s(route),
        overtime_s=0 if home_at is None else max(0, seconds_between(route.shift_end_at, home_at)),
        visits=len(visited),
        late=sum(late_s(stop) > 0 for stop in visited),
    )


def _home_at(route: PlanRoute, driven: list[Stop]) -> datetime | None:
    """When they are home: sooner than planned where the last visits were cancelled; None for who does not leave."""
    if not driven or route.home_at is None:
        return None if route.stops else route.home_at
    last = max(driven, key=lambda stop: stop.position)
    if last.position == max(stop.position for stop in route.stops):
        return route.home_at
    ends_at = last.actual_end_at or last.planned_end_at
    return min(route.home_at, ends_at + timedelta(seconds=route.travel_home_s))


def _wait_s(route: PlanRoute) -> int:
    """Time between visits that is neither travel nor a break.

    What has begun was planned before what follows it, maybe in other versions: their times say nothing about each
    other, and each visit tells of its own waiting, between arriving and starting. Nobody waits for what is cancelled.
    """
    wait_s, free_at = 0, route.leave_at
    for stop in sorted(route.stops, key=lambda stop: stop.position):
        if stop.status in BEGUN or free_at is None:
            idle_s = _without_rests_s(route, stop.planned_arrive_at, stop.planned_start_at)
        else:
            idle_s = _without_rests_s(route, free_at, stop.planned_start_at) - stop.travel_s
        if stop.status != "cancelled":
            wait_s += max(0, idle_s)
        free_at = None if stop.status in BEGUN else stop.planned_end_at
    if route.stops and free_at is not None and route.home_at is not None:
        wait_s += max(0, _without_rests_s(route, free_at, route.home_at) - route.travel_home_s)
    return wait_s


def _without_rests_s(route: PlanRoute, from_at: datetime, until_at: datetime) -> int:
    """Seconds from one to the other, less the breaks in between."""
    in_breaks_s = sum(
        max(0, seconds_between(max(from_at, rest.planned_start_at), min(until_at, rest.planned_end_at)))
        for rest in route.rests
    )
    return seconds_between(from_at, until_at) - in_breaks_s


def add_up(days: Iterable[DayTotals]) -> DayTotals:
    """The sum of several; the shares of a sum are shares of the summed seconds, not means of shares."""
    days = list(days)
    return DayTotals(**{name: sum(getattr(day, name) for day in days) for name in DayTotals.__dataclass_fields__})
