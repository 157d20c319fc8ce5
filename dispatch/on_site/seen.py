"""A technician has looked at a visit that was sent to the phone: it is new no more, and the office knows."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from dispatch.errors import Forbidden
from dispatch.events import record_event
from dispatch.models import Stop, User
from dispatch.news import SEEN
from dispatch.on_site.own_stops import get_published_stop


def is_new(stop: Stop) -> bool:
    """Whether it was sent and nobody has looked at it, nor begun it."""
    return stop.status == "dispatched" and stop.sent_at is not None and stop.seen_at is None


def mark_seen(session: Session, stop_id: int, by_user: User, now: datetime, at: datetime) -> Stop:
    """Its technician looked at it at that moment; again, or where it is not new any more, changes nothing.

    Raises NotFound, Forbidden (anybody else's stop, also for the office), Conflict (it went to somebody else).
    """
    stop = get_published_stop(session, stop_id, by_user)
    if stop.route.technician_id != by_user.technician_id:
        raise Forbidden("Only the technician it was sent to has seen it.")
    if is_new(stop) and stop.sent_at is not None:
        stop.seen_at = max(stop.sent_at, min(at, now))
        record_event(session, SEEN, now, by_user.id, stop.job, after={"stop_id": stop.id, "seen_at": stop.seen_at})
    return stop
