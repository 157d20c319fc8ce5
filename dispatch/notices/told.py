"""What customers were told about times, as the notices that were sent have it. Nothing else is read here."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from dispatch.models import Notice

NOBODY_COMES = ("cancelled", "missed")
"""Kinds of notices after which customers count on no time."""
SENT_WITHIN = timedelta(minutes=15)
"""Messages about plans wait until these have settled, and nothing else holds them up."""


def select_told() -> Select[Notice]:
    """What customers were told about times, also that nobody comes, in the order in which they were."""
    return select(Notice).where(Notice.status == "sent", _is_about_times()).order_by(Notice.next_at, Notice.id)


def read_counted_on(session: Session, job_ids: Collection[int], now: datetime) -> dict[int, datetime]:
    """By job id: the end of the time that its customer counts on, where they were told one.

    What is about to be sent counts as told; what failed, or waits for long, as for a mail server, does not.
    """
    if not job_ids:
        return {}
    is_new = Notice.status == "waiting", Notice.tries == 0, Notice.queued_at > now - SENT_WITHIN
    is_told = or_(Notice.status == "sent", and_(*is_new))
    rows = session.execute(
        select(Notice.job_id, Notice.kind, Notice.told_until_at)
        .where(Notice.job_id.in_(job_ids), is_told, _is_about_times())
        .order_by(Notice.next_at, Notice.id)
    )
    last = {job_id: None if kind in NOBODY_COMES else until_at for job_id, kind, until_at in rows}
    return {job_id: until_at for job_id, until_at in last.items() if until_at is not None}


def _is_about_times() -> ColumnElement[bool]:
    return or_(Notice.told_from_at.is_not(None), Notice.kind.in_(NOBODY_COMES))
