"""Webhooks: who outside is told of events, and what has become of each message."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dispatch.models.base import Base, one_of
from dispatch.models.events import Event

DELIVERY_STATUSES = ("waiting", "delivered", "dead")


class Webhook(Base):
    """An address that is told of events. It is switched off, never deleted: its deliveries point here."""

    __tablename__ = "webhook"

    id: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str]
    secret: Mapped[str]
    """Signs what is sent; kept readable because signing needs it."""
    kinds: Mapped[list[str]] = mapped_column(JSON)
    """The kinds of events that are told; none means all."""
    active: Mapped[bool] = mapped_column(default=True)
    told_seq: Mapped[int] = mapped_column(BigInteger)
    """The number of the last event that was looked at for it."""
    paused_until_at: Mapped[datetime | None]
    """While nobody answers there, nothing is tried."""
    added_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("url <> ''", name="has_url"),
        CheckConstraint("secret <> ''", name="has_secret"),
        CheckConstraint("told_seq >= 0", name="told_seq_positive"),
    )


class WebhookDelivery(Base):
    """One event for one webhook: waiting for its next try, delivered, or given up."""

    __tablename__ = "webhook_delivery"

    id: Mapped[int] = mapped_column(primary_key=True)
    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhook.id"))
    event_seq: Mapped[int] = mapped_column(ForeignKey("event.seq"), index=True)
    status: Mapped[str] = mapped_column(default="waiting")
    tries: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime]
    """When it is tried next; of one that is over, when it was over."""
    answer: Mapped[int | None]
    """The HTTP status of the last answer; None where none came."""
    fault: Mapped[str] = mapped_column(Text, default="")
    """Why the last try failed, in a sentence."""

    webhook: Mapped[Webhook] = relationship()
    event: Mapped[Event] = relationship()

    __table_args__ = (
        UniqueConstraint("webhook_id", "event_seq"),
        Index("ix_webhook_delivery_status_next_at", "status", "next_at"),
        CheckConstraint(one_of("status", DELIVERY_STATUSES), name="status_known"),
        CheckConstraint("tries >= 0", name="tries_positive"),
    )
