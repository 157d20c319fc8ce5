"""Who may sign in to the demo; the sign-in page offers them, since the demo keeps no secrets."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch import installation
from dispatch.models import User

PASSWORD = "wrenchtime-demo"  # known to all: the demo holds invented people only


@dataclass(frozen=True)
class DemoUser:
    """One of the demo's users with the password to sign in."""

    role: str
    name: str
    email: str
    password: str = PASSWORD


PEOPLE = (
    DemoUser("dispatcher", "Daniela Dispatch", "dispatcher@wrenchtime.example"),
    DemoUser("technician", "", "technician@wrenchtime.example"),
    DemoUser("manager", "Manuel Manager", "manager@wrenchtime.example"),
    DemoUser("admin", "Ada Admin", "admin@wrenchtime.example"),
)
"""The technician's name is that of a technician of the sample company."""


def list_demo_users(session: Session) -> tuple[DemoUser, ...]:
    """The users to offer, in the order of PEOPLE; none unless this database is the demo."""
    if installation.find_setting(session, installation.DEMO) != "yes":
        return ()
    emails = [person.email for person in PEOPLE]
    names = {user.email: user.name for user in session.scalars(select(User).where(User.email.in_(emails)))}
    return tuple(DemoUser(person.role, names[person.email], person.email) for person in PEOPLE if person.email in names)
