"""What stands at customers' places and is installed, maintained and repaired there."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dispatch.models.base import Base, Versioned, one_of
from dispatch.models.jobs import Job
from dispatch.models.places import Customer, Location

ASSET_WORK = ("install", "inspect", "maintain", "repair", "remove")


class Asset(Versioned, Base):
    """A boiler, a lift, a router: one thing with its own history. Retired, never deleted."""

    __tablename__ = "asset"

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"), index=True)
    name: Mapped[str]
    """What people call it, such as "Lift, north entrance"."""
    maker: Mapped[str] = mapped_column(default="")
    model: Mapped[str] = mapped_column(default="")
    serial: Mapped[str | None]
    installed_on: Mapped[date | None]
    retired_on: Mapped[date | None]
    notes: Mapped[str] = mapped_column(Text, default="")

    customer: Mapped[Customer] = relationship()
    location: Mapped[Location] = relationship()
    jobs: Mapped[list[JobAsset]] = relationship(back_populates="asset", viewonly=True)

    __table_args__ = (
        UniqueConstraint("maker", "serial"),
        CheckConstraint("name <> ''", name="named"),
        CheckConstraint("serial <> ''", name="serial_or_none"),
        CheckConstraint("installed_on <= retired_on", name="retired_after_installed"),
    )


class JobAsset(Base):
    """What a job does to an asset."""

    __tablename__ = "job_asset"

    job_id: Mapped[int] = mapped_column(ForeignKey("job.id", ondelete="CASCADE"), primary_key=True)
    asset_id: Mapped[int] = mapped_column(ForeignKey("asset.id"), primary_key=True, index=True)
    work: Mapped[str]

    job: Mapped[Job] = relationship(back_populates="assets")
    asset: Mapped[Asset] = relationship(back_populates="jobs")

    __table_args__ = (CheckConstraint(one_of("work", ASSET_WORK), name="work_known"),)
