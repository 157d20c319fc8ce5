"""Executes runs: each is claimed once, reports its progress, and ends with its outcome stored."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dispatch.db import SessionFactory
from dispatch.errors import DispatchError, PlanCancelled, describe_fault
from dispatch.living.repair import repair_day
from dispatch.models import PlanVersion, TaskRun
from dispatch.planning.day import PlanProgress, plan_day
from dispatch.runs.queue import BY_POLICY, INCIDENT, PLAN

log = logging.getLogger(__name__)

REPORT_EVERY_S = 0.5
"""How often progress is written and a cancellation looked for."""

INTERRUPTED = "Interrupted"
AGAIN = timedelta(microseconds=1)
"""What a process left unfinished is done once more, as a run that was due so much later: unique like any other."""

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The real clock; tests give another."""
    return datetime.now(UTC)


def run_once(
    session_factory: SessionFactory, task: str, due_at: datetime, holder: str, work: Callable[[], str], now: Clock
) -> bool:
    """Do the work unless a run of (task, due_at) exists already, in any process; True when it was done here.

    `work` returns the sentence that is stored as the outcome; what it raises is stored as the error.
    """
    started_at = now()
    try:
        with session_factory.begin() as session:
            run = TaskRun(task=task, due_at=due_at, status="running", holder=holder, started_at=started_at)
            session.add(run)
    except IntegrityError:
        return False
    _finish(session_factory, run.id, now, work)
    return True


def run_next_plan(
    session_factory: SessionFactory, holder: str, now: Clock, is_stopping: Callable[[], bool] = lambda: False
) -> bool:
    """Execute the queued plan that waits longest, repairs before all others; False when none waits.

    When the process is stopping or no longer leads, the plan in the making is given up and waits for the next process;
    so it does, for the end of the repair, when one is asked for meanwhile.
    """
    with session_factory() as session:
        waiting = _list_queued(session)
        first = next((run for run in waiting if INCIDENT in run.arguments), waiting[0] if waiting else None)
        run_id = first.id if first else None
    if run_id is None:
        return False
    with session_factory.begin() as session:
        claimed: CursorResult[Any] = session.execute(  # type: ignore[assignment]
            update(TaskRun)
            .where(TaskRun.id == run_id, TaskRun.status == "queued")
            .values(status="running", holder=holder, started_at=now(), message="Starting")
        )
        run = session.get_one(TaskRun, run_id)
    if claimed.rowcount:
        _finish(session_factory, run_id, now, lambda: _plan(session_factory, run, now, is_stopping))
    return True


def _list_queued(session: Session) -> Sequence[TaskRun]:
    queued = TaskRun.task == PLAN, TaskRun.status == "queued"
    return session.scalars(select(TaskRun).where(*queued).order_by(TaskRun.due_at)).all()


def fail_orphans(session_factory: SessionFactory, holder: str, now: datetime) -> int:
    """Close runs whose process is gone, nearly all as failed; the new leader calls this. Returns how many.

    A plan among them is queued once more, as long as nobody wanted it cancelled; tasks the leader does again itself.
    """
    return _fail(session_factory, now, "The process that ran it ended", TaskRun.holder != holder)


def fail_own_orphans(session_factory: SessionFactory, holder: str, now: datetime, *, plans: bool) -> int:
    """The same for what this process has left running after a fault outside the run: of plans, or of tasks."""
    which = TaskRun.task == PLAN if plans else TaskRun.task != PLAN
    return _fail(session_factory, now, "A fault outside it ended it", TaskRun.holder == holder, which)


def _fail(session_factory: SessionFactory, now: datetime, why: str, *which: ColumnElement[bool]) -> int:
    with session_factory.begin() as session:
        orphans = session.scalars(select(TaskRun).where(TaskRun.status == "running", *which)).all()
        for run in orphans:
            run.ended_at = now
            if run.plan_id is not None:  # its plan was stored in its very last moment
                run.status, run.progress = "done", 1.0
                run.message = "Its plan was stored; what ran it ended right after"
                continue
            again = run.task == PLAN and not run.cancel_requested and _queue_again(session, run)
            then = "It is made again." if again else "Start it again, if it is not done again by itself."
            changed = "nothing was changed" if run.task == PLAN else "what it had done by then stays"
            run.error = f"{why} before it was finished; {changed}. {then}"
            run.status, run.message = "failed", INTERRUPTED
        return len(orphans)


def find_due_again(session: Session, task: str, due_at: datetime) -> datetime:
    """The time for which the task has to run: just after its due time where the run for that was interrupted."""
    of_task = TaskRun.task == task, TaskRun.due_at == due_at
    interrupted = session.scalar(select(TaskRun.id).where(*of_task, TaskRun.message == INTERRUPTED))
    return due_at if interrupted is None else due_at + AGAIN


def _queue_again(session: Session, run: TaskRun) -> bool:
    """Queue the plan once more; False when that was done before: what ends processes must not go on for ever."""
    near = TaskRun.task == PLAN, TaskRun.due_at.between(run.due_at - AGAIN, run.due_at + AGAIN), TaskRun.id != run.id
    if session.scalar(select(TaskRun.id).where(*near).limit(1)) is not None:
        return False
    session.add(
        TaskRun(
            task=PLAN,
            due_at=run.due_at + AGAIN,
            arguments=run.arguments,
            requested_by_user_id=run.requested_by_user_id,
            message="Waiting to start",
        )
    )
    return True


def _finish(session_factory: SessionFactory, run_id: int, now: Clock, work: Callable[[], str]) -> None:
    status, message, error = "done", "", None
    try:
        message = work()
    except PlanCancelled as cancelled:
        status, message = "cancelled", str(cancelled)
    except DispatchError as refused:
        status, message, error = "failed", "Failed", str(refused)
    except Exception as unexpected:  # the scheduler outlives any run; the run says what happened
        log.exception("run %s failed", run_id)
        status, message = "failed", "Failed"
        error = describe_fault(unexpected)
    with session_factory.begin() as session:
        run = session.get_one(TaskRun, run_id)
        if run.status != "running":  # another process leads now and has closed the run
            log.warning("run %s was closed by another process: %s", run_id, run.error or run.message)
            return
        if status == "cancelled" and not run.cancel_requested:  # it gives way, or the process stops; the wish remains
            run.status, run.message, run.progress = "queued", "Waiting to start", 0.0
            run.holder = run.started_at = None
            return
        run.status, run.message, run.error, run.ended_at = status, message, error, now()
        if status == "done":
            run.progress = 1.0


def _plan(session_factory: SessionFactory, run: TaskRun, now: Clock, is_stopping: Callable[[], bool]) -> str:
    arguments: dict[str, Any] = run.arguments
    by_user_id = None if BY_POLICY in arguments else run.requested_by_user_id
    watch = _Watch(session_factory, run.id, is_stopping)

    def note(session: Session, stored: PlanVersion) -> None:
        row = session.get_one(TaskRun, run.id, with_for_update=True)
        if row.status != "running":  # closed by the next leader, who has told that nothing was changed
            raise PlanCancelled("Another process leads now.")
        row.plan_id, row.best_cost, row.unassigned = stored.id, stored.cost, len(stored.unassigned)

    if INCIDENT in arguments:
        return repair_day(
            session_factory,
            arguments[INCIDENT],
            now=now(),
            as_draft=arguments["as_draft"],
            by_user_id=by_user_id,
            on_progress=watch.hear,
            cancelled=watch.is_cancelled,
            on_stored=note,
            clock=now,
        )
    version = plan_day(
        session_factory,
        date.fromisoformat(arguments["on"]),
        now=now(),
        policy=arguments["policy"],
        as_draft=arguments.get("as_draft", False),
        by_user_id=by_user_id,
        time_limit_s=session_factory.settings.plan_time_limit_s,
        on_progress=watch.hear,
        cancelled=watch.is_cancelled,
        on_stored=note,
        clock=now,
    )
    left_out = len(version.unassigned)
    if version.status == "draft":
        changes = len(version.changes)
        return f"Proposed draft {version.version} of {version.on}; {changes} change(s), {left_out} job(s) left out"
    if arguments.get("as_draft", False):
        return f"Nothing better found for {version.on}; plan {version.version} stays as it is"
    return f"Planned {version.on} as version {version.version}; {left_out} job(s) left out"


class _Watch:
    """Writes progress and reads the wish to cancel and whether a repair waits, at most every half second: engines ask
    far more often. Repairs give way to nothing: they are over in seconds."""

    def __init__(self, session_factory: SessionFactory, run_id: int, is_stopping: Callable[[], bool]) -> None:
        self._is_stopping = is_stopping
        self._session_factory = session_factory
        self._run_id = run_id
        self._looked_at = float("-inf")
        self._cancelled = self._gives_way = False

    def hear(self, progress: PlanProgress) -> None:
        if time.monotonic() - self._looked_at < REPORT_EVERY_S:
            return
        self._looked_at = time.monotonic()
        with self._session_factory.begin() as session:
            run = session.get_one(TaskRun, self._run_id)
            run.progress, run.message, run.best_cost = progress.share, progress.message, progress.best_cost
            self._cancelled = run.cancel_requested
            self._gives_way = INCIDENT not in run.arguments and any(
                INCIDENT in one.arguments for one in _list_queued(session)
            )

    def is_cancelled(self) -> bool:
        return self._cancelled or self._gives_way or self._is_stopping()
