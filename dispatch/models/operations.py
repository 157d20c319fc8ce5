"""How the installation runs: users, task runs, leases and stored settings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dispatch.accounts.roles import ROLES
from dispatch.models.base import Base, one_of
from dispatch.models.people import Technician
from dispatch.models.plans import PlanVersion

RUN_STATUSES = ("queued", "running", "done", "failed", "cancelled")


class User(Base):
    """Someone who may sign in. E-mail addresses are stored in lower case."""

    __tablename__ = "user_account"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[str]
    technician_id: Mapped[int | None] = mapped_column(ForeignKey("technician.id"), unique=True)
    password_hash: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)

    technician: Mapped[Technician | None] = relationship()

    __table_args__ = (
        CheckConstraint("email <> '' AND email = lower(email)", name="email_lower_case"),
        CheckConstraint(one_of("role", ROLES), name="role_known"),
        CheckConstraint("role <> 'technician' OR technician_id IS NOT NULL", name="technician_is_someone"),
    )


class TaskRun(Base):
    """One run of a task. Unique by (task, due_at): however many processes try, one run happens."""

    __tablename__ = "task_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    task: Mapped[str]
    due_at: Mapped[datetime]
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    status: Mapped[str] = mapped_column(default="queued")
    requested_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    cancel_requested: Mapped[bool] = mapped_column(default=False)
    holder: Mapped[str | None]
    """The process that runs it."""
    progress: Mapped[float] = mapped_column(default=0.0)
    message: Mapped[str] = mapped_column(Text, default="")
    best_cost: Mapped[int | None] = mapped_column(BigInteger)
    unassigned: Mapped[int | None]
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("plan_version.id"), index=True)
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(Text)

    plan: Mapped[PlanVersion | None] = relationship()

    __table_args__ = (
        UniqueConstraint("task", "due_at"),
        Index("ix_task_run_status_due_at", "status", "due_at"),
        CheckConstraint(one_of("status", RUN_STATUSES), name="status_known"),
        CheckConstraint("progress BETWEEN 0 AND 1", name="progress_in_range"),
        CheckConstraint("status <> 'failed' OR error IS NOT NULL", name="failure_has_error"),
        CheckConstraint("status NOT IN ('running') OR started_at IS NOT NULL", name="running_has_start"),
        CheckConstraint("status NOT IN ('done', 'failed', 'cancelled') OR ended_at IS NOT NULL", name="ended_has_end"),
    )


class Lease(Base):
    """Who leads, until when. Whoever holds the lease "scheduler" runs the tasks."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[str]
    expires_at: Mapped[datetime]


class StoredSetting(Base):
    """A fact about the installation that must survive restarts, such as its travel source."""

    __tablename__ = "stored_setting"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]
