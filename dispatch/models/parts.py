"""The parts catalogue: what vans carry and jobs use up."""

from __future__ import annotations

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.models.base import Base, Versioned


class Part(Versioned, Base):
    """A part by the name that everybody calls it; `number` is the supplier's, if there is one."""

    __tablename__ = "part"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    number: Mapped[str | None] = mapped_column(unique=True)

    __table_args__ = (CheckConstraint("name <> ''", name="named"),)
