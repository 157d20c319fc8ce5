"""Kinds of work, with what a new job of the kind needs: time, skills, parts and a checklist."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dispatch.models.base import Base, Versioned


class JobType(Versioned, Base):
    """A kind of work, such as "Gas boiler service". New jobs copy what it says; changing it changes no old one."""

    __tablename__ = "job_type"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    service_s: Mapped[int | None]
    """How long the work takes as a rule; None has to be said for each job."""
    setup_s: Mapped[int] = mapped_column(default=0)
    priority: Mapped[int] = mapped_column(default=0)

    skills: Mapped[list[JobTypeSkill]] = relationship(cascade="all, delete-orphan", order_by="JobTypeSkill.name")
    parts: Mapped[list[JobTypePart]] = relationship(cascade="all, delete-orphan", order_by="JobTypePart.part")
    checklist: Mapped[list[ChecklistItem]] = relationship(
        cascade="all, delete-orphan", order_by="ChecklistItem.position"
    )

    __table_args__ = (
        CheckConstraint("name <> ''", name="named"),
        CheckConstraint("service_s > 0", name="service_positive"),
        CheckConstraint("setup_s >= 0", name="setup_positive"),
        CheckConstraint("priority BETWEEN 0 AND 100", name="priority_in_range"),
    )


class JobTypeSkill(Base):
    """A skill that such work needs, at this level or above."""

    __tablename__ = "job_type_skill"

    job_type_id: Mapped[int] = mapped_column(ForeignKey("job_type.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    level: Mapped[int] = mapped_column(default=1)

    __table_args__ = (CheckConstraint("level >= 1", name="level_positive"),)


class JobTypePart(Base):
    """Parts that such work uses up as a rule."""

    __tablename__ = "job_type_part"

    job_type_id: Mapped[int] = mapped_column(ForeignKey("job_type.id", ondelete="CASCADE"), primary_key=True)
    part: Mapped[str] = mapped_column(ForeignKey("part.name"), primary_key=True, index=True)
    count: Mapped[int]

    __table_args__ = (CheckConstraint("count > 0", name="count_positive"),)


class ChecklistItem(Base):
    """A step of such work, in its order; `required` tells the technician which ones may not be left out."""

    __tablename__ = "checklist_item"

    job_type_id: Mapped[int] = mapped_column(ForeignKey("job_type.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str]
    required: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (
        CheckConstraint("position >= 1", name="position_positive"),
        CheckConstraint("text <> ''", name="says_something"),
    )
