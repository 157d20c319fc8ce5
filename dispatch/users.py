"""Who may sign in, as what, and with which password."""

from __future__ import annotations

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, joinedload

from dispatch.errors import Forbidden, InvalidInput
from dispatch.models import ROLES, PasswordLink, Technician, User, UserTerritory
from dispatch.passwords import hash_password, list_faults
from dispatch.sessions import end_sessions
from dispatch.tries import unlock


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


def list_territory_ids(session: Session, user: User) -> frozenset[int]:
    """The territories that a dispatcher is limited to; none means all of them. Others are never limited."""
    if user.role != "dispatcher":
        return frozenset()
    return frozenset(session.scalars(select(UserTerritory.territory_id).where(UserTerritory.user_id == user.id)))


def add_user(
    session: Session, *, email: str, name: str, role: str, password: str, technician_code: str | None = None
) -> User:
    """Add someone who may sign in; the role technician, and no other, as one of the technicians.

    Raises InvalidInput with all that is wrong.
    """
    email, name = email.strip().lower(), name.strip()
    technician = session.scalar(select(Technician).where(Technician.code == technician_code))
    wrong = []
    if "@" not in email:
        wrong.append(f"{email!r} is no e-mail address.")
    if not name:
        wrong.append(f"{email}: the name is empty; write the one that the pages shall show.")
    if role not in ROLES:
        wrong.append(f"There is no role {role!r}; choose one of: {', '.join(ROLES)}.")
    if role == "technician" and technician_code is None:
        wrong.append(f"{email}: the role technician needs the code of the technician it signs in as.")
    elif role == "technician" and technician is None:
        wrong.append(f"There is no technician with the code {technician_code!r}; import technicians first.")
    elif technician_code is not None and role in ROLES and role != "technician":
        wrong.append(f"{email}: only the role technician signs in as a technician; leave {technician_code!r} out.")
    elif technician and (other := session.scalar(select(User.email).where(User.technician_id == technician.id))):
        wrong.append(f"The technician {technician_code!r} signs in as {other} already.")
    wrong += list_faults(password)
    if session.scalar(select(func.count()).where(User.email == email)):
        wrong.append(f"{email} is already a user.")
    if wrong:
        raise InvalidInput(wrong)
    user = User(email=email, name=name, role=role, technician=technician, password_hash=hash_password(password))
    session.add(user)
    return user


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
    session.execute(delete(PasswordLink).where(PasswordLink.user_id == user.id))
