"""Write records to files that the importers read back as the same records."""

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from shapely import to_wkt
from shapely.geometry import Point, mapping
from shapely.geometry.base import BaseGeometry

from data.importers import cells
from data.records import JobRecord, Location, TechnicianRecord, TerritoryRecord

LONGEST_CELL_OF_A_WORKBOOK = 32_767
Line = tuple[dict[str, Any], BaseGeometry | None]
"""The cells of a row, and its shape on the map."""


def write_technicians(path: str | Path, technicians: Sequence[TechnicianRecord]) -> None:
    """Write technicians to a .csv, .xlsx, .geojson or .gpkg file, as the extension says."""
    write_lines(Path(path), [technician_line(technician) for technician in technicians])


def write_jobs(path: str | Path, jobs: Sequence[JobRecord]) -> None:
    """Write jobs to a .csv, .xlsx, .geojson or .gpkg file, as the extension says."""
    write_lines(Path(path), [_job_line(job) for job in jobs])


def write_territories(path: str | Path, territories: Sequence[TerritoryRecord]) -> None:
    """Write territories to a .csv, .xlsx, .geojson or .gpkg file, as the extension says."""
    write_lines(Path(path), [(_territory_cells(t), t.polygon) for t in territories])


def _territory_cells(t: TerritoryRecord) -> dict[str, Any]:
    return {"name": t.name, "zone": t.zone, **({} if t.phone is None else {"phone": t.phone})}


def technician_line(technician: TechnicianRecord) -> Line:
    """One technician, as `read_technicians` reads it."""
    t = technician
    return {
        "code": t.code,
        "name": t.name,
        "kind": t.kind,
        "email": t.email,
        "phone": t.phone,
        "skills": cells.held(t.skills, t.skills_until),
        "territory": t.territory,
        "secondary_territories": "; ".join(t.secondary_territories),
        "home_address": t.home_address,
        "hours": cells.week(t.hours),
        "lunch": cells.lunch(t.lunch),
        "capacity": cells.counted(t.capacity),
        "max_visits": t.max_visits,
        "max_travel": cells.length(t.max_travel_s),
        "hourly_cost": t.hourly_cost,
        "day_cost": t.day_cost,
        "pace_percent": t.pace_percent,
        "absences": "; ".join(map(cells.absence, t.absences)),
        **_told_of(t),
    }, point(t.home)


def _told_of(t: TechnicianRecord) -> dict[str, Any]:
    """What not every company tells of its people: cells that nobody fills in need no column."""
    return {
        **({} if t.active and t.branch is None else {"active": cells.yes(t.active)}),
        **({} if t.branch is None else {"branch": t.branch}),
        **({} if t.special_shifts is None else {"special_shifts": cells.special_shifts(t.special_shifts)}),
        **({} if t.loans is None else {"loans": cells.loans(t.loans)}),
        **({} if t.limits is None else {"limits": cells.limits(t.limits)}),
        **({} if t.on_call is None else {"on_call": cells.on_call(t.on_call)}),
    }


def _job_line(job: JobRecord) -> Line:
    return {
        "number": job.number,
        "title": job.title,
        "job_type": job.job_type,
        "customer_name": job.customer_name,
        "customer_phone": job.customer_phone,
        "customer_email": job.customer_email,
        "address": job.address,
        "territory": job.territory,
        "on": job.on.isoformat() if job.on is not None else None,
        "service": cells.length(job.service_s),
        "setup": cells.length(job.setup_s),
        "skills": _counted(job.skills),
        "windows": "; ".join(f"{cells.instant(start_at)}/{cells.instant(end_at)}" for start_at, end_at in job.windows),
        **{
            name: cells.instant(at)
            for name in ("reported_at", "due_at", "restore_by_at")
            if (at := getattr(job, name)) is not None
        },
        "priority": job.priority,
        "required": "; ".join(sorted(job.required)),
        "preferred": "; ".join(sorted(job.preferred)),
        "excluded": "; ".join(sorted(job.excluded)),
        "parts": _counted(job.parts),
        "notes": job.notes,
    }, point(job.location)


def _counted(things: Mapping[str, int] | None) -> str | None:
    """Nothing where nobody said, and the sign for none at all where there are none."""
    return None if things is None else cells.counted(things) or cells.NONE


def point(location: Location | None) -> Point | None:
    """As the map has it: longitude first."""
    return Point(location[1], location[0]) if location is not None else None


def write_lines(path: Path, lines: Sequence[Line]) -> None:
    """Write a .csv, .xlsx, .geojson or .gpkg file, as the extension says. Raises ValueError, OSError."""
    writers = {".csv": _write_csv, ".xlsx": _write_xlsx, ".geojson": _write_geojson, ".gpkg": _write_gpkg}
    if path.suffix not in writers:
        raise ValueError(f"cannot write {path.suffix!r} files; choose one of {', '.join(writers)}")
    if not lines:
        raise ValueError("there is nothing to write")
    if not path.parent.is_dir():
        raise FileNotFoundError(f"there is no folder {path.parent}")
    writers[path.suffix](path, lines)


def flat(line: Line) -> dict[str, Any]:
    """A line for a table: points as latitude and longitude, outlines as WKT."""
    cells, geometry = line
    if isinstance(geometry, Point):
        return cells | {"latitude": geometry.y, "longitude": geometry.x}
    return cells | ({"polygon": to_wkt(geometry, rounding_precision=-1)} if geometry is not None else {})


def _headings(rows: Sequence[dict[str, Any]]) -> list[str]:
    return list(dict.fromkeys(heading for row in rows for heading in row))


def _write_csv(path: Path, lines: Sequence[Line]) -> None:
    rows = [flat(line) for line in lines]
    with path.open("w", encoding="utf-8-sig", newline="") as file:  # by the mark Excel knows the encoding
        writer = csv.DictWriter(file, _headings(rows), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _write_xlsx(path: Path, lines: Sequence[Line]) -> None:
    rows = [flat(line) for line in lines]
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    headings = _headings(rows)
    sheet.append(headings)
    for number, row in enumerate(rows, start=2):
        for place, heading in enumerate(headings, start=1):
            value = row.get(heading)
            if isinstance(value, str):
                if len(value) > LONGEST_CELL_OF_A_WORKBOOK:
                    raise ValueError(f"{heading!r} of row {number} is too long for a workbook; choose .csv or .gpkg")
                value = ILLEGAL_CHARACTERS_RE.sub(" ", value)  # such as Word's line breaks: no sheet has them
            cell = sheet.cell(number, place, value)
            if isinstance(value, str):
                cell.data_type = "s"  # a text that begins with "=" is not a formula
    workbook.save(path)


def _write_geojson(path: Path, lines: Sequence[Line]) -> None:
    features = [
        {
            "type": "Feature",
            "properties": cells,
            "geometry": mapping(geometry) if geometry is not None else None,
        }
        for cells, geometry in lines
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")


def _write_gpkg(path: Path, lines: Sequence[Line]) -> None:
    headings = _headings([cells for cells, _ in lines])
    columns = {heading: [cells.get(heading) for cells, _ in lines] for heading in headings}
    frame = geopandas.GeoDataFrame(columns, geometry=[geometry for _, geometry in lines], crs="EPSG:4326")
    try:
        frame.to_file(path, driver="GPKG", layer=path.stem, engine="pyogrio")
    except RuntimeError as error:  # as pyogrio says that it may not write there
        raise OSError(str(error)) from error
