"""Sends what is queued and still true: written in the moment it is sent, tried again, visibly given up at last.

A notice is counted as tried before it is sent: whatever happens meanwhile, it is sent at least once more, never lost;
it keeps its id, by which mail programs and gateways tell a repetition. Only the leading scheduler does this.
No notice can stop others: one that nobody foresaw the fault of is given up too. And none is given up for what is wrong
with the mail server, the gateway for SMS or our account there: all wait then, and the office is told once
(`dispatch.channel_trouble`).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from dispatch import installation
from dispatch.channel_trouble import DOUBTED_SO_LONG, end_trouble, find_trouble, is_spent, must_pause, note_trouble
from dispatch.db import DATABASE_IS_GONE, SessionFactory
from dispatch.errors import describe_fault
from dispatch.events import record_event
from dispatch.jobs.statuses import WAITING
from dispatch.mail import MailFault, send_mail
from dispatch.models import NOTICE_CHANNELS, Job, Notice
from dispatch.notices.instead import SAID, queue_sms_instead
from dispatch.notices.links import get_link
from dispatch.notices.one_by_one import queue_past_faults
from dispatch.notices.sms import OF_RECIPIENT, is_of_gateway, is_refused, may_be_of_recipient, send_sms
from dispatch.notices.texts import fill_in, get_words, say_day, say_time
from dispatch.notices.visits import Told, Visit, find_told_before, get_visit
from dispatch.notices.windows import Window, after_quiet_hours
from dispatch.notices.wishes import find_address, get_wish
from dispatch.runs.execution import Clock
from dispatch.settings import Settings
from dispatch.territories.phone import find_phone

log = logging.getLogger(__name__)

AGAIN_AFTER = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120))
"""How long to wait after the first, the second ... failed try; after the last of these it is tried once more."""
COUNTED = 2
"""So many tries of a message are counted against it where the server takes none: it is tried every five minutes then,
and has its further tries once others are taken again."""
AT_ONCE = 50
"""Of each channel in a look, so that one on which nobody answers does not hold up the other."""
MOST_A_DAY = 3
"""So many notices about when somebody comes are sent about one visit in 24 hours on one channel, and no more."""
ABOUT_TIMES = ("confirmed", "moved", "reminder", "late")
NO_REMINDER_AFTER = timedelta(hours=18)
"""Who was told so recently needs no reminder."""


@dataclass(frozen=True)
class _Message:
    notice_id: int
    channel: str
    address: str
    subject: str
    body: str
    window: Window | None
    is_last: bool
    last_fault: str
    queued_at: datetime


def deliver_notices(session_factory: SessionFactory, now: Clock, must_stop: Callable[[], bool] = lambda: False) -> int:
    """Queue what has happened and send what is due; returns how many were tried."""
    queue_past_faults(session_factory, now())
    with session_factory() as session:
        silent = {channel for channel in NOTICE_CHANNELS if must_pause(session, channel, now())}
        is_due = Notice.status == "waiting", Notice.next_at <= now()
        found = [
            (next_at, notice_id)
            for channel in NOTICE_CHANNELS
            if channel not in silent
            for next_at, notice_id in session.execute(
                select(Notice.next_at, Notice.id)
                .where(*is_due, Notice.channel == channel)
                .order_by(Notice.next_at, Notice.id)
                .limit(AT_ONCE)
            )
        ]
    tried = 0
    for _, notice_id in sorted(found):
        if must_stop():
            break
        try:
            message = _prepare(session_factory, notice_id, silent, now())
            if message is None:
                continue
            tried += 1
            if not _send(session_factory, message, now):
                silent.add(message.channel)  # nobody answers there: the next ones can wait
        except DATABASE_IS_GONE:
            raise
        except Exception as unexpected:  # of this notice alone: the page of messages says what happened
            log.exception("notice %s is given up", notice_id)
            _note(session_factory, notice_id, describe_fault(unexpected), "given_up", now)
    return tried


def _prepare(session_factory: SessionFactory, notice_id: int, silent: set[str], now: datetime) -> _Message | None:
    """Claim the notice and write it, or drop what is true no more."""
    with session_factory.begin() as session:
        row = session.get_one(Notice, notice_id, with_for_update={"of": Notice})
        if row.status != "waiting" or row.next_at > now or row.channel in silent:
            return None
        visit = get_visit(session, row.job_id, now)
        quiet_until_at = after_quiet_hours(now, session_factory.settings.quiet_hours, visit.zone)
        if quiet_until_at > now:
            row.next_at = quiet_until_at
            return None
        language = get_wish(session, visit.job.customer_id).language
        words = get_words(session, row.kind, row.channel, language)
        is_wanted = words.active or words.alone  # it was queued where that was the only channel
        why_not = _why_not(session, row, visit, now) if is_wanted else "Such messages are switched off by now."
        address = find_address(session, visit.job.customer, row.channel)
        if why_not is not None or address is None:
            row.status, row.next_at = "dropped", now
            row.fault = why_not or "The customer cannot, or does not want to, be reached on this channel."
            return None
        row.tries += 1
        row.next_at = now + AGAIN_AFTER[min(row.tries, len(AGAIN_AFTER)) - 1]
        if row.kind in ("confirmed", "moved", "reminder", "on_the_way") and visit.window is not None:
            row.told_from_at, row.told_until_at = visit.window
        window = (row.told_from_at, row.told_until_at) if row.told_from_at and row.told_until_at else None
        row.address = address
        row.subject, row.body = write(session, row.kind, row.channel, visit, window, session_factory.settings, now)
        is_last = row.tries > len(AGAIN_AFTER)
        return _Message(row.id, row.channel, address, row.subject, row.body, window, is_last, row.fault, row.queued_at)


def _why_not(session: Session, row: Notice, visit: Visit, now: datetime) -> str | None:
    """Why this is not sent, in a sentence; None when it is to be."""
    if row.kind in ("confirmed", "moved", "reminder"):  # these tell what is planned now, not when they were queued
        if not visit.is_coming or visit.window is None:
            return f"The visit is {visit.status.replace('_', ' ')} by now."
        if now >= visit.window[0 if row.kind == "reminder" else 1]:
            return "The time that it would have told has passed."
    elif now > row.useful_until_at:
        return "It came too late to be of use."
    if row.kind == "late" and visit.status not in (*WAITING, "en_route"):
        return f"The visit is {visit.status.replace('_', ' ')} by now."
    if row.kind == "late" and _is_planned_after(visit, row.told_until_at):
        return "The visit has another time by now."
    if row.kind == "late" and _knows_of(find_told_before(session, row), row.told_until_at):
        return "The customer was told of such a delay, or a longer one, since."
    if row.kind == "on_the_way" and visit.status != "en_route":
        return "The technician is not on the way any more."
    if row.kind == "on_the_way" and visit.window is not None and visit.window[1] < now:
        return "They should have arrived by now: the time to tell has passed."
    if row.kind in ("done", "missed", "cancelled"):
        wanted = {"done": "done", "missed": "no_access", "cancelled": "cancelled"}[row.kind]
        return None if visit.status == wanted else f"The visit is {visit.status.replace('_', ' ')} by now."
    if row.kind in ("confirmed", "moved") and visit.is_as(find_told_before(session, row)):
        return "The time is as the customer was told."
    recent = _list_recent(session, row, now)
    if row.kind == "reminder" and any(one.next_at > now - NO_REMINDER_AFTER for one in recent):
        return "The customer was told a short while ago."
    if row.kind in ABOUT_TIMES and len(recent) >= MOST_A_DAY:
        return f"The customer was told {MOST_A_DAY} times within a day already; call them."
    return None


def _is_planned_after(visit: Visit, at: datetime | None) -> bool:
    """Whether a plan has moved it there: a delay is told of what was planned before it."""
    return at is not None and visit.stop is not None and visit.stop.planned_start_at > at


def _knows_of(told: Told | None, until_at: datetime | None) -> bool:
    return told is not None and until_at is not None and until_at <= told.window[1]


def _list_recent(session: Session, row: Notice, now: datetime) -> list[Notice]:
    """What was sent about the visit's times on the same channel within a day."""
    query = select(Notice).where(
        Notice.job_id == row.job_id,
        Notice.channel == row.channel,
        Notice.status == "sent",
        Notice.kind.in_(ABOUT_TIMES),
        Notice.next_at > now - timedelta(days=1),
    )
    return list(session.scalars(query))


def write(
    session: Session, kind: str, channel: str, visit: Visit, window: Window | None, settings: Settings, now: datetime
) -> tuple[str, str]:
    """Subject and body of a notice, in the customer's language."""
    job = visit.job
    language = get_wish(session, job.customer_id).language
    words = get_words(session, kind, channel, language)
    link = f"{settings.public_url}/c/{get_link(session, job.id, now).token}" if settings.public_url else ""
    facts = {
        "customer": job.customer.name,
        "company": installation.find_company(session),
        "phone": find_phone(job, settings),
        "title": job.title,
        "number": job.number,
        "date": say_day(window[0], visit.zone, language) if window else "",
        "from": say_time(window[0], visit.zone) if window else "",
        "until": say_time(window[1], visit.zone) if window else "",
        "technician": visit.technician,
        "address": job.location.address,
        "link": link,
    }
    return fill_in(words.subject, facts), fill_in(words.body, facts)


def _send(session_factory: SessionFactory, message: _Message, now: Clock) -> bool:
    """Try it and store what came of it; False when nobody answers there, or nobody who takes any."""
    settings = session_factory.settings
    fault, gives_up, answers, is_doubtful = "", message.is_last, True, False
    if message.channel == "e-mail":
        assert settings.mail_server is not None, "there is no address on a channel that is not set up"
        message_id = f"<notice-{message.notice_id}@{settings.mail_server.domain}>"
        try:
            send_mail(settings.mail_server, message.address, message.subject, message.body + "\n", now(), message_id)
        except MailFault as refused:
            fault, answers = str(refused), not refused.is_of_server
            gives_up = gives_up or refused.is_final
    else:
        assert settings.sms_url is not None, "there is no address on a channel that is not set up"
        answer = send_sms(
            settings.sms_url, settings.sms_secret, message.notice_id, message.address, message.body, now()
        )
        fault, answers = answer.fault, not is_of_gateway(answer)
        is_doubtful = may_be_of_recipient(answer)
        if is_doubtful and _goes_to_others(session_factory, message, fault):
            fault, answers = f"{fault.rstrip('.')}. {OF_RECIPIENT}", True
            is_doubtful = False
        gives_up = gives_up or is_refused(answer)
    status = "sent" if not fault else "given_up" if gives_up and answers else "waiting"
    with session_factory() as session:
        if is_doubtful and is_spent(session, message.channel, message.queued_at, now()):
            status, said = "given_up", f"{fault.rstrip('.')}. {DOUBTED_SO_LONG}"
        else:
            said = fault
    _note(session_factory, message.notice_id, said, status, now, message.window)
    if not answers:
        _put_off(session_factory, message, fault, now(), is_doubtful)
    return answers


def _goes_to_others(session_factory: SessionFactory, message: _Message, fault: str) -> bool:
    """Whether the same answer was given to this message before, and another was taken since: that ends a trouble."""
    with session_factory() as session:
        has_trouble = find_trouble(session, message.channel) is not None
    return not has_trouble and message.last_fault.startswith(fault.rstrip("."))


def _put_off(session_factory: SessionFactory, message: _Message, fault: str, now: datetime, is_doubtful: bool) -> None:
    """Nothing was taken there: that is told the office, and of this message's tries only the first ones are counted."""
    with session_factory.begin() as session:
        note_trouble(session, message.channel, fault, now, is_doubtful=is_doubtful)
        row = session.get_one(Notice, message.notice_id)
        if row.status == "waiting":  # unless it was dropped meanwhile
            row.tries = min(row.tries, COUNTED)
            row.next_at = now + AGAIN_AFTER[row.tries - 1]


def _note(
    session_factory: SessionFactory, notice_id: int, fault: str, status: str, now: Clock, told: Window | None = None
) -> None:
    """Store what came of it; an event tells when that is the end.

    `told` is the window in the text: the stored one may have become another while it was being sent.
    """
    values: dict[str, Any] = {"fault": fault}
    if status != "waiting":
        values |= {"status": status, "next_at": now()}
        if told is not None:
            values |= {"told_from_at": told[0], "told_until_at": told[1]}
    with session_factory.begin() as session:
        if status == "waiting":  # unless it was dropped meanwhile
            session.execute(update(Notice).where(Notice.id == notice_id, Notice.status == status).values(values))
            return
        session.execute(update(Notice).where(Notice.id == notice_id).values(values))
        row = session.get_one(Notice, notice_id, populate_existing=True)
        if status == "given_up" and queue_sms_instead(session, row, now()):
            row.fault = fault = f"{fault.rstrip('.')}. {SAID}"
        if row.status == "sent":
            end_trouble(session, row.channel)
        kind = "customer told" if row.status == "sent" else "customer not reached"
        after = {"notice": row.kind, "channel": row.channel, "to": row.address}
        record_event(session, kind, now(), None, session.get_one(Job, row.job_id), after=after, reason=fault)
