"""When planning again finds nothing to change: no draft is made, and it is written down that it was tried."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

import optimizer
from dispatch.events import list_events_of, record_event
from dispatch.models import PlanVersion
from dispatch.planning.answers import leave_unanswered
from dispatch.planning.making_way import tell_discarded
from dispatch.planning.problem import DayProblem
from dispatch.planning.store import list_unassigned

NOTHING_BETTER = "nothing better found"


def keep_published(
    session: Session, day: DayProblem, plan: optimizer.Plan, current: PlanVersion, now: datetime
) -> None:
    """Leave the published version as it is; jobs that came in since and fit nowhere get their reasons on it.

    A draft that waited is discarded: of the day as it is now it would change nothing.
    """
    for draft in session.scalars(
        select(PlanVersion).where(PlanVersion.on == current.on, PlanVersion.status == "draft")
    ):
        leave_unanswered(session, draft, now, None)
        tell_discarded(session, draft, now, None, "Nothing better was found.")
    stops = [stop for route in current.routes for stop in route.stops]
    known = {one.job_id for one in current.unassigned} | {one.job_id for one in stops if one.status != "cancelled"}
    current.unassigned += [one for one in list_unassigned(day, plan) if one.job_id not in known]
    record_event(session, NOTHING_BETTER, now, None, current, after={"on": current.on, "input_hash": day.input_hash})


def was_tried(session: Session, plan: PlanVersion, input_hash: str) -> bool:
    """Whether planning again has found nothing to change in this version for just these facts."""
    return any(
        event.kind == NOTHING_BETTER and event.after.get("input_hash") == input_hash
        for event in list_events_of(session, plan)
    )
