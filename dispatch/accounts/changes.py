"""What admins do about accounts: add somebody, change who they are, what they may do and where, and switch them off."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dispatch.accounts.overview import describe_account, get_account, list_territory_names
from dispatch.accounts.sessions import end_sessions
from dispatch.accounts.users import add_user, find_technician_of, list_person_faults, void_links
from dispatch.api.tokens import revoke_tokens
from dispatch.errors import Conflict, Forbidden, InvalidInput, Stale
from dispatch.events import record_event
from dispatch.models import User, UserTerritory

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


def hold_account(session: Session, user_id: int, seen_version: int, now: datetime) -> None:
    """Keep others from changing the account until the transaction is over. Raises NotFound, Stale."""
    account = describe_account(session, user_id, "admin", now, for_update=True)
    if account.version != seen_version:
        raise Stale(f"The account of {account.name} has been changed meanwhile; look at it as it is now.")


def change_person(session: Session, user_id: int, email: str, name: str, by_user_id: int, now: datetime) -> None:
    """Call somebody by another name, or let them sign in with another e-mail address, with which older links are void.

    Raises NotFound, Forbidden for one's own account, InvalidInput with all that is wrong, Conflict.
    """
    user = get_account(session, user_id, for_update=True)
    _refuse_own(user, by_user_id, "Nobody gives themselves another name or e-mail address here; ask another admin.")
    email, name = email.strip().lower(), name.strip()
    wrong = list_person_faults(session, email, name, user.id)
    if wrong:
        raise InvalidInput(wrong)
    before, after = {"email": user.email, "name": user.name}, {"email": email, "name": name}
    if before == after:
        return
    if email != user.email:
        void_links(session, user)
    user.email, user.name = email, name
    _flush(session)
    record_event(session, "account changed", now, by_user_id, user, before=before, after=after)


def change_role(
    session: Session, user_id: int, role: str, technician_code: str | None, by_user_id: int, now: datetime
) -> None:
    """Let somebody see and do something else from now on; they are signed out everywhere, and their tokens end.

    Links for a new password are void: whoever made one was allowed to for the role before. Who is no dispatcher any
    more loses the limits to territories. Raises NotFound, Forbidden for one's own account, InvalidInput with all that
    is wrong, Conflict (there would be no admin left).
    """
    user = get_account(session, user_id, for_update=True)
    _refuse_own(user, by_user_id, "Nobody gives themselves another role; ask another admin.")
    technician, wrong = find_technician_of(session, role, technician_code, user.id)
    if wrong:
        raise InvalidInput(wrong)
    before = {"role": user.role, "technician": user.technician.code if user.technician else None}
    after = {"role": role, "technician": technician_code}
    if before == after:
        return
    if role != "admin":
        _keep_an_admin(session, user)
    user.role, user.technician = role, technician
    _flush(session)
    if role != "dispatcher":
        session.execute(delete(UserTerritory).where(UserTerritory.user_id == user.id))
    end_sessions(session, user.id)
    void_links(session, user)
    revoke_tokens(session, user, by_user_id, now)
    record_event(session, "account role changed", now, by_user_id, user, before=before, after=after)


def limit_dispatcher(
    session: Session, user_id: int, territory_ids: Collection[int], by_user_id: int, now: datetime
) -> None:
    """Let a dispatcher see and change these territories alone; none means all.

    Raises NotFound, Forbidden for one's own account, InvalidInput for other roles and unknown territories.
    """
    user = get_account(session, user_id)
    _refuse_own(user, by_user_id, "Nobody widens or narrows what they may see themselves; ask another admin.")
    if user.role != "dispatcher":
        raise InvalidInput([f"territory_ids: {user.email} is no dispatcher; only dispatchers are limited."])
    names = dict(list_territory_names(session))
    if unknown := sorted(set(territory_ids) - names.keys()):
        raise InvalidInput([f"territory_ids: there is no territory with id {number}." for number in unknown])
    stored = select(UserTerritory.territory_id).where(UserTerritory.user_id == user.id)
    before, after = set(session.scalars(stored)), set(territory_ids)
    if before == after:
        return
    session.execute(delete(UserTerritory).where(UserTerritory.user_id == user.id))
    session.add_all(UserTerritory(user_id=user.id, territory_id=number) for number in after)
    record_event(
        session,
        "dispatcher limited",
        now,
        by_user_id,
        user,
        before={"territories": sorted(names[number] for number in before)},
        after={"territories": sorted(names[number] for number in after)},
    )


def switch_account(session: Session, user_id: int, active: bool, by_user_id: int, now: datetime) -> None:
    """Let somebody in no more, or again; whoever is switched off is signed out everywhere, and their links are void.

    Raises NotFound, Conflict for one's own account and where there would be no admin left.
    """
    user = get_account(session, user_id, for_update=True)
    if user.id == by_user_id:
        raise Conflict("Nobody switches their own account off; ask another admin.")
    if user.active == active:
        return
    if not active:
        _keep_an_admin(session, user)
    user.active = active
    end_sessions(session, user.id)
    void_links(session, user)
    record_event(session, "account switched on" if active else "account switched off", now, by_user_id, user)


def _refuse_own(user: User, by_user_id: int, sentence: str) -> None:
    if user.id == by_user_id:
        raise Forbidden(sentence)


def _keep_an_admin(session: Session, user: User) -> None:
    """Nobody does this to themselves; but two may do it to each other in one moment."""
    others = User.role == "admin", User.active, User.id != user.id
    if user.role == "admin" and user.active and not session.scalar(select(func.count()).where(*others)):
        raise Conflict(f"{user.name} is the last admin: let somebody else be one first.")


def _flush(session: Session) -> None:
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict(TAKEN) from error
