"""Signing in: whom an e-mail address and a password belong to, and who must wait after wrong tries.

No transaction is open while the password is hashed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from dispatch.accounts.passwords import is_right, rehash_if_outdated
from dispatch.accounts.tries import TRIES_FROM_ADDRESS, count_try, is_plain, network_of, take_back
from dispatch.db import SessionFactory
from dispatch.events import record_event
from dispatch.models import User

TRIES = 5
"""At one account from one address: whoever tries elsewhere does not lock out the person whose account it is."""
TRIES_AT_ACCOUNT = 50
"""At one account from everywhere together, against guessing from many addresses."""

NOBODYS = "nobody's"
"""Under which tries at what can be nobody's address are counted: it may be as long as a book."""


@dataclass(frozen=True)
class Attempt:
    """What came of a try: the user, or nobody, and until when no further try is looked at.

    `recovery_codes_left` is a number when it was one of those that opened the account.
    """

    user: User | None
    locked_until_at: datetime | None = None
    recovery_codes_left: int | None = None


def sign_in(session_factory: SessionFactory, email: str, password: str, address: str, now: datetime) -> Attempt:
    """Look whom `email` and `password` belong to, tried from the network address `address`.

    Who has a second factor is not signed in yet, see `dispatch.accounts.second_factor`.
    """
    email, address = email.strip().lower(), network_of(address)
    if not is_plain(email):  # nobody's; all such tries count as one account's
        email = NOBODYS
    limits = (((email, address), TRIES), ((email, ""), TRIES_AT_ACCOUNT), (("", address), TRIES_FROM_ADDRESS))
    with session_factory.begin() as session:
        is_open, locked_until_at = count_try(session, limits, now)
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
        take_back(session, email, address)
        stored = session.get_one(User, user.id)
        stored.password_hash = rehash_if_outdated(stored.password_hash, password)
    return Attempt(stored)
