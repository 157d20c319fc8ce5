"""What is to be done: jobs with their windows, required skills, parts and wishes."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dispatch.models.agreements import Appointment, Contract
from dispatch.models.base import Base, Versioned, one_of
from dispatch.models.job_types import JobType
from dispatch.models.people import Technician
from dispatch.models.places import Customer, Location, Territory

if TYPE_CHECKING:
    from dispatch.models.assets import JobAsset

JOB_STATUSES = ("open", "done", "to_be_continued", "no_access", "cancelled")
WISHES = ("required", "preferred", "excluded")


class Job(Versioned, Base):
    """One piece of work for one customer at one location."""

    __tablename__ = "job"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    status: Mapped[str] = mapped_column(default="open", index=True)
    job_type_id: Mapped[int | None] = mapped_column(ForeignKey("job_type.id"), index=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"), index=True)
    territory_id: Mapped[int | None] = mapped_column(ForeignKey("territory.id"), index=True)
    contract_id: Mapped[int | None]
    """The contract that it is done under; it is the customer's own."""
    reported_at: Mapped[datetime | None]
    """When the customer asked for it, from which the contract's clock runs; None if nobody wrote it down."""
    requested_on: Mapped[date | None] = mapped_column(index=True)
    due_at: Mapped[datetime | None]
    """The SLA's promise: work should have started by then."""
    restore_by_at: Mapped[datetime | None]
    """The SLA's other promise: work should have ended by then."""
    priority: Mapped[int] = mapped_column(default=0)
    service_s: Mapped[int]
    setup_s: Mapped[int] = mapped_column(default=0)
    notes: Mapped[str] = mapped_column(Text, default="")
    return_of_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"), index=True)
    """The job that could not be finished in one visit, which this one continues."""

    return_of: Mapped[Job | None] = relationship(remote_side=[id])
    job_type: Mapped[JobType | None] = relationship()
    customer: Mapped[Customer] = relationship()
    location: Mapped[Location] = relationship()
    territory: Mapped[Territory | None] = relationship()
    contract: Mapped[Contract | None] = relationship(
        primaryjoin="Job.contract_id == Contract.id", foreign_keys="Job.contract_id", viewonly=True
    )
    appointments: Mapped[list[Appointment]] = relationship(
        cascade="all, delete-orphan", order_by="Appointment.promised_at"
    )
    checks: Mapped[list[JobCheck]] = relationship(cascade="all, delete-orphan", order_by="JobCheck.position")
    assets: Mapped[list[JobAsset]] = relationship(
        back_populates="job", cascade="all, delete-orphan", order_by="JobAsset.asset_id"
    )
    windows: Mapped[list[JobWindow]] = relationship(cascade="all, delete-orphan", order_by="JobWindow.opens_at")
    skills: Mapped[list[JobSkill]] = relationship(cascade="all, delete-orphan", order_by="JobSkill.name")
    parts: Mapped[list[JobPart]] = relationship(cascade="all, delete-orphan", order_by="JobPart.part")
    wishes: Mapped[list[JobWish]] = relationship(cascade="all, delete-orphan", order_by="JobWish.technician_id")

    __table_args__ = (
        ForeignKeyConstraint(["contract_id", "customer_id"], ["contract.id", "contract.customer_id"]),
        Index("ix_job_contract_id", "contract_id"),
        CheckConstraint("due_at <= restore_by_at", name="restored_after_response"),
        CheckConstraint("number <> ''", name="numbered"),
        CheckConstraint(one_of("status", JOB_STATUSES), name="status_known"),
        CheckConstraint("priority BETWEEN 0 AND 100", name="priority_in_range"),
        CheckConstraint("service_s > 0", name="service_positive"),
        CheckConstraint("setup_s >= 0", name="setup_positive"),
        CheckConstraint("return_of_id <> id", name="continues_another"),
    )

    def find_promise(self) -> Appointment | None:
        """The promise in force, or None."""
        return next((one for one in self.appointments if one.withdrawn_at is None), None)


class JobWindow(Base):
    """Work may start from `opens_at` until `closes_at`."""

    __tablename__ = "job_window"

    id: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[int] = mapped_column(ForeignKey("job.id", ondelete="CASCADE"), index=True)
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("opens_at <= closes_at", name="closes_after_opening"),)


class JobSkill(Base):
    """A skill that the technician must hold at this level or above."""

    __tablename__ = "job_skill"

    job_id: Mapped[int] = mapped_column(ForeignKey("job.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    level: Mapped[int] = mapped_column(default=1)

    __table_args__ = (CheckConstraint("level >= 1", name="level_positive"),)


class JobCheck(Base):
    """A step of this job, copied from its type's checklist, and who ticked it when."""

    __tablename__ = "job_check"

    job_id: Mapped[int] = mapped_column(ForeignKey("job.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str]
    required: Mapped[bool] = mapped_column(default=False)
    done_at: Mapped[datetime | None]
    done_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)

    __table_args__ = (
        CheckConstraint("position >= 1", name="position_positive"),
        CheckConstraint("text <> ''", name="says_something"),
        CheckConstraint("done_at IS NOT NULL OR done_by_user_id IS NULL", name="ticked_at_some_time"),
    )


class JobPart(Base):
    """Parts that the work is expected to use up, taken from the van, and how many it really `used`."""

    __tablename__ = "job_part"

    job_id: Mapped[int] = mapped_column(ForeignKey("job.id", ondelete="CASCADE"), primary_key=True)
    part: Mapped[str] = mapped_column(ForeignKey("part.name"), primary_key=True, index=True)
    count: Mapped[int]
    used: Mapped[int | None]

    __table_args__ = (
        CheckConstraint("count > 0", name="count_positive"),
        CheckConstraint("used >= 0", name="used_positive"),
    )


class JobWish(Base):
    """Which technician must, should or must not come."""

    __tablename__ = "job_wish"

    job_id: Mapped[int] = mapped_column(ForeignKey("job.id", ondelete="CASCADE"), primary_key=True)
    technician_id: Mapped[int] = mapped_column(ForeignKey("technician.id"), primary_key=True, index=True)
    wish: Mapped[str]

    technician: Mapped[Technician] = relationship()

    __table_args__ = (CheckConstraint(one_of("wish", WISHES), name="wish_known"),)
