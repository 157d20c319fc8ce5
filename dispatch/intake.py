"""Stores plain records of territories and technicians as rows; what is known already is updated.

Territories are known by name, technicians by code. Rows that say what the record says stay untouched, with their
versions; what records do not tell (an outline, an expiry date) stays too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.outlines import to_geojson
from data.records import TechnicianRecord, TerritoryRecord
from dispatch import installation
from dispatch.editing import add_row, change_row
from dispatch.entry import technicians
from dispatch.entry.saving import Stored
from dispatch.errors import InvalidInput
from dispatch.models import Territory
from dispatch.territories.map import follow_outlines


def store_territories(
    session: Session, records: Sequence[TerritoryRecord], now: datetime, by_user_id: int | None = None
) -> Stored:
    """Add or change territories by name, each with its own event; open jobs follow outlines that are new or others.

    Raises InvalidInput naming all new ones of which nothing says the time zone.
    """
    known = {row.name: row for row in session.scalars(select(Territory))}
    wrong = [
        f"Territory {one.name}: nothing says its time zone; add a column zone."
        for one in records
        if one.name not in known and not one.zone
    ]
    if wrong:
        raise InvalidInput(wrong)
    done: Counter[str] = Counter()
    redrawn = []
    for record in records:
        told = _tell(record)
        row = known.get(record.name)
        if row is None:
            row = Territory(name=record.name, **{"zone": record.zone, **told})
            add_row(session, row, now, by_user_id)
            done["added"] += 1
            is_redrawn = row.polygon is not None
        else:
            changed = [name for name, value in told.items() if getattr(row, name) != value]
            change_row(session, row, row.version, now, by_user_id, **told)
            done["updated" if changed else "unchanged"] += 1
            is_redrawn = "polygon" in changed and row.polygon is not None
        if is_redrawn:
            redrawn.append(row)
    session.flush()
    installation.forget_zone(session)
    follow_outlines(session, redrawn, "Outlines were imported.", by_user_id, now)
    return Stored(done["added"], done["updated"], done["unchanged"])


def _tell(record: TerritoryRecord) -> dict[str, Any]:
    """The columns of which the record says something."""
    told = {
        "zone": record.zone,
        "polygon": None if record.polygon is None else to_geojson(record.polygon),
        "phone": record.phone or None,
    }
    untold = record.untold | ({"phone"} if record.phone is None else set())
    return {name: value for name, value in told.items() if name not in untold}


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
