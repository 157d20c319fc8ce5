"""How far people's days are: what they have begun is a fact, and the rest is planned from where and when that ends."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dispatch import clock
from dispatch.jobs.statuses import BEGUN
from dispatch.jobs.stop_times import stop_end_at
from dispatch.models import PlanRoute, Rest, Stop
from dispatch.planning.facts import DayFacts
from dispatch.planning.hindrances import Hindrances
from dispatch.planning.shifts import ShiftHours
from optimizer import Break, Pin, Shift, Visit


@dataclass(frozen=True)
class Begun:
    """The stops that somebody has begun, in that order; `start_at` and `free_at` are those of the last one.

    Times are as they were, or as they are expected now; nobody is free in the past.
    """

    route: PlanRoute
    stops: tuple[Stop, ...]
    start_at: datetime
    free_at: datetime

    @property
    def last(self) -> Stop:
        return self.stops[-1]

    @property
    def leave_at(self) -> datetime:
        """When they were to leave home, or when the first stop began where that was sooner: some people rise early."""
        first = self.stops[0]
        began_at = first.actual_departed_at or first.actual_start_at or self.start_at
        return min(self.route.leave_at or self.start_at, began_at)

    @property
    def travel_home(self) -> tuple[int, int]:
        """Seconds and metres home for whom nothing more is planned: as published where this was their last stop, else
        nobody knows their way."""
        is_last = self.last is self.route.stops[-1]
        return (self.route.travel_home_s, self.route.travel_home_m) if is_last else (0, 0)

    @property
    def home_at(self) -> datetime:
        """When that was."""
        return self.free_at + timedelta(seconds=self.travel_home[0])

    def ended(self) -> Begun:
        """The same of somebody who does nothing more: free since the last stop ended, where it has."""
        return replace(self, free_at=self.last.actual_end_at or self.free_at)

    def cut(self, hours: ShiftHours) -> ShiftHours:
        """The shift of somebody who does nothing more after this."""
        if self.last.actual_end_at is None or self.home_at <= hours.start_at:
            return hours
        return ShiftHours(hours.start_at, min(hours.end_at, self.home_at), min(hours.latest_end_at, self.home_at))

    @property
    def rests(self) -> tuple[Rest, ...]:
        """The breaks that were to be over by then."""
        return tuple(rest for rest in self.route.rests if rest.planned_end_at <= self.free_at)


def hours_of_begun(route: PlanRoute, hindrances: Hindrances) -> ShiftHours:
    """The published shift of somebody who has begun, until they are away; who was away before it, though they had begun
    by then, has worked from that on until they were."""
    hours = hindrances.cut(
        ShiftHours(route.shift_start_at, route.shift_end_at, route.latest_end_at), route.technician_id
    )
    if hours is not None:
        return hours
    began_at = min(_began_at(stop) for stop in route.stops if stop.status in BEGUN)[0]
    end_at = max(hindrances.away[route.technician_id], began_at + timedelta(seconds=1))  # a shift has some length
    return ShiftHours(began_at, end_at, end_at)


def list_begun(facts: DayFacts, codes: Collection[str]) -> dict[str, Begun]:
    """By code, for those among them who have begun anything."""
    found = {}
    for route in facts.routes:
        stops = sorted((stop for stop in route.stops if stop.status in BEGUN), key=_began_at)
        if stops and route.technician.code in codes:
            start_at = _start_at(stops[-1])
            length = stop_end_at(stops[-1]) - (stops[-1].actual_start_at or stops[-1].planned_start_at)
            free_at = max(stops[-1].actual_end_at or start_at + length, facts.not_before_at)
            free_at = max(free_at, facts.hindrances.held_up.get(route.technician_id, free_at))
            found[route.technician.code] = Begun(route, tuple(stops), start_at, free_at)
    return found


def as_visit(begun: Begun, code: str, location: int, pace_percent: int, facts: DayFacts) -> Visit:
    """The last stop begun, as a visit that no rule has anything to say about: it only says where the rest begins."""
    really_s = clock.seconds_between(begun.start_at, begun.free_at)
    return Visit(
        id=begun.last.job.number,
        location=location,
        service_s=really_s * 100 // pace_percent,  # at this technician's pace that is the same time again
        pin=Pin(code, clock.seconds_between(facts.day_start_at, begun.start_at)),
    )


def rest_of_shift(shift: Shift, begun: Begun, location: int, used: Sequence[tuple[int, ...]], facts: DayFacts) -> Shift:
    """What is left of a shift: it begins at the last stop begun, less the loads, visits and travel used up so far.

    `used` are the loads of each stop begun.
    """
    start_s = clock.seconds_between(facts.day_start_at, begun.start_at)
    free_s = clock.seconds_between(facts.day_start_at, begun.free_at)
    end_s = max(shift.end_s, free_s)
    travelled_s = sum(stop.travel_s for stop in begun.stops)
    return replace(
        shift,
        start_location=location,
        start_s=start_s,
        end_s=end_s,
        latest_end_s=max(shift.hard_end_s, end_s),
        breaks=breaks_left(shift.breaks, len(begun.rests), free_s),
        capacity=tuple(max(0, had - sum(taken)) for had, *taken in zip(shift.capacity, *used, strict=True)),
        # The last stop begun is a visit still.
        max_visits=None if shift.max_visits is None else max(1, shift.max_visits - len(begun.stops) + 1),
        max_travel_s=None if shift.max_travel_s is None else max(0, shift.max_travel_s - travelled_s),
        fixed_cost=0,  # paid already
    )


def breaks_left(breaks: tuple[Break, ...], over: int, free_s: int) -> tuple[Break, ...]:
    """Those that can still begin, after so many that are over."""
    left = breaks[over:]
    return tuple(
        replace(one, windows=windows)
        for one in left
        if (windows := tuple(replace(w, open_s=max(w.open_s, free_s)) for w in one.windows if w.close_s >= free_s))
    )


def _began_at(stop: Stop) -> tuple[datetime, int]:
    return stop.actual_start_at or stop.actual_departed_at or stop.planned_start_at, stop.position


def _start_at(stop: Stop) -> datetime:
    """When work at a stop begun starts: really, or when whoever is on the way is expected there."""
    if stop.actual_start_at is not None:
        return stop.actual_start_at
    if stop.actual_departed_at is None:
        return stop.planned_start_at
    return max(stop.actual_departed_at + timedelta(seconds=stop.travel_s), stop.planned_start_at)
