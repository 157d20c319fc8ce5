"""Import territories from GeoJSON, GeoPackage, or a CSV or XLSX table with polygons as WKT text."""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from shapely import GEOSException, from_wkt
from shapely.geometry.base import BaseGeometry
from shapely.validation import explain_validity

from data.importers.agreed_lists import read_territory_name
from data.importers.known import Known
from data.importers.numbers import read_text
from data.importers.reading import import_file
from data.importers.result import BadValue, ImportResult
from data.importers.rows import RowReader
from data.importers.synonyms import TERRITORY_COLUMNS
from data.outlines import in_degrees
from data.phones import EXAMPLE, is_phone
from data.records import TerritoryRecord

_NEEDS = (("name",),)


def read_territories(
    path: str | Path,
    *,
    zone: str | None = None,
    known: Collection[str] = (),
    keep_good: bool = False,
    sheet: str | None = None,
) -> ImportResult[TerritoryRecord]:
    """Read territories; `zone` is the IANA time zone of new ones, and of those in a file of zones that names none.

    A territory without a polygon is known by name only; those that are `known` by name keep what the file has no
    column for, and a name that lists cannot have. With `keep_good` the good lines are kept in spite of errors in
    others. `sheet` names a workbook's sheet or a GeoPackage's layer. Raises ZoneInfoNotFoundError.
    """
    if zone is not None:
        ZoneInfo(zone)

    def read_row(reader: RowReader) -> TerritoryRecord:
        name = reader.need("name", lambda value: _read_name(value, known)) or ""
        own_zone = reader.find("zone", read_zone) or zone
        tells_zone = "zone" in reader.match.headings
        if own_zone is None and reader.raw("zone") is None and (tells_zone or name not in known):
            reader.refuse(
                "nothing says its time zone",
                'Add a column "zone" such as "America/Santiago", or import with one',
                "zone",
            )
        return TerritoryRecord(
            name=name,
            zone=own_zone or "",
            polygon=_find_polygon(reader),
            phone=reader.told("phone", read_phone, ""),
            untold=frozenset(_list_untold(reader)),
        )

    return import_file(path, TERRITORY_COLUMNS, _NEEDS, read_row, Known((("name",),)), keep_good, sheet)


def read_zone(value: Any) -> str:
    """An IANA time zone name."""
    name = read_text(value)
    if name not in available_timezones():
        raise BadValue(f"{name!r} is not a time zone", 'Write an IANA name such as "America/Santiago"')
    return name


def read_phone(value: Any) -> str:
    """A telephone number that customers can dial."""
    text = read_text(value)
    if not is_phone(text):
        raise BadValue(f"{text!r} is no telephone number", f"Write one such as {EXAMPLE}")
    return text


def _read_name(value: Any, known: Collection[str]) -> str:
    name = read_text(value)
    return name if name in known else read_territory_name(name)


def _list_untold(reader: RowReader) -> Iterator[str]:
    if "zone" not in reader.match.headings:
        yield "zone"
    if "polygon" not in reader.match.headings and reader.row.geometry is None:
        yield "polygon"


def _find_polygon(reader: RowReader) -> BaseGeometry | None:
    polygon = reader.find("polygon", _read_wkt)
    shape = reader.row.geometry if reader.row.geometry is not None else polygon
    if shape is None:
        return None
    if shape.geom_type not in ("Polygon", "MultiPolygon") or shape.is_empty:
        reader.refuse(f"its geometry is a {shape.geom_type}", "Draw a closed area (Polygon or MultiPolygon)", "polygon")
    elif not shape.is_valid:
        reader.refuse(
            f"its outline is not valid ({explain_validity(shape)})",
            "Draw it without crossing itself",
            "polygon",
        )
    elif not in_degrees(shape):
        reader.refuse("its coordinates are not degrees", "Write longitude then latitude in WGS 84", "polygon")
    return shape


def _read_wkt(value: Any) -> BaseGeometry:
    try:
        return from_wkt(read_text(value))
    except GEOSException:
        raise BadValue("this is not an outline", 'Write WKT, such as "POLYGON ((-71.3 -29.9, ...))"') from None
