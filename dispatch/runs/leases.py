"""Leadership among processes: a row in the database says who leads, until when.

A leader renews its lease well before it ends. When it dies the lease runs out and another process takes over.
A leader that stalls for longer than its lease has lost it without noticing; the unique (task, due_at) of every
run keeps even then each run from happening twice.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dispatch.models import Lease

SCHEDULER_LEASE = "scheduler"
"""Whoever holds it runs the tasks; that somebody does is the sign of life of the scheduler."""


def take_lease(session: Session, name: str, holder: str, now: datetime, lasts: timedelta) -> bool:
    """Take, renew or take over the lease; False while another holder's lasts."""
    values = {"holder": holder, "expires_at": now + lasts}
    taken: CursorResult[Any] = session.execute(  # type: ignore[assignment]
        update(Lease)
        .where(Lease.name == name, or_(Lease.holder == holder, Lease.expires_at <= now))
        .values(values)
        .execution_options(synchronize_session=False)
    )
    if taken.rowcount:
        return True
    if session.scalar(select(Lease.name).where(Lease.name == name)):
        return False
    try:
        with session.begin_nested():
            session.execute(insert(Lease).values(name=name, **values))
    except IntegrityError:  # another process was first, in this instant
        return False
    return True


def give_up_lease(session: Session, name: str, holder: str) -> None:
    """Let the next process lead at once."""
    session.execute(
        delete(Lease).where(Lease.name == name, Lease.holder == holder).execution_options(synchronize_session=False)
    )


def find_holder(session: Session, name: str, now: datetime) -> str | None:
    """Who holds the lease now, or None."""
    return session.scalar(select(Lease.holder).where(Lease.name == name, Lease.expires_at > now))
