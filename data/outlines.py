"""Outlines of areas as GeoJSON text, for places that keep text and know no geometry."""

import json

from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry


def to_geojson(outline: BaseGeometry) -> str:
    """The outline as a GeoJSON geometry, coordinates as they are: (lon, lat)."""
    return json.dumps(mapping(outline))


def from_geojson(text: str) -> BaseGeometry:
    """The outline that `to_geojson` wrote."""
    return shape(json.loads(text))
