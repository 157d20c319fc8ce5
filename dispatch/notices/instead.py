"""Whoever cannot be reached by e-mail is told by SMS: the same message, once, where it was to go by e-mail alone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from dispatch.models import Job, Notice
from dispatch.notices.texts import get_words
from dispatch.notices.wishes import find_address, get_wish

SAID = "It goes by SMS instead."


def queue_sms_instead(session: Session, given_up: Notice, now: datetime) -> bool:
    """Queue an SMS that says what an e-mail would have said; False where there is, or was, one, or is to be none.

    It is written when it is sent, and dropped where it is true no more, as every other is.
    """
    customer = session.get_one(Job, given_up.job_id).customer
    words = get_words(session, given_up.kind, "SMS", get_wish(session, customer.id).language)
    is_wanted = words.active or words.alone
    if given_up.channel != "e-mail" or not is_wanted or find_address(session, customer, "SMS") is None:
        return False
    same = Notice.job_id == given_up.job_id, Notice.kind == given_up.kind, Notice.channel == "SMS"
    is_known = or_(Notice.about == given_up.about, Notice.status == "waiting")
    if session.scalar(select(Notice.id).where(*same, is_known).limit(1)) is not None:
        return False
    session.add(
        Notice(
            job_id=given_up.job_id,
            kind=given_up.kind,
            channel="SMS",
            about=given_up.about,
            queued_at=now,
            next_at=now,
            useful_until_at=given_up.useful_until_at,
            told_from_at=given_up.told_from_at,
            told_until_at=given_up.told_until_at,
        )
    )
    return True
