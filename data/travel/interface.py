"""What a travel source is: the one small interface behind every travel time, and the words for what goes wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import numpy as np

if TYPE_CHECKING:
    from data.travel.closures import ClosedArea

Point = tuple[float, float]
"""A place as (latitude, longitude) in degrees, WGS 84."""

UNREACHABLE = -1
"""The value of a matrix entry between points that no road joins."""


class TravelError(Exception):
    """Travel could not be worked out; the message says what is wrong and how to mend it."""


class UnreachablePoint(TravelError):
    """A point that no vehicle reaches: too far from any road that can be driven.

    `index` is its place in the list of points asked about, `distance_m` the metres to the nearest road and
    `limit_m` the farthest that the source accepts.
    """

    def __init__(self, index: int, point: Point, distance_m: int, limit_m: int) -> None:
        self.index = index
        self.point = point
        self.distance_m = distance_m
        self.limit_m = limit_m
        super().__init__(
            f"point {index} at ({point[0]:.6f}, {point[1]:.6f}) is {distance_m:,} m from the nearest road, "
            f"the limit is {limit_m:,} m: correct its location, or use a road graph that covers it"
        )


class NoRoute(TravelError):
    """Both ends are on roads, but no way leads from the first to the second."""


@dataclass(frozen=True)
class RouteLine:
    """The way from one point to another: a polyline of (lat, lon), driving seconds and metres, whole numbers."""

    points: tuple[Point, ...]
    seconds: int
    metres: int


@runtime_checkable
class TravelSource(Protocol):
    """Anything that knows how long it takes to drive between points.

    `name` is shown to people, `is_estimate` says that no roads were looked at, `error_note` is one sentence on
    how wrong the times are known to be ("" where nothing was measured), `attribution` must be shown on the map.
    """

    name: str
    is_estimate: bool
    error_note: str
    attribution: str

    def matrix(self, points: Sequence[Point], depart_at: datetime | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Seconds and metres, both int64[N, N], row = from, column = to, of the fastest way between N points.

        An entry is -1 where no way exists, in both matrices; a point of `list_unreachable` has a whole row and
        column of -1, its diagonal included. `depart_at` is an aware datetime for sources that know traffic;
        the others ignore it. Raises ValueError naming all points that are no place on Earth.
        """
        ...

    def route(self, a: Point, b: Point) -> RouteLine:
        """The fastest way from `a` to `b`, as long as `matrix` says; UnreachablePoint or NoRoute if there is none."""
        ...

    def routes_along(self, points: Sequence[Point]) -> list[RouteLine]:
        """The N - 1 ways between consecutive points of a day; raises as `route` does, with the point's index."""
        ...

    def around(self, areas: Sequence[ClosedArea]) -> TravelSource | None:
        """The same with no way through these areas, nor to what lies in them; None where no roads are known, and so
        no way around either."""
        ...

    def list_unreachable(self, points: Sequence[Point]) -> list[UnreachablePoint]:
        """The points this source cannot serve, each with its index and the reason; empty if all is well."""
        ...
