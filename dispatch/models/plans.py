"""What was planned and what came of it: plan versions, routes, stops, rests, unassigned jobs, violations."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dispatch.models.base import Base, one_of
from dispatch.models.changes import PlanChange
from dispatch.models.jobs import Job
from dispatch.models.people import Technician

if TYPE_CHECKING:
    from dispatch.models.operations import User

PLAN_STATUSES = ("draft", "decided", "discarded", "published", "superseded")
STOP_STATUSES = (
    "planned",
    "dispatched",
    "en_route",
    "on_site",
    "done",
    "to_be_continued",
    "no_access",
    "cancelled",
)
ENDED = ("done", "to_be_continued", "no_access")


class PlanVersion(Base):
    """One computed plan of one day. At most one version of a day is published, and at most one is a draft.

    A draft becomes "decided" when a version is published by what people decided about it, else "discarded".
    """

    __tablename__ = "plan_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    on: Mapped[date] = mapped_column("plan_on", index=True)
    version: Mapped[int]
    status: Mapped[str]
    made_at: Mapped[datetime]
    day_start_at: Mapped[datetime]
    """Local midnight; second 0 of the problem that was solved."""
    zone: Mapped[str]
    policy: Mapped[str]
    threads: Mapped[int]
    seed: Mapped[int]
    iterations: Mapped[int | None]
    time_limit_s: Mapped[float]
    engine_seconds: Mapped[float]
    cost: Mapped[int] = mapped_column(BigInteger)
    costs: Mapped[dict[str, int]] = mapped_column(JSON)
    """Cost per rule name; they add up to `cost`."""
    travel_source: Mapped[str]
    travel_is_estimate: Mapped[bool]
    travel_attribution: Mapped[str]
    input_hash: Mapped[str]
    """SHA-256 of the facts planned from, without pins: tells whether anything has changed since."""
    base_id: Mapped[int | None] = mapped_column(ForeignKey("plan_version.id"), index=True)
    """The published version that it was made against; None for the first of its day."""
    draft_id: Mapped[int | None] = mapped_column(ForeignKey("plan_version.id"), unique=True)
    """The draft that it was published from."""
    revision: Mapped[int] = mapped_column(default=1)
    """Rises with every decision about a draft, so that nobody decides about what they have not seen."""
    published_at: Mapped[datetime | None]
    published_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    """Who published it, or wanted it published when it is made; None where the policy did."""

    routes: Mapped[list[PlanRoute]] = relationship(
        back_populates="plan", cascade="all, delete-orphan", order_by="PlanRoute.id"
    )
    unassigned: Mapped[list[UnassignedJob]] = relationship(cascade="all, delete-orphan", order_by="UnassignedJob.id")
    violations: Mapped[list[PlanViolation]] = relationship(cascade="all, delete-orphan", order_by="PlanViolation.id")
    changes: Mapped[list[PlanChange]] = relationship(
        back_populates="plan", cascade="all, delete-orphan", order_by="PlanChange.id"
    )
    base: Mapped[PlanVersion | None] = relationship(foreign_keys=[base_id], remote_side=[id])

    __table_args__ = (
        UniqueConstraint("plan_on", "version"),
        Index(
            "uq_plan_version_one_published",
            "plan_on",
            unique=True,
            sqlite_where=text("status = 'published'"),
            postgresql_where=text("status = 'published'"),
        ),
        Index(
            "uq_plan_version_one_draft",
            "plan_on",
            unique=True,
            sqlite_where=text("status = 'draft'"),
            postgresql_where=text("status = 'draft'"),
        ),
        CheckConstraint(one_of("status", PLAN_STATUSES), name="status_known"),
        CheckConstraint(
            "(status IN ('published', 'superseded')) = (published_at IS NOT NULL)", name="published_has_time"
        ),
        CheckConstraint("version >= 1", name="version_positive"),
        CheckConstraint("revision >= 1", name="revision_positive"),
        CheckConstraint("engine_seconds >= 0", name="engine_seconds_positive"),
    )


class PlanRecord(Base):
    """How a plan version was found: its problem and search, from which `wrenchtime replay` finds it again.

    About 100 KB for 200 visits, so the oldest are dropped (KEEP_RECORDS_DAYS); plans stay.
    """

    __tablename__ = "plan_record"

    plan_id: Mapped[int] = mapped_column(ForeignKey("plan_version.id", ondelete="CASCADE"), primary_key=True)
    data: Mapped[bytes]
    """A record as `optimizer.record` writes it: gzipped JSON."""


class PlanRoute(Base):
    """One technician's day in a plan; also stored when nobody is visited, since the shift still counts."""

    __tablename__ = "plan_route"

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan_version.id", ondelete="CASCADE"))
    technician_id: Mapped[int] = mapped_column(ForeignKey("technician.id"), index=True)
    shift_start_at: Mapped[datetime]
    shift_end_at: Mapped[datetime]
    latest_end_at: Mapped[datetime]
    leave_at: Mapped[datetime | None]
    home_at: Mapped[datetime | None]
    travel_home_s: Mapped[int] = mapped_column(default=0)
    travel_home_m: Mapped[int] = mapped_column(default=0)

    plan: Mapped[PlanVersion] = relationship(back_populates="routes")
    technician: Mapped[Technician] = relationship()
    stops: Mapped[list[Stop]] = relationship(
        back_populates="route", cascade="all, delete-orphan", order_by="Stop.position"
    )
    rests: Mapped[list[Rest]] = relationship(cascade="all, delete-orphan", order_by="Rest.planned_start_at")

    __table_args__ = (
        UniqueConstraint("plan_id", "technician_id"),
        CheckConstraint("shift_start_at < shift_end_at", name="shift_has_length"),
        CheckConstraint("shift_end_at <= latest_end_at", name="latest_end_after_end"),
        CheckConstraint("(leave_at IS NULL) = (home_at IS NULL)", name="leaves_and_returns"),
        CheckConstraint("leave_at <= home_at", name="returns_after_leaving"),
        CheckConstraint("travel_home_s >= 0 AND travel_home_m >= 0", name="travel_positive"),
    )


class Stop(Base):
    """A visit on a route: when it is planned, and what really happened."""

    __tablename__ = "stop"

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan_version.id", ondelete="CASCADE"))
    route_id: Mapped[int] = mapped_column(ForeignKey("plan_route.id", ondelete="CASCADE"), index=True)
    job_id: Mapped[int] = mapped_column(ForeignKey("job.id"), index=True)
    position: Mapped[int]
    status: Mapped[str] = mapped_column(default="planned")
    pinned: Mapped[bool] = mapped_column(default=False)
    """A person holds it to this technician; started stops are held without it."""
    planned_arrive_at: Mapped[datetime]
    planned_start_at: Mapped[datetime]
    planned_end_at: Mapped[datetime]
    setup_s: Mapped[int] = mapped_column(default=0)
    """The part of the time on site that is set-up; 0 for the second stop at one site."""
    travel_s: Mapped[int]
    travel_m: Mapped[int]
    """The leg that leads here."""
    sent_at: Mapped[datetime | None]
    """When the office sent it to the technician's phone, before its time; None for what was called back."""
    seen_at: Mapped[datetime | None]
    """When its technician first looked at it since."""
    actual_departed_at: Mapped[datetime | None]
    actual_start_at: Mapped[datetime | None]
    actual_end_at: Mapped[datetime | None]

    route: Mapped[PlanRoute] = relationship(back_populates="stops")
    job: Mapped[Job] = relationship()

    __table_args__ = (
        UniqueConstraint("plan_id", "job_id"),
        UniqueConstraint("route_id", "position"),
        CheckConstraint(one_of("status", STOP_STATUSES), name="status_known"),
        CheckConstraint("position >= 1", name="position_positive"),
        CheckConstraint("planned_arrive_at <= planned_start_at", name="starts_after_arriving"),
        CheckConstraint("planned_start_at <= planned_end_at", name="ends_after_starting"),
        CheckConstraint("actual_start_at <= actual_end_at", name="really_ends_after_starting"),
        CheckConstraint("travel_s >= 0 AND travel_m >= 0 AND setup_s >= 0", name="travel_positive"),
        CheckConstraint("sent_at <= seen_at", name="seen_after_sent"),
        CheckConstraint("status <> 'on_site' OR actual_start_at IS NOT NULL", name="on_site_has_start"),
        CheckConstraint(f"NOT {one_of('status', ENDED)} OR actual_end_at IS NOT NULL", name="finished_has_end"),
    )


class Rest(Base):
    """A break on a route."""

    __tablename__ = "rest"

    id: Mapped[int] = mapped_column(primary_key=True)
    route_id: Mapped[int] = mapped_column(ForeignKey("plan_route.id", ondelete="CASCADE"), index=True)
    planned_start_at: Mapped[datetime]
    planned_end_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("planned_start_at < planned_end_at", name="has_length"),)


class UnassignedJob(Base):
    """A job that was wanted on the day and left out, with the reason."""

    __tablename__ = "unassigned_job"

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan_version.id", ondelete="CASCADE"))
    job_id: Mapped[int] = mapped_column(ForeignKey("job.id"), index=True)
    rule: Mapped[str]
    sentence: Mapped[str] = mapped_column(Text)
    technicians: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """[{"name", "rule", "sentence"}]: why not this technician."""
    remedies: Mapped[list[str]] = mapped_column(JSON, default=list)
    """What would have to change for it to fit, in sentences, the smallest change first; empty if none was found."""

    job: Mapped[Job] = relationship()

    __table_args__ = (UniqueConstraint("plan_id", "job_id"),)


class PlanViolation(Base):
    """A hard rule that the plan breaks because pinned stops leave no choice; whoever kept it knowingly says why."""

    __tablename__ = "plan_violation"

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan_version.id", ondelete="CASCADE"), index=True)
    rule: Mapped[str]
    sentence: Mapped[str] = mapped_column(Text)
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"), index=True)
    technician_id: Mapped[int | None] = mapped_column(ForeignKey("technician.id"), index=True)
    kept_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    kept_reason: Mapped[str | None] = mapped_column(Text)

    kept_by: Mapped[User | None] = relationship()

    __table_args__ = (
        CheckConstraint("(kept_by_user_id IS NULL) = (kept_reason IS NULL)", name="kept_by_somebody_for_a_reason"),
        CheckConstraint("kept_reason <> ''", name="kept_reason_given"),
    )
