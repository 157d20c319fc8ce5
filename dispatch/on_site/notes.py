"""What was seen or said on site, written down where the next person reads it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.errors import InvalidInput
from dispatch.events import record_event
from dispatch.models import Job, Note, User

LONGEST = 4_000
SAME_WITHIN = timedelta(minutes=10)
"""The same words by the same person within this time are one note: phones repeat what they are unsure of."""


def add_job_note(
    session: Session,
    job: Job,
    text: str,
    by_user: User,
    now: datetime,
    at: datetime | None = None,
    channel: str = "note",
) -> None:
    """Write it down as of that moment. Raises InvalidInput (empty, or too long)."""
    text, at = text.strip(), at or now
    if not text or len(text) > LONGEST:
        raise InvalidInput([f"Write down what was seen or said, in at most {LONGEST:,} characters."])
    session.refresh(job, with_for_update={"key_share": True})  # of two that repeat at once, one waits
    same = select(Note.id).where(
        Note.job_id == job.id,
        Note.user_id == by_user.id,
        Note.text == text,
        Note.at.between(at - SAME_WITHIN, at + SAME_WITHIN),
    )
    if session.scalar(same.limit(1)) is not None:
        return
    session.add(Note(at=at, user_id=by_user.id, channel=channel, text=text, job_id=job.id))
    record_event(session, "note added", now, by_user.id, job, after={"channel": channel})
