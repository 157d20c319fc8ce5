"""Passwords: hashed with Argon2, compared in constant time, long enough."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LEAST_LENGTH = 12

# The smallest parameters that OWASP recommends: some 20 ms a try, 19 MiB.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


def hash_password(password: str) -> str:
    """What is stored of a password."""
    return _hasher.hash(password)


def rehash_if_outdated(password_hash: str, password: str) -> str:
    """The hash as it would be made today; the same one unless the parameters have changed since."""
    return _hasher.hash(password) if _hasher.check_needs_rehash(password_hash) else password_hash


def is_right(password_hash: str | None, password: str) -> bool:
    """Whether this is the password; without a hash it never is, and takes as long to say."""
    try:
        return _hasher.verify(password_hash or _decoy_hash(), password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


def list_faults(password: str) -> list[str]:
    """What is wrong with a new password, in sentences."""
    if len(password) >= LEAST_LENGTH:
        return []
    return [f"The password is too short; use {LEAST_LENGTH} characters or more."]


@cache
def _decoy_hash() -> str:
    return _hasher.hash("nobody's password")
