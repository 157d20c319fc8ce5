"""Where customers of a territory call: its own number, else the company's."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from data.phones import EXAMPLE, is_phone
from dispatch.editing import change_row
from dispatch.errors import InvalidInput, NotFound
from dispatch.models import Job, Territory
from dispatch.settings import Settings


def find_phone(job: Job, settings: Settings) -> str:
    """The number that the customer of a job is told; empty where there is none."""
    own = job.territory.phone if job.territory else None
    return own or settings.company_phone


def change_phone(
    session: Session, territory_id: int, seen_version: int, phone: str, by_user_id: int | None, now: datetime
) -> Territory:
    """Give a territory a number of its own, or with an empty one the company's; returns it.

    Raises NotFound, Stale, InvalidInput.
    """
    territory = session.get(Territory, territory_id)
    if territory is None:
        raise NotFound(f"There is no territory with id {territory_id}.")
    phone = phone.strip()
    if phone and not is_phone(phone):
        raise InvalidInput([f"phone: {phone!r} is no telephone number; write one such as {EXAMPLE}."])
    change_row(session, territory, seen_version, now, by_user_id, phone=phone or None)
    session.flush()
    return territory
