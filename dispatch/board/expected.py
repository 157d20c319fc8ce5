"""When visits of today are expected to begin, beside the rows of a board: the clock moves it on, and rows are kept."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch import clock
from dispatch.board.known_lanes import KnownLanes
from dispatch.living.expected import list_expected
from dispatch.models import PlanVersion, Stop
from dispatch.territories.scope import get_limits

HOLDS_FOR = timedelta(minutes=1)
"""So long it is not worked out again, whoever asks, unless another plan is published."""


def get_expected(session: Session, on: date, now: datetime, known: KnownLanes) -> dict[str, Any]:
    """`expected` has, by the id of each stop that the session finds and that will begin five minutes or more after its
    time, when it will; JSON-ready. Empty on any day but the one that goes on."""
    is_published = PlanVersion.on == on, PlanVersion.status == "published"
    plan_id = session.scalar(select(PlanVersion.id).where(*is_published))
    expected = {} if plan_id is None else _find(session, on, plan_id, now, known)
    return {"on": on.isoformat(), "expected": expected}


def _find(session: Session, on: date, plan_id: int, now: datetime, known: KnownLanes) -> dict[int, str]:
    of = "expected", plan_id, get_limits(session)
    with known.expecting:  # whoever wants the same waits for it instead of working it out as well
        found: dict[int, str] | None = known.lately.find(of, 0, 0, now, HOLDS_FOR)
        if found is None:
            found = {stop_id: clock.to_iso(at) for stop_id, at in _list_seen(session, on, plan_id, now).items()}
            known.lately.keep(of, 0, now, found)
    return found


def _list_seen(session: Session, on: date, plan_id: int, now: datetime) -> dict[int, datetime]:
    expected = list_expected(session, on, now)
    if not get_limits(session):
        return expected
    seen = session.scalars(select(Stop.id).where(Stop.plan_id == plan_id))
    return {stop_id: expected[stop_id] for stop_id in seen if stop_id in expected}
