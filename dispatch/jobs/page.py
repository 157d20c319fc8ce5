"""The whole life of a job for one page: where it stands, what may be done, what was planned, promised and done."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from dispatch import clock, installation
from dispatch.errors import NotFound
from dispatch.events import list_events_of
from dispatch.jobs.moving import find_stop_in_force, job_status
from dispatch.jobs.pins import is_pinned
from dispatch.jobs.statuses import WORDS, list_actions
from dispatch.jobs.visits_in_versions import Visit, list_visits
from dispatch.models import (
    Event,
    Job,
    JobAsset,
    JobCheck,
    JobPart,
    Note,
    Notice,
    Photo,
    Stop,
    Technician,
    User,
    VanStock,
)
from dispatch.notices.words_told import without_link
from dispatch.on_site.photos import list_photos

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")
TECHNICAL = frozenset({"version", "id", "stop_id", "photo_id", "technician", "place"})
"""Facts of events that tell a reader nothing."""
_WISHES = (("required", "Must come"), ("preferred", "Should come"), ("excluded", "Must not come"))


@dataclass(frozen=True)
class Part:
    """A part of the job; `on_van` is None where nobody is planned to come."""

    name: str
    planned: int
    used: int | None
    on_van: int | None


@dataclass(frozen=True)
class Step:
    """A step of the checklist, and who ticked it when."""

    row: JobCheck
    done: str


@dataclass(frozen=True)
class Line:
    """One thing that happened or was said: when, what, by whom, in which words."""

    at: str
    what: str
    who: str
    words: str


@dataclass(frozen=True)
class Message:
    """What the customer was told, or is going to be: when, how, about what, and how that went."""

    at: str
    channel: str
    kind: str
    status: str
    words: str


@dataclass(frozen=True)
class JobPage:
    """What the page shows; visits and history with the newest first."""

    job: Job
    status: str
    status_words: str
    actions: list[dict[str, Any]]
    facts: list[tuple[str, str]]
    technician: Technician | None
    is_pinned: bool
    steps: list[Step]
    parts: list[Part]
    photos: list[Photo]
    visits: list[Visit]
    promises: list[tuple[str, str, str, str]]
    """From, until, "firm" or not, and why it was withdrawn; the newest last."""
    messages: list[Message]
    history: list[Line]
    continued_by: list[Job]


def get_job_page(session: Session, job_id: int, by_user: User, now: datetime) -> JobPage:
    """Raises NotFound."""
    job = session.get(
        Job,
        job_id,
        options=[
            joinedload(Job.customer),
            joinedload(Job.location),
            joinedload(Job.job_type),
            joinedload(Job.contract),
            selectinload(Job.assets).joinedload(JobAsset.asset),
        ],
    )
    if job is None:
        raise NotFound(f"There is no job with id {job_id}.")
    zone = installation.get_zone_at(session, job.territory)
    stop = find_stop_in_force(session, job.id)
    technician = stop.route.technician if stop else None
    status = job_status(job, stop, now)
    return JobPage(
        job=job,
        status=status,
        status_words=WORDS[status],
        actions=list_actions(status, by_user.role),
        facts=_facts(job, stop, zone),
        technician=technician,
        is_pinned=is_pinned(job, stop),
        steps=[Step(check, _ticked(session, check, zone)) for check in job.checks],
        parts=_list_parts(session, job.parts, technician),
        photos=list_photos(session, [job.id]),
        visits=list_visits(session, job, zone),
        promises=[
            (
                _at(one.promised_from_at, zone),
                _at(one.promised_until_at, zone),
                "firm" if one.is_firm else "not firm",
                f"withdrawn: {one.withdrawn_reason}" if one.withdrawn_at else "in force",
            )
            for one in job.appointments
        ],
        messages=_list_messages(session, job, zone),
        history=_list_history(session, job, zone),
        continued_by=list(session.scalars(select(Job).where(Job.return_of_id == job.id).order_by(Job.id))),
    )


def _facts(job: Job, stop: Stop | None, zone: str) -> list[tuple[str, str]]:
    """Name and value of what is known, in the order in which it is read."""
    promise = job.find_promise()
    windows = [f"{_at(one.opens_at, zone)} to {_at(one.closes_at, zone)}" for one in job.windows]
    found = [
        ("Where", job.location.address),
        ("Technician", stop.route.technician.name if stop else ""),
        (
            "Planned",
            f"{_at(stop.planned_start_at, zone)} to {clock.local_time(stop.planned_end_at, zone)}" if stop else "",
        ),
        (
            "Promised",
            f"{_at(promise.promised_from_at, zone)} to {_at(promise.promised_until_at, zone)}" if promise else "",
        ),
        ("May start", "; ".join(windows)),
        ("Due", _at(job.due_at, zone) if job.due_at else ""),
        ("Restored by", _at(job.restore_by_at, zone) if job.restore_by_at else ""),
        ("Kind of work", job.job_type.name if job.job_type else ""),
        ("Contract", job.contract.name if job.contract else ""),
        ("Takes", f"{round(job.service_s / 60)} min"),
        ("Priority", str(job.priority)),
        ("Needs", ", ".join(f"{one.name} {one.level}" for one in job.skills)),
        *((words, ", ".join(one.technician.name for one in job.wishes if one.wish == wish)) for wish, words in _WISHES),
        ("Assets", ", ".join(f"{one.asset.name} ({one.work})" for one in job.assets)),
    ]
    return [(name, value) for name, value in found if value]


def _ticked(session: Session, check: JobCheck, zone: str) -> str:
    if check.done_at is None:
        return ""
    who = session.get(User, check.done_by_user_id) if check.done_by_user_id is not None else None
    return f"{_at(check.done_at, zone)}{f', {who.name}' if who else ''}"


def _list_parts(session: Session, parts: list[JobPart], technician: Technician | None) -> list[Part]:
    stock: dict[str, int] = {}
    if technician is not None:
        rows = session.scalars(select(VanStock).where(VanStock.technician_id == technician.id))
        stock = {row.part: row.count for row in rows}
    return [Part(one.part, one.count, one.used, stock.get(one.part, 0) if technician else None) for one in parts]


def _list_messages(session: Session, job: Job, zone: str) -> list[Message]:
    rows = session.scalars(select(Notice).where(Notice.job_id == job.id).order_by(Notice.id.desc()))
    return [
        Message(
            at=_at(one.queued_at if one.status == "waiting" else one.next_at, zone),
            channel=one.channel,
            kind=one.kind.replace("_", " "),
            status=one.status.replace("_", " "),
            words=one.fault or one.subject or without_link(one.body),
        )
        for one in rows
    ]


def _list_history(session: Session, job: Job, zone: str) -> list[Line]:
    notes = session.scalars(select(Note).where(Note.job_id == job.id).options(joinedload(Note.user)))
    lines = [
        (one.at, one.id, Line(_at(one.at, zone), one.channel, one.user.name if one.user else "", one.text))
        for one in notes
    ]
    for event in list_events_of(session, job):
        if event.kind != "note added":  # the note itself stands there
            lines.append((event.at, event.seq, _event(event, zone)))
    return [line for _, _, line in sorted(lines, key=lambda one: one[:2], reverse=True)]


def _event(event: Event, zone: str) -> Line:
    what = event.kind
    if event.kind == "job status":
        old, new = (WORDS.get(facts.get("status", ""), "") for facts in (event.before, event.after))
        what = f"{old} → {new}"
    told = "" if event.kind in ("job status", "job added") else _tell(event.after)
    if event.kind == "job changed":
        told = ", ".join(
            f"{_name(name)}: {_said(event.before.get(name), zone)} → {_said(new, zone)}"
            for name, new in event.after.items()
            if name not in TECHNICAL
        )
    words = ". ".join(one for one in (told, event.reason) if one)
    return Line(_at(event.at, zone), what, event.user.name if event.user else "Wrenchtime", words)


def _tell(facts: dict[str, Any]) -> str:
    """What changed, in short: "part pump, used 2"."""
    known = {name: value for name, value in facts.items() if name not in TECHNICAL and value not in (None, "", [], {})}
    return ", ".join(f"{_name(name)} {value}" for name, value in known.items())


def _name(fact: str) -> str:
    return fact.removesuffix("_at").removesuffix("_s").replace("_", " ")


def _said(value: Any, zone: str) -> str:
    """A value of a job as people say it: levels and counts by name, windows by the wall clock."""
    if isinstance(value, dict):
        return ", ".join(f"{name} {said}" for name, said in value.items()) or "nothing"
    if isinstance(value, list):
        return "; ".join(" to ".join(_said(one, zone) for one in span) for span in value) or "at any time"
    if isinstance(value, str) and INSTANT.fullmatch(value):
        return _at(datetime.fromisoformat(value), zone)
    return "nothing" if value in (None, "") else str(value)


def _at(at: datetime, zone: str) -> str:
    return f"{clock.local_day(at, zone)} {clock.local_time(at, zone)}"
