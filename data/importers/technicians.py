"""Import technicians from CSV, XLSX, GeoJSON or GeoPackage."""

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from data.importers.lists import (
    make_hours,
    read_absences,
    read_counted,
    read_hours,
    read_lunch,
    read_names,
    read_skills,
    read_weekdays,
)
from data.importers.numbers import fold, read_text, read_whole
from data.importers.reading import Geocode, RowReader, import_file
from data.importers.result import BadValue, ImportProblem, ImportResult
from data.importers.synonyms import TECHNICIAN_COLUMNS
from data.importers.times import DateOrder, read_length, read_time
from data.records import TECHNICIAN_KINDS, TechnicianRecord, WorkHours

_KIND_WORDS = {
    "employee": (
        "employee",
        "full time",
        "permanent",
        "angestellt",
        "festangestellt",
        "vollzeit",
        "empleado",
        "jornada completa",
        "salarié",
        "temps plein",
    ),
    "part_time": (
        "part time",
        "teilzeit",
        "medio tiempo",
        "media jornada",
        "jornada parcial",
        "temps partiel",
    ),
    "contractor": (
        "contractor",
        "subcontractor",
        "freelance",
        "subunternehmer",
        "contratista",
        "sous traitant",
    ),
    "borrowed": ("borrowed", "on loan", "ausgeliehen", "prestado", "prêté"),
}
_KINDS = {fold(word): kind for kind, words in _KIND_WORDS.items() for word in words}
_NEEDS = (("code",), ("name",), ("hours", "start+end"))
_MONDAY_TO_FRIDAY = (0, 1, 2, 3, 4)


def read_technicians(
    path: str | Path,
    zone: str,
    *,
    keep_good: bool = False,
    date_order: DateOrder | None = None,
    territories: Collection[str] | None = None,
    geocode: Geocode | None = None,
    sheet: str | None = None,
) -> ImportResult[TechnicianRecord]:
    """Read technicians whose wall-clock times are those of `zone` (an IANA name).

    With `keep_good` the good lines are kept in spite of errors in others. `date_order` settles dates such as
    03/04/2025. `territories`, if given, are the only names allowed. `geocode` looks up home addresses without
    coordinates. `sheet` names a workbook's sheet or a GeoPackage's layer. Raises ZoneInfoNotFoundError.
    """
    ZoneInfo(zone)
    default_days_used = False

    def read_row(reader: RowReader) -> TechnicianRecord:
        nonlocal default_days_used
        territory = reader.find("territory", read_text)
        secondary = reader.get("secondary_territories", read_names, ())
        reader.check_known("territory", (territory,) if territory else (), territories, "territory")
        reader.check_known("secondary_territories", secondary, territories, "territory")
        hours = _read_week(reader)
        default_days_used |= bool(hours) and reader.raw("hours") is None and reader.raw("days") is None
        return TechnicianRecord(
            code=reader.need("code", read_text) or "",
            name=reader.need("name", read_text) or "",
            kind=reader.get("kind", read_kind, "employee"),
            email=reader.get("email", read_email, ""),
            phone=reader.get("phone", read_text, ""),
            skills=reader.get("skills", read_skills, {}),
            territory=territory,
            secondary_territories=secondary,
            home=reader.find_location("home_address", geocode),
            home_address=reader.get("home_address", read_text, ""),
            hours=hours,
            lunch=reader.find("lunch", read_lunch),
            capacity=reader.get("capacity", lambda value: read_counted(value, 0), {}),
            max_visits=reader.find("max_visits", lambda value: read_whole(value, 1, 100)),
            max_travel_s=reader.find(
                "max_travel", lambda value: read_length(value, reader.match.units.get("max_travel"))
            ),
            hourly_cost=reader.get("hourly_cost", read_whole, 0),
            day_cost=reader.get("day_cost", read_whole, 0),
            pace_percent=reader.get("pace_percent", read_percent, 100),
            absences=reader.get("absences", lambda value: read_absences(value, date_order), ()),
        )

    result = import_file(path, TECHNICIAN_COLUMNS, _NEEDS, read_row, "code", keep_good, sheet)
    if not default_days_used:
        return result
    warning = ImportProblem(
        "file",
        "nothing says on which days somebody works from start to end; it was read as Monday to Friday",
        'Add a column "days", such as "Mon-Fri"',
        severity="warning",
    )
    return replace(result, problems=(warning, *result.problems))


def read_kind(value: Any) -> str:
    """One of TECHNICIAN_KINDS, from its usual words in four languages."""
    kind = _KINDS.get(fold(read_text(value)))
    if kind is None:
        raise BadValue(
            f"{read_text(value)!r} is not a kind of technician", f"Write one of {', '.join(TECHNICIAN_KINDS)}"
        )
    return kind


def read_email(value: Any) -> str:
    """An e-mail address; only what cannot be one is refused."""
    text = read_text(value)
    name, at, host = text.partition("@")
    if not (name and at and host) or "@" in host or any(c.isspace() for c in text):
        raise BadValue(f"{text!r} is not an e-mail address", "Write one such as name@example.org")
    return text


def read_percent(value: Any) -> int:
    """A pace: whole percent of the usual service time, with or without the sign."""
    return read_whole(value.rstrip(" %") if isinstance(value, str) else value, 25, 400)


def _read_week(reader: RowReader) -> dict[int, WorkHours]:
    """The hours of each weekday, from the one column that says all or from days, start and end."""
    start, end = reader.raw("start"), reader.raw("end")
    if reader.raw("hours") is not None:
        if start is not None or end is not None:
            reader.refuse(
                "working hours are given twice, here and as start and end", "Leave one of them empty", "hours"
            )
        return reader.get("hours", read_hours, {})
    times = reader.find("start", read_time), reader.find("end", read_time), reader.find("latest_end", read_time)
    days = reader.get("days", read_weekdays, _MONDAY_TO_FRIDAY)
    has_columns = "hours" in reader.match.headings or {"start", "end"} <= set(reader.match.headings)
    if start is None or end is None:
        if has_columns:
            reader.refuse(
                "no working hours",
                'Fill in start and end, or hours such as "Mon-Fri 08:00-17:00"',
                "hours" if "hours" in reader.match.headings else "start" if start is None else "end",
            )
        return {}
    if times[0] is None or times[1] is None:
        return {}
    try:
        hours = make_hours(times[0], times[1], times[2])
    except BadValue as bad:
        reader.refuse(bad.what, bad.mend, "start")
        return {}
    return dict.fromkeys(days, hours)
