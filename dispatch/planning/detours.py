"""What closed roads mean for legs of routes as they stand: which ways they cut, and how long it takes around them."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from data.travel import NoRoute, Point, RouteLine, TravelSource, UnreachablePoint
from dispatch import clock, installation
from dispatch.errors import SettingsError
from dispatch.models import PlanRoute, Stop
from dispatch.planning.day_over import find_over_at
from dispatch.planning.hindrances import Closure
from dispatch.roads import get_travel_source

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Leg:
    """A drive of a published route; `travel_m` are the metres of the usual way."""

    start: Point
    end: Point
    travel_s: int
    travel_m: int


class Detours:
    """The closures of one day on the roads of a travel source; without closures nothing is ever asked of it."""

    def __init__(self, source: TravelSource | None, closures: Sequence[Closure], over_at: datetime) -> None:
        self._source, self._closures, self._over_at = source, tuple(closures), over_at

    def travel_s(self, leg: Leg, leave_at: datetime) -> int:
        """Seconds of a leg that is begun then: around what is closed, or until it is open and then as planned."""
        closed = self._find_in_the_way(leg, leave_at)
        if not closed:
            return leg.travel_s
        opens_at = max(one.opens_at(self._over_at) for one in closed)
        waiting_s = clock.seconds_between(leave_at, opens_at) + leg.travel_s
        line = self._find_line(leg, closed)
        return waiting_s if line is None else max(leg.travel_s, min(waiting_s, line.seconds))

    def find_line(self, leg: Leg, leave_at: datetime) -> RouteLine | None:
        """The way around what is closed when the leg is begun; None where nothing is in its way, or no way is."""
        closed = self._find_in_the_way(leg, leave_at)
        return self._find_line(leg, closed) if closed else None

    def _find_in_the_way(self, leg: Leg, leave_at: datetime) -> list[Closure]:
        """What is closed then and may lie on the leg's way. Whoever is inside gets out, and work inside waits by
        itself."""
        return [
            one
            for one in self._closures
            if one.from_at <= leave_at < one.opens_at(self._over_at)
            and one.area.may_lie_between(leg.start, leg.end, leg.travel_m)
            and not (one.area.holds(leg.start) or one.area.holds(leg.end))
        ]

    def _find_line(self, leg: Leg, closed: Sequence[Closure]) -> RouteLine | None:
        roads = self._source.around([one.area for one in closed]) if self._source is not None else None
        if roads is None:
            return RouteLine((leg.start, leg.end), leg.travel_s, leg.travel_m)  # nobody knows a way around
        try:
            return roads.route(leg.start, leg.end)
        except (NoRoute, UnreachablePoint):
            return None


def read_detours(session: Session, closures: Sequence[Closure], over_at: datetime) -> Detours:
    """On the roads of this installation, which are opened only where something is closed.

    Where they cannot be opened, drives keep their times and work goes on: the log says why, and so does the event.
    """
    source = None
    try:
        source = get_travel_source(session) if closures else None
    except SettingsError as error:
        log.error("Nobody is timed around what is closed. %s", error)
    return Detours(source, closures, over_at)


def read_detours_of_day(session: Session, on: date, closures: Sequence[Closure]) -> Detours:
    """The same for the day as it is published. When it is over is asked only where something is closed."""
    zone = installation.get_zone(session)
    return read_detours(session, closures, find_over_at(session, on) if closures else clock.day_end(on, zone))


def list_legs(route: PlanRoute) -> Iterator[tuple[Stop | None, Leg, datetime]]:
    """Yields each drive to a stop, and the one home (None), with when it is planned to begin."""
    home = route.technician.home
    place = None if home is None else home.point
    for stop in route.stops:
        point = stop.job.location.point
        leave_at = stop.planned_arrive_at - timedelta(seconds=stop.travel_s)
        yield stop, Leg(place or point, point, stop.travel_s, stop.travel_m), leave_at
        place = point
    if home is not None and place is not None and route.home_at is not None:
        leave_at = route.home_at - timedelta(seconds=route.travel_home_s)
        yield None, Leg(place, home.point, route.travel_home_s, route.travel_home_m), leave_at
