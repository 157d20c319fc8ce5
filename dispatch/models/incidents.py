"""What happens on a day that the plan did not know: who is ill or late, what overruns, which road is closed."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dispatch.models.base import Base, Versioned, one_of
from dispatch.models.jobs import Job
from dispatch.models.operations import User
from dispatch.models.people import Technician
from dispatch.models.plans import PlanVersion

INCIDENT_KINDS = (
    "emergency",
    "technician_ill",
    "technician_late",
    "overrun",
    "no_access",
    "cancellation",
    "part_missing",
    "road_closed",
    "will_be_late",
    "phone_silent",
    "report_refused",
)
INCIDENT_STATUSES = ("open", "repaired", "dismissed")
ACTIONS = ("publish", "propose", "warn")


class Incident(Versioned, Base):
    """One event of the day. Until it is dismissed it is a fact that every plan of its day reckons with.

    A job has at most one open incident of a kind on a day, and so has a technician for what is about no job.
    """

    __tablename__ = "incident"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    on: Mapped[date] = mapped_column("incident_on", index=True)
    status: Mapped[str] = mapped_column(default="open")
    technician_id: Mapped[int | None] = mapped_column(ForeignKey("technician.id"), index=True)
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"), index=True)
    from_at: Mapped[datetime]
    """Since when it holds."""
    until_at: Mapped[datetime | None]
    """When somebody late, or held up at a job, is free; when a road is open again; when a late stop is expected."""
    until_on: Mapped[date | None]
    """The last day on which somebody is ill; None: this day only."""
    late_s: Mapped[int | None]
    """By how many seconds a stop starts later than the customer was told or, for a silent phone, than planned."""
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    radius_m: Mapped[int | None]
    """Nothing within so many metres of there can be reached."""
    part: Mapped[str | None] = mapped_column(ForeignKey("part.name"), index=True)
    words: Mapped[str] = mapped_column(Text, default="")
    """What whoever reported it said."""
    reported_at: Mapped[datetime]
    reported_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    """None for what the watch has seen."""
    action: Mapped[str]
    """What the policy said when it was reported."""
    outcome: Mapped[str] = mapped_column(Text, default="")
    """What was done about it, in sentences; empty as long as nothing was."""
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("plan_version.id", ondelete="SET NULL"), index=True)
    """The draft, or the published version, that answers it."""
    closed_at: Mapped[datetime | None]
    closed_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why it was dismissed."""

    technician: Mapped[Technician | None] = relationship()
    job: Mapped[Job | None] = relationship()
    plan: Mapped[PlanVersion | None] = relationship()
    reported_by: Mapped[User | None] = relationship(foreign_keys=[reported_by_user_id])
    closed_by: Mapped[User | None] = relationship(foreign_keys=[closed_by_user_id])

    __table_args__ = (
        Index(
            "uq_incident_open_job",
            "kind",
            "incident_on",
            "job_id",
            unique=True,
            sqlite_where=text("status = 'open' AND job_id IS NOT NULL"),
            postgresql_where=text("status = 'open' AND job_id IS NOT NULL"),
        ),
        Index(
            "uq_incident_open_technician",
            "kind",
            "incident_on",
            "technician_id",
            unique=True,
            sqlite_where=text("status = 'open' AND job_id IS NULL AND technician_id IS NOT NULL"),
            postgresql_where=text("status = 'open' AND job_id IS NULL AND technician_id IS NOT NULL"),
        ),
        CheckConstraint(one_of("kind", INCIDENT_KINDS), name="kind_known"),
        CheckConstraint(one_of("status", INCIDENT_STATUSES), name="status_known"),
        CheckConstraint(one_of("action", ACTIONS), name="action_known"),
        CheckConstraint("(status = 'open') = (closed_at IS NULL)", name="closed_has_time"),
        CheckConstraint("status <> 'dismissed' OR reason <> ''", name="dismissed_for_a_reason"),
        CheckConstraint("from_at <= until_at", name="ends_after_start"),
        CheckConstraint("incident_on <= until_on", name="lasts_from_its_day"),
        CheckConstraint("(lat IS NULL) = (lon IS NULL) AND (lat IS NULL) = (radius_m IS NULL)", name="area_whole"),
        CheckConstraint("radius_m > 0", name="radius_positive"),
        CheckConstraint("lat BETWEEN -90 AND 90 AND lon BETWEEN -180 AND 180", name="place_on_earth"),
        CheckConstraint("late_s >= 0", name="late_positive"),
    )


class IncidentPolicy(Versioned, Base):
    """What happens by itself when such an incident is reported; a kind without a row keeps to its default."""

    __tablename__ = "incident_policy"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(unique=True)
    action: Mapped[str]

    __table_args__ = (
        CheckConstraint(one_of("kind", INCIDENT_KINDS), name="kind_known"),
        CheckConstraint(one_of("action", ACTIONS), name="action_known"),
    )
