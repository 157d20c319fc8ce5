"""What happened: the append-only record that audit, live screens and histories are read from."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dispatch.models.base import Base
from dispatch.models.operations import User


class Event(Base):
    """Who did what to what, when. Written by `dispatch.events` only; the database refuses to change or delete it."""

    __tablename__ = "event"

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    """1, 2, 3 ... in the order of the commits, without a gap: who has seen n asks for what comes after n."""
    at: Mapped[datetime] = mapped_column(index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    """None for what the program did by itself."""
    kind: Mapped[str]
    subject_kind: Mapped[str | None]
    """The table of the row that it is about, such as "job"; None for what is about no single row."""
    subject_id: Mapped[int | None]
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    after: Mapped[dict[str, Any]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why, in the words of the person who did it; empty where nobody was asked."""

    user: Mapped[User | None] = relationship()

    __table_args__ = (
        Index("ix_event_subject", "subject_kind", "subject_id", "seq"),
        CheckConstraint("seq >= 1", name="seq_positive"),
        CheckConstraint("kind <> ''", name="kind_named"),
        CheckConstraint("(subject_kind IS NULL) = (subject_id IS NULL)", name="subject_whole"),
    )
