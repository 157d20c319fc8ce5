"""Faults of the scheduler's loops, kept among the runs: people and monitors see one until its loop has worked again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, aliased

from dispatch import clock, installation
from dispatch.models import TaskRun

LEAD, TIMES, TASKS = "lead of the scheduler", "times of tasks", "tasks by the clock"
PLANS, WEBHOOKS, LINKS, NOTICES = "plans asked for", "webhooks", "password links", "notices"
LOOPS = (LEAD, TIMES, TASKS, PLANS, WEBHOOKS, LINKS, NOTICES)
"""What the scheduler does again and again; none of these is the name of a task."""


def note_fault(session: Session, loop: str, error: str, now: datetime) -> None:
    """Store it as a failed run; the same fault once more only lengthens that."""
    newest = _find_newest(session, loop)
    if newest is not None and (newest.status, newest.error) == ("failed", error):
        newest.ended_at = max(newest.ended_at or now, now)
        return
    due_at = _after(newest, now)
    session.add(
        TaskRun(task=loop, due_at=due_at, status="failed", started_at=now, ended_at=now, message="Failed", error=error)
    )
    session.flush()


def note_that_it_works(session: Session, loop: str, now: datetime) -> None:
    """Store that the loop has worked, where a fault was the last that is known of it."""
    newest = _find_newest(session, loop)
    if newest is None or newest.status != "failed":
        return
    worked_at = session.scalar(select(func.max(TaskRun.due_at)).where(TaskRun.task == loop, TaskRun.status == "done"))
    failed = TaskRun.task == loop, TaskRun.status == "failed"
    since = failed if worked_at is None else (*failed, TaskRun.due_at > worked_at)
    first_at = session.scalar(select(func.min(TaskRun.started_at)).where(*since)) or now
    zone = installation.get_zone(session)
    since_then = f"{clock.local_day(first_at, zone)} {clock.local_time(first_at, zone)}"
    message = f"It works again; it had faults since {since_then}"
    run = TaskRun(task=loop, due_at=_after(newest, now), status="done", started_at=now, ended_at=now, message=message)
    run.progress = 1.0
    session.add(run)


def list_at_fault(session: Session) -> Sequence[TaskRun]:
    """The newest run of each loop that has not worked since its last fault."""
    later = aliased(TaskRun)
    is_newest = ~exists().where(later.task == TaskRun.task, later.due_at > TaskRun.due_at)
    at_fault = TaskRun.task.in_(LOOPS), TaskRun.status == "failed", is_newest
    return session.scalars(select(TaskRun).where(*at_fault).order_by(TaskRun.due_at)).all()


def _find_newest(session: Session, loop: str) -> TaskRun | None:
    return session.scalar(select(TaskRun).where(TaskRun.task == loop).order_by(TaskRun.due_at.desc()).limit(1))


def _after(newest: TaskRun | None, now: datetime) -> datetime:
    """Runs are unique by when they were due."""
    return now if newest is None else max(now, newest.due_at + timedelta(microseconds=1))
