"""Tables as files: read and judged, stored, and written so that they can be edited and brought back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.absences import MEND, describe_clash, find_clash
from data.business_records import AbsenceLine
from data.importers import ABSENCES, DateOrder, ImportResult
from data.overlaps import MEND as MEND_OVERLAP
from data.overlaps import list_new_overlaps
from data.records import AbsenceRecord, TechnicianRecord
from dispatch.entry import technicians
from dispatch.entry.checks import with_checks
from dispatch.entry.saving import Stored, store_records
from dispatch.entry.tables import TABLES, get_world
from dispatch.errors import InvalidInput
from dispatch.events import record_event
from dispatch.models import Absence, Technician

KINDS = (*TABLES, "absences")


def read_file(
    session: Session,
    kind: str,
    path: Path,
    now: datetime,
    *,
    zone: str | None = None,
    date_order: DateOrder | None = None,
    keep_good: bool = False,
    sheet: str | None = None,
) -> ImportResult[Any]:
    """The records of a file, with all that is wrong; a column that it does not have leaves what is stored as it is."""
    world = get_world(session, zone, date_order, now=now)
    if kind == "absences":
        checked = with_checks(session, kind, ABSENCES)
        return checked.read_file(path, world, keep_good=keep_good, sheet=sheet)
    table = TABLES[kind]
    known = [table.record(row) for row in table.list_rows(session)]
    checked = with_checks(session, kind, table.sheet)
    return checked.read_file(path, world, known, keep_good=keep_good, sheet=sheet)


def store_file(
    session: Session, kind: str, records: Sequence[Any], now: datetime, by_user_id: int | None = None
) -> Stored:
    """Store what a file said; what it says of nothing is left alone, and the same file twice changes nothing."""
    if kind == "absences":
        return _store_absences(session, records, now, by_user_id)
    if kind == "technicians":
        _refuse_overlaps(session, records, now)
    return store_records(session, TABLES[kind], records, now, by_user_id)


def write_file(session: Session, kind: str, path: Path) -> int:
    """Write all rows to a .csv, .xlsx, .geojson or .gpkg file, as the extension says; returns how many.

    Raises ValueError for another extension, or when there is nothing to write, OSError where it cannot be written.
    """
    if kind == "absences":
        people = session.scalars(technicians.select_all())
        lines = [AbsenceLine(who.code, one) for who in people for one in technicians.to_record(who).absences]
        ABSENCES.write(path, lines)
        return len(lines)
    table = TABLES[kind]
    records = [table.record(row) for row in table.list_rows(session)]
    table.sheet.write(path, records)
    return len(records)


def _store_absences(session: Session, records: Sequence[AbsenceLine], now: datetime, by_user_id: int | None) -> Stored:
    """Absences are added, or get another reason; those that the file does not name stay."""
    people = {row.code: row for row in session.scalars(select(Technician))}
    _refuse_clashes(people, records)
    added = updated = 0
    for record in records:
        who, away = people[record.code], record.absence
        known = next((one for one in who.absences if (one.from_on, one.to_on) == (away.from_on, away.to_on)), None)
        if known is not None and known.reason == away.reason:
            continue
        before = None if known is None else {"absence": _said(known)}
        if known is None:
            added += 1
            who.absences.append(Absence(from_on=away.from_on, to_on=away.to_on, reason=away.reason))
        else:
            updated += 1
            known.reason = away.reason
        who.touch()
        record_event(session, "technician changed", now, by_user_id, who, before=before, after={"absence": _said(away)})
    session.flush()
    return Stored(added, updated, len(records) - added - updated)


def _refuse_clashes(people: Mapping[str, Technician], records: Sequence[AbsenceLine]) -> None:
    """Raises InvalidInput with every line that tells of days that somebody is away already."""
    wrong, away = [], {code: list(who.absences) for code, who in people.items()}
    for record in records:
        new, known = record.absence, away[record.code]
        if any((one.from_on, one.to_on) == (new.from_on, new.to_on) for one in known):
            continue  # it only gets another reason
        clash = find_clash(new.from_on, new.to_on, known)
        if clash is not None:
            wrong.append(f"{record.code}, {new.from_on} to {new.to_on}: {describe_clash(clash)}; {MEND}.")
        known.append(Absence(from_on=new.from_on, to_on=new.to_on, reason=new.reason))
    if wrong:
        raise InvalidInput(wrong)


def _refuse_overlaps(session: Session, records: Sequence[TechnicianRecord], now: datetime) -> None:
    """Raises InvalidInput with all hours that overlap others: what is stored may say something else since the file was
    read."""
    world = get_world(session, now=now, customer_ids=())
    stored = {row.code: technicians.to_record(row) for row in session.scalars(technicians.select_all())}
    wrong: list[str] = []
    for record in records:
        known = stored.get(record.code)
        if known is not None:
            special = known.special_shifts if record.special_shifts is None else record.special_shifts
            loans = known.loans if record.loans is None else record.loans
            record = replace(record, special_shifts=special, loans=loans)
        found = list_new_overlaps(record, known, world.zone, world.territories or {}, world.holidays, world.today)
        wrong.extend(f"{record.code}: {one}. {MEND_OVERLAP}." for one in found)
    if wrong:
        raise InvalidInput(wrong)


def _said(one: Absence | AbsenceRecord) -> str:
    return f"{one.from_on}..{one.to_on} {one.reason}".strip()
