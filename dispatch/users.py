"""Who may sign in: passwords with Argon2, and a lock-out after several wrong tries in a row."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dispatch.errors import InvalidInput
from dispatch.models import ROLES, Technician, User

TRIES = 5
LOCKED_FOR = timedelta(minutes=10)
LEAST_PASSWORD_LENGTH = 10

# The smallest parameters that OWASP recommends: some 20 ms a try, 19 MiB.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


def find_user(session: Session, user_id: int) -> User | None:
    """The active user with this id, or None."""
    user = session.get(User, user_id)
    return user if user is not None and user.active else None


def authenticate(session: Session, email: str, password: str, now: datetime) -> User | None:
    """The user whom e-mail and password belong to, or None; wrong tries are counted in the session.

    After five wrong tries in a row the account refuses every password for ten minutes.
    """
    query = select(User).where(User.email == email.strip().lower(), User.active)
    user = session.scalar(query.with_for_update())  # tries in one moment wait for each other: each is counted
    if user is None:
        # As slow as a wrong password, so that nobody can find out which addresses exist.
        _matches(_decoy_hash(), password)
        return None
    if user.locked_until_at is not None and now < user.locked_until_at:
        return None
    if not _matches(user.password_hash, password):
        user.failed_sign_ins += 1
        if user.failed_sign_ins >= TRIES:
            user.failed_sign_ins, user.locked_until_at = 0, now + LOCKED_FOR
        return None
    user.failed_sign_ins, user.locked_until_at = 0, None
    if _hasher.check_needs_rehash(user.password_hash):
        user.password_hash = _hasher.hash(password)
    return user


def add_user(
    session: Session, *, email: str, name: str, role: str, password: str, technician: Technician | None = None
) -> User:
    """Add someone who may sign in. Raises InvalidInput with all that is wrong."""
    email = email.strip().lower()
    wrong = []
    if "@" not in email:
        wrong.append(f"{email!r} is no e-mail address.")
    if role not in ROLES:
        wrong.append(f"There is no role {role!r}; choose one of: {', '.join(ROLES)}.")
    if role == "technician" and technician is None:
        wrong.append(f"{email}: the role technician needs the technician it signs in as.")
    if len(password) < LEAST_PASSWORD_LENGTH:
        wrong.append(f"{email}: the password is too short; use {LEAST_PASSWORD_LENGTH} characters or more.")
    if session.scalar(select(func.count()).where(User.email == email)):
        wrong.append(f"{email} is already a user.")
    if wrong:
        raise InvalidInput(wrong)
    user = User(email=email, name=name, role=role, technician=technician, password_hash=_hasher.hash(password))
    session.add(user)
    return user


def _matches(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _decoy_hash() -> str:
    return _hasher.hash("nobody's password")
