"""One-time links with which people choose a new password: made by somebody, or e-mailed by the scheduler.

Asking by e-mail only writes down what was typed: whether there is such an account is looked up later, by the
scheduler, so that neither words nor time of an answer tell it. A mail that was not taken is tried again for a while;
one that cannot be sent is given up, which the page of accounts shows, and stops no other.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from dispatch import clock, installation
from dispatch.accounts.mail_words import write_mail
from dispatch.accounts.passwords import list_faults
from dispatch.accounts.tries import count_try, is_plain, network_of
from dispatch.accounts.users import give_password
from dispatch.channel_trouble import end_trouble, must_pause, note_trouble
from dispatch.db import DATABASE_IS_GONE, SessionFactory
from dispatch.errors import Conflict, Forbidden, InvalidInput, NotFound, describe_fault
from dispatch.events import record_event
from dispatch.mail import MailFault, send_mail
from dispatch.models import Event, PasswordLink, PasswordRequest, User

log = logging.getLogger(__name__)

GOOD_FOR = timedelta(hours=24)
"""When somebody makes the link and hands it over."""
GOOD_FOR_BY_MAIL = timedelta(hours=1)
TRIED_FOR = timedelta(minutes=15)
"""Whoever has waited for longer has given up, or asked again."""
SHOWN_FOR = timedelta(days=7)
"""Whoever has not asked again by then has found another way in."""
TOO_LATE = f"No e-mail went out for {TRIED_FOR // timedelta(minutes=1)} minutes."
MADE, MAILED, NOT_MAILED, USED = (
    "password link made",
    "password link e-mailed",
    "password link not e-mailed",
    "password set by link",
)
"""Kinds of events."""
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
    record_event(session, MADE, now, by.id if by else None, user)
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
    record_event(session, USED, now, user.id, user)
    return user


def ask_by_mail(session: Session, email: str, address: str, now: datetime) -> None:
    """Note that a link is wanted at this e-mail address. Raises Conflict when too many were asked for."""
    email = email.strip().lower()
    if "@" not in email or not is_plain(email):
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
    with session_factory() as session:
        asked = session.scalars(select(PasswordRequest).order_by(PasswordRequest.asked_at)).all()
    sent = 0
    for request in asked:
        try:
            sent += _send_link(session_factory, request, now)
        except MailFault as fault:
            if fault.is_final:
                log.warning("A link for a new password is given up: %s", fault)
                _give_up(session_factory, request, str(fault), now)
            else:
                log.warning("A link for a new password waits: %s", fault)
            if fault.is_of_server:
                with session_factory.begin() as session:
                    note_trouble(session, "e-mail", str(fault), now)
        except DATABASE_IS_GONE:
            raise
        except Exception as unexpected:  # of this mail alone: the page of accounts says what happened
            log.exception("A link for a new password is given up")
            _give_up(session_factory, request, describe_fault(unexpected), now)
    return sent


def _send_link(session_factory: SessionFactory, request: PasswordRequest, now: datetime) -> bool:
    """Whether a link has gone out. Raises MailFault; a link that did not go out is good for nothing."""
    settings = session_factory.settings
    with session_factory.begin() as session:
        user = session.scalar(select(User).where(User.email == request.email, User.active))
        if user is None or settings.mail_server is None or settings.public_url is None:
            _forget(session, request)
            return False
        if request.asked_at + TRIED_FOR < now:
            _forget(session, request)
            record_event(session, NOT_MAILED, now, None, user, reason=TOO_LATE)
            return False
        if must_pause(session, "e-mail", now):
            return False
        token = _make_token(session, user, now + GOOD_FOR_BY_MAIL)
    try:
        link = f"{settings.public_url}/login/new-password/{token}"
        subject, text = write_mail("forgotten", settings.company_language, name=user.name, link=link)
        send_mail(settings.mail_server, user.email, subject, text, now)
    except Exception:
        with session_factory.begin() as session:
            _drop(session, token)
        raise
    with session_factory.begin() as session:
        _forget(session, request)
        record_event(session, MAILED, now, None, user)
        end_trouble(session, "e-mail")
    return True


def _give_up(session_factory: SessionFactory, request: PasswordRequest, fault: str, now: datetime) -> None:
    """Try it no more; whoever helps people with their accounts reads why."""
    with session_factory.begin() as session:
        _forget(session, request)
        user = session.scalar(select(User).where(User.email == request.email))
        if user is not None:
            record_event(session, NOT_MAILED, now, None, user, reason=fault)


def list_link_faults(session: Session, now: datetime) -> dict[int, str]:
    """By the ids of users: why the link that they asked for lately did not go out, where none was made since."""
    about_links = Event.subject_kind == User.__tablename__, Event.kind.in_((MADE, MAILED, NOT_MAILED, USED))
    newest = select(func.max(Event.seq)).where(*about_links).group_by(Event.subject_id)
    rows = session.execute(
        select(Event.subject_id, Event.reason).where(
            Event.seq.in_(newest), Event.kind == NOT_MAILED, Event.at > now - SHOWN_FOR
        )
    )
    return {user_id: reason for user_id, reason in rows if user_id is not None}


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
