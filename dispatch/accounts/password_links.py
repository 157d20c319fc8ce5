"""One-time links with which people choose a new password: made by somebody, or e-mailed by the scheduler.

Asking by e-mail only writes down what was typed: whether there is such an account is looked up later, by the
scheduler, so that neither words nor time of an answer tell it. A mail that was not taken is tried again.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from dispatch import clock, installation
from dispatch.accounts.mail_words import write_mail
from dispatch.accounts.passwords import list_faults
from dispatch.accounts.tries import count_try, network_of
from dispatch.accounts.users import give_password
from dispatch.db import SessionFactory
from dispatch.errors import Conflict, Forbidden, InvalidInput, NotFound
from dispatch.events import record_event
from dispatch.mail import MailFault, send_mail
from dispatch.models import PasswordLink, PasswordRequest, User

log = logging.getLogger(__name__)

GOOD_FOR = timedelta(hours=24)
"""When somebody makes the link and hands it over."""
GOOD_FOR_BY_MAIL = timedelta(hours=1)
TRIED_FOR = timedelta(minutes=15)
"""Whoever has waited for longer has given up, or asked again."""
OF_LINK = " link"
ASKED_AT_ACCOUNT, ASKED_FROM_ADDRESS = 3, 20
MAY_HELP = {"manager": frozenset({"technician", "dispatcher"}),
            "admin": frozenset({"technician", "dispatcher", "manager", "admin"})}  # fmt: skip
"""Who may make a link for whom: nobody for somebody who may do more than they."""
GONE = (
    "It was used already, is too old, or was cut off when it was copied. If you have chosen a password with it, "
    "sign in with that; else get another link."
)


def make_link(session: Session, user: User, by: User | None, now: datetime) -> str:
    """A token for the link, shown once. `by` None is whoever may use the command line.

    Raises Forbidden when `by` may not help that user.
    """
    if by is not None and user.role not in MAY_HELP.get(by.role, ()):
        raise Forbidden(f"Only an admin makes a link for {user.email}, role {user.role}.")
    if not user.active:
        raise Conflict(f"The account {user.email} is switched off.")
    record_event(session, "password link made", now, by.id if by else None, user)
    return _make_token(session, user, now + GOOD_FOR)


def get_link_user(session: Session, token: str, now: datetime) -> User:
    """Whose new password the link is for. Raises NotFound when it is good no more."""
    link = session.get(PasswordLink, _hash(token))
    user = session.get(User, link.user_id) if link is not None and now < link.expires_at else None
    if user is None or not user.active:
        raise NotFound(GONE)
    return user


def use_link(session: Session, token: str, new: str, again: str, now: datetime) -> User:
    """Store the new password and void the link. Raises NotFound for the link, InvalidInput for the password."""
    user = get_link_user(session, token, now)
    wrong = list_faults(new)
    if new != again:
        wrong.append("The new password was not written the same way twice.")
    if wrong:
        raise InvalidInput(wrong)
    if not _drop(session, token):  # somebody else used it in this moment
        raise NotFound(GONE)
    give_password(session, user, new)
    record_event(session, "password set by link", now, user.id, user)
    return user


def ask_by_mail(session: Session, email: str, address: str, now: datetime) -> None:
    """Note that a link is wanted at this e-mail address. Raises Conflict when too many were asked for."""
    email = email.strip().lower()
    if "@" not in email:
        raise InvalidInput(["Give the e-mail address that you sign in with."])
    limits = (((email + OF_LINK, ""), ASKED_AT_ACCOUNT), ((OF_LINK, network_of(address)), ASKED_FROM_ADDRESS))
    is_open, until_at = count_try(session, limits, now)
    if not is_open and until_at is not None:
        until = clock.local_time(until_at, installation.get_zone(session))
        raise Conflict(f"Links were asked for too often; try again after {until}.")
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    asked = insert(PasswordRequest).values(email=email, asked_at=now)
    session.execute(asked.on_conflict_do_update(index_elements=["email"], set_={"asked_at": now}))


def send_links(session_factory: SessionFactory, now: datetime) -> int:
    """E-mail a link to everybody who asked for one and has an account; how many were sent."""
    settings = session_factory.settings
    with session_factory() as session:
        asked = session.scalars(select(PasswordRequest).order_by(PasswordRequest.asked_at)).all()
    sent = 0
    for request in asked:
        with session_factory.begin() as session:
            user = session.scalar(select(User).where(User.email == request.email, User.active))
            is_over = request.asked_at + TRIED_FOR < now
            if user is None or is_over or settings.mail_server is None or settings.public_url is None:
                _forget(session, request)
                continue
            token = _make_token(session, user, now + GOOD_FOR_BY_MAIL)
        try:
            link = f"{settings.public_url}/login/new-password/{token}"
            subject, text = write_mail("forgotten", settings.company_language, name=user.name, link=link)
            send_mail(settings.mail_server, user.email, subject, text, now)
        except MailFault as fault:
            log.warning("A link for a new password waits: %s", fault)
            with session_factory.begin() as session:
                _drop(session, token)
            continue
        with session_factory.begin() as session:
            _forget(session, request)
            record_event(session, "password link e-mailed", now, None, user)
        sent += 1
    return sent


def forget_old_links(session: Session, now: datetime) -> None:
    """Drop links that are too old."""
    session.execute(delete(PasswordLink).where(PasswordLink.expires_at <= now))


def _make_token(session: Session, user: User, expires_at: datetime) -> str:
    token = secrets.token_urlsafe(32)
    session.add(PasswordLink(token_hash=_hash(token), user_id=user.id, expires_at=expires_at))
    return token


def _drop(session: Session, token: str) -> bool:
    dropped = delete(PasswordLink).where(PasswordLink.token_hash == _hash(token)).returning(PasswordLink.user_id)
    return session.scalar(dropped) is not None


def _forget(session: Session, request: PasswordRequest) -> None:
    """Unless it was asked for again meanwhile."""
    which = PasswordRequest.email == request.email, PasswordRequest.asked_at == request.asked_at
    session.execute(delete(PasswordRequest).where(*which))


def _hash(token: str) -> str:
    """A random token needs no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()
