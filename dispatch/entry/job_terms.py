"""By when work on a job must begin and end, as a form asks for it, and what the job's contract says of that."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from data.importers.moments import read_moment
from data.importers.rows import RowReader
from dispatch import clock, installation
from dispatch.errors import InvalidInput
from dispatch.jobs.sla import find_due, find_start
from dispatch.models import Contract, Job

TERMS = {"due_at": "work begins", "restore_by_at": "it works again"}


def write_terms(job: Job, zone: ZoneInfo) -> dict[str, str]:
    """The cells of a stored job, by the minute."""
    return {name: _write(getattr(job, name), zone) for name in TERMS}


def read_terms(job: Job, reader: RowReader, cells: Mapping[str, str], zone: ZoneInfo) -> dict[str, Any]:
    """The columns that a form tells; what is wrong is noted in the reader.

    What stands there as it was shown stays as it is, with its seconds and in an hour that the clocks show twice.
    """
    was = write_terms(job, zone)
    typed = [name for name in TERMS if name in cells and cells[name] != was[name]]
    told = {name: reader.find(name, lambda value: read_moment(value, zone)) for name in typed}
    due_at, restore_by_at = (told.get(name, getattr(job, name)) for name in TERMS)
    if due_at and restore_by_at and restore_by_at < due_at:
        reader.refuse("it is before the work is due", "Change one of the two", "restore_by_at")
    return told


def describe_terms(session: Session, job: Job) -> dict[str, str]:
    """What the contract that the job is done under says of each, in a sentence, by the clock of its place."""
    if job.contract is None:
        return dict.fromkeys(TERMS, "No contract says so.")
    within = {"due_at": job.contract.respond_within_s, "restore_by_at": job.contract.restore_within_s}
    return {name: _describe(session, job, job.contract, within[name], words) for name, words in TERMS.items()}


def _describe(session: Session, job: Job, contract: Contract, within_s: int | None, words: str) -> str:
    if within_s is None:
        return f"Contract {contract.name} says nothing of this."
    if job.reported_at is None:
        return f"Contract {contract.name}: no clock of it runs for this job."
    said = f"Contract {contract.name}: {words} within {clock.length_words(within_s)}"
    holidays = {one.on for one in job.territory.holidays} if job.territory else set()
    place, office = installation.get_zone_at(session, job.territory), installation.get_zone(session)
    try:
        start_at = find_start(job.reported_at, job.requested_on, place, office)
        due_at = find_due(contract, within_s, start_at, holidays)
    except InvalidInput as wrong:
        return f"{said}, but {wrong.problems[0].rpartition(': ')[2]}"
    assert due_at is not None, "with a term there is an end to it"
    hours = " in its business hours" if contract.hours else ""
    return f"{said}{hours} from {_say(start_at, place)}, so by {_say(due_at, place)}."


def _say(at: datetime, zone: str) -> str:
    return f"{clock.local_day(at, zone)} {clock.local_time(at, zone)}"


def _write(at: datetime | None, zone: ZoneInfo) -> str:
    return "" if at is None else f"{at.astimezone(zone):%Y-%m-%dT%H:%M}"
