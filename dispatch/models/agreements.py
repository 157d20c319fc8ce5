"""What was agreed with customers: contracts with their SLA terms, and the windows promised for a visit."""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dispatch.models.base import Base, Versioned
from dispatch.models.places import Customer


class Contract(Versioned, Base):
    """How soon somebody comes, and how soon it works again, counted in the contract's business hours.

    Without hours the clock always runs, also on holidays.
    """

    __tablename__ = "contract"

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    name: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    """The last day; None until it is ended."""
    respond_within_s: Mapped[int | None]
    """From the report to the start of work."""
    restore_within_s: Mapped[int | None]
    """From the report to the end of work."""
    zone: Mapped[str]
    """IANA name of the zone in which the hours are meant."""
    runs_on_holidays: Mapped[bool] = mapped_column(default=False)

    customer: Mapped[Customer] = relationship()
    hours: Mapped[list[ContractHours]] = relationship(
        cascade="all, delete-orphan", order_by="ContractHours.weekday, ContractHours.opens"
    )

    __table_args__ = (
        UniqueConstraint("customer_id", "name"),
        UniqueConstraint("id", "customer_id"),
        CheckConstraint("name <> ''", name="named"),
        CheckConstraint("zone <> ''", name="has_zone"),
        CheckConstraint("starts_on <= ends_on", name="ends_after_start"),
        CheckConstraint("respond_within_s > 0", name="respond_positive"),
        CheckConstraint("restore_within_s > 0", name="restore_positive"),
        CheckConstraint("respond_within_s <= restore_within_s", name="restored_after_response"),
    )


class ContractHours(Base):
    """Business hours of one weekday (0 is Monday), wall clock; what closes no later than it opens closes next day."""

    __tablename__ = "contract_hours"

    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id", ondelete="CASCADE"), primary_key=True)
    weekday: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    opens: Mapped[time] = mapped_column(primary_key=True)
    closes: Mapped[time]

    __table_args__ = (CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday_in_week"),)


class Appointment(Versioned, Base):
    """What the customer was told: work starts from `promised_from_at` until `promised_until_at`. One at a time per job.

    The planned start is another matter: it moves with every plan, the promise only when somebody moves it.
    """

    __tablename__ = "appointment"

    id: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[int] = mapped_column(ForeignKey("job.id", ondelete="CASCADE"), index=True)
    promised_from_at: Mapped[datetime]
    promised_until_at: Mapped[datetime]
    is_firm: Mapped[bool] = mapped_column(default=True)
    """Firm: no plan starts the work outside it. Else starting late costs, as it does after a due time."""
    promised_at: Mapped[datetime]
    promised_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str | None]

    __table_args__ = (
        Index(
            "uq_appointment_one_in_force",
            "job_id",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
        CheckConstraint("promised_from_at <= promised_until_at", name="closes_after_opening"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_reason IS NULL)", name="withdrawn_for_a_reason"),
        CheckConstraint("withdrawn_reason <> ''", name="withdrawn_reason_given"),
    )
