"""Makes a job that somebody asks for: its type says what it needs, the customer's contract when it is due."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch import clock, installation
from dispatch.db import lock_job_numbers
from dispatch.editing import add_row
from dispatch.errors import InvalidInput, NotFound
from dispatch.jobs.sla import find_contract, find_due
from dispatch.models import (
    ASSET_WORK,
    Appointment,
    Asset,
    Contract,
    Customer,
    Job,
    JobAsset,
    JobPart,
    JobSkill,
    JobType,
    JobWindow,
    Location,
    Part,
    StoredSetting,
    Territory,
)
from dispatch.on_site.checklist import copy_checklist
from dispatch.territories.coverage import find_territories

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class JobRequest:
    """What somebody asks for. None means: as the job's type, or the customer's contract, says.

    `windows` are when the customer can let somebody in; `promised` is what they were told, firm or not.
    `assets` are ids with what is to be done to each, one of ASSET_WORK; `skills` are levels, `parts` counts, by name.
    """

    customer_id: int
    location_id: int
    title: str
    number: str | None = None
    job_type_id: int | None = None
    service_s: int | None = None
    priority: int | None = None
    requested_on: date | None = None
    due_at: datetime | None = None
    restore_by_at: datetime | None = None
    windows: tuple[Span, ...] = ()
    promised: Span | None = None
    promise_is_firm: bool = True
    notes: str = ""
    skills: Mapping[str, int] | None = None
    parts: Mapping[str, int] | None = None
    assets: Mapping[int, str] = field(default_factory=dict)
    is_reported: bool = True
    """False for work that is due by itself: no contract's clock runs, and `contract_id` says what it is done under."""
    contract_id: int | None = None


def create_job(session: Session, request: JobRequest, now: datetime, by_user_id: int | None) -> Job:
    """Store the job. Raises NotFound (customer or location), InvalidInput with all that is wrong."""
    customer, location = session.get(Customer, request.customer_id), session.get(Location, request.location_id)
    if customer is None or location is None:
        raise NotFound(f"There is no {'customer' if customer is None else 'location'} with that id.")
    job_type = session.get(JobType, request.job_type_id) if request.job_type_id is not None else None
    usual = job_type or JobType()  # of no type nothing is known
    service_s = usual.service_s if request.service_s is None else request.service_s
    _refuse_wrong(session, request, job_type, service_s)
    [territory] = find_territories(session, [location])
    contract_id, due_at, restore_by_at = request.contract_id, None, None
    if request.is_reported:
        contract_id, due_at, restore_by_at = _find_terms(session, customer, territory, now)
    skills = request.skills if request.skills is not None else {one.name: one.level for one in usual.skills}
    parts = request.parts if request.parts is not None else {one.part: one.count for one in usual.parts}
    job = Job(
        number=request.number or _next_number(session),
        title=request.title.strip(),
        job_type=job_type,
        customer=customer,
        location=location,
        territory=territory,
        contract_id=contract_id,
        reported_at=now if request.is_reported else None,
        requested_on=request.requested_on,
        due_at=request.due_at or due_at,
        restore_by_at=request.restore_by_at or restore_by_at,
        priority=request.priority if request.priority is not None else job_type.priority if job_type else 0,
        service_s=service_s,
        setup_s=job_type.setup_s if job_type else 0,
        notes=request.notes,
        windows=[JobWindow(opens_at=opens_at, closes_at=closes_at) for opens_at, closes_at in request.windows],
        skills=[JobSkill(name=name, level=level) for name, level in skills.items()],
        parts=[JobPart(part=part, count=count) for part, count in parts.items()],
        checks=copy_checklist(job_type) if job_type else [],
        assets=[JobAsset(asset_id=asset_id, work=work) for asset_id, work in request.assets.items()],
    )
    if request.promised:
        job.appointments.append(_promise(request.promised, request.promise_is_firm, now, by_user_id))
    add_row(session, job, now, by_user_id)
    session.flush()
    return job


def _refuse_wrong(session: Session, request: JobRequest, job_type: JobType | None, service_s: int | None) -> None:
    wrong = []
    if not request.title.strip():
        wrong.append("title: it is empty; say in a few words what is to be done.")
    if request.job_type_id is not None and job_type is None:
        wrong.append(f"job_type_id: there is no job type with id {request.job_type_id}.")
    if service_s is None or service_s <= 0:
        wrong.append("service_s: say how long the work takes, in seconds above 0; the job type does not.")
    if request.priority is not None and not 0 <= request.priority <= 100:
        wrong.append(f"priority: {request.priority} is not between 0 and 100.")
    if request.number and _has_number(session, request.number):
        wrong.append(f"number: there is a job {request.number} already; choose another, or none.")
    spans = {f"windows[{index}]": span for index, span in enumerate(request.windows)}
    if request.promised:
        spans["promised"] = request.promised
    wrong += [
        f"{where}: it closes before it opens." for where, (start_at, end_at) in spans.items() if end_at < start_at
    ]
    if request.due_at and request.restore_by_at and request.restore_by_at < request.due_at:
        wrong.append("restore_by_at: it is before due_at, when the work is to start.")
    known = set(session.scalars(select(Part.name).where(Part.name.in_(request.parts or ()))))
    wrong += [
        f"parts: there is no part {part!r}; add it to the catalogue, or mend its name."
        for part in request.parts or ()
        if part not in known
    ]
    found = session.execute(select(Asset.id, Asset.customer_id).where(Asset.id.in_(request.assets)))
    owners = {row.id: row.customer_id for row in found}
    for asset_id, work in request.assets.items():
        if owners.get(asset_id) != request.customer_id:
            wrong.append(f"assets: the customer has no asset with id {asset_id}.")
        if work not in ASSET_WORK:
            wrong.append(f"assets: {work!r} is no work on an asset; use one of: {', '.join(ASSET_WORK)}.")
    if wrong:
        raise InvalidInput(wrong)


def _find_terms(
    session: Session, customer: Customer, territory: Territory | None, now: datetime
) -> tuple[int | None, datetime | None, datetime | None]:
    """The contract in force, and when work must have started and ended by it."""
    zone = territory.zone if territory else installation.get_zone(session)
    contracts = session.scalars(select(Contract).where(Contract.customer_id == customer.id)).all()
    contract = find_contract(contracts, clock.local_day(now, zone))
    if contract is None:
        return None, None, None
    holidays = {one.on for one in territory.holidays} if territory else set()
    return (
        contract.id,
        find_due(contract, contract.respond_within_s, now, holidays),
        find_due(contract, contract.restore_within_s, now, holidays),
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


def _promise(span: Span, is_firm: bool, now: datetime, by_user_id: int | None) -> Appointment:
    return Appointment(
        promised_from_at=span[0],
        promised_until_at=span[1],
        is_firm=is_firm,
        promised_at=now,
        promised_by_user_id=by_user_id,
    )
