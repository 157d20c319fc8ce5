"""What was really begun on its day and is told of later: another day that has the job by then gives it up."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from dispatch import clock
from dispatch.errors import Conflict
from dispatch.events import record_event
from dispatch.jobs.statuses import WAITING
from dispatch.models import Stop, User


def take_off_other_day(
    session: Session, stop: Stop, other: Stop, at: datetime, now: datetime, by_user: User | None
) -> None:
    """Cancel the visit of another day, which its plan gives up, for work at `stop` that began at that moment.

    Raises Conflict where it did not begin on the day of `stop`, or somebody has begun the other visit.
    """
    plan = stop.route.plan
    over_at = max(clock.day_end(plan.on, plan.zone), stop.route.latest_end_at)
    if other.status not in WAITING or not plan.day_start_at <= at < over_at:
        raise Conflict("This visit is planned for another day by now. Go on with what is on your route.")
    before, after = {"status": other.status}, {"status": "requested", "stop_id": other.id}
    reason = f"{stop.route.technician.name} began it on {plan.on} already, and told of it late."
    by_user_id = by_user.id if by_user else None
    record_event(session, "job status", now, by_user_id, stop.job, before=before, after=after, reason=reason)
    other.status = "cancelled"  # its day is planned again by itself, without it
    session.flush()
