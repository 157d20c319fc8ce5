"""Where work happens: territories with their holidays, customers, locations."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dispatch.models.base import Base, Versioned


class Territory(Versioned, Base):
    """An area that is planned together, with the zone in which its days and shifts are meant."""

    __tablename__ = "territory"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    zone: Mapped[str]
    """IANA name, such as America/Santiago."""
    polygon: Mapped[str | None] = mapped_column(Text)
    """GeoJSON geometry (WGS 84), or None for a territory without a border."""
    phone: Mapped[str | None]
    """Where its customers call; None is the company's number."""

    holidays: Mapped[list[Holiday]] = relationship(cascade="all, delete-orphan", order_by="Holiday.on")

    __table_args__ = (
        CheckConstraint("name <> ''", name="named"),
        CheckConstraint("zone <> ''", name="has_zone"),
    )


class Holiday(Base):
    """A day on which the territory's shift patterns do not hold and its contracts' clocks stand still."""

    __tablename__ = "holiday"

    territory_id: Mapped[int] = mapped_column(ForeignKey("territory.id", ondelete="CASCADE"), primary_key=True)
    on: Mapped[date] = mapped_column("holiday_on", primary_key=True)
    name: Mapped[str]

    __table_args__ = (CheckConstraint("name <> ''", name="named"),)


class Location(Base):
    """A point on the map with its address."""

    __tablename__ = "location"

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str]
    lat: Mapped[float]
    lon: Mapped[float]

    __table_args__ = (
        CheckConstraint("lat BETWEEN -90 AND 90", name="lat_in_range"),
        CheckConstraint("lon BETWEEN -180 AND 180", name="lon_in_range"),
    )

    @property
    def point(self) -> tuple[float, float]:
        """(lat, lon) in degrees."""
        return (self.lat, self.lon)


class Customer(Versioned, Base):
    """Who asked for the work."""

    __tablename__ = "customer"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(index=True)
    phone: Mapped[str | None]
    email: Mapped[str | None]
    location_id: Mapped[int | None] = mapped_column(ForeignKey("location.id"), index=True)
    """Where letters go; work happens at the jobs' own locations."""
    notes: Mapped[str] = mapped_column(Text, default="")
    """What everybody who deals with them should know, such as a dog in the yard."""

    location: Mapped[Location | None] = relationship()

    __table_args__ = (CheckConstraint("name <> ''", name="named"),)
