"""Stores plain records of territories and technicians as rows; what is known already is updated.

Territories are known by name, technicians by code. Rows that say what the record says stay untouched, with their
versions; what records do not tell (an expiry date) stays too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.outlines import to_geojson
from data.records import TechnicianRecord, TerritoryRecord
from dispatch.entry import technicians
from dispatch.entry.rows import added
from dispatch.entry.saving import Stored
from dispatch.errors import InvalidInput
from dispatch.models import Territory


def store_territories(session: Session, records: Sequence[TerritoryRecord]) -> Stored:
    """Add or update territories by name."""
    known = {row.name: row for row in session.scalars(select(Territory))}
    for record in records:
        row = known.get(record.name) or added(session, Territory(name=record.name))
        row.zone = record.zone
        if record.phone is not None:
            row.phone = record.phone or None
        row.polygon = None if record.polygon is None else to_geojson(record.polygon)
    session.flush()
    return _count(known, (record.name for record in records))


def store_technicians(session: Session, records: Sequence[TechnicianRecord]) -> Stored:
    """Add or update technicians by code. Raises InvalidInput naming all unknown territories."""
    territories = {row.name: row for row in session.scalars(select(Territory))}
    wrong = [
        f"Technician {record.code}: there is no territory {name!r}; import the territories first."
        for record in records
        for name in (record.territory, *record.secondary_territories)
        if name is not None and name not in territories
    ]
    if wrong:
        raise InvalidInput(wrong)
    known = {row.code: row for row in session.scalars(technicians.select_all())}
    for record in records:
        technicians.apply(session, known.get(record.code), record, territories)
    session.flush()
    return _count(known, (record.code for record in records))


def _count(known: Iterable[str], stored: Iterable[str]) -> Stored:
    before, now = set(known), set(stored)
    return Stored(added=len(now - before), updated=len(now & before))
