"""What the dispatcher's map shows: the ways along the streets, and the main roads as a background; GeoJSON."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.travel import ByHour, RoadGraph, TravelError, TravelSource
from dispatch import clock, installation
from dispatch.models import PlanRoute, Technician
from dispatch.planning.detours import Detours, list_legs, read_detours
from dispatch.planning.facts import find_published
from dispatch.planning.hindrances import read_hindrances
from dispatch.roads import get_travel_source

Json = dict[str, Any]
Point = tuple[float, float]


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
    day_end_at = clock.day_end(on, installation.get_zone(session))
    detours = read_detours(session, read_hindrances(session, on).closures, day_end_at)
    return {
        "type": "FeatureCollection",
        "attribution": source.attribution,
        "features": [_feature(route, source, detours) for route in routes],
    }


def get_basemap(session: Session) -> Json:
    """The main roads of the installation's travel source; no features where it knows no roads."""
    source = get_travel_source(session)
    if isinstance(source, ByHour):
        source = source.usual
    if isinstance(source, RoadGraph):
        return source.base_map()
    return {"type": "FeatureCollection", "attribution": source.attribution, "features": []}


def _feature(route: PlanRoute, source: TravelSource, detours: Detours) -> Json:
    line, straight = _follow(source, route, detours)
    return {
        "type": "Feature",
        "properties": {
            "technician_id": route.technician_id,
            "name": route.technician.name,
            "estimated_legs": straight,
        },
        "geometry": {"type": "LineString", "coordinates": [[lon, lat] for lat, lon in line]},
    }


def _follow(source: TravelSource, route: PlanRoute, detours: Detours) -> tuple[list[Point], int]:
    """The line along the streets, and how many of its legs are drawn straight for want of a way."""
    legs = [(leg, detours.find_line(leg, leave_at)) for _, leg, leave_at in list_legs(route)]
    places = [legs[0][0].start, *(leg.end for leg, _ in legs)]
    try:
        usual = [line.points for line in source.routes_along(places)]
        straight = 0
    except TravelError:  # a place has moved off the roads since the plan was made: draw the other legs
        usual, straight = [], 0
        for a, b in pairwise(places):
            try:
                usual.append(source.route(a, b).points)
            except TravelError:
                usual.append((a, b))
                straight += 1
    drawn = zip(legs, usual, strict=True)
    return _joined(line if around is None else around.points for (_, around), line in drawn), straight


def _joined(legs: Iterable[Iterable[Point]]) -> list[Point]:
    points: list[Point] = []
    for leg in legs:
        points += leg
    if len(points) == 1:
        points *= 2  # a line needs two ends, even for a day at one place
    return points
