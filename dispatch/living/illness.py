"""An illness of several days is an absence on the days after the first: noted, brought up to date, and taken back."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from dispatch.events import record_event
from dispatch.models import Absence, Incident
from dispatch.planning.shifts import find_absence
from dispatch.team.absences import get_technician

ILL = "Ill"
"""The reason of such an absence."""


def note_days_after(
    session: Session, technician_id: int, on: date, until_on: date, now: datetime, by_user_id: int | None
) -> None:
    """Somebody who fell ill on that day is away through `until_on`; days on which they are away already stay so."""
    technician = get_technician(session, technician_id, for_update=True)
    days = [on + timedelta(days=ahead) for ahead in range(1, (until_on - on).days + 1)]
    spans: list[tuple[date, date]] = []
    for day in (one for one in days if find_absence(technician, one) is None):
        follows = spans and spans[-1][1] + timedelta(days=1) == day
        spans[-1:] = [(spans[-1][0], day)] if follows else [*spans[-1:], (day, day)]
    for from_on, to_on in spans:
        technician.absences.append(Absence(from_on=from_on, to_on=to_on, reason=ILL))
        technician.touch()
        after = {"from_on": from_on, "to_on": to_on, "reason": ILL}
        record_event(session, "absence added", now, by_user_id, technician, after=after)
    session.flush()


def take_back_days_after(session: Session, ill: Incident, now: datetime, by_user_id: int | None) -> None:
    """What was noted for this illness is true no more; nothing to do where it was of one day."""
    if ill.technician_id is None or ill.until_on is None:
        return
    technician = get_technician(session, ill.technician_id, for_update=True)
    for one in [one for one in technician.absences if one.reason == ILL and ill.on < one.from_on <= ill.until_on]:
        technician.absences.remove(one)
        technician.touch()
        before = {"from_on": one.from_on, "to_on": one.to_on, "reason": ILL}
        record_event(session, "absence removed", now, by_user_id, technician, before=before)
    session.flush()
