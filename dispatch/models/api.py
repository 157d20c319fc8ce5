"""What the API keeps: tokens, how many requests came lately, and what creating requests were answered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dispatch.models.base import Base
from dispatch.models.operations import User


class ApiToken(Base):
    """Lets a program act as a user, within its scopes. Revoked, never deleted."""

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    name: Mapped[str]
    """What it is for, in its owner's words."""
    hint: Mapped[str]
    """How the secret begins, so that its owner can tell it from others."""
    sha256: Mapped[str] = mapped_column(unique=True)
    """Of the secret, in hexadecimal; 256 random bits need no slow hash."""
    scopes: Mapped[list[str]] = mapped_column(JSON)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    """To the minute: not every request writes it."""
    revoked_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()

    __table_args__ = (
        CheckConstraint("name <> ''", name="named"),
        CheckConstraint("length(sha256) = 64", name="sha256_whole"),
    )


class RequestCount(Base):
    """How many requests of one token, or wrong ones of one address, came since `since_at`."""

    __tablename__ = "request_count"

    bucket: Mapped[str] = mapped_column(primary_key=True)
    """Such as "token 12" or "address 192.0.2.7"."""
    since_at: Mapped[datetime]
    count: Mapped[int]

    __table_args__ = (
        CheckConstraint("bucket <> ''", name="named"),
        CheckConstraint("count >= 1", name="count_positive"),
    )


class KeptAnswer(Base):
    """What a creating request with an Idempotency-Key was answered; the same request again gets the same answer."""

    __tablename__ = "kept_answer"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    request_sha256: Mapped[str]
    """Of method, path and body, in hexadecimal."""
    kept_at: Mapped[datetime] = mapped_column(index=True)
    status: Mapped[int]
    headers: Mapped[dict[str, str]] = mapped_column(JSON)
    body: Mapped[Any] = mapped_column(JSON, nullable=False)

    __table_args__ = (
        CheckConstraint("key <> ''", name="named"),
        CheckConstraint("length(request_sha256) = 64", name="sha256_whole"),
        CheckConstraint("status BETWEEN 200 AND 299", name="status_of_success"),
    )
