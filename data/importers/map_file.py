"""Read a map file, GeoJSON or GeoPackage, as a table whose rows also have a geometry in WGS 84."""

import json
import math
import sqlite3
from datetime import datetime
from pathlib import Path
from typing import Any

import geopandas
from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from data.importers.result import ImportProblem
from data.importers.table import Row, Table, UnreadableFile


def read_geojson(path: Path) -> Table:
    """Read a GeoJSON FeatureCollection or Feature; numbers are those of the features, from 1."""
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise UnreadableFile("the text is not UTF-8", "Save it as UTF-8, as GeoJSON requires") from None
    except json.JSONDecodeError as error:
        raise UnreadableFile(f"this is not JSON ({error.msg} on line {error.lineno})", "Export it again") from None
    features = document.get("features") if document.get("type") == "FeatureCollection" else [document]
    if not isinstance(features, list) or (document.get("type") not in ("FeatureCollection", "Feature")):
        raise UnreadableFile("this is not a GeoJSON FeatureCollection", "Export the layer as GeoJSON")
    table = Table("feature")
    geometries: dict[int, BaseGeometry] = {}
    found: list[tuple[int, dict[str, Any]]] = []
    for number, feature in enumerate(features, start=1):
        properties = feature.get("properties") if isinstance(feature, dict) else None
        try:
            if feature["geometry"] is not None:
                geometries[number] = shape(feature["geometry"])
        except (KeyError, TypeError, ValueError, IndexError, AttributeError, ShapelyError) as error:
            table.refuse_row(number, f"its geometry cannot be read ({error!r})", "Draw it again")
            continue
        if not isinstance(properties, dict | None):
            table.refuse_row(number, "its properties are no names with values", "Export it again")
            continue
        found.append((number, properties or {}))
    crs = _find_crs(document.get("crs"))
    if crs is not None and geometries:
        moved = _to_wgs84(geopandas.GeoSeries(list(geometries.values())), crs)
        geometries = dict(zip(geometries, moved, strict=True))
    for _, properties in found:
        table.headings += [name for name in properties if name not in table.headings]
    for number, properties in found:
        cells = {name: _cell(properties.get(name)) for name in table.headings}
        table.rows.append(Row(number, cells, geometries.get(number)))
    return table


def _find_crs(crs: Any) -> str | None:
    """The name that older files give their coordinate system; without one it is WGS 84."""
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    return None if name is None else str(name)


def read_gpkg(path: Path, layer: str | None = None) -> Table:
    """Read one layer of a GeoPackage (the only or first one unless `layer` names it); others are reported."""
    layers = _list_layers(path)
    if not layers or (layer is not None and layer not in layers):
        raise UnreadableFile(
            f"there is no layer {layer or ''}".strip(),
            f"Choose one of {', '.join(map(repr, layers)) or 'none'}",
        )
    chosen = layer if layer is not None else layers[0]
    table = Table("feature")
    others = [name for name in layers if name != chosen]
    if others:
        table.problems.append(
            ImportProblem(
                "file",
                f"layer {chosen!r} was read, and not {', '.join(map(repr, others))}",
                "Import other layers by their names, if they are wanted",
                severity="warning",
            )
        )
    try:
        frame = geopandas.read_file(path, layer=chosen, engine="pyogrio")
    except (RuntimeError, ValueError) as error:  # pyogrio's errors are RuntimeErrors
        raise UnreadableFile(f"layer {chosen!r} cannot be read ({error})", "Export it again, or as GeoJSON") from None
    geometries: list[BaseGeometry | None] = [None] * len(frame)
    if isinstance(frame, geopandas.GeoDataFrame):
        geometries = list(_to_wgs84(frame.geometry, None))
        frame = frame.drop(columns=frame.geometry.name)
    table.headings = [str(name) for name in frame.columns]
    for number, (values, geometry) in enumerate(zip(frame.itertuples(index=False), geometries, strict=True), start=1):
        table.rows.append(Row(number, dict(zip(table.headings, map(_cell, values), strict=True)), geometry))
    return table


def _list_layers(path: Path) -> list[str]:
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    try:
        rows = connection.execute(
            "SELECT table_name FROM gpkg_contents WHERE data_type IN ('features', 'attributes') ORDER BY rowid"
        )
        return [str(name) for (name,) in rows]
    except sqlite3.DatabaseError as error:
        raise UnreadableFile(
            f"this is not a GeoPackage ({error})", "Export the layer as GeoPackage or GeoJSON"
        ) from None
    finally:
        connection.close()


def _to_wgs84(series: Any, crs: str | None) -> Any:
    if crs is not None:
        try:
            series = series.set_crs(crs)
        except ValueError as error:  # pyproj's CRSError is one
            raise UnreadableFile(
                f"the coordinate system {crs!r} is not known ({error})", "Export the layer in WGS 84"
            ) from None
    if series.crs is None:
        raise UnreadableFile("the layer does not say its coordinate system", "Export it in WGS 84 (EPSG:4326)")
    return series.to_crs("EPSG:4326")


def _cell(value: Any) -> Any:
    """A value as a cell: lists and objects become the text that a table would hold, missing ones None."""
    if isinstance(value, dict):
        return "; ".join(f"{name}:{number}" for name, number in value.items())
    if isinstance(value, list):
        return (
            value if len(value) == 2 and all(isinstance(part, float) for part in value) else "; ".join(map(str, value))
        )
    if (
        value is None
        or (isinstance(value, float) and math.isnan(value))
        or (isinstance(value, datetime) and value != value)
    ):
        return None
    if isinstance(value, datetime) and hasattr(value, "to_pydatetime"):
        return value.to_pydatetime()
    return value.item() if hasattr(value, "item") else value
