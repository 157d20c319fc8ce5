"""Wrong tries to sign in, counted by account, by where they came from, and by both."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.models.base import Base


class WrongTries(Base):
    """A series of wrong tries. An empty e-mail stands for every account, an empty address for everywhere."""

    __tablename__ = "wrong_tries"

    email: Mapped[str] = mapped_column(primary_key=True)
    """As it was typed, in lower case: also one that no account has, or locking would tell which ones exist."""
    address: Mapped[str] = mapped_column(primary_key=True)
    """The network address of the visitor: an IPv4 address, or the first half of an IPv6 address."""
    count: Mapped[int]
    since_at: Mapped[datetime]
    locked_until_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_wrong_tries_since_at", "since_at"),
        CheckConstraint("count >= 0", name="count_positive"),
        CheckConstraint("email <> '' OR address <> ''", name="of_something"),
    )
