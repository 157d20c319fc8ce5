"""An open job as a form: what it asks for, and what people have changed of that, if nobody else has meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from data.importers.agreed_lists import as_wall_clock
from data.importers.cells import length
from data.importers.columns import Match
from data.importers.jobs import read_priority, read_service
from data.importers.moments import read_day, read_moment
from data.importers.numbers import read_text
from data.importers.rows import RowReader
from data.importers.table import Row
from dispatch import installation
from dispatch.entry.forms import WrongFields
from dispatch.entry.job_lists import read_lists, write_lists
from dispatch.entry.job_terms import read_terms, write_terms
from dispatch.entry.located import locate
from dispatch.errors import InvalidInput
from dispatch.jobs.changes import JobEdit, change_job
from dispatch.jobs.moving import get_job
from dispatch.jobs.request import Span
from dispatch.models import Job
from dispatch.roads import find_geocoder

Point = tuple[float, float]


def open_job_edit(session: Session, job_id: int) -> tuple[Job, dict[str, str]]:
    """The job, and its cells as text; windows one a line; times by the clock of its place. Raises NotFound."""
    job = get_job(session, job_id)
    zone = ZoneInfo(installation.get_zone_at(session, job.territory))
    windows = [
        "..".join(as_wall_clock(at.astimezone(zone)) for at in (one.opens_at, one.closes_at)) for one in job.windows
    ]
    return job, {
        "title": job.title,
        "service": length(job.service_s) or "",
        "priority": str(job.priority),
        "requested_on": job.requested_on.isoformat() if job.requested_on else "",
        "windows": "\n".join(windows),
        **write_terms(job, zone),
        "notes": job.notes,
        "address": job.location.address,
        "location": f"{job.location.lat}, {job.location.lon}",
        **write_lists(job),
    }


def save_job_edit(
    session: Session, job_id: int, seen_version: int, cells: Mapping[str, str], now: datetime, by_user_id: int | None
) -> Job:
    """Store what the form says. Raises NotFound, WrongFields, Stale, Conflict (the job is closed), Forbidden."""
    job = get_job(session, job_id)
    zone = ZoneInfo(installation.get_zone_at(session, job.territory))  # as it was shown, also where it moves
    reader = RowReader(Row(1, dict(cells)), Match({key: key for key in cells}), "form")
    values: dict[str, Any] = {
        "title": reader.need("title", read_text),
        "service_s": reader.need("service", lambda value: read_service(value, None)),
        "priority": reader.need("priority", read_priority),
        "requested_on": reader.find("requested_on", read_day),
        "notes": reader.get("notes", read_text, ""),
    }
    windows = tuple(_read_window(line, zone, reader) for line in cells.get("windows", "").splitlines() if line.strip())
    # What a form does not ask stays as it is.
    values |= read_terms(job, reader, cells, zone)
    place = _read_place(session, job, reader) if "address" in cells else None
    lists = {key: told for key, told in read_lists(session, reader).items() if key in cells}
    if reader.problems:
        raise WrongFields(reader.problems)
    known = tuple(one for one in windows if one is not None)
    edit = JobEdit(values, place=place, windows=known, **lists)
    try:
        return change_job(session, job_id, seen_version, edit, now, by_user_id)
    except InvalidInput as wrong:
        raise WrongFields([locate(sentence) for sentence in wrong.problems]) from wrong


def _read_place(session: Session, job: Job, reader: RowReader) -> tuple[str, Point] | None:
    """Where it is now; another address is looked up, unless its point is written too."""
    address = reader.need("address", read_text)
    said = reader.raw("location")
    is_old_point = said == f"{job.location.lat}, {job.location.lon}"
    if address is None or (address == job.location.address and is_old_point):
        return None
    if is_old_point:  # it belongs to the old address
        reader.row.cells["location"] = ""
    point = reader.find_location("address", find_geocoder(session))
    return None if point is None else (address, point)


def _read_window(line: str, zone: ZoneInfo, reader: RowReader) -> Span | None:
    start, dots, end = line.partition("..")
    try:
        if not dots:
            raise ValueError
        span = read_moment(start.strip(), zone, edge="start"), read_moment(end.strip(), zone)
    except ValueError:
        reader.refuse(
            f"{line.strip()!r} is no time window", "Write it as 2026-11-23 09:00..2026-11-23 12:00", "windows"
        )
        return None
    if span[1] < span[0]:
        reader.refuse(f"{line.strip()!r} ends before it begins", "Change the two", "windows")
    return span
