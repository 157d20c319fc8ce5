"""What customers are told about their visits, what they answer, and how they want to be told."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dispatch.models.base import Base, Versioned, one_of
from dispatch.models.jobs import Job
from dispatch.models.operations import User
from dispatch.models.places import Customer
from dispatch.notices.languages import LANGUAGES

NOTICE_KINDS = ("confirmed", "moved", "reminder", "on_the_way", "late", "done", "missed", "cancelled")
NOTICE_CHANNELS = ("e-mail", "SMS")
NOTICE_STATUSES = ("waiting", "sent", "dropped", "given_up")
WISHES_OF_CUSTOMERS = ("another time", "cancel")


class Notice(Base):
    """One message to one customer on one channel: waiting, sent, dropped because it was true no more, or given up."""

    __tablename__ = "notice"

    id: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[int] = mapped_column(ForeignKey("job.id"))
    kind: Mapped[str]
    channel: Mapped[str]
    about: Mapped[str]
    """What it answers to, such as "event 17": of one kind and channel there is one notice about the same thing."""
    status: Mapped[str] = mapped_column(default="waiting")
    fault: Mapped[str] = mapped_column(Text, default="")
    """Why it was dropped, or why the last try failed, in a sentence."""
    queued_at: Mapped[datetime]
    next_at: Mapped[datetime]
    """When it is tried next; of one that is over, when it was over."""
    useful_until_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    told_from_at: Mapped[datetime | None]
    told_until_at: Mapped[datetime | None]
    """When somebody comes, as the customer was told."""
    address: Mapped[str] = mapped_column(default="")
    subject: Mapped[str] = mapped_column(default="")
    body: Mapped[str] = mapped_column(Text, default="")
    """Written when it is sent, so that it says what is true then."""

    job: Mapped[Job] = relationship()

    __table_args__ = (
        UniqueConstraint("job_id", "kind", "channel", "about"),
        Index("ix_notice_status_next_at", "status", "next_at"),
        CheckConstraint(one_of("kind", NOTICE_KINDS), name="kind_known"),
        CheckConstraint(one_of("channel", NOTICE_CHANNELS), name="channel_known"),
        CheckConstraint(one_of("status", NOTICE_STATUSES), name="status_known"),
        CheckConstraint("about <> ''", name="about_something"),
        CheckConstraint("tries >= 0", name="tries_positive"),
        CheckConstraint("(told_from_at IS NULL) = (told_until_at IS NULL)", name="told_whole"),
        CheckConstraint("told_from_at <= told_until_at", name="told_in_order"),
    )


class NoticeText(Versioned, Base):
    """The words of a kind of notice on a channel in a language, where people have changed them."""

    __tablename__ = "notice_text"

    kind: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    active: Mapped[bool] = mapped_column(default=True)
    """False sends none of the kind on the channel to those who speak the language."""
    subject: Mapped[str]
    body: Mapped[str] = mapped_column(Text)

    __table_args__ = (
        CheckConstraint(one_of("kind", NOTICE_KINDS), name="kind_known"),
        CheckConstraint(one_of("channel", NOTICE_CHANNELS), name="channel_known"),
        CheckConstraint(one_of("language", LANGUAGES), name="language_known"),
        CheckConstraint("body <> ''", name="says_something"),
    )


class ContactWish(Versioned, Base):
    """How a customer wants to be told; without a row: in the company's language, on every channel."""

    __tablename__ = "contact_wish"

    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(default="en")
    no_email: Mapped[bool] = mapped_column(default=False)
    no_sms: Mapped[bool] = mapped_column(default=False)

    customer: Mapped[Customer] = relationship()

    __table_args__ = (CheckConstraint(one_of("language", LANGUAGES), name="language_known"),)


class CustomerLink(Base):
    """How often the links to the page of a visit were revoked: those of before open nothing. Without a row: never."""

    __tablename__ = "customer_link"

    job_id: Mapped[int] = mapped_column(ForeignKey("job.id", ondelete="CASCADE"), primary_key=True)
    revoked: Mapped[int]

    __table_args__ = (CheckConstraint("revoked > 0", name="was_revoked"),)


class CustomerRequest(Base):
    """What a customer asked for on the page of their visit. It changes nothing by itself; somebody answers it."""

    __tablename__ = "customer_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[int] = mapped_column(ForeignKey("job.id"), index=True)
    at: Mapped[datetime]
    wants: Mapped[str]
    words: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None]
    answered_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)

    job: Mapped[Job] = relationship()
    answered_by: Mapped[User | None] = relationship()

    __table_args__ = (
        CheckConstraint(one_of("wants", WISHES_OF_CUSTOMERS), name="wants_known"),
        CheckConstraint("(answered_at IS NULL) = (answered_by_user_id IS NULL)", name="answered_by_somebody"),
    )


class Feedback(Base):
    """How it went, from 1 to 5, in the customer's words; the last answer counts."""

    __tablename__ = "feedback"

    job_id: Mapped[int] = mapped_column(ForeignKey("job.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime]
    score: Mapped[int]
    words: Mapped[str] = mapped_column(Text, default="")

    job: Mapped[Job] = relationship()

    __table_args__ = (CheckConstraint("score BETWEEN 1 AND 5", name="score_in_range"),)
