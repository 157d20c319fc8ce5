"""Why no e-mail goes out at present: kept from the first try that shows it until a message is taken, for the office to
read in one place.

Nothing that waits because of it is given up. One message a minute is tried, and no more: a wrong password that is sent
again and again locks accounts.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from dispatch import clock
from dispatch.installation import find_setting, store_setting
from dispatch.models import StoredSetting

STORED_AS = "mail_trouble"
PAUSE = timedelta(minutes=1)
MEND = (
    "Check SMTP_URL, MAIL_FROM and the account at the mail server. Nothing is lost: once it takes e-mail again, what "
    "waits goes out by itself."
)
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class MailTrouble:
    """What the newest try showed, since when it is so, and when that try was."""

    fault: str
    since_at: datetime
    tried_at: datetime


def find_trouble(session: Session) -> MailTrouble | None:
    """None where e-mail goes out, as far as anybody knows. What it was stays stored where it is set up no more."""
    stored = find_setting(session, STORED_AS)
    if stored is None:
        return None
    read = json.loads(stored)
    since_at, tried_at = (datetime.fromisoformat(read[name]) for name in ("since_at", "tried_at"))
    return MailTrouble(read["fault"], since_at, tried_at)


def must_pause(session: Session, now: datetime) -> bool:
    """Whether it was found out so lately that another try can wait."""
    trouble = find_trouble(session)
    return trouble is not None and now < trouble.tried_at + PAUSE


def note_trouble(session: Session, fault: str, now: datetime) -> None:
    """The server takes nothing: the sentence says why."""
    known = find_trouble(session)
    if known is None:
        log.warning("E-mails wait: %s; %s", fault, MEND)
    since_at = known.since_at if known is not None else now
    told = {"fault": fault.rstrip(".") + ".", "since_at": clock.to_iso(since_at), "tried_at": clock.to_iso(now)}
    store_setting(session, STORED_AS, json.dumps(told, ensure_ascii=False))


def end_trouble(session: Session) -> None:
    """The server has taken a message."""
    row = session.get(StoredSetting, STORED_AS)
    if row is not None:
        session.delete(row)
        log.info("E-mails go out again")
