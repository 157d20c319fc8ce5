"""The main roads as a light GeoJSON background for maps, drawn from the road graph itself."""

from __future__ import annotations

import numpy as np
import shapely

from data.travel.geo import flat_m
from data.travel.osm_tags import ROAD_CLASSES
from data.travel.road_network import DEGREE_PARTS, RoadNetwork

MAIN_CLASSES = ("motorway", "trunk", "primary", "secondary", "tertiary")
_TOLERANCE_M = 8.0
_DECIMALS = 5  # about a metre


def base_map(network: RoadNetwork) -> dict:
    """A GeoJSON FeatureCollection with one MultiLineString per road class, smallest class first.

    Each feature's properties hold its `class`; ramps are drawn with the class they lead to. The collection carries
    the `attribution` that must be shown with it.
    """
    features = []
    for main in reversed(MAIN_CLASSES):
        wanted = [ROAD_CLASSES.index(main), ROAD_CLASSES.index(f"{main}_link")]
        streets = np.flatnonzero(np.isin(network.road_class, wanted))
        if len(streets):
            geometry = {"type": "MultiLineString", "coordinates": _merged_lines(network, streets)}
            features.append({"type": "Feature", "properties": {"class": main}, "geometry": geometry})
    return {"type": "FeatureCollection", "attribution": network.attribution, "features": features}


def _merged_lines(network: RoadNetwork, streets: np.ndarray) -> list[list[list[float]]]:
    lat_m = flat_m(np.array(1.0), np.array(1.0), network.middle_lat)
    lines = []
    for street in streets:
        part = slice(network.line_start[street], network.line_start[street + 1])
        x, y = flat_m(network.lat[part] / DEGREE_PARTS, network.lon[part] / DEGREE_PARTS, network.middle_lat)
        lines.append(np.column_stack([x, y]))
    merged = shapely.line_merge(shapely.union_all([shapely.linestrings(line) for line in lines]))
    plain = shapely.simplify(merged, _TOLERANCE_M)
    return [
        np.round(shapely.get_coordinates(line) / [float(lat_m[0]), float(lat_m[1])], _DECIMALS).tolist()
        for line in shapely.get_parts(plain)
    ]
