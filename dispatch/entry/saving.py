"""Stores what people entered, with an event for each row that changes: what it said before and what it says now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from dispatch.entry.tables import Table
from dispatch.events import record_event
from dispatch.maintenance.places import follow_address


@dataclass(frozen=True)
class Stored:
    """How many records were new, how many known ones now say something else, and how many said so already.

    `closed` are jobs that are done or cancelled: files leave them as they are.
    """

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    closed: int = 0


def save_record(
    session: Session, table: Table, row: Any, record: Any, now: datetime, by_user_id: int | None, reason: str = ""
) -> tuple[Any, str]:
    """Make the row say what the record tells (a new row if None); returns it, and "added", "changed" or "unchanged"."""
    before = None if row is None else table.sheet.cells(table.record(row))
    old_location_id = getattr(row, "location_id", None)
    row = table.apply(session, row, record)
    session.flush()
    if before is None:
        session.refresh(row)
    else:
        follow_address(session, row, old_location_id, now, by_user_id)
    after = table.sheet.cells(table.record(row))
    if before is None:
        facts = {key: value for key, value in after.items() if value not in (None, "")}
        record_event(session, f"{table.word} added", now, by_user_id, row, after=facts, reason=reason)
        return row, "added"
    keys = [key for key in {**before, **after} if (before.get(key) or "") != (after.get(key) or "")]
    if not keys:
        return row, "unchanged"
    old, new = ({key: said.get(key) for key in keys} for said in (before, after))
    record_event(session, f"{table.word} changed", now, by_user_id, row, before=old, after=new, reason=reason)
    return row, "changed"


def store_records(
    session: Session, table: Table, records: Sequence[Any], now: datetime, by_user_id: int | None
) -> Stored:
    """Store the records of a file. What is known is updated; what says the same already is left alone."""
    known = {getattr(table.record(row), table.key): row for row in table.list_rows(session)}
    done = [
        save_record(session, table, known.get(getattr(record, table.key)), record, now, by_user_id)[1]
        for record in records
    ]
    return Stored(done.count("added"), done.count("changed"), done.count("unchanged"))
