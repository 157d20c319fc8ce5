"""A promise from a form: what is promised for a job now, and the window that people type in made into a promise."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from data.importers.agreed_lists import as_wall_clock, read_yes
from data.importers.columns import Match
from data.importers.moments import read_moment
from data.importers.rows import RowReader
from data.importers.table import Row
from dispatch import installation
from dispatch.entry.forms import WrongFields
from dispatch.errors import NotFound
from dispatch.jobs.appointments import promise, withdraw
from dispatch.models import Job, User


def open_promise(session: Session, job_id: int) -> tuple[Job, dict[str, str]]:
    """The job, and the fields of its promise in force, by the clock of its place; none without one.

    Raises NotFound.
    """
    job = _get_job(session, job_id)
    zone = ZoneInfo(installation.get_zone_at(session, job.territory))
    one = job.find_promise()
    if one is None:
        return job, {}
    return job, {
        "from": as_wall_clock(one.promised_from_at.astimezone(zone)).replace(" ", "T"),
        "until": as_wall_clock(one.promised_until_at.astimezone(zone)).replace(" ", "T"),
        "firm": "yes" if one.is_firm else "no",
    }


def keep_promise(session: Session, job_id: int, cells: Mapping[str, str], now: datetime, by_user: User) -> Job:
    """Make or move the promise as the form says. Raises NotFound, WrongFields, InvalidInput, Conflict."""
    job = _get_job(session, job_id)
    reader = RowReader(Row(1, dict(cells)), Match({key: key for key in cells}), "form")
    zone = ZoneInfo(installation.get_zone_at(session, job.territory))
    from_at = reader.need("from", lambda value: read_moment(value, zone, edge="start"))
    until_at = reader.need("until", lambda value: read_moment(value, zone))
    is_firm = reader.get("firm", read_yes, True)
    if reader.problems or from_at is None or until_at is None:
        raise WrongFields(reader.problems)
    promise(session, job, from_at, until_at, now, by_user, is_firm=is_firm, reason=cells.get("reason", ""))
    return job


def take_back(session: Session, job_id: int, reason: str, now: datetime, by_user: User) -> Job:
    """Withdraw the promise. Raises NotFound, InvalidInput (no reason), Conflict (there is none)."""
    job = _get_job(session, job_id)
    withdraw(session, job, now, by_user, reason)
    return job


def _get_job(session: Session, job_id: int) -> Job:
    job = session.get(Job, job_id)
    if job is None:
        raise NotFound(f"There is no job with id {job_id}.")
    return job
