"""Takes an emergency call: who needs what where, by when; the job is stored before anybody chooses who goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from dispatch import clock, installation
from dispatch.customers.locations import add_location
from dispatch.customers.records import add_customer, list_faults
from dispatch.errors import InvalidInput, NotFound
from dispatch.jobs.making import list_wrong
from dispatch.jobs.new import create_job
from dispatch.jobs.request import JobRequest
from dispatch.living.policies import get_action
from dispatch.living.reporting import EventReport, report_event
from dispatch.living.urgent import make_urgent
from dispatch.models import Customer, Incident, Job, JobType, Location, TechnicianSkill, Territory, User
from dispatch.territories.coverage import find_territories

Json = dict[str, Any]
PRIORITY = 100
"""Of an emergency: nothing is left out sooner than anything else."""
NIGHT = timedelta(hours=12)
"""So much later at most a time may be meant that the day is past."""


@dataclass(frozen=True)
class Caller:
    """Somebody who calls for the first time."""

    name: str
    phone: str = ""
    email: str = ""


@dataclass(frozen=True)
class EmergencyCall:
    """What the caller says. `skills` and `minutes`, where given, take the place of what the job type says.

    Either `job_id`, of a job that is stored and open, or who calls (`customer_id` or `caller`) and where help is
    needed: one of the customer's places (`location_id`), or an address with its point, None for looking it up.
    """

    on: date
    customer_id: int | None = None
    location_id: int | None = None
    title: str = ""
    job_type_id: int | None = None
    minutes: int | None = None
    due_at: datetime | None = None
    skills: Mapping[str, int] = field(default_factory=dict)
    words: str = ""
    caller: Caller | None = None
    address: str | None = None
    lat: float | None = None
    lon: float | None = None
    job_id: int | None = None
    due_by: time | None = None
    """Instead of `due_at`: what the clock there will show, on the day, as it is there, or in the night after it."""


def take_call(session: Session, call: EmergencyCall, now: datetime, by_user: User) -> Incident:
    """Store the job and the incident; the day is repaired at once where the policy says "do it", else somebody chooses
    among the ways there are. Raises InvalidInput with all that is wrong, NotFound, Conflict (a stored job is closed, or
    somebody is with it).
    """
    wrong: list[str] = []
    if call.job_id is not None:
        job = _raise_stored(session, call, call.job_id, wrong, now, by_user)
    else:
        job = _store_new(session, call, wrong, now, by_user)
    report = EventReport("emergency", call.on, job_id=job.id, words=call.words)
    return report_event(session, report, now, by_user, repair=get_action(session, "emergency") == "publish")


def _store_new(session: Session, call: EmergencyCall, wrong: list[str], now: datetime, by_user: User) -> Job:
    """A job of its own. What was stored before something turns out to be wrong goes with the transaction."""
    location = _find_location(session, call, wrong)
    [territory] = find_territories(session, [location]) if location and call.due_by else [None]
    call = _told_when(session, call, territory, wrong, now)
    customer = _find_customer(session, call, location, wrong, now, by_user)
    request = JobRequest(
        customer_id=customer.id if customer else 0,
        location_id=location.id if location else 0,
        title=call.title,
        job_type_id=call.job_type_id,
        requested_on=call.on,
        due_at=call.due_at,
        priority=PRIORITY,
        service_s=None if call.minutes is None else call.minutes * 60,
        notes=call.words,
        skills=call.skills or None,
    )
    if customer is None or location is None:
        job_type = session.get(JobType, call.job_type_id) if call.job_type_id is not None else None
        raise InvalidInput([*wrong, *list_wrong(request, job_type)])
    try:
        job = create_job(session, request, now, by_user.id)
    except InvalidInput as error:
        raise InvalidInput([*wrong, *error.problems]) from error
    if wrong:
        raise InvalidInput(wrong)
    return job


def _told_when(
    session: Session, call: EmergencyCall, territory: Territory | None, wrong: list[str], now: datetime
) -> EmergencyCall:
    """The call with the instant until which somebody must be there. What is needed today is needed on the date that it
    is there, which may be another than the head office's."""
    if call.due_by is not None:
        zone = installation.get_zone_at(session, territory)
        is_today = call.on == clock.local_day(now, installation.get_zone(session))
        on = clock.local_day(now, zone) if is_today else call.on
        due_at = clock.at_wall_clock_within(on, call.due_by, zone, now, now + NIGHT)
        call = replace(call, due_at=due_at, due_by=None)
    if call.due_at is not None and call.due_at <= now:
        wrong.insert(0, "due_at: it has passed already; say until when somebody can still come.")
    return call


def _raise_stored(
    session: Session, call: EmergencyCall, job_id: int, wrong: list[str], now: datetime, by_user: User
) -> Job:
    """A job that waits, or that is planned for later, is needed now."""
    if any((call.customer_id, call.caller, call.location_id, call.address)):
        wrong.append("job_id: a stored job has its customer and its place; leave those out.")
    job = session.get(Job, job_id)
    call = _told_when(session, call, job.territory if job else None, wrong, now)
    if wrong:
        raise InvalidInput(wrong)
    told: dict[str, Any] = {"requested_on": call.on, "priority": PRIORITY}
    if call.minutes is not None:
        told["service_s"] = call.minutes * 60
    return make_urgent(session, job_id, told, call.due_at, call.skills or None, now, by_user)


def _find_location(session: Session, call: EmergencyCall, wrong: list[str]) -> Location | None:
    if (call.location_id is None) == (call.address is None):
        wrong.append("location: say where help is needed, by one of the customer's places or by an address.")
        return None
    if call.address is not None:
        try:
            return add_location(session, call.address, call.lat, call.lon)
        except InvalidInput as error:
            wrong += error.problems
            return None
    known = set() if call.customer_id is None else {place["id"] for place in list_places(session, call.customer_id)}
    if call.location_id not in known:
        wrong.append("location_id: nothing was ever done for this customer there; choose one of their places.")
    return session.get(Location, call.location_id)


def _find_customer(
    session: Session, call: EmergencyCall, location: Location | None, wrong: list[str], now: datetime, by_user: User
) -> Customer | None:
    """Who is known, or who calls for the first time; that is where they live until somebody says otherwise."""
    if (call.customer_id is None) == (call.caller is None):
        wrong.append("customer: say who calls, by the customer's id or by the name of a new one.")
        return None
    if call.caller is None:
        customer = session.get(Customer, call.customer_id)
        if customer is None:
            raise NotFound(f"There is no customer with id {call.customer_id}.")
        return customer
    values = {
        "name": call.caller.name.strip(),
        "phone": call.caller.phone.strip() or None,
        "email": call.caller.email.strip() or None,
        "location_id": location.id if location else None,
    }
    if faults := list_faults(values):
        wrong += [f"customer.{one}" for one in faults]
        return None
    return add_customer(session, values, now, by_user.id)


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
