"""What the program does for itself at night: backups, and dropping what has been kept for long enough.

Published plans, jobs and events stay for good: reports, customers' histories and the audit are read from them.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, delete, func, select, update
from sqlalchemy.orm import Session

from dispatch import clock, installation
from dispatch.accounts.password_links import forget_old_links
from dispatch.accounts.sessions import forget_old_sessions
from dispatch.accounts.tries import forget_old_tries
from dispatch.api.answers import forget_old_answers
from dispatch.api.limits import forget_old_counts
from dispatch.backup import make_backup, prune_backups
from dispatch.db import SessionFactory
from dispatch.errors import DispatchError
from dispatch.models import PlanVersion, TaskRun
from dispatch.webhooks.delivery import drop_old_deliveries

log = logging.getLogger(__name__)

VERSIONS_AT_ONCE = 20
"""A plan of a large day has thousands of rows; others want to write meanwhile."""


class TidyingFailed(DispatchError):
    """Some of what is old could not be dropped; the sentences name it."""


def back_up(session_factory: SessionFactory, now: datetime) -> str:
    """Write a backup and drop the oldest beyond those that are kept."""
    settings = session_factory.settings
    if not settings.keep_backups:
        return "No backup was made: KEEP_BACKUPS is 0"
    made = make_backup(session_factory, now)
    dropped = prune_backups(settings.backup_folder, settings.keep_backups, now)
    return f"Wrote {made.rows:,} rows to {made.path.name}; dropped {dropped} older backup(s)"


def tidy_up(session_factory: SessionFactory, now: datetime) -> str:
    """Drop old runs, versions nobody worked by, what has expired of sign-ins and of the API, and webhook messages.

    What cannot be dropped keeps nothing else. Raises TidyingFailed, which names all of it.
    """
    counts: dict[str, int] = {}
    failed = []
    for what, drop in PARTS:
        try:
            counts[what] = drop(session_factory, now)
        except Exception as fault:  # the others are tidied all the same; the run says what happened
            log.exception("Old %s could not be dropped", what)
            first_line = next(iter(str(fault).splitlines()), "")
            failed.append(f"Old {what} could not be dropped ({type(fault).__name__}: {first_line}).")
    if failed:
        raise TidyingFailed(f"{' '.join(failed)} All else was tidied up. The log of the scheduler has more.")
    return f"Dropped {counts['runs']:,} run(s) and {counts['plan versions']:,} plan version(s)"


def _drop_runs(session_factory: SessionFactory, now: datetime) -> int:
    """The newest of each task stays: from it the scheduler knows what was missed."""
    newest = select(func.max(TaskRun.due_at)).group_by(TaskRun.task)
    before = now - timedelta(days=session_factory.settings.keep_runs_days)
    old = delete(TaskRun).where(TaskRun.ended_at < before, TaskRun.due_at.not_in(newest))
    with session_factory.begin() as session:
        # By what they are, not by their ids: months of runs are more than a statement may have parameters.
        dropped: CursorResult[Any] = session.execute(  # type: ignore[assignment]
            old, execution_options={"synchronize_session": False}
        )
    return dropped.rowcount


def _drop_versions(session_factory: SessionFactory, now: datetime) -> int:
    """Versions of days long over that were superseded, discarded or decided about."""
    dropped = 0
    with session_factory() as session:
        today = clock.local_day(now, installation.get_zone(session))
    before = today - timedelta(days=session_factory.settings.keep_versions_days)
    while True:
        with session_factory.begin() as session:
            ids = session.scalars(
                select(PlanVersion.id)
                .where(PlanVersion.on < before, PlanVersion.status != "published")
                .order_by(PlanVersion.id)
                .limit(VERSIONS_AT_ONCE)
            ).all()
            if not ids:
                return dropped
            for column in (TaskRun.plan_id, PlanVersion.base_id, PlanVersion.draft_id):
                session.execute(update(column.class_).where(column.in_(ids)).values({column: None}))
            session.execute(delete(PlanVersion).where(PlanVersion.id.in_(ids)))
        dropped += len(ids)


def _in_one_transaction(forget: Callable[[Session, datetime], None]) -> Callable[[SessionFactory, datetime], int]:
    def drop(session_factory: SessionFactory, now: datetime) -> int:
        with session_factory.begin() as session:
            forget(session, now)
        return 0  # nobody counts these

    return drop


PARTS: tuple[tuple[str, Callable[[SessionFactory, datetime], int]], ...] = (
    ("runs", _drop_runs),
    ("plan versions", _drop_versions),
    ("wrong tries to sign in", _in_one_transaction(forget_old_tries)),
    ("sessions", _in_one_transaction(forget_old_sessions)),
    ("password links", _in_one_transaction(forget_old_links)),
    ("counts of requests", _in_one_transaction(forget_old_counts)),
    ("kept answers", _in_one_transaction(forget_old_answers)),
    ("webhook messages", _in_one_transaction(drop_old_deliveries)),
)
"""What is tidied up, each by itself."""
