"""A draft that a person begins: the day as it is published, for jobs to be moved in by hand."""

from __future__ import annotations

from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dispatch.db import lock_day
from dispatch.errors import Conflict
from dispatch.events import record_event
from dispatch.models import Base, PlanRoute, PlanVersion
from dispatch.planning.drafts import find_open_draft
from dispatch.planning.facts import find_published

Row = TypeVar("Row", bound=Base)

OWN = {"id", "plan_id", "route_id"}
"""What a copied row does not take over."""


def begin_draft(session: Session, on: date, by_user_id: int | None, now: datetime) -> PlanVersion:
    """The day's open draft, or a new one that is the published plan as it stands, to move jobs in by hand.

    Raises Conflict for a day that is not planned.
    """
    lock_day(session, on)
    draft = find_open_draft(session, on)
    if draft is not None:
        return draft
    published = find_published(session, on, for_update=True)
    if published is None:
        raise Conflict(f"{on} is not planned yet; plan it before moving jobs.")
    newest = session.scalar(select(func.max(PlanVersion.version)).where(PlanVersion.on == on)) or 0
    draft = _copy(
        published,
        version=newest + 1,
        status="draft",
        base_id=published.id,
        draft_id=None,
        revision=1,
        made_at=now,
        published_at=None,
        published_by_user_id=None,
    )
    draft.unassigned = [_copy(one) for one in published.unassigned]
    session.add(draft)
    session.flush()  # stops name their plan by id
    for route in published.routes:
        draft.routes.append(_copy_route(route, draft))
    record_event(session, "draft begun", now, by_user_id, draft, after={"on": on, "version": draft.version})
    session.flush()
    found = find_open_draft(session, on)
    assert found is not None, "it was stored just now"
    return found


def _copy_route(route: PlanRoute, draft: PlanVersion) -> PlanRoute:
    copied = _copy(route)
    copied.rests = [_copy(rest) for rest in route.rests]
    copied.stops = [_copy(stop, plan_id=draft.id) for stop in route.stops]
    return copied


def _copy(row: Row, **changes: object) -> Row:
    """A new row with the same columns, but for its own ids and what changes."""
    names = {attribute.key for attribute in type(row).__mapper__.column_attrs} - OWN
    return type(row)(**({name: getattr(row, name) for name in names} | changes))
