"""Where work happens: territories, customers, locations."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.models.base import Base


class Territory(Base):
    """An area that is planned together, with the zone in which its days and shifts are meant."""

    __tablename__ = "territory"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    zone: Mapped[str]
    """IANA name, such as America/Santiago."""
    polygon: Mapped[str | None] = mapped_column(Text)
    """GeoJSON geometry (WGS 84), or None for a territory without a border."""

    __table_args__ = (
        CheckConstraint("name <> ''", name="named"),
        CheckConstraint("zone <> ''", name="has_zone"),
    )


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


class Customer(Base):
    """Who asked for the work."""

    __tablename__ = "customer"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(index=True)
    phone: Mapped[str | None]
    email: Mapped[str | None]
    location_id: Mapped[int | None] = mapped_column(ForeignKey("location.id"), index=True)

    __table_args__ = (CheckConstraint("name <> ''", name="named"),)
