"""Runs of tasks: a person asks for a plan and hears how far it is; the scheduler process executes it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch import clock, installation
from dispatch.db import lock_queue
from dispatch.errors import Conflict, NotFound
from dispatch.events import record_event
from dispatch.models import TaskRun
from dispatch.planning.facts import last_shift_end, select_technicians
from dispatch.planning.problem import get_policy

INCIDENT = "incident_id"
"""The argument of a run that repairs a day instead of planning it."""
BY_POLICY = "by_policy"
"""The argument of a repair that nobody asked for."""
PLAN = "plan"
"""The task that people ask for; all plans, nightly ones too, are runs of it."""


def request_plan(
    session: Session,
    on: date,
    policy_name: str,
    requested_by_user_id: int | None,
    now: datetime,
    *,
    as_draft: bool = False,
) -> int:
    """Queue a plan of the day and return its run's id; asking twice before it starts is one run, and what the program
    has asked for becomes that of the first person who does.

    It is published when it is made, or with `as_draft` waits for people's decisions.

    Raises InvalidInput for an unknown policy, Conflict for a day that is over.
    """
    get_policy(policy_name)
    zone = installation.get_zone(session)
    if last_shift_end(session.scalars(select_technicians()), on, zone) <= now:
        raise Conflict(f"{on} is over ({zone}); plan today or a later day.")
    arguments: dict[str, Any] = {"on": on.isoformat(), "policy": policy_name} | ({"as_draft": True} if as_draft else {})
    return _queue(session, arguments, "plan requested", requested_by_user_id, now)


def request_repair(
    session: Session,
    on: date,
    incident_id: int,
    as_draft: bool,
    requested_by_user_id: int | None,
    now: datetime,
    *,
    by_policy: bool = False,
) -> int:
    """Queue the repair of a day for something that happened and return its run's id; repairs go before plans.

    `by_policy` says that nobody asked for the repair: whoever it names has reported what happened.
    """
    arguments = {"on": on.isoformat(), INCIDENT: incident_id, "as_draft": as_draft}
    arguments |= {BY_POLICY: True} if by_policy else {}
    return _queue(session, arguments, "repair requested", requested_by_user_id, now)


def _queue(
    session: Session, arguments: dict[str, Any], kind: str, requested_by_user_id: int | None, now: datetime
) -> int:
    lock_queue(session)  # two requests in one moment are one after the other: the second finds the first
    for run in _list_unfinished(session):
        if run.status == "queued" and run.arguments == arguments:
            wants_it = requested_by_user_id is not None and BY_POLICY not in arguments
            if not wants_it or run.requested_by_user_id is not None:
                return run.id
            run = _get(session, run.id, for_update=True, anew=True)
            if run.status == "queued":  # or it has begun in this very moment, without them
                run.requested_by_user_id = requested_by_user_id
                record_event(session, kind, now, requested_by_user_id, run, after=arguments)
                return run.id
    due_at = now
    while session.scalar(select(TaskRun.id).where(TaskRun.task == PLAN, TaskRun.due_at == due_at)):
        due_at += timedelta(microseconds=1)  # two requests in one instant are two runs
    run = TaskRun(
        task=PLAN,
        due_at=due_at,
        arguments=arguments,
        requested_by_user_id=requested_by_user_id,
        message="Waiting to start",
    )
    session.add(run)
    record_event(session, kind, now, requested_by_user_id, run, after=arguments)
    session.flush()
    return run.id


def cancel_run(session: Session, run_id: int, by_user_id: int | None, now: datetime) -> None:
    """Take a queued run back or ask a running one to stop; what is published stays. Raises NotFound, Conflict."""
    run = _get(session, run_id, for_update=True)  # or it would be taken back and started in one moment
    if run.status == "queued":
        run.status, run.ended_at, run.message = "cancelled", now, "Cancelled before it started"
    elif run.status == "running":
        run.cancel_requested = True
    else:
        raise Conflict(f"This run is {run.status} already.")
    record_event(session, "run cancelled", now, by_user_id, run)


def get_run(session: Session, run_id: int) -> dict[str, Any]:
    """How far a run is; JSON-ready. Raises NotFound."""
    return _as_json(_get(session, run_id))


def find_active_run(session: Session, on: date) -> dict[str, Any] | None:
    """The plan of the day that is being made, else the one that waits longest, or None; JSON-ready."""
    of_day = [run for run in _list_unfinished(session) if run.arguments["on"] == on.isoformat()]
    first = next((run for run in of_day if run.status == "running"), of_day[0] if of_day else None)
    return None if first is None else _as_json(first)


def find_repair_run(session: Session, incident_id: int) -> dict[str, Any] | None:
    """The repair for that incident that is being made or waits to be, or None; JSON-ready."""
    run = next((run for run in _list_unfinished(session) if run.arguments.get(INCIDENT) == incident_id), None)
    return None if run is None else _as_json(run)


def _list_unfinished(session: Session) -> list[TaskRun]:
    """Plans that are queued or being made, in the order in which they were asked for."""
    unfinished = TaskRun.status.in_(("queued", "running"))
    return list(session.scalars(select(TaskRun).where(TaskRun.task == PLAN, unfinished).order_by(TaskRun.due_at)))


def _as_json(run: TaskRun) -> dict[str, Any]:
    return {
        "id": run.id,
        "task": run.task,
        "arguments": run.arguments,
        "status": run.status,
        "progress": round(run.progress, 3),
        "message": run.message,
        "best_cost": run.best_cost,
        "unassigned": run.unassigned,
        "plan_version": run.plan.version if run.plan else None,
        "plan_status": run.plan.status if run.plan else None,
        "started_at": clock.find_iso(run.started_at),
        "ended_at": clock.find_iso(run.ended_at),
        "error": run.error,
    }


def _get(session: Session, run_id: int, *, for_update: bool = False, anew: bool = False) -> TaskRun:
    lock: Any = {"of": TaskRun} if for_update else None
    run = session.get(TaskRun, run_id, with_for_update=lock, populate_existing=anew)
    if run is None:
        raise NotFound(f"There is no run with id {run_id}.")
    return run
