"""Everything that was ever agreed with a customer, done and said there, and what comes next; for one page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from dispatch import clock, installation
from dispatch.errors import NotFound
from dispatch.events import record_event
from dispatch.jobs.moving import job_status
from dispatch.jobs.search import map_stops_in_force
from dispatch.jobs.statuses import WORDS
from dispatch.models import (
    CHANNELS,
    Asset,
    Contract,
    Customer,
    Event,
    Job,
    JobAsset,
    Note,
    Photo,
    Stop,
    User,
)
from dispatch.on_site.photos import list_photos

__all__ = ["CHANNELS", "add_note", "find_customers", "get_customer_page"]

MOST_FOUND = 50


@dataclass(frozen=True)
class Line:
    """One thing that happened, or was said: when on the customer's wall clock, what, about what, by whom, and why."""

    at: str
    what: str
    about: str
    who: str
    words: str


@dataclass(frozen=True)
class JobLine:
    """A job as the page shows it; `promised`, `planned` and `technician` are empty where there is none."""

    id: int
    number: str
    title: str
    status: str
    is_open: bool
    promised: str
    planned: str
    technician: str
    address: str


@dataclass(frozen=True)
class CustomerPage:
    """What the page shows; jobs, history: the newest first."""

    customer: Customer
    contracts: list[Contract]
    assets: list[Asset]
    jobs: list[JobLine]
    photos: list[Photo]
    history: list[Line]
    today: date


def find_customers(session: Session, words: str) -> list[Customer]:
    """Whose name, telephone number or e-mail holds the words, or whose job has that number; by name, 50 at most."""
    text = words.strip()
    query = select(Customer).order_by(Customer.name, Customer.id).limit(MOST_FOUND)
    if text:
        has_job = select(Job.customer_id).where(func.lower(Job.number) == text.lower())
        fields = (Customer.name, Customer.phone, Customer.email)
        query = query.where(or_(*(one.icontains(text, autoescape=True) for one in fields), Customer.id.in_(has_job)))
    return list(session.scalars(query))


def get_customer_page(session: Session, customer_id: int, now: datetime) -> CustomerPage:
    """Raises NotFound."""
    customer = session.get(Customer, customer_id, options=[joinedload(Customer.location)])
    if customer is None:
        raise NotFound(f"There is no customer with id {customer_id}.")
    zone = installation.get_zone(session)
    contracts = session.scalars(
        select(Contract).where(Contract.customer_id == customer.id).order_by(Contract.starts_on)
    )
    assets = session.scalars(
        select(Asset)
        .where(Asset.customer_id == customer.id)
        .order_by(Asset.name)
        .options(joinedload(Asset.location), selectinload(Asset.jobs).joinedload(JobAsset.job))
    )
    jobs = session.scalars(
        select(Job)
        .where(Job.customer_id == customer.id)
        .order_by(Job.id.desc())
        .options(joinedload(Job.location), selectinload(Job.appointments))
    ).all()
    stops = map_stops_in_force(session, jobs)
    return CustomerPage(
        customer=customer,
        contracts=list(contracts),
        assets=list(assets),
        jobs=[_job(job, stops.get(job.id), now, zone) for job in jobs],
        photos=list_photos(session, [job.id for job in jobs]),
        history=_list_history(session, customer, jobs, zone),
        today=clock.local_day(now, zone),
    )


def add_note(session: Session, customer_id: int, text: str, channel: str, by_user: User, now: datetime) -> None:
    """Write down what was said. Raises NotFound."""
    customer = session.get(Customer, customer_id)
    if customer is None:
        raise NotFound(f"There is no customer with id {customer_id}.")
    session.add(Note(at=now, user_id=by_user.id, channel=channel, text=text, customer_id=customer.id))
    record_event(session, "note added", now, by_user.id, customer, after={"channel": channel})


def _job(job: Job, stop: Stop | None, now: datetime, zone: str) -> JobLine:
    promise = job.find_promise()
    return JobLine(
        id=job.id,
        number=job.number,
        title=job.title,
        status=WORDS[job_status(job, stop, now)],
        is_open=job.status == "open",
        promised=f"{_at(promise.promised_from_at, zone)} to {_at(promise.promised_until_at, zone)}" if promise else "",
        planned=_at(stop.actual_start_at or stop.planned_start_at, zone) if stop else "",
        technician=stop.route.technician.name if stop else "",
        address=job.location.address,
    )


def _list_history(session: Session, customer: Customer, jobs: Sequence[Job], zone: str) -> list[Line]:
    numbers = {job.id: job.number for job in jobs}
    events = session.scalars(
        select(Event)
        .where(
            or_(
                (Event.subject_kind == "customer") & (Event.subject_id == customer.id),
                (Event.subject_kind == "job") & Event.subject_id.in_(numbers),
            ),
            Event.kind != "note added",  # the note itself stands there
        )
        .options(joinedload(Event.user))
    )
    notes = session.scalars(
        select(Note)
        .where(or_(Note.customer_id == customer.id, Note.job_id.in_(numbers)))
        .options(joinedload(Note.user))
    )
    lines = [(event.at, event.seq, _event(event, numbers, zone)) for event in events]
    lines += [
        (
            note.at,
            note.id,
            Line(
                _at(note.at, zone),
                note.channel,
                f"job {numbers[note.job_id]}" if note.job_id is not None else "",
                note.user.name if note.user else "",
                note.text,
            ),
        )
        for note in notes
    ]
    return [line for _, _, line in sorted(lines, key=lambda one: one[:2], reverse=True)]


def _event(event: Event, numbers: dict[int, str], zone: str) -> Line:
    about = f"job {numbers[event.subject_id]}" if event.subject_kind == "job" and event.subject_id is not None else ""
    what = event.kind
    if event.kind == "job status":
        old, new = (WORDS.get(facts.get("status", ""), "") for facts in (event.before, event.after))
        what = f"{old} → {new}"
    elif event.kind in ("customer told", "customer not reached"):
        what = f"{event.kind}: {event.after['notice'].replace('_', ' ')} ({event.after['channel']})"
    return Line(_at(event.at, zone), what, about, event.user.name if event.user else "Wrenchtime", event.reason)


def _at(at: datetime, zone: str) -> str:
    return f"{clock.local_day(at, zone)} {clock.local_time(at, zone)}"
