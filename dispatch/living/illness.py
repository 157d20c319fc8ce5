"""Who fell ill on a day, and since when; on the days after it an illness is an absence: noted, and taken back."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dispatch import clock
from dispatch.events import list_events_of, record_event
from dispatch.models import Absence, Incident, Technician
from dispatch.planning.shifts import find_absence
from dispatch.team.absences import get_technician
from dispatch.territories.scope import is_here_on

ILL = "Ill"
"""The reason of such an absence. People may write the same; the event tells which illness an absence is of."""
ADDED = "absence added"


def list_away(session: Session, on: date) -> list[dict[str, Any]]:
    """Who fell ill on the day, from when on they are away, also where the day is repaired already; JSON-ready."""
    told = Incident.on == on, Incident.kind == "technician_ill", Incident.status != "dismissed"
    since = select(Technician.id, func.min(Incident.from_at)).join(Incident, Incident.technician_id == Technician.id)
    rows = session.execute(since.where(*told, is_here_on(session, on)).group_by(Technician.id).order_by(Technician.id))
    return [{"technician_id": who, "from_at": clock.to_iso(at), "reason": ILL} for who, at in rows]


def note_days_after(session: Session, ill: Incident, now: datetime, by_user_id: int | None) -> None:
    """Who fell ill is away through the illness's last day; days on which they are away already stay so."""
    if ill.technician_id is None or ill.until_on is None:
        return
    technician = get_technician(session, ill.technician_id, for_update=True)
    days = [ill.on + timedelta(days=ahead) for ahead in range(1, (ill.until_on - ill.on).days + 1)]
    spans: list[tuple[date, date]] = []
    for day in (one for one in days if find_absence(technician, one) is None):
        follows = spans and spans[-1][1] + timedelta(days=1) == day
        spans[-1:] = [(spans[-1][0], day)] if follows else [*spans[-1:], (day, day)]
    for from_on, to_on in spans:
        technician.absences.append(Absence(from_on=from_on, to_on=to_on, reason=ILL))
        technician.touch()
        after = {"from_on": from_on, "to_on": to_on, "reason": ILL, "incident_id": ill.id}
        record_event(session, ADDED, now, by_user_id, technician, after=after)
    session.flush()


def take_back_days_after(session: Session, ill: Incident, now: datetime, by_user_id: int | None) -> None:
    """What was noted for this illness is true no more; what people have entered or changed themselves stays."""
    if ill.technician_id is None:
        return
    technician = get_technician(session, ill.technician_id, for_update=True)
    told = [event.after for event in list_events_of(session, technician) if event.kind == ADDED]
    noted = {(one["from_on"], one["to_on"]) for one in told if one.get("incident_id") == ill.id}
    for one in [one for one in technician.absences if one.reason == ILL]:
        if (one.from_on.isoformat(), one.to_on.isoformat()) in noted:
            technician.absences.remove(one)
            technician.touch()
            before = {"from_on": one.from_on, "to_on": one.to_on, "reason": ILL}
            record_event(session, "absence removed", now, by_user_id, technician, before=before)
    session.flush()
