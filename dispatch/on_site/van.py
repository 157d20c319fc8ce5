"""What each van carries: drawn down by work, counted and filled by people."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from dispatch.errors import Conflict, InvalidInput, NotFound
from dispatch.events import record_event
from dispatch.models import Part, Technician, User, VanStock
from dispatch.territories.scope import without_limits

MOST = 10_000
"""Pieces of one part on one van; more is mistyped."""


@dataclass(frozen=True)
class Counted:
    """How many pieces somebody saw on the page, and how many there are by their count."""

    seen: int
    now: int


def list_vans(session: Session) -> list[Technician]:
    """Active technicians by name, with what their vans carry."""
    query = select(Technician).where(Technician.active).order_by(Technician.name, Technician.code)
    return list(session.scalars(query.options(selectinload(Technician.van_stock))))


def list_parts(session: Session) -> list[str]:
    """The names of the catalogue, in order."""
    return list(session.scalars(select(Part.name).order_by(Part.name)))


def draw(session: Session, technician: Technician, part: str, count: int) -> tuple[int, int]:
    """Take pieces off the van, or put them back where `count` is negative; how many are left, and how many lacked.

    A van never holds less than nothing.
    """
    row = _lock(session, technician.id, part)
    held = row.count if row else 0
    left = max(0, held - count)
    if row is not None:
        row.count = left
    elif left:
        session.add(VanStock(technician_id=technician.id, part=part, count=left))
    return left, max(0, count - held)


def set_most(session: Session, technician: Technician, part: str, most: int) -> None:
    """Believe somebody who looked: the van holds no more than that."""
    row = _lock(session, technician.id, part)
    if row is not None:
        row.count = min(row.count, most)


def store_counts(
    session: Session, technician_id: int, counts: Mapping[str, Counted], by_user: User, now: datetime
) -> list[str]:
    """Store what a van carries after it was counted or filled, and return the parts that changed.

    Raises NotFound, InvalidInput with all that is wrong, Conflict (a count has changed since it was seen).
    """
    technician = session.get(Technician, technician_id, with_for_update={"key_share": True})
    if technician is None:
        raise NotFound(f"There is no technician with id {technician_id}.")
    wrong = [
        f"{part}: {one.now} is no number of pieces; give one from 0 to {MOST:,}."
        for part, one in counts.items()
        if not 0 <= one.now <= MOST
    ]
    if wrong:
        raise InvalidInput(wrong)
    refuse_unknown_parts(session, counts)
    changed = {part: one for part, one in counts.items() if one.seen != one.now}
    rows = {row.part: row for row in technician.van_stock}
    held = {part: rows[part].count if part in rows else 0 for part in changed}
    moved = [part for part, one in changed.items() if held[part] not in (one.seen, one.now)]
    if moved:
        raise Conflict(
            f"Meanwhile the stock of {technician.name}'s van has changed: {', '.join(moved)}. Look at it as it is now."
        )
    changed = {part: one for part, one in changed.items() if held[part] != one.now}
    for part, one in changed.items():
        if part in rows:
            rows[part].count = one.now
        else:
            technician.van_stock.append(VanStock(part=part, count=one.now))
    if changed:
        before, after = ({part: held[part] for part in changed}, {part: one.now for part, one in changed.items()})
        record_event(session, "van stocked", now, by_user.id, technician, before=before, after=after)
    return list(changed)


def refuse_unknown_parts(session: Session, parts: Collection[str]) -> None:
    """Raises InvalidInput, naming every part that the catalogue does not have."""
    known = set(session.scalars(select(Part.name).where(Part.name.in_(parts))))
    wrong = [f"There is no part {part!r} in the catalogue." for part in parts if part not in known]
    if wrong:
        raise InvalidInput(wrong)


def _lock(session: Session, technician_id: int, part: str) -> VanStock | None:
    """The row, held until this transaction ends; whoever changes a van's stock takes the technician's row first.

    Also of a van that the session's territories hide: whoever was lent, or has moved, worked at a job in them.
    """
    with without_limits(session):
        session.get_one(Technician, technician_id, with_for_update={"key_share": True})
    return session.get(VanStock, (technician_id, part), with_for_update=True, populate_existing=True)
