"""Roads that are closed: circles on the map, and the stretches of street in them that nobody drives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, hypot, radians

import numpy as np
import shapely

from data.travel.geo import METRES_PER_DEGREE, flat_m
from data.travel.interface import Point
from data.travel.road_network import DEGREE_PARTS, RoadNetwork


@dataclass(frozen=True, order=True)
class ClosedArea:
    """Nothing is driven within `radius_m` metres of the place."""

    lat: float
    lon: float
    radius_m: int

    def distance_m(self, point: Point) -> float:
        """From its middle to a place; good to a metre in a thousand, which is better than anybody says where it is."""
        north = (point[0] - self.lat) * METRES_PER_DEGREE
        east = (point[1] - self.lon) * METRES_PER_DEGREE * cos(radians(self.lat))
        return hypot(north, east)

    def holds(self, point: Point) -> bool:
        """Whether the place lies in it."""
        return self.distance_m(point) <= self.radius_m

    def may_lie_between(self, a: Point, b: Point, metres: int) -> bool:
        """False where a way of so many metres from `a` to `b` is too short to touch it, however it winds."""
        return self.distance_m(a) + self.distance_m(b) - 2 * self.radius_m <= metres


@dataclass(frozen=True)
class ClosedStretches:
    """Of every street the shares of its line, 0 to 1, between which it is closed; NaN where it is open.

    A street that leaves an area and comes back is closed in between too.
    """

    first: np.ndarray
    last: np.ndarray

    def touch(self, street: np.ndarray, from_share: np.ndarray | float, to_share: np.ndarray | float) -> np.ndarray:
        """bool: which drives along streets between two shares of their lines touch what is closed."""
        low, high = np.minimum(from_share, to_share), np.maximum(from_share, to_share)
        return np.asarray((low <= self.last[street]) & (high >= self.first[street]))


def find_closed(network: RoadNetwork, areas: Sequence[ClosedArea]) -> ClosedStretches:
    """Which stretches of a network's streets lie in the areas."""
    first, last = np.full(network.street_count, np.nan), np.full(network.street_count, np.nan)
    if not network.street_count:
        return ClosedStretches(first, last)
    reference_lat = network.middle_lat
    x, y = flat_m(network.lat / DEGREE_PARTS, network.lon / DEGREE_PARTS, reference_lat)
    owner = np.repeat(np.arange(network.street_count), np.diff(network.line_start))
    lines = shapely.linestrings(np.column_stack([x, y]), indices=owner)
    tree = shapely.STRtree(lines)
    for area in areas:
        middle = flat_m(np.array(area.lat), np.array(area.lon), reference_lat)
        disc = shapely.Point(float(middle[0]), float(middle[1])).buffer(area.radius_m, quad_segs=32)
        for street in tree.query(disc, predicate="intersects").tolist():
            spots = shapely.points(shapely.get_coordinates(shapely.intersection(lines[street], disc)))
            shares = shapely.line_locate_point(lines[street], spots, normalized=True)
            first[street] = np.fmin(first[street], shares.min())
            last[street] = np.fmax(last[street], shares.max())
    return ClosedStretches(first, last)
