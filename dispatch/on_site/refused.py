"""The office hears of every report that came late from a phone and could not be taken: no work done is lost."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from dispatch import clock, installation
from dispatch.db import lock_watch
from dispatch.events import record_event
from dispatch.jobs.statuses import BEGUN, WORDS
from dispatch.jobs.told_late import LATE_AFTER
from dispatch.living.incidents import raise_incident
from dispatch.models import User
from dispatch.on_site.own_stops import get_own_stop
from dispatch.territories.scope import without_limits

REFUSED, KIND = "report not taken", "report_refused"


def tell_refused(
    session: Session, stop_id: int, status: str, by_user: User, at: datetime, now: datetime, why: str, reason: str = ""
) -> None:
    """Note on the job, and as an event of today, what its technician says was done at that moment, and why not taken.

    What is refused at once stands before their eyes, and is for them to act on.
    """
    if by_user.role != "technician" or status not in BEGUN or now - at < LATE_AFTER:
        return
    with without_limits(session):  # who may report may cause what comes of it
        stop = get_own_stop(session, stop_id, by_user)
        on, told_at = clock.local_day(now, installation.get_zone(session)), min(at, now)
        said_at = clock.local_moment(told_at, stop.route.plan.zone, on)
        said = ": ".join(one for one in (f"{WORDS[status]} at {said_at}", reason.strip(" .")) if one)
        words = f"{stop.route.technician.name} reports {said}. Not taken: {why}"
        lock_watch(session, stop.route.technician_id)  # before the queue, as whoever watches does
        raise_incident(
            session,
            KIND,
            on,
            now,
            by_user.id,
            repair=False,
            technician_id=stop.route.technician_id,
            job_id=stop.job_id,
            from_at=told_at,
            words=words,
        )
        after = {"stop_id": stop.id, "reported": status, "at": told_at}
        record_event(session, REFUSED, now, by_user.id, stop.job, after=after, reason=words)
