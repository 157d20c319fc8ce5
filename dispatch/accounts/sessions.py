"""Sessions: the browsers in which somebody is signed in. Each is a row, so that it can be seen and ended."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import Row, delete, select, update
from sqlalchemy.orm import Session, joinedload

from dispatch.errors import NotFound
from dispatch.events import record_event
from dispatch.models import User, UserSession

LASTS = timedelta(hours=14)
"""A long shift; every request starts it anew."""
SEEN_EVERY = timedelta(minutes=5)
LONGEST_BROWSER = 200


def session_key(user: User | Row[Any]) -> str:
    """What a session carries beside its id; it is over when this changes: with the password and the role."""
    return sha256(f"{user.password_hash} {user.role} {user.technician_id}".encode()).hexdigest()[:32]


def begin_session(session: Session, user_id: int, address: str, browser: str, now: datetime) -> UserSession:
    """Sign somebody in, in one more browser."""
    begun = UserSession(
        id=secrets.token_hex(16),
        user_id=user_id,
        began_at=now,
        seen_at=now,
        address=address,
        browser=browser[:LONGEST_BROWSER],
    )
    session.add(begun)
    return begun


def mark_seen(session: Session, session_id: str, now: datetime) -> None:
    """A request has come: the session lasts for that much longer."""
    session.execute(update(UserSession).where(UserSession.id == session_id).values(seen_at=now))


def list_open_sessions(session: Session, user_id: int, now: datetime) -> list[UserSession]:
    """Where somebody is signed in, the latest seen first."""
    query = select(UserSession).where(UserSession.user_id == user_id, UserSession.seen_at > now - LASTS)
    return list(session.scalars(query.order_by(UserSession.seen_at.desc(), UserSession.id)))


def list_session_keys(session: Session, session_ids: Collection[str], now: datetime) -> dict[str, str]:
    """The keys of those sessions among them that are open, by their ids."""
    query = (
        select(UserSession)
        .join(UserSession.user)
        .where(UserSession.id.in_(session_ids), UserSession.seen_at > now - LASTS, User.active)
        .options(joinedload(UserSession.user))
    )
    return {one.id: session_key(one.user) for one in session.scalars(query)}


def end_session(session: Session, session_id: str) -> None:
    """Sign out in one browser; nothing happens when that has ended already."""
    session.execute(delete(UserSession).where(UserSession.id == session_id))


def end_own_session(session: Session, user_id: int, session_id: str, now: datetime) -> None:
    """Sign oneself out in one browser. Raises NotFound when that is none of one's own."""
    ended = session.scalar(select(UserSession).where(UserSession.id == session_id, UserSession.user_id == user_id))
    if ended is None:
        raise NotFound("That session has ended already.")
    session.delete(ended)
    record_event(session, "session ended", now, user_id, session.get_one(User, user_id))


def end_sessions(session: Session, user_id: int, but: str | None = None) -> int:
    """Sign somebody out everywhere, but in the session `but`; how many sessions ended."""
    ended = delete(UserSession).where(UserSession.user_id == user_id)
    if but is not None:
        ended = ended.where(UserSession.id != but)
    return len(session.scalars(ended.returning(UserSession.id)).all())


def forget_old_sessions(session: Session, now: datetime) -> None:
    """Drop sessions that are over."""
    session.execute(delete(UserSession).where(UserSession.seen_at <= now - LASTS))
