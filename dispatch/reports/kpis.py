"""The numbers of a route and of a day, each defined once, all as planned in the published version but what is late.

utilization = service / shift time; busy share = (service + travel) / shift time. Service includes set-up.
Shift time is from the planned start to the planned end of the shift; overtime is not part of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dispatch.clock import seconds_between
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
    service_s = sum(seconds_between(stop.planned_start_at, stop.planned_end_at) for stop in route.stops)
    travel_s = sum(stop.travel_s for stop in route.stops) + route.travel_home_s
    # A break before leaving or after coming home belongs to the shift, but not to the time on the road.
    break_s = sum(seconds_between(rest.planned_start_at, rest.planned_end_at) for rest in route.rests)
    out_s = break_out_s = overtime_s = 0
    if route.leave_at is not None and route.home_at is not None:
        out_s = seconds_between(route.leave_at, route.home_at)
        break_out_s = sum(
            seconds_between(rest.planned_start_at, rest.planned_end_at)
            for rest in route.rests
            if rest.planned_start_at >= route.leave_at and rest.planned_end_at <= route.home_at
        )
        overtime_s = max(0, seconds_between(route.shift_end_at, route.home_at))
    return DayTotals(
        shift_s=seconds_between(route.shift_start_at, route.shift_end_at),
        service_s=service_s,
        travel_s=travel_s,
        travel_m=sum(stop.travel_m for stop in route.stops) + route.travel_home_m,
        break_s=break_s,
        wait_s=max(0, out_s - service_s - travel_s - break_out_s),
        overtime_s=overtime_s,
        visits=len(route.stops),
        late=sum(late_s(stop) > 0 for stop in route.stops),
    )


def add_up(days: Iterable[DayTotals]) -> DayTotals:
    """The sum of several; the shares of a sum are shares of the summed seconds, not means of shares."""
    days = list(days)
    return DayTotals(**{name: sum(getattr(day, name) for day in days) for name in DayTotals.__dataclass_fields__})
