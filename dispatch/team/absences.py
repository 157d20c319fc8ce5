"""Days on which somebody is away: added and taken back, as other programs tell them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from data.absences import MEND, describe_clash, find_clash
from dispatch.errors import InvalidInput, NotFound, Stale
from dispatch.events import record_event
from dispatch.models import Absence, Technician


def get_technician(session: Session, technician_id: int, *, for_update: bool = False) -> Technician:
    """Raises NotFound."""
    lock = {"of": Technician} if for_update else None
    technician = session.get(Technician, technician_id, with_for_update=lock)
    if technician is None:
        raise NotFound(f"There is no technician with id {technician_id}.")
    return technician


def add_absence(
    session: Session,
    technician_id: int,
    from_on: date,
    to_on: date,
    reason: str,
    now: datetime,
    by_user_id: int | None,
) -> Absence:
    """Somebody is away on whole days, both ends included. Raises NotFound, InvalidInput with all that is wrong."""
    technician = get_technician(session, technician_id, for_update=True)
    wrong = [] if from_on <= to_on else ["to_on: it is before from_on; write the last day of the absence."]
    if not reason.strip():
        wrong.append("reason: it is empty; write why, such as holiday or ill.")
    clash = find_clash(from_on, to_on, technician.absences)
    if clash is not None:
        wrong.append(f"from_on: {describe_clash(clash)}; {MEND}.")
    if wrong:
        raise InvalidInput(wrong)
    absence = Absence(from_on=from_on, to_on=to_on, reason=reason.strip())
    technician.absences.append(absence)
    technician.touch()
    after = {"from_on": from_on, "to_on": to_on, "reason": absence.reason}
    record_event(session, "absence added", now, by_user_id, technician, after=after)
    session.flush()
    return absence


def remove_absence(
    session: Session, technician_id: int, absence_id: int, seen_version: int, now: datetime, by_user_id: int | None
) -> None:
    """Somebody is there after all. Raises NotFound, Stale."""
    technician = get_technician(session, technician_id, for_update=True)
    absence = next((one for one in technician.absences if one.id == absence_id), None)
    if absence is None:
        raise NotFound(f"{technician.name} has no absence with id {absence_id}.")
    if technician.version != seen_version:
        raise Stale(f"{technician.name} has been changed since (now version {technician.version}); look again.")
    technician.absences.remove(absence)
    technician.touch()
    before = {"from_on": absence.from_on, "to_on": absence.to_on, "reason": absence.reason}
    record_event(session, "absence removed", now, by_user_id, technician, before=before)
    session.flush()
