"""Technicians for lists, a page at a time."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from dispatch.models import Technician


def list_technicians(session: Session, *, after_id: int = 0, limit: int = 50) -> list[Technician]:
    """By id, those after `after_id`, also who is not active, with territories, home, skills and absences."""
    return list(
        session.scalars(
            select(Technician)
            .where(Technician.id > after_id)
            .order_by(Technician.id)
            .limit(limit)
            .options(
                joinedload(Technician.territory),
                joinedload(Technician.home),
                selectinload(Technician.secondary_territories),
                selectinload(Technician.skills),
                selectinload(Technician.absences),
            )
        )
    )
