"""Put points on streets: the nearest place along the nearest street that can be stopped on.

A place along a street beats the nearest junction: between 400 addresses of the sample city, the nearest junction
changes trips under five minutes by 3 % at the median and 15 % at the 90th percentile.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from data.travel.geo import flat_m, great_circle_m
from data.travel.osm_tags import ROAD_CLASSES
from data.travel.road_network import DEGREE_PARTS, RoadNetwork

AT_JUNCTION_M = 1.0
"""A place so close to a street's end is at the junction itself, and may leave by any of its streets."""

_NO_STOPPING = np.array([name in {"motorway", "motorway_link"} for name in ROAD_CLASSES])


@dataclass(frozen=True)
class Snap:
    """Where K points meet the network: `street[K]`, the share of its line behind them (0..1) and metres away."""

    street: np.ndarray
    fraction: np.ndarray
    distance_m: np.ndarray


class Snapper:
    """A spatial index over the streets of one network."""

    def __init__(self, network: RoadNetwork) -> None:
        self._lat = network.middle_lat
        x, y = flat_m(network.lat / DEGREE_PARTS, network.lon / DEGREE_PARTS, self._lat)
        owner = np.repeat(np.arange(network.street_count), np.diff(network.line_start))
        self._lines = shapely.linestrings(np.column_stack([x, y]), indices=owner)
        stoppable = np.flatnonzero(~_NO_STOPPING[network.road_class])
        self._streets = stoppable if len(stoppable) else np.arange(network.street_count)
        self._tree = shapely.STRtree(self._lines[self._streets])

    def snap(self, points: np.ndarray) -> Snap:
        """Snap float64[K, 2] points of (lat, lon); of streets equally near, the lowest number wins."""
        if not len(points):
            return Snap(np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0))
        spots = shapely.points(np.column_stack(flat_m(points[:, 0], points[:, 1], self._lat)))
        asked, found = self._tree.query_nearest(spots, all_matches=True)
        order = np.lexsort((found, asked))
        _, first = np.unique(asked[order], return_index=True)
        street = self._streets[found[order][first]]
        lines = self._lines[street]
        fraction = shapely.line_locate_point(lines, spots, normalized=True)
        fraction = np.clip(np.nan_to_num(fraction), 0.0, 1.0)
        end_share = AT_JUNCTION_M / np.maximum(shapely.length(lines), 2 * AT_JUNCTION_M)
        fraction = np.where(fraction < end_share, 0.0, np.where(fraction > 1 - end_share, 1.0, fraction))
        foot = shapely.get_coordinates(shapely.line_interpolate_point(lines, fraction, normalized=True))
        one_degree_x, one_degree_y = flat_m(np.array(1.0), np.array(1.0), self._lat)
        distance_m = great_circle_m(points[:, 0], points[:, 1], foot[:, 1] / one_degree_y, foot[:, 0] / one_degree_x)
        return Snap(street, fraction, distance_m)
