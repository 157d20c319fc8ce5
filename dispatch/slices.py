"""Long lists cut into parts for people who turn pages.

What comes in all the time is cut by id, the newest first, so that nothing moves while somebody reads. Lists in another
order, such as by name, change seldom: they are cut by how many rows come before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

MOST = 50
T = TypeVar("T")
U = TypeVar("U")


@dataclass(frozen=True)
class Cut:
    """Which part is wanted: what is older than the row `before`, or newer than `after`; else the first rows, or those
    after so many to `skip`. In a list of several kinds of rows, `upto` has the newest id of each kind that counts."""

    before: int | None = None
    after: int | None = None
    skip: int = 0
    upto: tuple[int, ...] = ()


@dataclass(frozen=True)
class Slice(Generic[T]):
    """Some rows of `total`; the first of them is the `first` of all, counted from 1.

    `back` and `on` are the cuts to go on with, None where there is nothing more on that side.
    """

    rows: list[T]
    total: int
    first: int
    back: Cut | None
    on: Cut | None

    def map(self, show: Callable[[T], U]) -> Slice[U]:
        """The same part, with each row as it is shown."""
        return Slice([show(row) for row in self.rows], self.total, self.first, self.back, self.on)


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


def cut_in_order(session: Session, query: Select[Any], cut: Cut, most: int = MOST) -> Slice[Any]:
    """That part of what the query finds, in the query's own order."""
    total = session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    return place_part(list(session.scalars(query.offset(cut.skip).limit(most))), total, cut, most)


def place_part(rows: Sequence[T], total: int, cut: Cut, most: int = MOST) -> Slice[T]:
    """Rows that were cut out already, `cut.skip` of `total` before them, with the way to those beside them."""
    upto = cut.upto
    back = Cut(skip=max(0, min(cut.skip, total) - most), upto=upto) if cut.skip and total else None
    end = cut.skip + len(rows)
    return Slice(list(rows), total, cut.skip + 1, back, Cut(skip=end, upto=upto) if rows and end < total else None)


def _count(session: Session, query: Select[Any], row_id: InstrumentedAttribute[int]) -> int:
    return session.scalar(query.with_only_columns(func.count(row_id)).order_by(None)) or 0
