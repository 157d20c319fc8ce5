"""What the program does for itself at night: backups, and dropping what has been kept for long enough.

Published plans, jobs and events stay for good: reports, customers' histories and the audit are read from them.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update

from dispatch import clock, installation
from dispatch.accounts.password_links import forget_old_links
from dispatch.accounts.sessions import forget_old_sessions
from dispatch.accounts.tries import forget_old_tries
from dispatch.api.answers import forget_old_answers
from dispatch.api.limits import forget_old_counts
from dispatch.backup import make_backup, prune_backups
from dispatch.db import SessionFactory
from dispatch.models import PlanVersion, TaskRun
from dispatch.webhooks.delivery import drop_old_deliveries

VERSIONS_AT_ONCE = 20
"""A plan of a large day has thousands of rows; others want to write meanwhile."""


def back_up(session_factory: SessionFactory, now: datetime) -> str:
    """Write a backup and drop the oldest beyond those that are kept."""
    settings = session_factory.settings
    if not settings.keep_backups:
        return "No backup was made: KEEP_BACKUPS is 0"
    made = make_backup(session_factory, now)
    dropped = prune_backups(settings.backup_folder, settings.keep_backups, now)
    return f"Wrote {made.rows:,} rows to {made.path.name}; dropped {dropped} older backup(s)"


def tidy_up(session_factory: SessionFactory, now: datetime) -> str:
    """Drop old runs, versions nobody worked by, what has expired of sign-ins and of the API, and webhook messages."""
    runs = _drop_runs(session_factory, now)
    versions = _drop_versions(session_factory, now)
    with session_factory.begin() as session:
        forget_old_tries(session, now)
        forget_old_sessions(session, now)
        forget_old_links(session, now)
        forget_old_counts(session, now)
        forget_old_answers(session, now)
        drop_old_deliveries(session, now)
    return f"Dropped {runs} run(s) and {versions} plan version(s)"


def _drop_runs(session_factory: SessionFactory, now: datetime) -> int:
    """The newest of each task stays: from it the scheduler knows what was missed."""
    newest = select(func.max(TaskRun.due_at)).group_by(TaskRun.task)
    before = now - timedelta(days=session_factory.settings.keep_runs_days)
    with session_factory.begin() as session:
        ids = session.scalars(select(TaskRun.id).where(TaskRun.ended_at < before, TaskRun.due_at.not_in(newest))).all()
        session.execute(delete(TaskRun).where(TaskRun.id.in_(ids)))
    return len(ids)


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
