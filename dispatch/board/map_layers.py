"""What the dispatcher's map shows: the ways along the streets, and the main roads as a background; GeoJSON."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.travel import ByHour, RoadGraph, TravelError, TravelSource
from dispatch.models import PlanRoute, Technician
from dispatch.planning.facts import find_published
from dispatch.roads import get_travel_source

Json = dict[str, Any]
Point = tuple[float, float]


def get_route_lines(session: Session, on: date, now: datetime) -> Json:
    """One LineString per technician with a route in the published plan of the day, from home to home.

    `estimated_legs` counts legs that are drawn straight because today's travel source knows no way there.
    """
    plan = find_published(session, on)
    return draw_routes(session, plan.routes if plan else [])


def draw_routes(session: Session, all_routes: Iterable[PlanRoute]) -> Json:
    """The same for any routes, of a draft for example."""
    known = set(session.scalars(select(Technician.id)))
    routes = [route for route in all_routes if route.stops and route.technician_id in known]
    if not routes:
        return {"type": "FeatureCollection", "attribution": "", "features": []}
    source = get_travel_source(session)
    return {
        "type": "FeatureCollection",
        "attribution": source.attribution,
        "features": [_feature(route, source) for route in routes],
    }


def get_basemap(session: Session) -> Json:
    """The main roads of the installation's travel source; no features where it knows no roads."""
    source = get_travel_source(session)
    if isinstance(source, ByHour):
        source = source.usual
    if isinstance(source, RoadGraph):
        return source.base_map()
    return {"type": "FeatureCollection", "attribution": source.attribution, "features": []}


def _feature(route: PlanRoute, source: TravelSource) -> Json:
    line, straight = _follow(source, _places(route))
    return {
        "type": "Feature",
        "properties": {
            "technician_id": route.technician_id,
            "name": route.technician.name,
            "estimated_legs": straight,
        },
        "geometry": {"type": "LineString", "coordinates": [[lon, lat] for lat, lon in line]},
    }


def _places(route: PlanRoute) -> list[Point]:
    home = [route.technician.home.point] if route.technician.home else []
    return [*home, *(stop.job.location.point for stop in route.stops), *home]


def _follow(source: TravelSource, places: list[Point]) -> tuple[list[Point], int]:
    """The line along the streets, and how many of its legs are drawn straight for want of a way."""
    try:
        return _joined(leg.points for leg in source.routes_along(places)), 0
    except TravelError:  # a place has moved off the roads since the plan was made: draw the other legs
        legs, straight = [], 0
        for a, b in pairwise(places):
            try:
                legs.append(source.route(a, b).points)
            except TravelError:
                legs.append((a, b))
                straight += 1
        return _joined(legs), straight


def _joined(legs: Iterable[Iterable[Point]]) -> list[Point]:
    points: list[Point] = []
    for leg in legs:
        points += leg
    if len(points) == 1:
        points *= 2  # a line needs two ends, even for a day at one place
    return points
