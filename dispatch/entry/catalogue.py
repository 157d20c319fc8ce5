"""Kinds of work, parts and holidays as records, and back."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from data.business_records import HolidaysRecord, JobTypeRecord, PartRecord
from dispatch.entry.rows import added, merge, name_parts
from dispatch.models import (
    ChecklistItem,
    Holiday,
    JobType,
    JobTypePart,
    JobTypeSkill,
    Part,
    Territory,
)


def select_job_types() -> Select[JobType]:
    """All, with what they need."""
    needs = (JobType.skills, JobType.parts, JobType.checklist)
    return select(JobType).order_by(JobType.name).options(*(selectinload(one) for one in needs))


def job_type_record(row: JobType) -> JobTypeRecord:
    """What is stored of a kind of work."""
    return JobTypeRecord(
        name=row.name,
        service_s=row.service_s,
        setup_s=row.setup_s,
        priority=row.priority,
        skills={one.name: one.level for one in row.skills},
        parts={one.part: one.count for one in row.parts},
        checklist=tuple((one.text, one.required) for one in row.checklist),
        id=row.id,
    )


def apply_job_type(session: Session, row: JobType | None, record: JobTypeRecord) -> JobType:
    """Make the row say what the record tells, or a new one if it is None; jobs there are already stay as they are."""
    name_parts(session, record.parts)
    row = row or added(session, JobType())
    row.name, row.service_s, row.setup_s, row.priority = record.name, record.service_s, record.setup_s, record.priority
    merge(row, row.skills, ("name",), [JobTypeSkill(name=name, level=n) for name, n in record.skills.items()])
    merge(row, row.parts, ("part",), [JobTypePart(part=part, count=n) for part, n in record.parts.items()])
    steps = [
        ChecklistItem(position=position, text=text, required=required)
        for position, (text, required) in enumerate(record.checklist, 1)
    ]
    merge(row, row.checklist, ("position",), steps)
    return row


def select_parts() -> Select[Part]:
    """The whole catalogue."""
    return select(Part).order_by(Part.name)


def part_record(row: Part) -> PartRecord:
    """What is stored of a part."""
    return PartRecord(row.name, row.number or "")


def apply_part(session: Session, row: Part | None, record: PartRecord) -> Part:
    """Make the row say what the record tells, or a new one if it is None; a part keeps its name."""
    row = row or added(session, Part(name=record.name))
    row.number = record.number or None
    return row


def select_territories() -> Select[Territory]:
    """All, with their holidays."""
    return select(Territory).order_by(Territory.name).options(selectinload(Territory.holidays))


def holidays_record(row: Territory) -> HolidaysRecord:
    """The holidays of a territory."""
    return HolidaysRecord(row.name, {one.on: one.name for one in row.holidays})


def apply_holidays(session: Session, row: Territory | None, record: HolidaysRecord) -> Territory:
    """Make the territory have these holidays and no others."""
    assert row is not None, "territories come with their outlines; a record of unknown ones is refused"
    merge(row, row.holidays, ("on",), [Holiday(on=on, name=name) for on, name in record.holidays.items()])
    return row
