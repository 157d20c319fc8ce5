"""Why no e-mail, or no SMS, goes out at present: kept from the first try that shows it until a message is taken, for
the office to read in one place.

Nothing that waits because of it is given up, but what has been refused for a day with an answer that may be about its
one recipient. One message a minute is tried, and no more: a wrong password that is sent
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

PAUSE = timedelta(minutes=1)
LONGEST_DOUBT = timedelta(days=1)
"""So long a message is tried where every try ends so that it may be about its one recipient, or about all of ours."""
DOUBTED_SO_LONG = "It has been answered so for a day: check the number, and what our account there may send."
_STORED_AS = {"e-mail": "mail_trouble", "SMS": "sms_trouble"}
_CHECK = {
    "e-mail": "Check SMTP_URL, MAIL_FROM and the account at the mail server.",
    "SMS": "Check SMS_URL, SMS_SECRET and the account at the gateway.",
}
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ChannelTrouble:
    """What the newest try on the channel showed, since when it is so, and when that try was.

    `doubtful_since_at` is since when every try ended so that it may be about its one recipient; None where none did.
    """

    channel: str
    fault: str
    since_at: datetime
    tried_at: datetime
    doubtful_since_at: datetime | None = None

    @property
    def mend(self) -> str:
        """What to do about it."""
        return f"{_CHECK[self.channel]} Nothing is lost: once it takes messages again, what waits goes out by itself."


def find_trouble(session: Session, channel: str) -> ChannelTrouble | None:
    """None where messages go out, as far as anybody knows. What it was stays stored where it is set up no more."""
    stored = find_setting(session, _STORED_AS[channel])
    if stored is None:
        return None
    read = json.loads(stored)
    since_at, tried_at = (datetime.fromisoformat(read[name]) for name in ("since_at", "tried_at"))
    doubtful = read.get("doubtful_since_at")  # those that an older version stored have none
    return ChannelTrouble(channel, read["fault"], since_at, tried_at, doubtful and datetime.fromisoformat(doubtful))


def must_pause(session: Session, channel: str, now: datetime) -> bool:
    """Whether it was found out so lately that another try can wait."""
    trouble = find_trouble(session, channel)
    return trouble is not None and now < trouble.tried_at + PAUSE


def is_spent(session: Session, channel: str, queued_at: datetime, now: datetime) -> bool:
    """Whether a message of that time is doubted for so long that it is given up."""
    trouble = find_trouble(session, channel)
    since_at = trouble.doubtful_since_at if trouble is not None else None
    return since_at is not None and max(since_at, queued_at) <= now - LONGEST_DOUBT


def note_trouble(session: Session, channel: str, fault: str, now: datetime, *, is_doubtful: bool = False) -> None:
    """The server, or the gateway, takes nothing: the sentence says why. It `is_doubtful` where it may have been about
    the recipient alone."""
    known = find_trouble(session, channel)
    since_at = known.since_at if known is not None else now
    doubtful_since_at = ((known and known.doubtful_since_at) or now) if is_doubtful else None
    trouble = ChannelTrouble(channel, fault.rstrip(".") + ".", since_at, now, doubtful_since_at)
    if known is None:
        log.warning("No %s goes out, and all wait: %s %s", channel, trouble.fault, trouble.mend)
    told = {"fault": trouble.fault, "since_at": clock.to_iso(since_at), "tried_at": clock.to_iso(now)}
    if doubtful_since_at is not None:
        told["doubtful_since_at"] = clock.to_iso(doubtful_since_at)
    store_setting(session, _STORED_AS[channel], json.dumps(told, ensure_ascii=False))


def end_trouble(session: Session, channel: str) -> None:
    """A message was taken."""
    row = session.get(StoredSetting, _STORED_AS[channel])
    if row is not None:
        session.delete(row)
        log.info("%s goes out again", channel)
