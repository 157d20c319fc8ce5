"""What the tasks did and when, for people who want to know whether the night went well."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dispatch import clock, installation
from dispatch.models import TaskRun
from dispatch.runs.faults import LOOPS
from dispatch.settings import Settings
from dispatch.slices import MOST, Cut, Slice, cut_newest_first
from dispatch.tasks import Daily, Task, list_tasks

FIRST = Cut()


@dataclass(frozen=True)
class TaskState:
    """A task with its newest run; times as a clock on the head office's wall shows them."""

    name: str
    when: str
    last: RunLine | None


@dataclass(frozen=True)
class RunLine:
    """One run: what came of it, in a sentence."""

    id: int
    task: str
    status: str
    due: str
    took_s: int | None
    outcome: str


def list_task_states(session: Session, settings: Settings) -> list[TaskState]:
    """Every task that runs by the clock, in the order of the table, and what goes on all the time where that has had a
    fault."""
    zone = installation.get_zone(session)
    newest = select(func.max(TaskRun.id)).group_by(TaskRun.task)
    last = {run.task: run for run in session.scalars(select(TaskRun).where(TaskRun.id.in_(newest)))}
    by_the_clock = [
        TaskState(task.name, _when(task), _line(last[task.name], zone) if task.name in last else None)
        for task in list_tasks(settings)
    ]
    return by_the_clock + [TaskState(name, "all the time", _line(last[name], zone)) for name in LOOPS if name in last]


def list_runs(session: Session, only_failed: bool = False, cut: Cut = FIRST, most: int = MOST) -> Slice[RunLine]:
    """A part of the runs, the latest first."""
    query = select(TaskRun)
    if only_failed:
        query = query.where(TaskRun.status == "failed")
    zone = installation.get_zone(session)
    runs: Slice[TaskRun] = cut_newest_first(session, query, TaskRun.id, cut, most)
    return runs.map(lambda run: _line(run, zone))


def _when(task: Task) -> str:
    if isinstance(task.schedule, Daily):
        return f"every day at {task.schedule.at:%H:%M}"
    minutes, seconds = divmod(task.schedule.seconds, 60)
    return f"every {minutes} min" if minutes and not seconds else f"every {task.schedule.seconds} s"


def _line(run: TaskRun, zone: str) -> RunLine:
    about = f" ({run.arguments['on']})" if "on" in run.arguments else ""
    return RunLine(
        id=run.id,
        task=run.task + about,
        status=run.status,
        due=_wall(run.due_at, zone),
        took_s=_length_s(run),
        outcome=run.error or run.message,
    )


def _wall(at: datetime, zone: str) -> str:
    return f"{clock.local_day(at, zone)} {clock.local_time(at, zone)}"


def _length_s(run: TaskRun) -> int | None:
    return clock.seconds_between(run.started_at, run.ended_at) if run.started_at and run.ended_at else None
