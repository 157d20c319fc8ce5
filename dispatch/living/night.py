"""After midnight shifts of the day before may go on: of which day it is what happens to somebody, or at a visit."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from dispatch.jobs.moving import find_stop_in_force
from dispatch.models import Technician
from dispatch.on_site.day import get_today
from dispatch.planning.day_over import find_night


def find_day_of(
    session: Session, on: date, now: datetime, *, technician_id: int | None = None, job_id: int | None = None
) -> date:
    """The day of the shift that the technician is in, or whose plan has the visit, where that is the night's before
    `on`; else `on`, as it is for what is about neither, and for any day but today."""
    night = find_night(session, on, now)
    if night is None:
        return on
    if technician_id is not None:
        is_known = session.get(Technician, technician_id) is not None
        return night if is_known and get_today(session, technician_id, now) == night else on
    stop = None if job_id is None else find_stop_in_force(session, job_id)
    return night if stop is not None and stop.route.plan.on == night else on
