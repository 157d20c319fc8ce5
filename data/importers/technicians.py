"""Import technicians from CSV, XLSX, GeoJSON or GeoPackage."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from data.absences import MEND, describe_clash, find_clash
from data.importers.agreed_lists import (
    read_held_skills,
    read_known_shifts,
    read_limits,
    read_loans,
    read_on_call,
    read_special_shifts,
    read_yes,
)
from data.importers.emails import get_email
from data.importers.lists import (
    make_hours,
    read_absences,
    read_counted,
    read_hours,
    read_lunch,
    read_names,
    read_weekdays,
)
from data.importers.numbers import fold, read_text, read_whole
from data.importers.result import BadValue, ImportResult
from data.importers.rows import Geocode, RowReader
from data.importers.sheet import Sheet, World
from data.importers.synonyms import TECHNICIAN_COLUMNS
from data.importers.times import DateOrder, read_length, read_time
from data.importers.writing import technician_line
from data.overlaps import MEND as MEND_OVERLAP
from data.overlaps import list_new_overlaps
from data.records import TECHNICIAN_KINDS, AbsenceRecord, TechnicianRecord, WorkHours

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
    known: Sequence[TechnicianRecord] = (),
) -> ImportResult[TechnicianRecord]:
    """Read technicians whose wall-clock times are those of `zone` (an IANA name).

    With `keep_good` the good lines are kept in spite of errors in others. `date_order` settles dates such as
    03/04/2025. `territories`, if given, are the only names allowed; on-call duty is meant in their zones where they
    are given with them. `geocode` looks up home addresses without coordinates. `sheet` names a workbook's sheet or a
    GeoPackage's layer. What is `known` of somebody and has no column stays. Raises ZoneInfoNotFoundError.
    """
    ZoneInfo(zone)
    zones = territories if territories is None or isinstance(territories, Mapping) else dict.fromkeys(territories, zone)
    world = World(zone, territories=zones, date_order=date_order, geocode=geocode)
    return TECHNICIANS.read_file(path, world, known, keep_good=keep_good, sheet=sheet)


def read_technician(reader: RowReader, world: World) -> TechnicianRecord:
    """One technician from one row."""
    order = world.date_order
    territory = reader.find("territory", read_text)
    secondary = reader.get("secondary_territories", read_names, ())
    reader.check_known("territory", (territory,) if territory else (), world.territories, "territory")
    reader.check_known("secondary_territories", secondary, world.territories, "territory")
    skills, skills_until = reader.get("skills", lambda value: read_held_skills(value, order), ({}, {}))
    single = read_known_shifts(reader.known.get("special_shifts") or "")
    record = TechnicianRecord(
        code=reader.need("code", read_text) or "",
        name=reader.need("name", read_text) or "",
        kind=reader.get("kind", read_kind, "employee"),
        email=get_email(reader),
        phone=reader.get("phone", read_text, ""),
        skills=skills,
        skills_until=skills_until,
        territory=territory,
        secondary_territories=secondary,
        home=reader.find_location("home_address", world.geocode),
        home_address=reader.get("home_address", read_text, ""),
        hours=_read_week(reader),
        lunch=reader.find("lunch", read_lunch),
        capacity=reader.get("capacity", lambda value: read_counted(value, 0), {}),
        max_visits=reader.find("max_visits", lambda value: read_whole(value, 1, 100)),
        max_travel_s=reader.find("max_travel", lambda value: read_length(value, reader.match.units.get("max_travel"))),
        hourly_cost=reader.get("hourly_cost", read_whole, 0),
        day_cost=reader.get("day_cost", read_whole, 0),
        pace_percent=reader.get("pace_percent", read_percent, 100),
        absences=_read_absences(reader, order),
        active=reader.get("active", read_yes, True),
        branch=reader.told("branch", read_text, ""),
        special_shifts=reader.told("special_shifts", lambda value: read_special_shifts(value, order, single), {}),
        loans=reader.told("loans", lambda value: read_loans(value, world.territories, order), {}),
        limits=reader.told("limits", read_limits, {}),
        on_call=reader.told("on_call", lambda value: read_on_call(value, world.zone, world.territories, order), ()),
    )
    _refuse_overlaps(reader, record, single, world)
    _refuse_taking_last_loan(reader, record)
    return record


def _read_absences(reader: RowReader, order: DateOrder | None) -> tuple[AbsenceRecord, ...]:
    """Days away. New ones that share a day with others are refused; what is stored like that already may stay."""
    absences = reader.get("absences", lambda value: read_absences(value, order), ())
    stored = read_absences(reader.known.get("absences") or "", order)
    before = [one for one in absences if one in stored]
    for new in absences:
        if new not in stored:
            clash = find_clash(new.from_on, new.to_on, before)
            if clash is not None:
                reader.refuse(describe_clash(clash), MEND.capitalize(), "absences")
            before.append(new)
    return absences


def _refuse_overlaps(
    reader: RowReader, record: TechnicianRecord, single: Mapping[date, WorkHours], world: World
) -> None:
    """Hours that begin before those of the day before end; days stored like that already may overlap no longer."""
    week = read_hours(reader.known.get("hours") or "")
    known = replace(record, hours=week, special_shifts=single)
    for one in list_new_overlaps(record, known, world.zone, world.territories or {}, world.holidays, world.today):
        mend = MEND_OVERLAP
        is_of_one_day = any((record.special_shifts or {})[on] != single.get(on) for on in one.single_days)
        if one.single_days and not is_of_one_day:
            mend += f", or take back the hours of {' and '.join(map(str, one.single_days))} alone"
        key = "special_shifts" if is_of_one_day else "start" if "start" in reader.match.headings else "hours"
        reader.refuse(str(one), mend, key)


def _refuse_taking_last_loan(reader: RowReader, record: TechnicianRecord) -> None:
    """Who is borrowed without any day is there on all days: a loan that was called off must not come to mean that."""
    was_lent = reader.known.get("kind") == "borrowed" and bool(reader.known.get("loans"))
    if was_lent and record.kind == "borrowed" and record.active and reader.raw("loans") is None:
        reader.refuse(
            "this is the last loan: without any, somebody borrowed is there on all days, until further notice",
            "Enter the next loan first, say that they are not active where nobody borrows them any more, or give them "
            "another kind where they stay",
            "loans",
        )


def read_kind(value: Any) -> str:
    """One of TECHNICIAN_KINDS, from its usual words in four languages."""
    kind = _KINDS.get(fold(read_text(value)))
    if kind is None:
        raise BadValue(
            f"{read_text(value)!r} is not a kind of technician", f"Write one of {', '.join(TECHNICIAN_KINDS)}"
        )
    return kind


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
    if reader.raw("days") is None:
        reader.remark(
            "nothing says on which days somebody works from start to end; it was read as Monday to Friday",
            'Add a column "days", such as "Mon-Fri"',
        )
    return dict.fromkeys(days, hours)


TECHNICIANS = Sheet(
    TECHNICIAN_COLUMNS,
    _NEEDS,
    (("code",),),
    read_technician,
    technician_line,
    (frozenset({"hours", "days", "start", "end", "latest_end"}),),
    (("code",),),
)
