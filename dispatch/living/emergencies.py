"""Takes an emergency call: who needs what where, by when; the job is stored before anybody chooses who goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from dispatch.errors import InvalidInput, NotFound
from dispatch.jobs.new import create_job
from dispatch.jobs.request import JobRequest
from dispatch.living.policies import get_action
from dispatch.living.reporting import EventReport, report_event
from dispatch.models import Customer, Incident, Job, Location, TechnicianSkill, User

Json = dict[str, Any]
PRIORITY = 100
"""Of an emergency: nothing is left out sooner than anything else."""


@dataclass(frozen=True)
class EmergencyCall:
    """What the caller says. `skills` and `minutes`, where given, take the place of what the job type says."""

    on: date
    customer_id: int
    location_id: int
    title: str
    job_type_id: int | None = None
    minutes: int | None = None
    due_at: datetime | None = None
    skills: Mapping[str, int] = field(default_factory=dict)
    words: str = ""


def take_call(session: Session, call: EmergencyCall, now: datetime, by_user: User) -> Incident:
    """Store the job and the incident; the day is repaired at once where the policy says "do it", else somebody chooses
    among the ways there are. Raises InvalidInput with all that is wrong, NotFound.
    """
    wrong = []
    if call.due_at is not None and call.due_at <= now:
        wrong.append("due_at: it has passed already; say until when somebody can still come.")
    if call.location_id not in {place["id"] for place in list_places(session, call.customer_id)}:
        wrong.append("location_id: nothing was ever done for this customer there; choose one of their places.")
    request = JobRequest(
        customer_id=call.customer_id,
        location_id=call.location_id,
        title=call.title,
        job_type_id=call.job_type_id,
        requested_on=call.on,
        due_at=call.due_at,
        priority=PRIORITY,
        service_s=None if call.minutes is None else call.minutes * 60,
        notes=call.words,
        skills=call.skills or None,
    )
    try:
        job = create_job(session, request, now, by_user.id)
    except InvalidInput as error:
        raise InvalidInput([*wrong, *error.problems]) from error
    if wrong:
        raise InvalidInput(wrong)
    report = EventReport("emergency", call.on, job_id=job.id, words=call.words)
    return report_event(session, report, now, by_user, repair=get_action(session, "emergency") == "publish")


def list_places(session: Session, customer_id: int) -> list[Json]:
    """Where the customer is known, by address. Raises NotFound."""
    customer = session.get(Customer, customer_id)
    if customer is None:
        raise NotFound(f"There is no customer with id {customer_id}.")
    of_jobs = select(Job.location_id).where(Job.customer_id == customer_id)
    own = or_(Location.id.in_(of_jobs), Location.id == customer.location_id)
    found: dict[tuple[str, float, float], Json] = {}
    for row in session.scalars(select(Location).where(own).order_by(Location.address, Location.id)):
        found.setdefault((row.address, row.lat, row.lon), {"id": row.id, "address": row.address})
    return list(found.values())


def list_skills(session: Session) -> list[tuple[str, int]]:
    """Every skill that somebody holds, with the highest level held."""
    rows = session.execute(
        select(TechnicianSkill.name, func.max(TechnicianSkill.level))
        .group_by(TechnicianSkill.name)
        .order_by(TechnicianSkill.name)
    )
    return [(name, level) for name, level in rows]
