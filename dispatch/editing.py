"""Adds and changes the rows that people edit: refuses lost updates, and tells what was changed by whom."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from dispatch.errors import InvalidInput, Stale
from dispatch.events import record_event
from dispatch.models import Base, Versioned


def add_row(session: Session, row: Base, now: datetime, by_user_id: int | None, reason: str = "") -> None:
    """Add a row with what belongs to it; the event tells its columns that hold something."""
    session.add(row)
    after = {one: getattr(row, one) for one in _columns(row) if getattr(row, one) is not None}
    record_event(session, f"{_word(row)} added", now, by_user_id, row, after=after, reason=reason)


def change_row(
    session: Session,
    row: Base,
    seen_version: int,
    now: datetime,
    by_user_id: int | None,
    *,
    reason: str = "",
    **values: Any,
) -> None:
    """Give columns new values, if the row is still the version that the person has seen.

    Raises Stale when it is not, InvalidInput naming every column that the row does not have.
    """
    assert isinstance(row, Versioned), f"{row.__tablename__} has no versions: it is not for people to edit"
    unknown = sorted(set(values) - set(_columns(row)) | set(values) & {"id", "version"})
    if unknown:
        raise InvalidInput([f"A {_word(row)} has no {name!r} that can be changed." for name in unknown])
    if row.version != seen_version:
        raise Stale(
            f"This {_word(row)} has been changed since you opened it (version {seen_version}, now {row.version}): "
            "look at it as it is now, and change it again."
        )
    before = {name: getattr(row, name) for name, value in values.items() if getattr(row, name) != value}
    if not before:
        return
    for name in before:
        setattr(row, name, values[name])
    after = {name: values[name] for name in before}
    record_event(session, f"{_word(row)} changed", now, by_user_id, row, before=before, after=after, reason=reason)


def _columns(row: Base) -> list[str]:
    return [column.key for column in row.__mapper__.column_attrs]


def _word(row: Base) -> str:
    return str(row.__tablename__).replace("_", " ")
