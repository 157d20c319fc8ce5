"""Write records to files that the importers read back as the same records."""

import csv
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import geopandas
from openpyxl import Workbook
from shapely import to_wkt
from shapely.geometry import Point, mapping
from shapely.geometry.base import BaseGeometry

from data.records import (
    WEEKDAYS,
    AbsenceRecord,
    JobRecord,
    Location,
    LunchBreak,
    TechnicianRecord,
    TerritoryRecord,
    WorkHours,
)

_Line = tuple[dict[str, Any], BaseGeometry | None]


def write_technicians(path: str | Path, technicians: Sequence[TechnicianRecord]) -> None:
    """Write technicians to a .csv, .xlsx, .geojson or .gpkg file, as the extension says."""
    _write(Path(path), [_technician_line(technician) for technician in technicians])


def write_jobs(path: str | Path, jobs: Sequence[JobRecord]) -> None:
    """Write jobs to a .csv, .xlsx, .geojson or .gpkg file, as the extension says."""
    _write(Path(path), [_job_line(job) for job in jobs])


def write_territories(path: str | Path, territories: Sequence[TerritoryRecord]) -> None:
    """Write territories to a .csv, .xlsx, .geojson or .gpkg file, as the extension says."""
    _write(Path(path), [({"name": t.name, "zone": t.zone}, t.polygon) for t in territories])


def _technician_line(technician: TechnicianRecord) -> _Line:
    t = technician
    return {
        "code": t.code,
        "name": t.name,
        "kind": t.kind,
        "email": t.email,
        "phone": t.phone,
        "skills": _counted(t.skills),
        "territory": t.territory,
        "secondary_territories": "; ".join(t.secondary_territories),
        "home_address": t.home_address,
        "hours": _week(t.hours),
        "lunch": _lunch(t.lunch),
        "capacity": _counted(t.capacity),
        "max_visits": t.max_visits,
        "max_travel": _length(t.max_travel_s),
        "hourly_cost": t.hourly_cost,
        "day_cost": t.day_cost,
        "pace_percent": t.pace_percent,
        "absences": "; ".join(map(_absence, t.absences)),
    }, _point(t.home)


def _job_line(job: JobRecord) -> _Line:
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
        "service": _length(job.service_s),
        "setup": _length(job.setup_s),
        "skills": _counted(job.skills),
        "windows": "; ".join(f"{_instant(start_at)}/{_instant(end_at)}" for start_at, end_at in job.windows),
        "due_at": _instant(job.due_at) if job.due_at is not None else None,
        "priority": job.priority,
        "required": "; ".join(sorted(job.required)),
        "preferred": "; ".join(sorted(job.preferred)),
        "excluded": "; ".join(sorted(job.excluded)),
        "parts": _counted(job.parts),
        "notes": job.notes,
    }, _point(job.location)


def _point(location: Location | None) -> Point | None:
    return Point(location[1], location[0]) if location is not None else None


def _counted(things: Mapping[str, int]) -> str:
    return "; ".join(f"{name}:{count}" for name, count in things.items())


def _length(seconds: int | None) -> str | None:
    if seconds is None:
        return None
    return f"{seconds // 60} min" if seconds % 60 == 0 else f"{seconds} s"


def _clock(at: time) -> str:
    return at.strftime("%H:%M:%S" if at.second else "%H:%M")


def _week(hours: Mapping[int, WorkHours]) -> str:
    """Equal hours share an entry: "Mon, Tue 08:00-17:00 (18:00); Fri 08:00-14:00"."""
    days_of: dict[WorkHours, list[str]] = {}
    for day in sorted(hours):
        days_of.setdefault(hours[day], []).append(WEEKDAYS[day][:3].capitalize())
    return "; ".join(
        f"{', '.join(days)} {_clock(h.start)}-{_clock(h.end)}"
        + (f" ({_clock(h.latest_end)})" if h.latest_end != h.end else "")
        for h, days in days_of.items()
    )


def _lunch(lunch: LunchBreak | None) -> str | None:
    return f"{_clock(lunch.earliest)}-{_clock(lunch.latest)} {_length(lunch.length_s)}" if lunch is not None else None


def _absence(absence: AbsenceRecord) -> str:
    return f"{absence.from_on}..{absence.to_on} {absence.reason}".strip()


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _write(path: Path, lines: Sequence[_Line]) -> None:
    writers = {".csv": _write_csv, ".xlsx": _write_xlsx, ".geojson": _write_geojson, ".gpkg": _write_gpkg}
    if path.suffix not in writers:
        raise ValueError(f"cannot write {path.suffix!r} files; choose one of {', '.join(writers)}")
    if not lines:
        raise ValueError("there is nothing to write")
    writers[path.suffix](path, lines)


def _flat(line: _Line) -> dict[str, Any]:
    """A line for a table: points as latitude and longitude, outlines as WKT."""
    cells, geometry = line
    if isinstance(geometry, Point):
        return cells | {"latitude": geometry.y, "longitude": geometry.x}
    return cells | ({"polygon": to_wkt(geometry, rounding_precision=-1)} if geometry is not None else {})


def _headings(rows: Sequence[dict[str, Any]]) -> list[str]:
    return list(dict.fromkeys(heading for row in rows for heading in row))


def _write_csv(path: Path, lines: Sequence[_Line]) -> None:
    rows = [_flat(line) for line in lines]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, _headings(rows), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _write_xlsx(path: Path, lines: Sequence[_Line]) -> None:
    rows = [_flat(line) for line in lines]
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    headings = _headings(rows)
    sheet.append(headings)
    for number, row in enumerate(rows, start=2):
        for place, heading in enumerate(headings, start=1):
            cell = sheet.cell(number, place, row.get(heading))
            if isinstance(row.get(heading), str):
                cell.data_type = "s"  # a text that begins with "=" is not a formula
    workbook.save(path)


def _write_geojson(path: Path, lines: Sequence[_Line]) -> None:
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


def _write_gpkg(path: Path, lines: Sequence[_Line]) -> None:
    headings = _headings([cells for cells, _ in lines])
    columns = {heading: [cells.get(heading) for cells, _ in lines] for heading in headings}
    frame = geopandas.GeoDataFrame(columns, geometry=[geometry for _, geometry in lines], crs="EPSG:4326")
    frame.to_file(path, driver="GPKG", layer=path.stem, engine="pyogrio")
