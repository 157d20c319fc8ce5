"""What the dispatcher's map shows: the ways along the streets, and the main roads as a background; GeoJSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.travel import ByHour, RoadGraph, TravelError, TravelSource
from dispatch.models import PlanRoute, Technician
from dispatch.planning.detours import Detours, list_legs, read_detours_of_day
from dispatch.planning.facts import find_published
from dispatch.planning.hindrances import read_hindrances
from dispatch.roads import get_travel_source

Json = dict[str, Any]
Point = tuple[float, float]
Lines = tuple[list[Sequence[Point]], int]
"""The lines of a day's legs, and how many of them are straight for want of a way."""


def get_route_lines(session: Session, on: date, now: datetime) -> Json:
    """One LineString per technician with a route in the published plan of the day, from home to home.

    `estimated_legs` counts legs that are drawn straight because today's travel source knows no way there.
    """
    plan = find_published(session, on)
    return draw_routes(session, on, plan.routes if plan else [])


def draw_routes(session: Session, on: date, all_routes: Iterable[PlanRoute]) -> Json:
    """The same for any routes of the day, of a draft for example. Legs lead around roads that are closed when they are
    begun."""
    known = set(session.scalars(select(Technician.id)))
    routes = [route for route in all_routes if route.stops and route.technician_id in known]
    if not routes:
        return {"type": "FeatureCollection", "attribution": "", "features": []}
    source = get_travel_source(session)
    detours = read_detours_of_day(session, on, read_hindrances(session, on).closures)
    return {
        "type": "FeatureCollection",
        "attribution": source.attribution,
        "features": _draw(routes, source, detours),
    }


def get_basemap(session: Session) -> Json:
    """The main roads of the installation's travel source; no features where it knows no roads."""
    source = get_travel_source(session)
    if isinstance(source, ByHour):
        source = source.usual
    if isinstance(source, RoadGraph):
        return source.base_map()
    return {"type": "FeatureCollection", "attribution": source.attribution, "features": []}


def _draw(routes: Sequence[PlanRoute], source: TravelSource, detours: Detours) -> list[Json]:
    days = []
    for route in routes:
        legs = [(leg, leave_at) for _, leg, leave_at in list_legs(route)]
        days.append((route, legs, [legs[0][0].start, *(leg.end for leg, _ in legs)]))
    usual = _follow_all(source, [places for _, _, places in days])
    features = []
    for (route, legs, _), (lines, straight) in zip(days, usual, strict=True):
        around = [detours.find_line(leg, leave_at) for leg, leave_at in legs]
        drawn = [line if other is None else other.points for other, line in zip(around, lines, strict=True)]
        features.append(_feature(route, _joined(drawn), straight))
    return features


def _feature(route: PlanRoute, line: Iterable[Point], straight: int) -> Json:
    return {
        "type": "Feature",
        "properties": {
            "technician_id": route.technician_id,
            "name": route.technician.name,
            "estimated_legs": straight,
        },
        "geometry": {"type": "LineString", "coordinates": [[lon, lat] for lat, lon in line]},
    }


def _follow_all(source: TravelSource, days: Sequence[Sequence[Point]]) -> list[Lines]:
    """Each day's legs, all days asked for at once: from the end of one to the beginning of the next is one leg more,
    which costs a search only where a day does not end where it began."""
    try:
        lines = source.routes_along([place for places in days for place in places])
    except TravelError:  # some place is off the roads by now, or in another part of them than the next day begins
        return [_follow(source, places) for places in days]
    found: list[Lines] = []
    first = 0
    for places in days:
        found.append(([line.points for line in lines[first : first + len(places) - 1]], 0))
        first += len(places)
    return found


def _follow(source: TravelSource, places: Sequence[Point]) -> Lines:
    """The same for one day, which another day's places cannot spoil."""
    try:
        return [line.points for line in source.routes_along(places)], 0
    except TravelError:  # a place has moved off the roads since the plan was made: draw the other legs
        lines: list[Sequence[Point]] = []
        straight = 0
        for a, b in pairwise(places):
            try:
                lines.append(source.route(a, b).points)
            except TravelError:
                lines.append((a, b))
                straight += 1
        return lines, straight


def _joined(legs: Iterable[Iterable[Point]]) -> list[Point]:
    points: list[Point] = []
    for leg in legs:
        points += leg
    if len(points) == 1:
        points *= 2  # a line needs two ends, even for a day at one place
    return points
