"""Makes a job that somebody asks for: looks up what the request names, and refuses what is wrong, all at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch import installation
from dispatch.db import lock_job_numbers
from dispatch.errors import InvalidInput, NotFound
from dispatch.jobs.making import Named, list_wrong, make_job
from dispatch.jobs.request import JobRequest
from dispatch.jobs.told import list_unknown
from dispatch.models import Contract, Customer, Job, JobType, Location, StoredSetting, Territory
from dispatch.territories.coverage import find_territories


def create_job(session: Session, request: JobRequest, now: datetime, by_user_id: int | None) -> Job:
    """Store the job. Raises NotFound (customer or location), InvalidInput with all that is wrong."""
    customer, location = session.get(Customer, request.customer_id), session.get(Location, request.location_id)
    if customer is None or location is None:
        raise NotFound(f"There is no {'customer' if customer is None else 'location'} with that id.")
    job_type = session.get(JobType, request.job_type_id) if request.job_type_id is not None else None
    wrong = [*list_wrong(request, job_type), *_list_unknown(session, request, job_type)]
    if wrong:
        raise InvalidInput(wrong)
    [territory] = (
        find_territories(session, [location])
        if request.territory_id is None
        else [session.get_one(Territory, request.territory_id)]
    )
    named = Named(
        customer,
        location,
        territory,
        job_type,
        session.scalars(select(Contract).where(Contract.customer_id == customer.id)).all(),
    )
    job = make_job(session, request, request.number or _next_number(session), named, now, by_user_id)
    session.flush()
    return job


def _list_unknown(session: Session, request: JobRequest, job_type: JobType | None) -> Iterator[str]:
    if request.job_type_id is not None and job_type is None:
        yield f"job_type_id: there is no job type with id {request.job_type_id}."
    if request.number:
        lock_job_numbers(session)  # somebody may be giving the same one in this moment
    if request.number and _has_number(session, request.number):
        yield f"number: there is a job {request.number} already; choose another, or none."
    yield from list_unknown(
        session, request.customer_id, parts=request.parts or {}, assets=request.assets, wishes=request.wishes
    )


def _next_number(session: Session) -> str:
    """W1, W2 ... without those that an import has used; one transaction at a time counts."""
    lock_job_numbers(session)
    # Not from what the session remembers: somebody may have counted on while this one waited.
    last = session.scalar(select(StoredSetting.value).where(StoredSetting.name == installation.LAST_JOB_NUMBER))
    count = int(last or 0) + 1
    while _has_number(session, f"W{count}"):
        count += 1
    installation.store_setting(session, installation.LAST_JOB_NUMBER, str(count))
    return f"W{count}"


def _has_number(session: Session, number: str) -> bool:
    """Whether any job has it, also one that the session's territories hide: hence the table, not the model."""
    job = Job.__table__.c
    return session.scalar(select(job.id).where(job.number == number)) is not None
