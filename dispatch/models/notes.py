"""What people wrote down and photographed: at a customer, a job or an asset."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dispatch.models.base import Base, one_of
from dispatch.models.operations import User

CHANNELS = ("note", "call", "e-mail", "letter", "visit")
PHOTO_TYPES = ("image/jpeg", "image/png", "image/webp")
LARGEST_PHOTO = 8_000_000


class Note(Base):
    """A line in a history: what was said on the telephone, or seen on site. Added, never changed."""

    __tablename__ = "note"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    channel: Mapped[str] = mapped_column(default="note")
    text: Mapped[str] = mapped_column(Text)
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customer.id"), index=True)
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"), index=True)
    asset_id: Mapped[int | None] = mapped_column(ForeignKey("asset.id"), index=True)

    user: Mapped[User | None] = relationship()

    __table_args__ = (
        CheckConstraint(one_of("channel", CHANNELS), name="channel_known"),
        CheckConstraint("text <> ''", name="says_something"),
        CheckConstraint(
            "customer_id IS NOT NULL OR job_id IS NOT NULL OR asset_id IS NOT NULL", name="about_something"
        ),
    )


class Photo(Base):
    """A picture taken at a job. The same picture sent twice is one: phones repeat what they are unsure of."""

    __tablename__ = "photo"

    id: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[int] = mapped_column(ForeignKey("job.id", ondelete="CASCADE"), index=True)
    taken_at: Mapped[datetime]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    caption: Mapped[str] = mapped_column(default="")
    content_type: Mapped[str]
    sha256: Mapped[str]
    """Of `data`, in hexadecimal."""
    data: Mapped[bytes] = mapped_column(deferred=True)

    __table_args__ = (
        UniqueConstraint("job_id", "sha256"),
        CheckConstraint(one_of("content_type", PHOTO_TYPES), name="content_type_known"),
        CheckConstraint("length(sha256) = 64", name="sha256_whole"),
        CheckConstraint(f"length(data) BETWEEN 1 AND {LARGEST_PHOTO}", name="size_in_range"),
    )
