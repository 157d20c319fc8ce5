"""Counts requests in the database, so that a limit holds however many processes serve."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from dispatch.models import RequestCount

WINDOW_S = 60
_FORGOTTEN_AFTER = timedelta(hours=1)


@dataclass(frozen=True)
class Counted:
    """A request that was counted: how many more may come in this minute, and when the next one begins."""

    limit: int
    left: int
    """Below zero when this one was too many."""
    resets_in_s: int


def count_request(session: Session, bucket: str, limit: int, now: datetime) -> Counted:
    """Count one more request, in one statement: of many at once, none is missed."""
    second = int(now.timestamp()) % WINDOW_S
    since_at = now.replace(microsecond=0) - timedelta(seconds=second)
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    in_this_minute = RequestCount.since_at == since_at
    statement = insert(RequestCount).values(bucket=bucket, since_at=since_at, count=1)
    count = session.execute(
        statement.on_conflict_do_update(
            index_elements=["bucket"],
            set_={"count": case((in_this_minute, RequestCount.count + 1), else_=1), "since_at": since_at},
        ).returning(RequestCount.count)
    ).scalar_one()
    return Counted(limit, limit - count, WINDOW_S - second)


def forget_old_counts(session: Session, now: datetime) -> None:
    """Drop what no limit looks at any more."""
    session.execute(delete(RequestCount).where(RequestCount.since_at < now - _FORGOTTEN_AFTER))
