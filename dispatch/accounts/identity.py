"""Who is behind a request: all that decides what somebody may do, read with one statement.

Nothing of it is kept from one request to the next: whoever was signed out, switched off, or given another role or
territory is found to be so by the next request.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Executable, Row, bindparam, select
from sqlalchemy.orm import Session

from dispatch.accounts.sessions import LASTS, session_key
from dispatch.models import SecondFactor, User, UserSession, UserTerritory


@dataclass(frozen=True)
class Identity:
    """A user as far as their rights go."""

    id: int
    name: str
    email: str
    role: str
    technician_id: int | None
    session_key: str
    has_second_factor: bool
    territory_ids: frozenset[int]
    """To which a dispatcher is limited; empty means all, as it is for everybody else."""


_IDENTITY = (
    select(
        User.id,
        User.name,
        User.email,
        User.role,
        User.technician_id,
        User.password_hash,
        SecondFactor.confirmed_at,
        UserTerritory.territory_id,
    )
    .outerjoin(SecondFactor, SecondFactor.user_id == User.id)
    .outerjoin(UserTerritory, (UserTerritory.user_id == User.id) & (User.role == "dispatcher"))
)
"""A row for each territory, or a single one."""
_OF_USER = _IDENTITY.where(User.id == bindparam("user_id"))
_OF_SESSION = (
    _IDENTITY.add_columns(UserSession.seen_at)
    .join(UserSession, UserSession.user_id == User.id)
    .where(UserSession.id == bindparam("session_id"), User.active)
)


def get_identity(session: Session, user_id: int) -> Identity:
    """Of a user who is there, active or not."""
    found = _find(session, _OF_USER, {"user_id": user_id})
    assert found is not None, f"there is no user {user_id}"
    return found[0]


def find_signed_in(session: Session, session_id: str, now: datetime) -> tuple[Identity, datetime] | None:
    """Who signed in with that session and when they were last seen, if it is open and they are active."""
    found = _find(session, _OF_SESSION, {"session_id": session_id})
    if found is None or found[1].seen_at + LASTS <= now:
        return None
    return found[0], found[1].seen_at


def _find(session: Session, query: Executable, given: Mapping[str, Any]) -> tuple[Identity, Row[Any]] | None:
    rows = session.execute(query, given).all()
    if not rows:
        return None
    one = rows[0]
    identity = Identity(
        id=one.id,
        name=one.name,
        email=one.email,
        role=one.role,
        technician_id=one.technician_id,
        session_key=session_key(one),
        has_second_factor=one.confirmed_at is not None,
        territory_ids=frozenset(row.territory_id for row in rows if row.territory_id is not None),
    )
    return identity, one
