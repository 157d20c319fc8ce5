"""Technicians as records, and back: what a page or a file tells of somebody becomes their row."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from data.records import AbsenceRecord, Loan, LunchBreak, OnCallRecord, TechnicianRecord, WorkHours
from dispatch.entry.rows import added, merge, name_parts, place
from dispatch.models import (
    Absence,
    BorrowedDay,
    Limit,
    OnCall,
    ShiftPattern,
    SpecialShift,
    Technician,
    TechnicianSkill,
    Territory,
    VanStock,
)


def select_all() -> Select[Technician]:
    """Everybody, also those who have left, with all that a record tells."""
    loads = (
        Technician.territory,
        Technician.home,
        Technician.secondary_territories,
        Technician.skills,
        Technician.shift_patterns,
        Technician.absences,
        Technician.special_shifts,
        Technician.limits,
        Technician.van_stock,
    )
    return (
        select(Technician)
        .order_by(Technician.code)
        .options(
            *(selectinload(one) for one in loads),
            selectinload(Technician.borrowed_days).selectinload(BorrowedDay.territory),
            selectinload(Technician.on_call).selectinload(OnCall.territory),
        )
    )


def to_record(row: Technician) -> TechnicianRecord:
    """What is stored of somebody; on-call duty by the wall clock of its territory."""
    has_lunch = row.lunch_length_s is not None and row.lunch_opens is not None and row.lunch_closes is not None
    return TechnicianRecord(
        code=row.code,
        name=row.name,
        kind=row.kind,
        email=row.email or "",
        phone=row.phone or "",
        skills={one.name: one.level for one in row.skills},
        skills_until={one.name: one.expires_on for one in row.skills if one.expires_on},
        territory=row.territory.name if row.territory else None,
        secondary_territories=tuple(sorted(one.name for one in row.secondary_territories)),
        home=row.home.point if row.home else None,
        home_address=row.home.address if row.home else "",
        hours={one.weekday: _hours(one) for one in row.shift_patterns},
        lunch=LunchBreak(row.lunch_opens, row.lunch_closes, row.lunch_length_s) if has_lunch else None,  # type: ignore[arg-type]
        capacity={one.part: one.count for one in row.van_stock},
        max_visits=row.max_visits,
        max_travel_s=row.max_travel_s,
        hourly_cost=row.hourly_cost,
        day_cost=row.day_cost,
        pace_percent=row.pace_percent,
        absences=tuple(AbsenceRecord(one.from_on, one.to_on, one.reason) for one in row.absences),
        active=row.active,
        branch=row.branch or "",
        special_shifts={one.on: _hours(one) for one in row.special_shifts},
        loans={one.on: Loan(one.territory.name, one.reason) for one in row.borrowed_days},
        limits={(one.period, one.unit): one.most for one in row.limits},
        on_call=tuple(
            OnCallRecord(
                one.from_at.astimezone(ZoneInfo(one.territory.zone)),
                one.until_at.astimezone(ZoneInfo(one.territory.zone)),
                one.territory.name,
            )
            for one in row.on_call
        ),
    )


def _hours(one: ShiftPattern | SpecialShift) -> WorkHours:
    return WorkHours(one.starts, one.ends, one.latest_ends or one.ends)


def apply(
    session: Session, row: Technician | None, record: TechnicianRecord, territories: Mapping[str, Territory]
) -> Technician:
    """Make the row say what the record tells, or a new one if it is None; what the record does not tell stays."""
    name_parts(session, record.capacity)
    row = row or added(session, Technician(code=record.code))
    row.name, row.kind, row.active = record.name, record.kind, record.active
    row.email, row.phone = record.email or None, record.phone or None
    row.territory = territories[record.territory] if record.territory is not None else None
    secondary = [territories[name] for name in record.secondary_territories]
    if {one.name for one in row.secondary_territories} != {one.name for one in secondary}:
        row.secondary_territories = secondary
        row.touch()
    row.home = place(row.home, record.home, record.home_address)
    row.lunch_length_s = record.lunch.length_s if record.lunch else None
    row.lunch_opens = record.lunch.earliest if record.lunch else None
    row.lunch_closes = record.lunch.latest if record.lunch else None
    row.max_visits, row.max_travel_s = record.max_visits, record.max_travel_s
    row.hourly_cost, row.day_cost = record.hourly_cost, record.day_cost
    row.pace_percent = record.pace_percent
    until = {name: {"expires_on": day} for name, day in record.skills_until.items()}
    skills = [TechnicianSkill(name=name, level=n, **until.get(name, {})) for name, n in record.skills.items()]
    merge(row, row.skills, ("name",), skills)
    merge(row, row.van_stock, ("part",), [VanStock(part=part, count=n) for part, n in record.capacity.items()])
    _apply_days(row, record, territories)
    return row


def _apply_days(row: Technician, record: TechnicianRecord, territories: Mapping[str, Territory]) -> None:
    """When the technician works, and where on which day."""
    away = [Absence(from_on=one.from_on, to_on=one.to_on, reason=one.reason) for one in record.absences]
    merge(row, row.absences, ("from_on", "to_on"), away)
    patterns = [
        ShiftPattern(weekday=weekday, starts=one.start, ends=one.end, latest_ends=one.latest_end)
        for weekday, one in record.hours.items()
    ]
    merge(row, row.shift_patterns, ("weekday",), patterns)
    if record.branch is not None:
        row.branch = record.branch or None
    if record.special_shifts is not None:
        shifts = [
            SpecialShift(on=on, starts=one.start, ends=one.end, latest_ends=one.latest_end)
            for on, one in record.special_shifts.items()
        ]
        merge(row, row.special_shifts, ("on",), shifts)
    if record.loans is not None:
        lent = [
            BorrowedDay(on=on, territory_id=territories[one.territory].id, reason=one.reason)
            for on, one in record.loans.items()
        ]
        merge(row, row.borrowed_days, ("on",), lent)
    if record.limits is not None:
        most = [Limit(period=period, unit=unit, most=n) for (period, unit), n in record.limits.items()]
        merge(row, row.limits, ("period", "unit"), most)
    if record.on_call is not None:
        duty = [
            OnCall(territory_id=territories[one.territory].id, from_at=one.from_at, until_at=one.until_at)
            for one in record.on_call
        ]
        merge(row, row.on_call, ("territory_id", "from_at"), duty)
