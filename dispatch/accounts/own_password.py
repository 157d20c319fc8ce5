"""People give themselves another password, which ends every session that began with the old one."""

from __future__ import annotations

from datetime import datetime

from dispatch import clock, installation
from dispatch.accounts.passwords import list_faults
from dispatch.accounts.sign_in import sign_in
from dispatch.accounts.users import give_password
from dispatch.db import SessionFactory
from dispatch.errors import InvalidInput
from dispatch.events import record_event
from dispatch.models import User


def change_own_password(
    session_factory: SessionFactory, email: str, present: str, new: str, again: str, address: str, now: datetime
) -> User:
    """Store the new password of whoever knows the present one; wrong tries count as wrong tries to sign in.

    Raises InvalidInput with all that is wrong.
    """
    attempt = sign_in(session_factory, email, present, address, now)
    wrong = list_faults(new)
    if new != again:
        wrong.append("The new password was not written the same way twice.")
    if attempt.user is not None and new == present:
        wrong.append("The new password is the present one; choose another.")
    with session_factory.begin() as session:
        if attempt.locked_until_at is not None:
            until = clock.local_time(attempt.locked_until_at, installation.get_zone(session))
            wrong.insert(0, f"The present password was wrong too often; try again after {until}.")
        elif attempt.user is None:
            wrong.insert(0, "The present password is not right.")
        if wrong or attempt.user is None:
            raise InvalidInput(wrong)
        user = session.get_one(User, attempt.user.id)
        give_password(session, user, new)
        record_event(session, "password changed", now, user.id, user)
    return user
