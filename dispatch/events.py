"""Records what happens, in the transaction in which it happens; readers miss nothing and see it in order.

    with session_factory.begin() as session:
        job.priority = 90
        record_event(session, "job changed", now, user.id, job, before={"priority": 50}, after={"priority": 90})

Events get their numbers at the very end of the transaction. On PostgreSQL one transaction at a time holds the lock
that gives numbers, until its commit is seen by all: no number is skipped, and none appears after a higher one. Since
that lock is the last that a transaction takes, waiting for it cannot end in a deadlock. SQLite has one writer anyway.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, joinedload

from dispatch import clock
from dispatch.models import Base, Event, User

_LOCK = 0x77726E65
_PENDING = "wrenchtime_events"

Facts = Mapping[str, Any]


def record_event(
    session: Session,
    kind: str,
    now: datetime,
    by_user_id: int | None,
    subject: Base | None = None,
    *,
    before: Facts | None = None,
    after: Facts | None = None,
    reason: str = "",
) -> None:
    """Tell what happens in this transaction; it is stored with the change it tells about, or not at all.

    `by_user_id` None means the program itself. `subject` is the row that it is about, also one that is new.
    """
    session.info[_PENDING].append((kind, now, by_user_id, subject, _as_json(before), _as_json(after), reason))


def begin_recording(session: Session) -> None:
    """Open the list of what will have happened; only writing sessions have one."""
    session.info[_PENDING] = []


def write_events(session: Session) -> None:
    """Number and store what was recorded: the last statements of every writing transaction."""
    pending = session.info.pop(_PENDING)
    if not pending:
        return
    session.flush()
    if session.get_bind().dialect.name == "postgresql":
        users = {user_id for _, _, user_id, *_ in pending if user_id is not None}
        # The foreign key would lock the users' rows after the lock for numbers: take these first.
        session.execute(select(User.id).where(User.id.in_(users)).with_for_update(read=True, key_share=True))
        session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    newest = session.scalar(select(func.max(Event.seq))) or 0
    for seq, (kind, at, user_id, subject, before, after, reason) in enumerate(pending, newest + 1):
        session.add(
            Event(
                seq=seq,
                at=at,
                user_id=user_id,
                kind=kind,
                subject_kind=None if subject is None else subject.__tablename__,
                subject_id=None if subject is None else subject.id,
                before=before,
                after=after,
                reason=reason,
            )
        )


def list_events(session: Session, after_seq: int = 0, limit: int = 1000) -> list[Event]:
    """What happened after that number, oldest first, with the users who did it."""
    return list(session.scalars(_select().where(Event.seq > after_seq).order_by(Event.seq).limit(limit)))


def list_events_of(session: Session, subject: Base) -> list[Event]:
    """Everything that ever happened to a row, oldest first."""
    return list(session.scalars(_select().where(*_about(subject)).order_by(Event.seq)))


def has_event_of(session: Session, subject: Base, kind: str) -> bool:
    """Whether that has ever happened to a row."""
    return session.scalar(select(Event.seq).where(*_about(subject), Event.kind == kind).limit(1)) is not None


def _about(subject: Base) -> tuple[ColumnElement[bool], ...]:
    return Event.subject_kind == subject.__tablename__, Event.subject_id == subject.id  # type: ignore[attr-defined]


def _select() -> Select[Event]:
    return select(Event).options(joinedload(Event.user))


def _as_json(facts: Facts | None) -> dict[str, Any]:
    return {name: _plain(value) for name, value in (facts or {}).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return clock.to_iso(value)
    if isinstance(value, date | time):
        return value.isoformat()
    return value
