"""Which territory a place belongs to, and where the territories' outlines overlap or leave holes."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import geopandas
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

from data.records import Location, TerritoryRecord

SLIVER_KM2 = 0.01
"""Overlaps and holes below this area come from drawing by hand and are not worth a person's time."""


@dataclass(frozen=True)
class Overlap:
    """Two territories that claim the same `area_km2` square kilometres, and the `shape` of what they share."""

    first: str
    second: str
    area_km2: float
    shape: BaseGeometry


@dataclass(frozen=True)
class Gap:
    """A hole of `area_km2` square kilometres that territories surround and none covers."""

    area_km2: float
    shape: BaseGeometry


def assign(points: Sequence[Location], territories: Sequence[TerritoryRecord]) -> list[str | None]:
    """The name of the territory of each (lat, lon) point, or None outside all.

    On a shared border, or where territories overlap, the one listed first has it.
    """
    drawn = [territory for territory in territories if territory.polygon is not None]
    names: list[str | None] = [None] * len(points)
    if not drawn or not points:
        return names
    areas = geopandas.GeoDataFrame(geometry=[territory.polygon for territory in drawn], crs="EPSG:4326")
    places = geopandas.GeoSeries(
        geopandas.points_from_xy([lon for _, lon in points], [lat for lat, _ in points]), crs="EPSG:4326"
    )
    found = areas.sindex.query(places, predicate="intersects")
    for point, area in sorted(zip(*found.tolist(), strict=True), reverse=True):
        names[point] = drawn[area].name
    return names


def list_overlaps(territories: Sequence[TerritoryRecord]) -> list[Overlap]:
    """Every pair of territories that share more than a sliver, the largest first."""
    overlaps = []
    for first, second in combinations([t for t in territories if t.polygon is not None], 2):
        shared = first.polygon.intersection(second.polygon)  # type: ignore[union-attr]
        area_km2 = _area_km2(shared)
        if area_km2 > SLIVER_KM2:
            overlaps.append(Overlap(first.name, second.name, area_km2, shared))
    return sorted(overlaps, key=lambda overlap: -overlap.area_km2)


def list_gaps(territories: Sequence[TerritoryRecord]) -> list[Gap]:
    """Every hole in the union of the territories that is more than a sliver, the largest first.

    What lies outside all of them is not a gap: nobody said that it should be covered.
    """
    whole = unary_union([t.polygon for t in territories if t.polygon is not None])
    parts = getattr(whole, "geoms", [whole])
    holes = [Polygon(ring) for part in parts for ring in getattr(part, "interiors", ())]
    gaps = [Gap(_area_km2(hole), hole) for hole in holes]
    return sorted((gap for gap in gaps if gap.area_km2 > SLIVER_KM2), key=lambda gap: -gap.area_km2)


def _area_km2(shape: BaseGeometry) -> float:
    if shape.is_empty:
        return 0.0
    # EPSG:6933 keeps areas true everywhere on the globe.
    return float(geopandas.GeoSeries([shape], crs="EPSG:4326").to_crs("EPSG:6933").area.iloc[0]) / 1e6
