"""Steps that storing any record shares: merge what belongs to a row, keep its place, name its parts."""

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.models import Location, Part, Versioned

Row = TypeVar("Row")
SAME_DEGREES = 1e-7
"""A centimetre. Workbooks keep one digit less of a coordinate than a database."""


def added(session: Session, row: Row) -> Row:
    """The new row, in the session."""
    session.add(row)
    return row


def name_parts(session: Session, names: Iterable[str]) -> None:
    """Put parts that nobody has named before into the catalogue, which vans and jobs refer to."""
    new = set(names) - set(session.scalars(select(Part.name)))
    session.add_all(Part(name=name) for name in sorted(new))
    session.flush()


def merge(owner: Versioned, children: list[Any], keys: tuple[str, ...], told: list[Any]) -> None:
    """Make the owner's children say what is told, one for each key; the owner's version rises if one changed."""
    key = attrgetter(*keys)
    known = {key(one): one for one in children}
    wanted = {key(one): one for one in told}
    changed = known.keys() != wanted.keys()
    for name, new in wanted.items():
        old = known.get(name)
        for field, value in vars(new).items():
            if old is not None and field != "_sa_instance_state" and getattr(old, field) != value:
                setattr(old, field, value)
                changed = True
    children[:] = [known.get(name, new) for name, new in wanted.items()]
    if changed:
        owner.touch()


def place(old: Location | None, point: tuple[float, float] | None, address: str) -> Location | None:
    """The old row if it still tells the truth, else a new one: plans of the past keep theirs."""
    if point is None:
        return None
    if old is not None and old.address == address and is_same_point(old.point, point):
        return old
    return Location(address=address, lat=point[0], lon=point[1])


def is_same_point(one: tuple[float, float], other: tuple[float, float]) -> bool:
    """Whether both are one place, as far as any file can tell."""
    return all(abs(a - b) <= SAME_DEGREES for a, b in zip(one, other, strict=True))
