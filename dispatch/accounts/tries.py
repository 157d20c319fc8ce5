"""Counts wrong tries, and says who must wait: tries in one moment cannot slip through together.

Each try is counted before it is looked at, and taken back when it was right.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dispatch.models import WrongTries

LOCKED_FOR = timedelta(minutes=10)
FORGOTTEN_AFTER = timedelta(hours=1)
"""A series of wrong tries that began so long ago does not count any more."""
TRIES_FROM_ADDRESS = 50
"""From one address at all accounts together, against trying one password at everybody's."""
OF_CODE = " code"
"""What follows the e-mail address where tries at the code of the second factor are counted."""

LONGEST_EMAIL = 254
"""Mail servers take none that is longer."""

Limit = tuple[tuple[str, str], int]
"""An e-mail address and a network address, either of which may be empty, and how many tries there may be."""


def count_try(session: Session, limits: Sequence[Limit], now: datetime) -> tuple[bool, datetime | None]:
    """Whether this try may be looked at, and until when no other may be; counts it if so.

    `limits` go from the account's to the address's, so that two tries never wait for each other in a circle.
    """
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


def take_back(session: Session, email: str, address: str) -> None:
    """The try was right: the account starts anew, and the address has one try less against it."""
    _delete(session, and_(WrongTries.email == email, WrongTries.address.in_((address, ""))))
    row = session.get(WrongTries, ("", address), with_for_update=True)
    if row is not None:
        row.count = max(0, row.count - 1)  # the series may have begun anew meanwhile
        if row.count < TRIES_FROM_ADDRESS:
            row.locked_until_at = None


def list_locked(session: Session, now: datetime) -> set[str]:
    """The e-mail addresses that cannot sign in at the moment, from everywhere or from somewhere."""
    query = select(WrongTries.email).where(WrongTries.email != "", WrongTries.locked_until_at > now)
    return {email.removesuffix(OF_CODE) for email in session.scalars(query)}


def unlock(session: Session, email: str) -> None:
    """Forget all wrong tries at an account."""
    _delete(session, WrongTries.email.in_((email, email + OF_CODE)))


def forget_old_tries(session: Session, now: datetime) -> None:
    """Drop series that do not count any more."""
    _delete(session, WrongTries.since_at < now - FORGOTTEN_AFTER - LOCKED_FOR)


def is_plain(email: str) -> bool:
    """Whether an e-mail address could be somebody's: of a length, and of characters, that all databases store."""
    return len(email) <= LONGEST_EMAIL and email.isprintable()


def network_of(address: str) -> str:
    """One household or phone has a whole half of IPv6 addresses; what is no address is taken as it is."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    found = getattr(found, "ipv4_mapped", None) or found  # as a server that listens to both is told IPv4
    if found.version == 4:
        return str(found)
    return str(ipaddress.ip_network((found, 64), strict=False))


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
    """In the order in which tries lock them, see `count_try`."""
    in_order = WrongTries.email == "", WrongTries.address.desc()
    for row in session.scalars(select(WrongTries).where(which).order_by(*in_order).with_for_update()).all():
        session.delete(row)
