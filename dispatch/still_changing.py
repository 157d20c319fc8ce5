"""Whether somebody is just changing what a day is made of: planned in the middle of that, it would be planned twice."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from dispatch.events import list_events_of
from dispatch.models import Event, PlanVersion, TaskRun
from dispatch.planning.facts import DayFacts
from dispatch.runs.queue import INCIDENT, PLAN

OUTDATED = "plan outdated"
"""People are told that a day has changed, where it is not planned again by itself."""
QUIET = timedelta(seconds=20)
"""A day is planned again when its facts have stayed as they are for so long."""
LONGEST = timedelta(minutes=5)
"""A day that changes all the time is planned again so long after the first change that no plan knows."""

_OF_JOBS = ("job added", "job changed", "promise made", "promise moved", "promise withdrawn", "pin taken off")
_OF_TECHNICIANS = ("technician added", "technician changed", "absence added", "absence removed", "called in")
_OF_ALL = ("territory added", "territory changed", "holiday added", "holiday changed", "location changed")
_STATUS, _BY_OFFICES = "job status", ("cancelled", "requested")
"""What else happens to a visit is work that goes on, which changes no fact."""


def is_still_changing(session: Session, plan: PlanVersion, facts: DayFacts, now: datetime) -> bool:
    """Whether the facts of the day were changed less than `QUIET` ago, and for the first time less than `LONGEST` ago
    since it was planned last."""
    if not _list_changes(session, now - QUIET, now, plan, facts):
        return False
    first_at = find_first_change(session, plan, facts, now)
    return first_at is not None and now - first_at < LONGEST


def find_first_change(session: Session, plan: PlanVersion, facts: DayFacts, now: datetime) -> datetime | None:
    """When the facts of the day were first changed since it was planned last, with whatever result, or somebody was
    told to; None where no event tells of a change."""
    asked = TaskRun.task == PLAN, TaskRun.started_at > plan.made_at
    runs = session.scalars(select(TaskRun).where(*asked).order_by(TaskRun.started_at.desc()))
    of_day = (run for run in runs if run.arguments["on"] == plan.on.isoformat() and INCIDENT not in run.arguments)
    last = next(of_day, None)
    since = plan.made_at if last is None or last.started_at is None else last.started_at
    since = max([since, *(event.at for event in list_events_of(session, plan) if event.kind == OUTDATED)])
    return min(_list_changes(session, since, now, plan, facts), default=None)


def was_anything_changed(session: Session, after: datetime, until: datetime) -> bool:
    """Whether facts of any day were changed then: said without reading days."""
    return any(_is_change(event) for event in session.execute(_select(after, until)))


def _list_changes(
    session: Session, after: datetime, until: datetime, plan: PlanVersion, facts: DayFacts
) -> list[datetime]:
    jobs = {job.id for job in facts.jobs} | {stop.job_id for route in plan.routes for stop in route.stops}
    concerned = {"job": jobs, "technician": {one.id for one in facts.technicians}}
    return [
        event.at
        for event in session.execute(_select(after, until))
        if _is_change(event) and event.subject_id in concerned.get(event.subject_kind, (event.subject_id,))
    ]


def _is_change(event: Row[Any]) -> bool:
    return event.kind != _STATUS or event.after.get("status") in _BY_OFFICES


def _select(after: datetime, until: datetime) -> Select[Any]:
    told = Event.at, Event.kind, Event.subject_kind, Event.subject_id, Event.after
    kinds = (*_OF_JOBS, *_OF_TECHNICIANS, *_OF_ALL, _STATUS)
    return select(*told).where(Event.kind.in_(kinds), Event.at > after, Event.at <= until)
