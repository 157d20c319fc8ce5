"""Outlines of areas as GeoJSON text, for places that keep text and know no geometry."""

import json
from collections.abc import Sequence

from shapely import GEOSException
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry
from shapely.validation import explain_validity


class BadOutline(ValueError):
    """Text that is no outline; `problems` are sentences that say what is wrong and how to mend it."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(" ".join(self.problems))


def to_geojson(outline: BaseGeometry) -> str:
    """The outline as a GeoJSON geometry, coordinates as they are: (lon, lat)."""
    return json.dumps(mapping(outline))


def from_geojson(text: str) -> BaseGeometry:
    """The outline that `to_geojson` wrote."""
    return shape(json.loads(text))


def read_outline(text: str) -> BaseGeometry:
    """An outline that somebody pasted: a Polygon or MultiPolygon in degrees, also inside one Feature.

    Raises BadOutline with all that is wrong.
    """
    try:
        document = json.loads(text)
    except ValueError as error:
        raise BadOutline(
            [f"This is not JSON ({error}). Paste the whole outline, from the first brace to the last."]
        ) from None
    for _ in range(2):  # a FeatureCollection of one, then its Feature
        if isinstance(document, dict) and document.get("type") == "FeatureCollection":
            features = document.get("features")
            if not isinstance(features, list) or len(features) != 1:
                raise BadOutline(["A territory has one outline: paste a single Feature, or its geometry alone."])
            document = features[0]
        if isinstance(document, dict) and document.get("type") == "Feature":
            document = document.get("geometry")
    if not isinstance(document, dict) or document.get("type") not in ("Polygon", "MultiPolygon"):
        raise BadOutline(["An outline is a GeoJSON Polygon or MultiPolygon; this is something else."])
    try:
        outline = shape(document)
    except (AttributeError, GEOSException, IndexError, KeyError, TypeError, ValueError):
        raise BadOutline(["Its coordinates must be rings of four or more [longitude, latitude] pairs."]) from None
    wrong = []
    if outline.is_empty:
        wrong.append("It encloses nothing; draw an area.")
    elif not outline.is_valid:
        wrong.append(f"It is not valid ({explain_validity(outline)}); draw it without crossing itself.")
    if not outline.is_empty and not in_degrees(outline):
        wrong.append("Its coordinates are not degrees; write longitude then latitude in WGS 84.")
    if wrong:
        raise BadOutline(wrong)
    return outline


def in_degrees(outline: BaseGeometry) -> bool:
    """Whether all coordinates can be longitudes and latitudes."""
    west, south, east, north = outline.bounds
    return bool(-180 <= west <= east <= 180 and -90 <= south <= north <= 90)
