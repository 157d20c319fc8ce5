"""Parts used at a job are taken off the van in the same transaction; what is missing is said, never guessed away."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from dispatch.errors import InvalidInput
from dispatch.events import record_event
from dispatch.models import Job, JobPart, Technician, User
from dispatch.on_site.van import MOST, draw, refuse_unknown_parts, set_most


def report_used(
    session: Session, job: Job, technician: Technician, part: str, used: int, by_user_id: int | None, now: datetime
) -> None:
    """Say how many of a part the job has really used up; the difference leaves the van, or goes back on it.

    A van never holds less than nothing: if more was used than it should have held, its stock was wrong, and an event
    tells the office so. Raises InvalidInput (no such number, no such part).
    """
    if not 0 <= used <= MOST:
        raise InvalidInput([f"{used} is no number of pieces; give one from 0 to {MOST:,}."])
    row = session.get(JobPart, (job.id, part), with_for_update=True)
    if row is None:
        if used == 0:
            return
        refuse_unknown_parts(session, [part])
        row = JobPart(part=part, count=used)
        job.parts.append(row)
        job.touch()
    before = row.used
    if before == used:
        return
    row.used = used
    left, short = draw(session, technician, part, used - (before or 0))
    facts = {"part": part, "used": used, "technician": technician.name, "left": left}
    record_event(session, "part used", now, by_user_id, job, before={"used": before}, after=facts)
    if short:
        record_event(
            session,
            "van stock wrong",
            now,
            by_user_id,
            technician,
            after={"part": part, "count": left, "job": job.number},
            reason=f"{short} more of {part} used at job {job.number} than the van should have held: count the van.",
        )


def take_as_planned(session: Session, job: Job, technician: Technician, by_user_id: int | None, now: datetime) -> None:
    """Parts of a job that is done, of which nobody has said how many were used: as many as planned."""
    for row in list(job.parts):
        if row.used is None:
            report_used(session, job, technician, row.part, row.count, by_user_id, now)


def report_missing(
    session: Session, job: Job, technician: Technician, part: str, count: int, by_user: User, now: datetime
) -> None:
    """The job needs so many more of a part than there are on the van: it is asked for, and the van's stock put right.

    Raises InvalidInput (no such number, no such part).
    """
    if not 1 <= count <= MOST:
        raise InvalidInput([f"{count} is no number of missing pieces; give one from 1 to {MOST:,}."])
    refuse_unknown_parts(session, [part])
    row = session.get(JobPart, (job.id, part), with_for_update=True)
    if row is None:
        row = JobPart(part=part, count=count)
        job.parts.append(row)
    row.count = max(row.count, (row.used or 0) + count)
    job.touch()
    set_most(session, technician, part, row.count - (row.used or 0) - count)  # needed, less missing: that much is there
    after = {"part": part, "count": count, "technician": technician.name}
    record_event(session, "part missing", now, by_user.id, job, after=after)
