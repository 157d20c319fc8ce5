"""Who does the work: technicians with their skills, territories and vans."""

from __future__ import annotations

from datetime import date, time

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dispatch.models.base import Base, Versioned, one_of
from dispatch.models.places import Location, Territory
from dispatch.models.working_time import Absence, BorrowedDay, Limit, OnCall, ShiftPattern, SpecialShift

KINDS = ("employee", "part_time", "contractor", "borrowed")


class Technician(Versioned, Base):
    """A person who visits customers. Deactivated, never deleted: plans of the past point here."""

    __tablename__ = "technician"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    email: Mapped[str | None]
    phone: Mapped[str | None]
    kind: Mapped[str] = mapped_column(default="employee")
    branch: Mapped[str | None]
    """The department or company that somebody borrowed or contracted comes from."""
    active: Mapped[bool] = mapped_column(default=True)
    territory_id: Mapped[int | None] = mapped_column(ForeignKey("territory.id"), index=True)
    """The primary territory, whose zone is the zone of the shift pattern; None works anywhere."""
    home_id: Mapped[int | None] = mapped_column(ForeignKey("location.id"), index=True)
    """Where the day starts and ends; None starts at the first customer and ends at the last."""
    lunch_length_s: Mapped[int | None]
    lunch_opens: Mapped[time | None]
    lunch_closes: Mapped[time | None]
    """Lunch may start from `lunch_opens` until `lunch_closes`, wall clock."""
    max_visits: Mapped[int | None]
    max_travel_s: Mapped[int | None]
    hourly_cost: Mapped[int] = mapped_column(default=0)
    """What an hour of work costs, in whole units of the company's currency."""
    day_cost: Mapped[int] = mapped_column(default=0)
    """What it costs to call this person out at all on a day, in the same currency."""
    pace_percent: Mapped[int] = mapped_column(default=100)
    """Service time of this technician in percent of the job's: 120 takes a fifth longer."""

    territory: Mapped[Territory | None] = relationship()
    home: Mapped[Location | None] = relationship()
    secondary_territories: Mapped[list[Territory]] = relationship(secondary="technician_territory")
    skills: Mapped[list[TechnicianSkill]] = relationship(cascade="all, delete-orphan", order_by="TechnicianSkill.name")
    shift_patterns: Mapped[list[ShiftPattern]] = relationship(
        cascade="all, delete-orphan", order_by="ShiftPattern.weekday"
    )
    absences: Mapped[list[Absence]] = relationship(cascade="all, delete-orphan", order_by="Absence.from_on")
    special_shifts: Mapped[list[SpecialShift]] = relationship(cascade="all, delete-orphan", order_by="SpecialShift.on")
    borrowed_days: Mapped[list[BorrowedDay]] = relationship(cascade="all, delete-orphan", order_by="BorrowedDay.on")
    on_call: Mapped[list[OnCall]] = relationship(cascade="all, delete-orphan", order_by="OnCall.from_at")
    limits: Mapped[list[Limit]] = relationship(cascade="all, delete-orphan", order_by="Limit.period")
    van_stock: Mapped[list[VanStock]] = relationship(cascade="all, delete-orphan", order_by="VanStock.part")

    __table_args__ = (
        CheckConstraint("code <> ''", name="coded"),
        CheckConstraint("name <> ''", name="named"),
        CheckConstraint(one_of("kind", KINDS), name="kind_known"),
        CheckConstraint("lunch_length_s > 0", name="lunch_has_length"),
        CheckConstraint(
            "(lunch_length_s IS NULL) = (lunch_opens IS NULL) AND (lunch_opens IS NULL) = (lunch_closes IS NULL)",
            name="lunch_whole",
        ),
        CheckConstraint("max_visits >= 0", name="max_visits_positive"),
        CheckConstraint("max_travel_s >= 0", name="max_travel_positive"),
        CheckConstraint("hourly_cost >= 0 AND day_cost >= 0", name="costs_positive"),
        CheckConstraint("pace_percent BETWEEN 10 AND 1000", name="pace_plausible"),
    )


class TechnicianTerritory(Base):
    """A secondary territory: the technician may work there, at a cost."""

    __tablename__ = "technician_territory"

    technician_id: Mapped[int] = mapped_column(ForeignKey("technician.id", ondelete="CASCADE"), primary_key=True)
    territory_id: Mapped[int] = mapped_column(ForeignKey("territory.id", ondelete="CASCADE"), primary_key=True)


class TechnicianSkill(Base):
    """A skill held, with its level (1 and up), through `expires_on`; None holds for good."""

    __tablename__ = "technician_skill"

    technician_id: Mapped[int] = mapped_column(ForeignKey("technician.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    level: Mapped[int] = mapped_column(default=1)
    expires_on: Mapped[date | None]

    __table_args__ = (CheckConstraint("level >= 1", name="level_positive"),)


class VanStock(Base):
    """How many pieces of a part the technician's van carries at the start of a shift."""

    __tablename__ = "van_stock"

    technician_id: Mapped[int] = mapped_column(ForeignKey("technician.id", ondelete="CASCADE"), primary_key=True)
    part: Mapped[str] = mapped_column(ForeignKey("part.name"), primary_key=True, index=True)
    count: Mapped[int]

    __table_args__ = (CheckConstraint("count >= 0", name="count_positive"),)
