"""Travel along real streets: a directed road graph of OpenStreetMap data."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import groupby, pairwise
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from data.travel import addresses, base_map
from data.travel.closures import ClosedArea, find_closed
from data.travel.geo import as_points, flat_m
from data.travel.interface import NoRoute, Point, RouteLine, UnreachablePoint
from data.travel.matrix_cache import MatrixCache
from data.travel.network_file import load_network, save_network
from data.travel.pbf import read_pbf
from data.travel.road_network import RoadNetwork
from data.travel.shortest_paths import PathFinder, Piece
from data.travel.snapping import Snap, Snapper

SNAP_LIMIT_M = 500
"""A point farther than this from any street is taken to be wrong, or outside the map."""

_RULES_VERSION = "2"  # part of every cache key: raise it when the same network yields other times, or is kept otherwise
_LINES_KEPT = 2_000
_AROUND_KEPT = 8


class RoadGraph:
    """A travel source on a road network: fastest ways by class and limit of each street, without traffic.

    `snap_limit_m` is the farthest in metres that a point may lie from a street; nothing is driven in what is `closed`.
    With a `cache_dir`, matrices are kept there and found again by content.
    """

    is_estimate = False
    error_note = "Driving times by road class and speed limit, without traffic; not compared with real trips."

    def __init__(
        self,
        network: RoadNetwork,
        *,
        cache_dir: Path | None = None,
        snap_limit_m: int = SNAP_LIMIT_M,
        closed: tuple[ClosedArea, ...] = (),
    ) -> None:
        self.network = network
        self._closed = closed
        self.name = f"roads of {network.place}"
        self.attribution = network.attribution
        self.snap_limit_m = snap_limit_m
        self._cache_dir = cache_dir
        self._cache = MatrixCache(cache_dir) if cache_dir is not None else None
        self._snapper = Snapper(network)
        self._finder = PathFinder(network, find_closed(network, closed) if closed else None)
        self._base_map: dict[str, Any] | None = None
        self._lines_lock = Lock()  # a server's threads share one graph
        self._lines: OrderedDict[tuple[Point, Point], RouteLine] = OrderedDict()
        self._around: OrderedDict[tuple[ClosedArea, ...], RoadGraph] = OrderedDict()

    @classmethod
    def from_pbf(
        cls,
        path: Path,
        *,
        cache_dir: Path | None = None,
        snap_limit_m: int = SNAP_LIMIT_M,
        on_progress: Callable[[float, str], None] | None = None,
    ) -> RoadGraph:
        """Build the graph of an OpenStreetMap PBF file; see `data.travel.pbf` for what is kept and reported."""
        return cls(read_pbf(path, on_progress=on_progress), cache_dir=cache_dir, snap_limit_m=snap_limit_m)

    @classmethod
    def load(cls, path: Path, *, cache_dir: Path | None = None, snap_limit_m: int = SNAP_LIMIT_M) -> RoadGraph:
        """Load a graph written by `save`; raises UnreadableNetwork for anything else."""
        return cls(load_network(path), cache_dir=cache_dir, snap_limit_m=snap_limit_m)

    def save(self, path: Path) -> None:
        """Write the graph to one compact file, the same bytes for the same graph."""
        save_network(self.network, path)

    def snap(self, points: Sequence[Point]) -> np.ndarray:
        """Metres from each point to the street it is snapped to, float64[N], whatever the limit."""
        return self._snapper.snap(as_points(points)).distance_m

    def list_unreachable(self, points: Sequence[Point]) -> list[UnreachablePoint]:
        """The points farther from any street than the limit."""
        array = as_points(points)
        distance_m = self._snapper.snap(array).distance_m
        return [self._too_far(int(i), array, distance_m) for i in np.flatnonzero(distance_m > self.snap_limit_m)]

    def matrix(self, points: Sequence[Point], depart_at: datetime | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Seconds and metres, int64[N, N], of the fastest ways; see TravelSource. Traffic is not known."""
        array = as_points(points)
        if self._cache is None:
            return self._compute_matrix(array)
        limits = (_RULES_VERSION, self.network.digest, str(self.snap_limit_m), *map(repr, self._closed))
        key = MatrixCache.key(*limits, array.astype("<f8").tobytes())
        found = self._cache.find(key)
        if found is None:
            found = self._compute_matrix(array)
            self._cache.store(key, *found)
        return found

    def _compute_matrix(self, array: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        distinct, which = np.unique(array, axis=0, return_inverse=True)
        places = self._snapper.snap(distinct)
        near = np.flatnonzero(places.distance_m <= self.snap_limit_m)
        rank = np.full(len(distinct), -1)
        rank[near] = np.arange(len(near))
        found = list(self._finder.matrix(Snap(places.street[near], places.fraction[near], places.distance_m[near])))
        # One table at a time, let go once it is spread: those of thousands of places fill gigabytes.
        return _spread(found.pop(0), rank[which]), _spread(found.pop(0), rank[which])

    def route(self, a: Point, b: Point) -> RouteLine:
        """The fastest way from `a` to `b` along its streets; UnreachablePoint or NoRoute if there is none."""
        return self.routes_along([a, b])[0]

    def routes_along(self, points: Sequence[Point]) -> list[RouteLine]:
        """The N - 1 fastest ways between consecutive points; recent lines are remembered."""
        day = [(float(lat), float(lon)) for lat, lon in points]
        legs = list(pairwise(day))
        with self._lines_lock:
            lines = {leg: self._lines[leg] for leg in legs if leg in self._lines}
        missing = list(dict.fromkeys(leg for leg in legs if leg not in lines))
        if missing:
            for unreachable in self.list_unreachable(day):
                raise unreachable
            lines |= self._compute_lines(missing)
        self._remember(lines)
        return [lines[leg] for leg in legs]

    def around(self, areas: Sequence[ClosedArea]) -> RoadGraph:
        """The same streets, none of them driven inside the areas; the last few that were asked for are kept."""
        key = tuple(sorted({*self._closed, *areas}))
        with self._lines_lock:
            found = self._around.pop(key, None)
        if found is None:
            found = RoadGraph(self.network, cache_dir=self._cache_dir, snap_limit_m=self.snap_limit_m, closed=key)
        with self._lines_lock:
            self._around[key] = found
            while len(self._around) > _AROUND_KEPT:
                self._around.popitem(last=False)
        return found

    def base_map(self) -> dict[str, Any]:
        """The streets as a GeoJSON FeatureCollection for the map's background; see `data.travel.base_map`."""
        if self._base_map is None:
            self._base_map = base_map.base_map(self.network)
        return self._base_map

    def street_name(self, street: int) -> str:
        """The name of a street of the network; "" if it has none."""
        return self.network.names[int(self.network.name[street])]

    def random_addresses(self, n: int, rng: np.random.Generator) -> list[tuple[float, float, str]]:
        """`n` places (lat, lon, street name) along named streets where people live, drawn with `rng`."""
        return addresses.random_addresses(self.network, n, rng)

    def _compute_lines(self, legs: Sequence[tuple[Point, Point]]) -> dict[tuple[Point, Point], RouteLine]:
        ends = list(dict.fromkeys(point for leg in legs for point in leg))
        number = {point: i for i, point in enumerate(ends)}
        asked = np.array([(number[a], number[b]) for a, b in legs], dtype=np.int64)
        found = self._finder.paths(self._snapper.snap(as_points(ends)), asked)
        lines = {}
        for (a, b), (seconds, metres, pieces) in zip(legs, found, strict=True):
            if seconds < 0:
                raise NoRoute(f"no way leads from {a} to {b}: check the one-way streets around both")
            lines[a, b] = RouteLine(self._drawn(a, pieces, b), seconds, metres)
        return lines

    def _drawn(self, a: Point, pieces: Sequence[Piece], b: Point) -> tuple[Point, ...]:
        """The polyline from door to door; at least two points, no point twice in a row."""
        points = [(round(a[0], 6), round(a[1], 6))]
        for piece in pieces:
            lat, lon = self.network.line(piece.street)
            points.extend(cut_line(lat, lon, piece.from_fraction, piece.to_fraction))
        points.append((round(b[0], 6), round(b[1], 6)))
        distinct = [point for point, _ in groupby(points)]
        return tuple(distinct if len(distinct) > 1 else distinct * 2)

    def _too_far(self, index: int, array: np.ndarray, distance_m: np.ndarray) -> UnreachablePoint:
        lat, lon = array[index].tolist()
        return UnreachablePoint(index, (lat, lon), round(float(distance_m[index])), self.snap_limit_m)

    def _remember(self, lines: dict[tuple[Point, Point], RouteLine]) -> None:
        with self._lines_lock:
            for leg, line in lines.items():
                self._lines[leg] = line
                self._lines.move_to_end(leg)
            while len(self._lines) > _LINES_KEPT:
                self._lines.popitem(last=False)


def _spread(table: np.ndarray, rank: np.ndarray) -> np.ndarray:
    """The table for places that are the `rank`-th of those it knows; -1 from and to those it does not (rank -1)."""
    spread = np.full((len(rank), len(rank)), -1, dtype=np.int64)
    known = np.flatnonzero(rank >= 0)
    for row in known:
        spread[row, known] = table[rank[row], rank[known]]
    return spread


def cut_line(lat: np.ndarray, lon: np.ndarray, from_fraction: float, to_fraction: float) -> list[Point]:
    """The points of a line between two shares of its length, in driving order (backwards if `from` is larger)."""
    if {from_fraction, to_fraction} == {0.0, 1.0}:  # most stretches of a way are whole streets
        whole = list(zip(lat.tolist(), lon.tolist(), strict=True))
        return whole if from_fraction < to_fraction else whole[::-1]
    x, y = flat_m(lat, lon, float(lat[0]))
    along = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))])
    low, high = sorted((from_fraction * along[-1], to_fraction * along[-1]))
    inner = (along > low) & (along < high)
    stations = np.concatenate([[low], along[inner], [high]])
    points = list(
        zip(
            np.interp(stations, along, lat).round(6).tolist(),
            np.interp(stations, along, lon).round(6).tolist(),
            strict=True,
        )
    )
    return points if from_fraction <= to_fraction else points[::-1]
