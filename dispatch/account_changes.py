"""Accounts that programs add, and other roles for those there are."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dispatch.account_list import get_account
from dispatch.errors import Conflict, Forbidden, InvalidInput
from dispatch.events import record_event
from dispatch.models import User, UserTerritory
from dispatch.sessions import end_sessions
from dispatch.users import add_user, find_technician_of

TAKEN = "Somebody else has given an account this e-mail address or technician at this moment: look at it first."


def invite_user(
    session: Session, *, email: str, name: str, role: str, technician_code: str | None, by_user_id: int, now: datetime
) -> User:
    """Add somebody who signs in once they have chosen a password at a link: until then nobody knows one.

    Raises InvalidInput with all that is wrong, Conflict.
    """
    nobodys = secrets.token_urlsafe(32)
    user = add_user(session, email=email, name=name, role=role, password=nobodys, technician_code=technician_code)
    _flush(session)
    after = {"email": user.email, "role": role, "technician": technician_code}
    record_event(session, "user added", now, by_user_id, user, after=after)
    return user


def change_role(
    session: Session, user_id: int, role: str, technician_code: str | None, by_user_id: int, now: datetime
) -> None:
    """Let somebody see and do something else from now on; they are signed out everywhere.

    Who is no dispatcher any more loses the limits to territories. Raises NotFound, Forbidden for one's own account,
    InvalidInput with all that is wrong, Conflict.
    """
    user = get_account(session, user_id, for_update=True)
    if user.id == by_user_id:
        raise Forbidden("Nobody gives themselves another role; ask another admin.")
    technician, wrong = find_technician_of(session, role, technician_code, user.id)
    if wrong:
        raise InvalidInput(wrong)
    before = {"role": user.role, "technician": user.technician.code if user.technician else None}
    after = {"role": role, "technician": technician_code}
    if before == after:
        return
    user.role, user.technician = role, technician
    _flush(session)
    if role != "dispatcher":
        session.execute(delete(UserTerritory).where(UserTerritory.user_id == user.id))
    end_sessions(session, user.id)
    record_event(session, "account role changed", now, by_user_id, user, before=before, after=after)


def _flush(session: Session) -> None:
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict(TAKEN) from error
