"""Who may sign in, as what, and with which password."""

from __future__ import annotations

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, joinedload

from data.emails import MEND, find_fault
from dispatch.accounts.passwords import hash_password, list_faults
from dispatch.accounts.sessions import end_sessions
from dispatch.accounts.tries import unlock
from dispatch.errors import Forbidden, InvalidInput
from dispatch.models import ROLES, PasswordLink, Technician, User


def find_user(session: Session, user_id: int) -> User | None:
    """The active user with this id, or None."""
    user = session.get(User, user_id)
    return user if user is not None and user.active else None


def get_user(session: Session, user_id: int) -> User:
    """As `find_user`; somebody who was switched off since they signed in is refused. Raises Forbidden."""
    user = find_user(session, user_id)
    if user is None:
        raise Forbidden("This account has been switched off.")
    return user


def get_user_by_email(session: Session, email: str) -> User:
    """Also one whose account is switched off. Raises InvalidInput when there is none."""
    email = email.strip().lower()
    user = session.scalar(select(User).where(User.email == email))
    if user is None:
        raise InvalidInput([f"There is no user {email!r}; `wrenchtime user list` shows who there is."])
    return user


def list_users(session: Session) -> list[User]:
    """Everybody who may sign in, or might if their account were active, by e-mail; with their technicians."""
    return list(session.scalars(select(User).options(joinedload(User.technician)).order_by(User.email)))


def add_user(
    session: Session, *, email: str, name: str, role: str, password: str, technician_code: str | None = None
) -> User:
    """Add someone who may sign in; the role technician, and no other, as one of the technicians.

    Raises InvalidInput with all that is wrong.
    """
    email, name = email.strip().lower(), name.strip()
    technician, faults = find_technician_of(session, role, technician_code)
    wrong = [*list_person_faults(session, email, name), *faults, *list_faults(password)]
    if wrong:
        raise InvalidInput(wrong)
    user = User(email=email, name=name, role=role, technician=technician, password_hash=hash_password(password))
    session.add(user)
    return user


def list_person_faults(session: Session, email: str, name: str, user_id: int | None = None) -> list[str]:
    """What is wrong with a trimmed e-mail address and name. `user_id` is of an account that is to have them: an address
    that it has already is not looked at again.
    """
    wrong = []
    stored = session.get(User, user_id) if user_id is not None else None
    fault = None if stored is not None and stored.email == email else find_fault(email)
    if fault is not None:
        wrong.append(f"email: {fault}; {MEND}.")
    elif session.scalar(select(func.count()).where(User.email == email, User.id.is_distinct_from(user_id))):
        wrong.append(f"email: the address {email} is already a user's.")
    if not name:
        wrong.append("name: the name is empty; write the one that the pages shall show.")
    return wrong


def find_technician_of(
    session: Session, role: str, code: str | None, user_id: int | None = None
) -> tuple[Technician | None, list[str]]:
    """Who somebody of the role signs in as: technicians as one of them, others as none; and what is wrong with that.

    `user_id` is of an account that may be that technician's already.
    """
    technician = session.scalar(select(Technician).where(Technician.code == code))
    if role not in ROLES:
        return None, [f"role: there is no role {role!r}; choose one of: {', '.join(ROLES)}."]
    if role != "technician" and code is not None:
        return None, [f"technician_code: only the role technician signs in as a technician; leave {code!r} out."]
    if role == "technician" and code is None:
        return None, ["technician_code: the role technician needs the code of the technician it signs in as."]
    if role == "technician" and technician is None:
        return None, [f"technician_code: there is no technician with the code {code!r}; add or import them first."]
    if technician is not None:
        others = select(User.email).where(User.technician_id == technician.id, User.id.is_distinct_from(user_id))
        if other := session.scalar(others):
            return None, [f"technician_code: the technician {code!r} signs in as {other} already."]
    return technician, []


def set_password(session: Session, email: str, password: str) -> User:
    """Give a user a new password, and lift a lock-out. Raises InvalidInput with all that is wrong."""
    email = email.strip().lower()
    user = session.scalar(select(User).where(User.email == email))
    wrong = list_faults(password)
    if user is None:
        wrong.insert(0, f"There is no user {email!r}; `wrenchtime user list` shows who there is.")
    if user is None or wrong:
        raise InvalidInput(wrong)
    give_password(session, user, password)
    unlock(session, email)
    return user


def give_password(session: Session, user: User, password: str) -> None:
    """Store it; sessions that began with the old one end, and links for another are void."""
    user.password_hash = hash_password(password)
    end_sessions(session, user.id)
    void_links(session, user)


def void_links(session: Session, user: User) -> None:
    """No link that was made for them, by whomever, sets a password any more."""
    session.execute(delete(PasswordLink).where(PasswordLink.user_id == user.id))
