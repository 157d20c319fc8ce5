"""What is to be done: jobs with their windows, required skills, parts and wishes."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dispatch.models.base import Base, one_of
from dispatch.models.people import Technician
from dispatch.models.places import Customer, Location, Territory

JOB_STATUSES = ("open", "done", "to_be_continued", "no_access", "cancelled")
WISHES = ("required", "preferred", "excluded")


class JobType(Base):
    """A kind of work, such as "Gas boiler service"."""

    __tablename__ = "job_type"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)

    __table_args__ = (CheckConstraint("name <> ''", name="named"),)


class Job(Base):
    """One piece of work for one customer at one location. `version` rises with every change."""

    __tablename__ = "job"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    status: Mapped[str] = mapped_column(default="open", index=True)
    job_type_id: Mapped[int | None] = mapped_column(ForeignKey("job_type.id"), index=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"), index=True)
    territory_id: Mapped[int | None] = mapped_column(ForeignKey("territory.id"), index=True)
    requested_on: Mapped[date | None] = mapped_column(index=True)
    due_at: Mapped[datetime | None]
    """The SLA's promise: work should have started by then."""
    priority: Mapped[int] = mapped_column(default=0)
    service_s: Mapped[int]
    setup_s: Mapped[int] = mapped_column(default=0)
    notes: Mapped[str] = mapped_column(Text, default="")
    return_of_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"), index=True)
    """The job that could not be finished in one visit, which this one continues."""
    version: Mapped[int] = mapped_column()

    return_of: Mapped[Job | None] = relationship(remote_side=[id])
    job_type: Mapped[JobType | None] = relationship()
    customer: Mapped[Customer] = relationship()
    location: Mapped[Location] = relationship()
    territory: Mapped[Territory | None] = relationship()
    windows: Mapped[list[JobWindow]] = relationship(cascade="all, delete-orphan", order_by="JobWindow.opens_at")
    skills: Mapped[list[JobSkill]] = relationship(cascade="all, delete-orphan", order_by="JobSkill.name")
    parts: Mapped[list[JobPart]] = relationship(cascade="all, delete-orphan", order_by="JobPart.part")
    wishes: Mapped[list[JobWish]] = relationship(cascade="all, delete-orphan", order_by="JobWish.technician_id")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads a plain dict
    __table_args__ = (
        CheckConstraint("number <> ''", name="numbered"),
        CheckConstraint(one_of("status", JOB_STATUSES), name="status_known"),
        CheckConstraint("priority BETWEEN 0 AND 100", name="priority_in_range"),
        CheckConstraint("service_s > 0", name="service_positive"),
        CheckConstraint("setup_s >= 0", name="setup_positive"),
        CheckConstraint("return_of_id <> id", name="continues_another"),
    )


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


class JobPart(Base):
    """Parts that the work uses up, taken from the van."""

    __tablename__ = "job_part"

    job_id: Mapped[int] = mapped_column(ForeignKey("job.id", ondelete="CASCADE"), primary_key=True)
    part: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]

    __table_args__ = (CheckConstraint("count > 0", name="count_positive"),)


class JobWish(Base):
    """Which technician must, should or must not come."""

    __tablename__ = "job_wish"

    job_id: Mapped[int] = mapped_column(ForeignKey("job.id", ondelete="CASCADE"), primary_key=True)
    technician_id: Mapped[int] = mapped_column(ForeignKey("technician.id"), primary_key=True, index=True)
    wish: Mapped[str]

    technician: Mapped[Technician] = relationship()

    __table_args__ = (CheckConstraint(one_of("wish", WISHES), name="wish_known"),)
