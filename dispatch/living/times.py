"""When the stops of a route will really be reached, reckoned from plain facts: of a whole day within milliseconds.

Somebody goes on as soon as they are free, but no earlier than planned: only delays are ever found. Who was to
leave and has not reported it is taken to be on the way, since people forget to report; who has not arrived yet
arrives now at the earliest. Breaks that are planned between two stops are taken in full. Who sets out while a road is
closed takes the time that it takes around it, also where the plan does not know of it yet. Who began with a later stop
goes on from there to the first that is left, for as long as it was to take from where that drive was to begin.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy.orm import Session

from data.travel import Point
from dispatch.jobs.statuses import BEGUN, OPEN, WAITING
from dispatch.planning.detours import Detours, Leg, read_detours_of_day
from dispatch.planning.hindrances import read_hindrances


@dataclass(frozen=True)
class Told:
    """What was said of the day that is reckoned with: who can go on when, and since when who is away, by technician's
    id, and what is closed."""

    held_up: Mapping[int, datetime]
    away: Mapping[int, datetime]
    detours: Detours


def read_told(session: Session, on: date) -> Told:
    """From the incidents of the day."""
    hindrances = read_hindrances(session, on)
    return Told(hindrances.held_up, hindrances.away, read_detours_of_day(session, on, hindrances.closures))


class StopFacts(NamedTuple):
    """A stop, with how its job stands and where it is."""

    stop_id: int
    position: int
    status: str
    job_status: str
    planned_arrive_at: datetime
    planned_start_at: datetime
    planned_end_at: datetime
    actual_departed_at: datetime | None
    actual_start_at: datetime | None
    actual_end_at: datetime | None
    travel_s: int
    travel_m: int
    lat: float
    lon: float


class RouteFacts(NamedTuple):
    """A route with its stops as planned, and its breaks from when until when."""

    technician_id: int
    from_at: datetime
    """When they leave home, or the shift begins."""
    home: Point | None
    stops: Sequence[StopFacts]
    rests: Sequence[tuple[datetime, datetime]]


class Reached(NamedTuple):
    """A stop whose work has not ended: when the technician arrives, starts and ends, as far as is known now."""

    stop: StopFacts
    arrive_at: datetime
    start_at: datetime
    end_at: datetime


def reach_stops(route: RouteFacts, told: Told, now: datetime) -> Iterator[Reached]:
    """Those of one route whose work has not ended, in the order in which they are worked."""
    held_up_until_at = told.held_up.get(route.technician_id)
    free_at = route.from_at if held_up_until_at is None else max(route.from_at, held_up_until_at)
    last_planned_end_at = free_at
    place = route.home
    for stop in _in_order_of_work(route.stops):
        point = stop.lat, stop.lon
        leg, place = Leg(place or point, point, stop.travel_s, stop.travel_m), point
        if stop.status == "cancelled" or (stop.status in (*WAITING, "en_route") and stop.job_status != OPEN):
            continue
        if stop.actual_end_at is not None:
            free_at = max(stop.actual_end_at, held_up_until_at or stop.actual_end_at)
            last_planned_end_at = stop.planned_end_at
            continue
        leave_at = stop.planned_arrive_at - timedelta(seconds=stop.travel_s)
        rest = _rest_between(route.rests, last_planned_end_at, stop.planned_start_at)
        since_at = stop.actual_departed_at or max(leave_at, free_at + rest)
        one = _reach(stop, since_at + timedelta(seconds=told.detours.travel_s(leg, since_at)), held_up_until_at, now)
        yield one
        free_at, last_planned_end_at = one.end_at, stop.planned_end_at


def _in_order_of_work(stops: Iterable[StopFacts]) -> list[StopFacts]:
    """What was begun, in that order, then the rest as planned: people do not always keep to the plan."""
    planned = sorted(stops, key=lambda stop: stop.position)
    begun = [stop for stop in planned if stop.status in BEGUN]
    begun.sort(key=lambda stop: stop.actual_start_at or stop.actual_departed_at or stop.planned_start_at)
    return [*begun, *(stop for stop in planned if stop.status not in BEGUN)]


def _reach(stop: StopFacts, there_at: datetime, held_up_until_at: datetime | None, now: datetime) -> Reached:
    """`there_at` is when they arrive if they go, or went, as soon as they are free."""
    length = stop.planned_end_at - stop.planned_start_at
    if stop.actual_start_at is not None:
        end_at = max(stop.actual_start_at + length, now, held_up_until_at or now)
        return Reached(stop, stop.actual_start_at, stop.actual_start_at, end_at)
    if stop.actual_departed_at is not None:
        arrive_at = max(there_at, held_up_until_at or now, now)
    else:
        arrive_at = max(there_at, stop.planned_arrive_at, now)
    start_at = max(arrive_at, stop.planned_start_at)
    return Reached(stop, arrive_at, start_at, start_at + length)


def _rest_between(rests: Iterable[tuple[datetime, datetime]], since_at: datetime, until_at: datetime) -> timedelta:
    """The breaks that are planned between the stop before and this one."""
    return sum((end_at - start_at for start_at, end_at in rests if since_at <= start_at < until_at), timedelta())
