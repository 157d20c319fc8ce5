"""What belongs to an account beside its password: open sessions, the second factor, one-time links, territories."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dispatch.models.base import Base
from dispatch.models.operations import User


class UserSession(Base):
    """A browser in which somebody is signed in. Deleting the row signs it out."""

    __tablename__ = "user_session"

    id: Mapped[str] = mapped_column(primary_key=True)
    """Random; the browser's signed cookie holds it."""
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    """When a request last came, but for some minutes."""
    address: Mapped[str]
    browser: Mapped[str]
    """What the browser says of itself."""

    user: Mapped[User] = relationship()


class SecondFactor(Base):
    """The secret that somebody's phone makes codes from; asked for when they sign in, once it is confirmed."""

    __tablename__ = "second_factor"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    secret: Mapped[str]
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)
    """The half minute of the last code that was used: no code is good twice."""

    __table_args__ = (CheckConstraint("secret <> ''", name="has_secret"),)


class RecoveryCode(Base):
    """Opens the account once without the phone; only a hash is stored."""

    __tablename__ = "recovery_code"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    code_hash: Mapped[str] = mapped_column(primary_key=True)


class PasswordLink(Base):
    """A link with which somebody chooses a new password, once; only a hash of its token is stored."""

    __tablename__ = "password_link"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime]


class PasswordRequest(Base):
    """Somebody asked for such a link by e-mail, at an address that may be nobody's; the scheduler answers."""

    __tablename__ = "password_request"

    email: Mapped[str] = mapped_column(primary_key=True)
    asked_at: Mapped[datetime]


class UserTerritory(Base):
    """A dispatcher sees and changes what is in these territories; without any, everything."""

    __tablename__ = "user_territory"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    territory_id: Mapped[int] = mapped_column(
        ForeignKey("territory.id", ondelete="CASCADE"), primary_key=True, index=True
    )
