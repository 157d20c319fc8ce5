"""Everybody who may sign in, as managers and admins see them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zlib import crc32

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.accounts.password_links import MAY_HELP, list_link_faults
from dispatch.accounts.second_factor import list_with_second_factor
from dispatch.accounts.tries import list_locked
from dispatch.accounts.users import list_users
from dispatch.db import lock_accounts
from dispatch.errors import NotFound
from dispatch.models import Technician, Territory, User, UserTerritory


@dataclass(frozen=True)
class Account:
    """One line of the list. `territories` are the names of those that a dispatcher is limited to."""

    id: int
    name: str
    email: str
    role: str
    active: bool
    is_locked: bool
    has_second_factor: bool
    technician_code: str | None
    """Whom the role technician signs in as."""
    territory_ids: frozenset[int]
    territories: tuple[str, ...]
    may_be_helped: bool
    """Whether whoever looks may make a link for a new password."""
    link_fault: str
    """Why the link that they asked for was not e-mailed, so that somebody makes one; empty where nothing failed."""

    @property
    def version(self) -> int:
        """Another number as soon as anything differs that can be changed: a fingerprint, since nothing counts."""
        told = (self.name, self.email, self.role, self.active, self.has_second_factor, self.technician_code)
        return crc32(repr((*told, sorted(self.territory_ids))).encode()) % 1_000_000_000


def list_accounts(session: Session, by_role: str, now: datetime) -> list[Account]:
    """All of them, by e-mail, as somebody of that role sees them."""
    return _describe(session, list_users(session), by_role, now)


def describe_account(
    session: Session, user_id: int, by_role: str, now: datetime, *, for_update: bool = False
) -> Account:
    """One of them; `for_update`: nobody else changes it until the transaction is over. Raises NotFound."""
    return _describe(session, [get_account(session, user_id, for_update=for_update)], by_role, now)[0]


def _describe(session: Session, users: Iterable[User], by_role: str, now: datetime) -> list[Account]:
    locked, secured = list_locked(session, now), list_with_second_factor(session)
    faults = list_link_faults(session, now)
    limited: defaultdict[int, dict[int, str]] = defaultdict(dict)
    rows = select(UserTerritory.user_id, Territory.id, Territory.name).join(Territory).order_by(Territory.name)
    for user_id, territory_id, name in session.execute(rows):
        limited[user_id][territory_id] = name
    return [
        Account(
            id=user.id,
            name=user.name,
            email=user.email,
            role=user.role,
            active=user.active,
            is_locked=user.email in locked,
            has_second_factor=user.id in secured,
            technician_code=user.technician.code if user.technician else None,
            territory_ids=frozenset(limited[user.id]),
            territories=tuple(limited[user.id].values()),
            may_be_helped=user.active and user.role in MAY_HELP.get(by_role, ()),
            link_fault=faults.get(user.id, ""),
        )
        for user in users
    ]


def list_territory_names(session: Session) -> list[tuple[int, str]]:
    """What dispatchers can be limited to."""
    return [(found.id, found.name) for found in session.scalars(select(Territory).order_by(Territory.name))]


def list_technicians_without_account(session: Session) -> list[tuple[str, str]]:
    """Codes and names of those at work as whom nobody signs in yet, by name."""
    taken = select(User.technician_id).where(User.technician_id.is_not(None))
    free = select(Technician).where(Technician.active, Technician.id.not_in(taken))
    return [(found.code, found.name) for found in session.scalars(free.order_by(Technician.name, Technician.code))]


def get_account(session: Session, user_id: int, *, for_update: bool = False) -> User:
    """Also one that is switched off; `for_update`: one transaction at a time changes accounts. Raises NotFound."""
    if for_update:
        lock_accounts(session)
    user = session.get(User, user_id, with_for_update={"of": User} if for_update else None)
    if user is None:
        raise NotFound("There is no such account.")
    return user
