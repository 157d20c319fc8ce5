"""Travel without roads: the great circle stretched by a road factor, at a speed that grows with the distance.

Measured by `python -m data.travel.fit_straight_line` against the sample city's road graph, on the 39,800 trips among
200 addresses that the fit has not seen: the time is wrong by a median of 10 % and by 26 % at the 90th percentile.
The numbers do not carry over: on the roads around Heidelberg the same errors are 26 % and 46 %.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

import numpy as np

from data.travel.closures import ClosedArea
from data.travel.geo import as_points, great_circle_m
from data.travel.interface import Point, RouteLine, UnreachablePoint

ROAD_FACTOR = 1.34
"""Metres of road per metre as the crow flies."""

BANDS: tuple[tuple[float, float], ...] = ((0, 29), (1_000, 40), (3_000, 42), (8_000, 74))
"""(from this road metre on, drive at so many km/h): the first metres of every trip are slow ones."""


class StraightLine:
    """A travel source that needs no map: an estimate, the same in both directions, with a known error.

    Each band's metres are driven at that band's speed, so time grows steadily with distance and a detour never
    pays (the triangle inequality holds).
    """

    name = "straight line"
    is_estimate = True
    error_note = (
        "Straight-line estimate: half of its travel times are more than 10 % off, one in ten more than 26 % "
        "(39,800 trips in the sample city); elsewhere expect more."
    )
    attribution = ""

    def matrix(self, points: Sequence[Point], depart_at: datetime | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Seconds and metres, int64[N, N]; every place on Earth is reached. See TravelSource."""
        lat, lon = as_points(points).T
        road_m = ROAD_FACTOR * great_circle_m(lat[:, None], lon[:, None], lat[None, :], lon[None, :])
        seconds = drive_s(road_m, BANDS)
        return np.rint(seconds).astype(np.int64), np.rint(road_m).astype(np.int64)

    def route(self, a: Point, b: Point) -> RouteLine:
        """The straight line from `a` to `b`, with the estimate's seconds and metres."""
        seconds, metres = self.matrix([a, b])
        return RouteLine((a, b), int(seconds[0, 1]), int(metres[0, 1]))

    def routes_along(self, points: Sequence[Point]) -> list[RouteLine]:
        """The N - 1 straight lines between consecutive points."""
        return [self.route(a, b) for a, b in pairwise(points)]

    def around(self, areas: Sequence[ClosedArea]) -> None:
        """None: where no roads are known, nobody knows a way around anything."""

    def list_unreachable(self, points: Sequence[Point]) -> list[UnreachablePoint]:
        """Always empty; raises ValueError, as `matrix` does, for points that are no place on Earth."""
        as_points(points)
        return []


def drive_s(road_m: np.ndarray, bands: Sequence[tuple[float, float]]) -> np.ndarray:
    """Seconds to drive so many metres of road, each band's metres at that band's speed in km/h."""
    ends = [start for start, _ in bands[1:]] + [np.inf]
    seconds = np.zeros_like(road_m, dtype=float)
    for (start, kmh), end in zip(bands, ends, strict=True):
        seconds += np.clip(road_m - start, 0.0, end - start) * 3.6 / kmh
    return seconds
