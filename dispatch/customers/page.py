"""Everything that was ever agreed with a customer, done and said there, and what comes next; for one page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from dispatch import clock, installation
from dispatch.customers.history import Line, slice_history
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
    Job,
    JobAsset,
    Note,
    Photo,
    Stop,
    User,
)
from dispatch.on_site.photos import list_photos
from dispatch.slices import Cut, Slice, cut_in_order, cut_newest_first

__all__ = ["CHANNELS", "add_note", "find_customers", "get_customer_page"]

FIRST = Cut()


@dataclass(frozen=True)
class JobLine:
    """A job as the page shows it; `promised` and `planned`, by the clock of its place, and
    `technician` are empty where there is none."""

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
    """What the page shows; of jobs and history a part, the newest first, and photos of the jobs that are shown."""

    customer: Customer
    contracts: list[Contract]
    assets: list[Asset]
    jobs: Slice[JobLine]
    photos: list[Photo]
    history: Slice[Line]
    today: date


def find_customers(session: Session, words: str, cut: Cut = FIRST) -> Slice[Customer]:
    """Whose name, telephone number or e-mail holds the words, or whose job has that number; a part, by name."""
    text = words.strip()
    query = select(Customer).order_by(Customer.name, Customer.id)
    if text:
        has_job = select(Job.customer_id).where(func.lower(Job.number) == text.lower())
        fields = (Customer.name, Customer.phone, Customer.email)
        query = query.where(or_(*(one.icontains(text, autoescape=True) for one in fields), Customer.id.in_(has_job)))
    return cut_in_order(session, query, cut)


def get_customer_page(
    session: Session, customer_id: int, now: datetime, jobs_cut: Cut = FIRST, history_cut: Cut = FIRST
) -> CustomerPage:
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
    of_customer = select(Job).where(Job.customer_id == customer.id)
    with_places = of_customer.options(
        joinedload(Job.location), joinedload(Job.territory), selectinload(Job.appointments)
    )
    jobs = cut_newest_first(session, with_places, Job.id, jobs_cut)
    stops = map_stops_in_force(session, jobs.rows)
    return CustomerPage(
        customer=customer,
        contracts=list(contracts),
        assets=list(assets),
        jobs=jobs.map(lambda job: _job(job, stops.get(job.id), now, installation.get_zone_at(session, job.territory))),
        photos=list_photos(session, [job.id for job in jobs.rows]),
        history=slice_history(session, customer_id, history_cut),
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


def _at(at: datetime, zone: str) -> str:
    return f"{clock.local_day(at, zone)} {clock.local_time(at, zone)}"
