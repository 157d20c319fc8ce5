"""Long lists cut into parts for people who turn pages: the newest first, by id, so that what comes in moves nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, func
from sqlalchemy.orm import InstrumentedAttribute, Session

MOST = 50
T = TypeVar("T")
U = TypeVar("U")


@dataclass(frozen=True)
class Cut:
    """Which part is wanted: what is older than the row `before`, or newer than `after`; with neither, the newest."""

    before: int | None = None
    after: int | None = None


@dataclass(frozen=True)
class Slice(Generic[T]):
    """Some rows of `total`, the newest first; the first of them is the `first` of all, counted from 1.

    `newer` and `older` are the cuts to go on with, None where there is nothing more on that side.
    """

    rows: list[T]
    total: int
    first: int
    newer: Cut | None
    older: Cut | None

    def map(self, show: Callable[[T], U]) -> Slice[U]:
        """The same part, with each row as it is shown."""
        return Slice([show(row) for row in self.rows], self.total, self.first, self.newer, self.older)


def cut_newest_first(
    session: Session, query: Select[Any], row_id: InstrumentedAttribute[int], cut: Cut, most: int = MOST
) -> Slice[Any]:
    """That part of what the query finds; `row_id` is the id by which rows are ordered and parts are cut.

    Parts are always filled up: where fewer rows are newer than `after`, it is the newest part of all.
    """
    if cut.after is not None:
        newer = query.where(row_id > cut.after).order_by(None).order_by(row_id).limit(most)
        rows = list(session.scalars(newer))[::-1]
        if len(rows) < most:
            return cut_newest_first(session, query, row_id, Cut(), most)
    else:
        older = query if cut.before is None else query.where(row_id < cut.before)
        rows = list(session.scalars(older.order_by(None).order_by(row_id.desc()).limit(most)))
    total = _count(session, query, row_id)
    if not rows:
        return Slice([], total, total + 1, Cut() if total else None, None)
    before = _count(session, query.where(row_id > rows[0].id), row_id)
    return Slice(
        rows,
        total,
        before + 1,
        Cut(after=rows[0].id) if before else None,
        Cut(before=rows[-1].id) if before + len(rows) < total else None,
    )


def _count(session: Session, query: Select[Any], row_id: InstrumentedAttribute[int]) -> int:
    return session.scalar(query.with_only_columns(func.count(row_id)).order_by(None)) or 0
