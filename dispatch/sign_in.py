"""Signing in: whom an e-mail address and a password belong to, and who must wait after wrong tries.

Each try is counted before the password is looked at, and taken back when it was right: tries in one moment cannot slip
through together, and no transaction is open while the password is hashed.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dispatch.db import SessionFactory
from dispatch.events import record_event
from dispatch.models import User, WrongTries
from dispatch.passwords import is_right, rehash_if_outdated

LOCKED_FOR = timedelta(minutes=10)
FORGOTTEN_AFTER = timedelta(hours=1)
"""A series of wrong tries that began so long ago does not count any more."""
TRIES = 5
"""At one account from one address: whoever tries elsewhere does not lock out the person whose account it is."""
TRIES_AT_ACCOUNT = 50
"""At one account from everywhere together, against guessing from many addresses."""
TRIES_FROM_ADDRESS = 50
"""From one address at all accounts together, against trying one password at everybody's."""


@dataclass(frozen=True)
class Attempt:
    """What came of a try: the user, or nobody, and until when no further try is looked at."""

    user: User | None
    locked_until_at: datetime | None = None


def sign_in(session_factory: SessionFactory, email: str, password: str, address: str, now: datetime) -> Attempt:
    """Look whom `email` and `password` belong to, tried from the network address `address`."""
    email, address = email.strip().lower(), _network_of(address)
    with session_factory.begin() as session:
        is_open, locked_until_at = _count_try(session, email, address, now)
    if not is_open:
        return Attempt(None, locked_until_at)
    with session_factory() as session:
        user = session.scalar(select(User).where(User.email == email, User.active))
    # Nobody's password takes as long as a wrong one, so that nobody can find out which addresses exist.
    is_theirs = is_right(user.password_hash if user else None, password)
    with session_factory.begin() as session:
        if user is None or not is_theirs:
            if user is not None and locked_until_at is not None:
                after = {"email": email, "address": address, "until_at": locked_until_at}
                record_event(session, "sign-in locked", now, None, user, after=after)
            return Attempt(None, locked_until_at)
        _take_back(session, email, address)
        stored = session.get_one(User, user.id)
        stored.password_hash = rehash_if_outdated(stored.password_hash, password)
    return Attempt(stored)


def list_locked(session: Session, now: datetime) -> set[str]:
    """The e-mail addresses that cannot sign in at the moment, from everywhere or from somewhere."""
    query = select(WrongTries.email).where(WrongTries.email != "", WrongTries.locked_until_at > now)
    return set(session.scalars(query))


def unlock(session: Session, email: str) -> None:
    """Forget all wrong tries at an account."""
    _delete(session, WrongTries.email == email)


def forget_old_tries(session: Session, now: datetime) -> None:
    """Drop series that do not count any more."""
    _delete(session, WrongTries.since_at < now - FORGOTTEN_AFTER - LOCKED_FOR)


def _count_try(session: Session, email: str, address: str, now: datetime) -> tuple[bool, datetime | None]:
    """Whether this try may be looked at, and until when no other may be; counts it if so."""
    limits = (((email, address), TRIES), ((email, ""), TRIES_AT_ACCOUNT), (("", address), TRIES_FROM_ADDRESS))
    # Always in this order, so that two tries never wait for each other in a circle.
    rows = [(_get_locked(session, key, now), limit) for key, limit in limits if any(key)]
    locked = [row.locked_until_at for row, _ in rows if row.locked_until_at and now < row.locked_until_at]
    if locked:
        return False, max(locked)
    for row, limit in rows:
        if row.locked_until_at or row.since_at + FORGOTTEN_AFTER <= now:
            row.count, row.since_at, row.locked_until_at = 0, now, None
        row.count += 1
        if row.count >= limit:
            row.locked_until_at = now + LOCKED_FOR
    return True, now + LOCKED_FOR if any(row.locked_until_at for row, _ in rows) else None


def _get_locked(session: Session, key: tuple[str, str], now: datetime) -> WrongTries:
    while True:
        row = session.get(WrongTries, key, with_for_update=True)
        if row is not None:
            return row
        try:
            with session.begin_nested():
                row = WrongTries(email=key[0], address=key[1], count=0, since_at=now)
                session.add(row)
            return row
        except IntegrityError:  # another try has added it, in this instant
            continue


def _delete(session: Session, which: ColumnElement[bool]) -> None:
    """In the order in which tries lock them, see `_count_try`."""
    in_order = WrongTries.email == "", WrongTries.address.desc()
    for row in session.scalars(select(WrongTries).where(which).order_by(*in_order).with_for_update()).all():
        session.delete(row)


def _take_back(session: Session, email: str, address: str) -> None:
    """The try was right: the account starts anew, and the address has one try less against it."""
    _delete(session, and_(WrongTries.email == email, WrongTries.address.in_((address, ""))))
    row = session.get(WrongTries, ("", address), with_for_update=True)
    if row is not None:
        row.count = max(0, row.count - 1)  # the series may have begun anew meanwhile
        if row.count < TRIES_FROM_ADDRESS:
            row.locked_until_at = None


def _network_of(address: str) -> str:
    """One household or phone has a whole half of IPv6 addresses; what is no address is taken as it is."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 4:
        return str(found)
    return str(ipaddress.ip_network((found, 64), strict=False))
