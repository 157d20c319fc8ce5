"""What of a published plan is undone when one of several events that it answered is taken back."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.models import Incident, PlanChange


def list_others(session: Session, incident: Incident) -> list[Incident]:
    """The other events that the same plan repaired."""
    same = Incident.plan_id == incident.plan_id, Incident.status == "repaired", Incident.id != incident.id
    return list(session.scalars(select(Incident).where(*same).order_by(Incident.id)))


def list_undone(
    lines: Sequence[PlanChange], incident: Incident, others: Collection[Incident]
) -> tuple[list[PlanChange], list[Incident]]:
    """The lines of the plan that are about the event alone, with what can only be undone together with them; and the
    others that these were an answer to as well. All lines where nothing else was repaired."""
    if not others:
        return list(lines), []
    undone = {
        line.job_id
        for line in lines
        if _is_about(line, incident) and not any(_was_taken_from(line, one) for one in others)
    }
    tied = list(undone)
    together = {line.job_id: line.together_job_ids for line in lines}
    while tied:
        more = set(together.get(tied.pop(), ())) - undone
        undone |= more
        tied += more
    found = [line for line in lines if line.job_id in undone]
    return found, [one for one in others if any(_was_taken_from(line, one) for line in found)]


def _is_about(line: PlanChange, one: Incident) -> bool:
    """What is about nobody and no job, such as a closed road, may be about any."""
    if one.technician_id is None and one.job_id is None:
        return True
    who = line.from_technician_id, line.to_technician_id
    return line.job_id == one.job_id or (one.technician_id is not None and one.technician_id in who)


def _was_taken_from(line: PlanChange, one: Incident) -> bool:
    """Whether it is about the event's job, or something that its technician has no more, or at another time."""
    is_theirs = one.technician_id is not None and line.from_technician_id == one.technician_id
    return line.job_id == one.job_id or is_theirs
