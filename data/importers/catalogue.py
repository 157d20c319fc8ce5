"""The tables of kinds of work, parts, absences and holidays."""

from datetime import date
from typing import Any

from data.business_records import AbsenceLine, HolidaysRecord, JobTypeRecord, PartRecord
from data.importers import cells
from data.importers.agreed_lists import read_checklist, read_holidays, read_part_name
from data.importers.business_columns import ABSENCE_COLUMNS, HOLIDAY_COLUMNS, JOB_TYPE_COLUMNS, PART_COLUMNS
from data.importers.jobs import read_priority, read_service
from data.importers.lists import read_counted, read_skills
from data.importers.numbers import read_name, read_text
from data.importers.rows import RowReader
from data.importers.sheet import Sheet, World
from data.importers.times import NO_DAY, read_date, read_length
from data.importers.writing import Line
from data.records import AbsenceRecord


def read_job_type(reader: RowReader, world: World) -> JobTypeRecord:
    """One kind of work from one row."""
    return JobTypeRecord(
        name=reader.need("name", read_text) or "",
        service_s=reader.find("service", lambda value: read_service(value, reader.match.units.get("service"))),
        setup_s=reader.get("setup", lambda value: read_length(value, reader.match.units.get("setup")), 0),
        priority=reader.get("priority", read_priority, 0),
        skills=reader.get("skills", read_skills, {}),
        parts=reader.get("parts", read_counted, {}),
        checklist=reader.get("checklist", read_checklist, ()),
        id=reader.known.get("id"),
    )


def _job_type_line(one: JobTypeRecord) -> Line:
    return {
        "id": one.id,
        "name": one.name,
        "service": cells.length(one.service_s),
        "setup": cells.length(one.setup_s),
        "priority": one.priority,
        "skills": cells.counted(one.skills),
        "parts": cells.counted(one.parts),
        "checklist": cells.checklist(one.checklist),
    }, None


def read_part(reader: RowReader, world: World) -> PartRecord:
    """One part from one row."""
    return PartRecord(reader.need("name", read_part_name) or "", reader.get("number", read_text, ""))


def _part_line(one: PartRecord) -> Line:
    return {"name": one.name, "number": one.number}, None


def read_absence(reader: RowReader, world: World) -> AbsenceLine:
    """One absence from one row; a day alone is a whole absence."""

    def parse(value: Any) -> date:
        return read_date(value, world.date_order)

    code = reader.need("technician", read_text) or ""
    reader.check_known("technician", (code,) if code else (), world.technicians, "technician")
    from_on = reader.need("from", parse)
    to_on = reader.get("to", parse, from_on)
    if from_on and to_on and to_on < from_on:
        reader.refuse(f"the absence ends on {to_on} before it begins on {from_on}", "Check both days", "to")
    return AbsenceLine(code, AbsenceRecord(from_on or NO_DAY, to_on or NO_DAY, reader.get("reason", read_text, "")))


def _absence_line(one: AbsenceLine) -> Line:
    away = one.absence
    return {
        "technician": one.code,
        "from": away.from_on.isoformat(),
        "to": away.to_on.isoformat(),
        "reason": away.reason,
    }, None


def read_territory_holidays(reader: RowReader, world: World) -> HolidaysRecord:
    """All holidays of one territory from one row."""
    territory = reader.need("territory", read_text) or ""
    reader.check_known("territory", (territory,) if territory else (), world.territories, "territory")
    days = reader.get("holidays", lambda value: read_holidays(value, world.date_order), {})
    return HolidaysRecord(territory, days)


def _holidays_line(one: HolidaysRecord) -> Line:
    return {"territory": one.territory, "holidays": cells.holidays(one.holidays)}, None


JOB_TYPES = Sheet(
    JOB_TYPE_COLUMNS, (("name",),), (("id",), ("name",)), read_job_type, _job_type_line, uniques=(("name",),)
)
PARTS = Sheet(
    PART_COLUMNS,
    (("name",),),
    (("name",),),
    read_part,
    _part_line,
    uniques=(("name",), ("number",)),
    alike={"name": read_name},
)
ABSENCES = Sheet(
    ABSENCE_COLUMNS, (("technician",), ("from",)), (("technician", "from", "to"),), read_absence, _absence_line
)
HOLIDAYS = Sheet(
    HOLIDAY_COLUMNS,
    (("territory",), ("holidays",)),
    (("territory",),),
    read_territory_holidays,
    _holidays_line,
)
