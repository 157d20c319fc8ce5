"""Finds jobs for lists and for a look at one, with where each stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from dispatch.errors import NotFound
from dispatch.jobs.moving import job_status
from dispatch.models import Appointment, Job, JobWish, PlanRoute, PlanVersion, Stop


@dataclass(frozen=True)
class SeenJob:
    """A job, its stop on the last day whose published plan has one, where it stands, and what it was promised."""

    job: Job
    stop: Stop | None
    status: str
    promise: Appointment | None


def list_jobs(
    session: Session,
    now: datetime,
    *,
    after_id: int = 0,
    limit: int = 50,
    number: str | None = None,
    customer_id: int | None = None,
    requested_on: date | None = None,
    is_open: bool | None = None,
) -> list[SeenJob]:
    """By id, those that come after `after_id` and are all that is asked for."""
    query = _select().where(Job.id > after_id).order_by(Job.id).limit(limit)
    for column, wanted in (
        (Job.number, number),
        (Job.customer_id, customer_id),
        (Job.requested_on, requested_on),
    ):
        if wanted is not None:
            query = query.where(column == wanted)
    if is_open is not None:
        query = query.where(Job.status == "open" if is_open else Job.status != "open")
    return _see(session, session.scalars(query).all(), now)


def get_job(session: Session, job_id: int, now: datetime) -> SeenJob:
    """As it is stored at this moment. Raises NotFound."""
    job = session.scalar(_select().where(Job.id == job_id).execution_options(populate_existing=True))
    if job is None:
        raise NotFound(f"There is no job with id {job_id}.")
    return _see(session, [job], now)[0]


def map_stops_in_force(session: Session, jobs: Sequence[Job]) -> dict[int, Stop]:
    """By job id: the stop on the last day whose published plan has one; one that is cancelled where all are."""
    stops = session.scalars(
        select(Stop)
        .join(Stop.route)
        .join(PlanRoute.plan)
        .where(Stop.job_id.in_([job.id for job in jobs]), PlanVersion.status == "published")
        .order_by(Stop.status != "cancelled", PlanVersion.on)  # the last one counts
        .options(
            joinedload(Stop.route).joinedload(PlanRoute.technician), joinedload(Stop.route).joinedload(PlanRoute.plan)
        )
    )
    return {stop.job_id: stop for stop in stops}


def _see(session: Session, jobs: Sequence[Job], now: datetime) -> list[SeenJob]:
    stops = map_stops_in_force(session, jobs)
    return [
        SeenJob(job, stops.get(job.id), job_status(job, stops.get(job.id), now), job.find_promise()) for job in jobs
    ]


def _select() -> Select[Job]:
    return select(Job).options(
        joinedload(Job.customer),
        joinedload(Job.location),
        joinedload(Job.territory),
        joinedload(Job.job_type),
        selectinload(Job.windows),
        selectinload(Job.skills),
        selectinload(Job.parts),
        selectinload(Job.assets),
        selectinload(Job.appointments),
        selectinload(Job.wishes).joinedload(JobWish.technician),
    )
