"""When people work, and where on which day: patterns, single shifts, absences, loans, limits and on-call duty."""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dispatch.models.base import Base, one_of
from dispatch.models.places import Territory

PERIODS = ("day", "week", "month")
LIMIT_UNITS = ("visits", "work_s")


class ShiftPattern(Base):
    """The shift of one weekday (0 is Monday), wall clock of the technician's territory.

    An end that is not after its start lies on the next day. Between `ends` and `latest_ends` is overtime.
    """

    __tablename__ = "shift_pattern"

    technician_id: Mapped[int] = mapped_column(ForeignKey("technician.id", ondelete="CASCADE"), primary_key=True)
    weekday: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    starts: Mapped[time]
    ends: Mapped[time]
    latest_ends: Mapped[time | None]

    __table_args__ = (CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday_in_week"),)


class Absence(Base):
    """Whole days away, both ends included, in the zone of the technician's territory."""

    __tablename__ = "absence"

    id: Mapped[int] = mapped_column(primary_key=True)
    technician_id: Mapped[int] = mapped_column(ForeignKey("technician.id", ondelete="CASCADE"), index=True)
    from_on: Mapped[date]
    to_on: Mapped[date]
    reason: Mapped[str]

    __table_args__ = (CheckConstraint("from_on <= to_on", name="ends_after_start"),)


class SpecialShift(Base):
    """A shift on one day in place of the pattern's, also on a holiday; hours as in `ShiftPattern`."""

    __tablename__ = "special_shift"

    technician_id: Mapped[int] = mapped_column(ForeignKey("technician.id", ondelete="CASCADE"), primary_key=True)
    on: Mapped[date] = mapped_column("shift_on", primary_key=True)
    starts: Mapped[time]
    ends: Mapped[time]
    latest_ends: Mapped[time | None]


class BorrowedDay(Base):
    """A day that somebody works in another territory and not in their own; a row a day, so that no two can clash."""

    __tablename__ = "borrowed_day"

    technician_id: Mapped[int] = mapped_column(ForeignKey("technician.id", ondelete="CASCADE"), primary_key=True)
    on: Mapped[date] = mapped_column("borrowed_on", primary_key=True)
    territory_id: Mapped[int] = mapped_column(ForeignKey("territory.id"), index=True)
    reason: Mapped[str] = mapped_column(default="")

    territory: Mapped[Territory] = relationship()


class Limit(Base):
    """The most that a contractor takes on in a day, a week (from Monday) or a month: visits, or seconds of work."""

    __tablename__ = "technician_limit"

    technician_id: Mapped[int] = mapped_column(ForeignKey("technician.id", ondelete="CASCADE"), primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    unit: Mapped[str] = mapped_column(primary_key=True)
    most: Mapped[int]

    __table_args__ = (
        CheckConstraint(one_of("period", PERIODS), name="period_known"),
        CheckConstraint(one_of("unit", LIMIT_UNITS), name="unit_known"),
        CheckConstraint("most >= 0", name="most_positive"),
    )


class OnCall(Base):
    """Somebody who can be called out for emergencies in a territory; several may be at once."""

    __tablename__ = "on_call"

    id: Mapped[int] = mapped_column(primary_key=True)
    technician_id: Mapped[int] = mapped_column(ForeignKey("technician.id", ondelete="CASCADE"), index=True)
    territory_id: Mapped[int] = mapped_column(ForeignKey("territory.id", ondelete="CASCADE"), index=True)
    from_at: Mapped[datetime]
    until_at: Mapped[datetime]

    territory: Mapped[Territory] = relationship()

    __table_args__ = (CheckConstraint("from_at < until_at", name="ends_after_start"),)
