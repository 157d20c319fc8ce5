"""Work that comes again and again: what is to be done every so many weeks or months, and which turns became jobs."""

from __future__ import annotations

from datetime import date

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dispatch.models.agreements import Contract
from dispatch.models.assets import Asset
from dispatch.models.base import Base, Versioned, one_of
from dispatch.models.job_types import JobType
from dispatch.models.jobs import Job
from dispatch.models.people import Technician
from dispatch.models.places import Customer, Location

UNITS = ("week", "month")
COUNT_FROM = ("planned", "done")


class MaintenancePlan(Versioned, Base):
    """Work at one place that falls due again and again. Paused or ended, never deleted."""

    __tablename__ = "maintenance_plan"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"), index=True)
    asset_id: Mapped[int | None] = mapped_column(ForeignKey("asset.id"), index=True)
    contract_id: Mapped[int | None]
    """The contract that it is done under; it is the customer's own."""
    job_type_id: Mapped[int | None] = mapped_column(ForeignKey("job_type.id"), index=True)
    service_s: Mapped[int | None]
    """How long it takes; None as the job type says."""
    every: Mapped[int]
    unit: Mapped[str]
    count_from: Mapped[str] = mapped_column(default="planned")
    """From when to the next time: "planned" keeps the rhythm whatever happens, "done" waits for the work."""
    first_due_on: Mapped[date]
    days_before: Mapped[int] = mapped_column(default=0)
    days_after: Mapped[int] = mapped_column(default=0)
    """The work may be done so many days before and after the day on which it is due."""
    weekdays: Mapped[list[int]] = mapped_column(JSON, default=list)
    """0 is Monday; none means any."""
    months: Mapped[list[int]] = mapped_column(JSON, default=list)
    """The season, 1 is January; none means all year."""
    technician_id: Mapped[int | None] = mapped_column(ForeignKey("technician.id"), index=True)
    """Who should come, if it is worth it."""
    ends_on: Mapped[date | None]
    """The last day on which it may fall due; None until it is ended."""
    paused: Mapped[bool] = mapped_column(default=False)
    notes: Mapped[str] = mapped_column(Text, default="")

    customer: Mapped[Customer] = relationship()
    location: Mapped[Location] = relationship()
    asset: Mapped[Asset | None] = relationship()
    contract: Mapped[Contract | None] = relationship(
        primaryjoin="MaintenancePlan.contract_id == Contract.id",
        foreign_keys="MaintenancePlan.contract_id",
        viewonly=True,
    )
    job_type: Mapped[JobType | None] = relationship()
    technician: Mapped[Technician | None] = relationship()
    visits: Mapped[list[MaintenanceVisit]] = relationship(
        back_populates="plan", cascade="all, delete-orphan", order_by="MaintenanceVisit.turn"
    )

    __table_args__ = (
        ForeignKeyConstraint(["contract_id", "customer_id"], ["contract.id", "contract.customer_id"]),
        Index("ix_maintenance_plan_contract_id", "contract_id"),
        CheckConstraint("title <> ''", name="titled"),
        CheckConstraint(one_of("unit", UNITS), name="unit_known"),
        CheckConstraint(one_of("count_from", COUNT_FROM), name="count_from_known"),
        CheckConstraint("every BETWEEN 1 AND 120", name="every_in_range"),
        CheckConstraint("service_s > 0", name="service_positive"),
        CheckConstraint("service_s IS NOT NULL OR job_type_id IS NOT NULL", name="length_known"),
        CheckConstraint("days_before BETWEEN 0 AND 366 AND days_after BETWEEN 0 AND 366", name="window_in_range"),
    )


class MaintenanceVisit(Base):
    """One turn of a plan, which became one job or was left out for a reason; never both, and never twice."""

    __tablename__ = "maintenance_visit"

    plan_id: Mapped[int] = mapped_column(ForeignKey("maintenance_plan.id", ondelete="CASCADE"), primary_key=True)
    turn: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """0 for the first time."""
    due_on: Mapped[date]
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"))
    left_out_reason: Mapped[str | None]

    plan: Mapped[MaintenancePlan] = relationship(back_populates="visits")
    job: Mapped[Job | None] = relationship()

    __table_args__ = (
        UniqueConstraint("job_id"),
        UniqueConstraint("plan_id", "due_on"),
        CheckConstraint("turn >= 0", name="turn_positive"),
        CheckConstraint("(job_id IS NULL) = (left_out_reason IS NOT NULL)", name="job_or_reason"),
        CheckConstraint("left_out_reason <> ''", name="reason_given"),
    )
