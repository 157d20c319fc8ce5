"""The streets as a light GeoJSON background for maps, drawn from the road graph itself."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from data.travel.geo import flat_m
from data.travel.osm_tags import ROAD_CLASSES
from data.travel.road_network import RoadNetwork

_DRAWN_AS = {
    "minor": ("residential", "unclassified", "living_street"),
    "tertiary": ("tertiary", "tertiary_link"),
    "secondary": ("secondary", "secondary_link"),
    "primary": ("primary", "primary_link"),
    "trunk": ("trunk", "trunk_link"),
    "motorway": ("motorway", "motorway_link"),
}
_TOLERANCE_M = 8.0
_DECIMALS = 5  # about a metre


def base_map(network: RoadNetwork) -> dict[str, Any]:
    """A GeoJSON FeatureCollection with one MultiLineString per class of road, to be drawn in this order.

    A feature's `class` is "minor", "tertiary", "secondary", "primary", "trunk" or "motorway"; ramps are drawn with
    the class they lead to, service roads not at all. The collection's `attribution` must be shown with it.
    """
    features = []
    for drawn_as, classes in _DRAWN_AS.items():
        wanted = [ROAD_CLASSES.index(name) for name in classes]
        lines = _through_lines(network, np.flatnonzero(np.isin(network.road_class, wanted)))
        if lines:
            geometry = {"type": "MultiLineString", "coordinates": lines}
            features.append({"type": "Feature", "properties": {"class": drawn_as}, "geometry": geometry})
    return {"type": "FeatureCollection", "attribution": network.attribution, "features": features}


def _through_lines(network: RoadNetwork, streets: np.ndarray) -> list[list[list[float]]]:
    """The streets as few long lines: pieces of one name are joined across their junctions, then simplified."""
    one_degree_x, one_degree_y = (float(m) for m in flat_m(np.array(1.0), np.array(1.0), network.middle_lat))
    by_name: dict[int, list[shapely.LineString]] = {}
    for street in streets.tolist():
        lat, lon = network.line(street)
        line = shapely.LineString(np.column_stack(flat_m(lat, lon, network.middle_lat)))
        by_name.setdefault(int(network.name[street]), []).append(line)
    merged = shapely.line_merge([shapely.union_all(lines) for lines in by_name.values()])
    plain = shapely.get_parts(shapely.simplify(merged, _TOLERANCE_M))
    return [
        np.round(shapely.get_coordinates(line) / [one_degree_x, one_degree_y], _DECIMALS).tolist() for line in plain
    ]
