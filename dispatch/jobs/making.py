"""The one way into the table of jobs: type and contract say what nobody said, and every job has its event.

Forms, programs, files, maintenance plans, emergency calls and return visits all end here; each has looked up the rows
that it names in its own way, one by one or thousands at once, so that nothing is looked up here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from dispatch import installation
from dispatch.editing import add_row
from dispatch.jobs.request import JobRequest, Terms
from dispatch.jobs.sla import find_terms
from dispatch.models import (
    Appointment,
    Contract,
    Customer,
    Job,
    JobAsset,
    JobCheck,
    JobPart,
    JobSkill,
    JobType,
    JobWindow,
    JobWish,
    Location,
    Territory,
)

Instant = datetime | None


@dataclass(frozen=True)
class Named:
    """The rows that a request names, and the contracts of its customer."""

    customer: Customer
    location: Location
    territory: Territory | None
    job_type: JobType | None
    contracts: Collection[Contract]


def list_wrong(request: JobRequest, job_type: JobType | None) -> Iterator[str]:
    """What no job can be, whichever rows there are."""
    if not request.title.strip():
        yield "title: it is empty; say in a few words what is to be done."
    service_s = _first(request.service_s, job_type.service_s if job_type else None)
    if service_s is None or service_s <= 0:
        yield "service_s: say how long the work takes, in seconds above 0; the job type does not."
    if request.priority is not None and not 0 <= request.priority <= 100:
        yield f"priority: {request.priority} is not between 0 and 100."
    spans = {f"windows[{index}]": span for index, span in enumerate(request.windows)}
    if request.promised:
        spans["promised"] = request.promised
    for where, (start_at, end_at) in spans.items():
        if end_at < start_at:
            yield f"{where}: it closes before it opens."
    if request.due_at and request.restore_by_at and request.restore_by_at < request.due_at:
        yield "restore_by_at: it is before due_at, when the work is to start."


def make_job(
    session: Session, request: JobRequest, number: str, named: Named, now: datetime, by_user_id: int | None
) -> Job:
    """Add the job and its event; what `list_wrong` finds, and names that are not known, were refused before.

    Raises InvalidInput for a contract whose hours leave no time to count.
    """
    usual = named.job_type or JobType(setup_s=0, priority=0)
    terms = request.terms or _begin_terms(session, request, named, now)
    due_at, restore_by_at = agree(request.due_at, request.restore_by_at, terms.due_at, terms.restore_by_at)
    skills = request.skills if request.skills is not None else {one.name: one.level for one in usual.skills}
    parts = request.parts if request.parts is not None else {one.part: one.count for one in usual.parts}
    checks = request.checks if request.checks is not None else [(one.text, one.required) for one in usual.checklist]
    job = Job(
        number=number,
        title=request.title.strip(),
        job_type=named.job_type,
        customer=named.customer,
        location=named.location,
        territory=named.territory,
        contract_id=terms.contract_id,
        reported_at=terms.reported_at,
        requested_on=request.requested_on,
        due_at=due_at,
        restore_by_at=restore_by_at,
        priority=_first(request.priority, usual.priority),
        service_s=_first(request.service_s, usual.service_s),
        setup_s=_first(request.setup_s, usual.setup_s),
        notes=request.notes,
        return_of_id=request.return_of_id,
        windows=[JobWindow(opens_at=opens_at, closes_at=closes_at) for opens_at, closes_at in request.windows],
        skills=[JobSkill(name=name, level=level) for name, level in skills.items()],
        parts=[JobPart(part=part, count=count) for part, count in parts.items()],
        checks=[JobCheck(position=n, text=text, required=must) for n, (text, must) in enumerate(checks, 1)],
        assets=[JobAsset(asset_id=asset_id, work=work) for asset_id, work in request.assets.items()],
        wishes=[JobWish(technician_id=who, wish=wish) for who, wish in request.wishes.items()],
    )
    if request.promised:
        job.appointments.append(
            Appointment(
                promised_from_at=request.promised[0],
                promised_until_at=request.promised[1],
                is_firm=request.promise_is_firm,
                promised_at=now,
                promised_by_user_id=by_user_id,
            )
        )
    add_row(session, job, now, by_user_id)
    return job


def _begin_terms(session: Session, request: JobRequest, named: Named, now: datetime) -> Terms:
    """The clock of the customer's contract starts when they asked, or with the later day for which they asked."""
    reported_at = request.reported_at or now
    if not named.contracts:
        return Terms(reported_at=reported_at)
    zone, office = installation.get_zone_at(session, named.territory), installation.get_zone(session)
    holidays = {one.on for one in named.territory.holidays} if named.territory else set()
    return find_terms(named.contracts, zone, holidays, reported_at, request.requested_on, office)


def agree(due_said: Instant, restore_said: Instant, due_at: Instant, restore_by_at: Instant) -> tuple[Instant, Instant]:
    """When work must have begun and ended: what was said, else what holds, as far as that agrees with it.

    Whoever agreed on a later start is not restored before it; whoever is to be restored sooner is answered by then.
    """
    due, restore_by = due_said or due_at, restore_said or restore_by_at
    if due and restore_by and restore_by < due:
        return (due, None) if due_said else (restore_by, restore_by)
    return due, restore_by


def _first(said: int | None, usual: int | None) -> int | None:
    return usual if said is None else said
