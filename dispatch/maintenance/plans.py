"""Maintenance plans as people enter and change them: all that is wrong is said at once, what changes is recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch import clock, installation
from dispatch.editing import add_row, change_row
from dispatch.errors import Conflict, InvalidInput, NotFound, Stale
from dispatch.maintenance.creation import create_jobs_of, leave_out
from dispatch.maintenance.turns import FARTHEST, list_coming
from dispatch.models import (
    COUNT_FROM,
    UNITS,
    Asset,
    Contract,
    Customer,
    JobType,
    Location,
    MaintenancePlan,
    Technician,
)

__all__ = [
    "COUNT_FROM",
    "UNITS",
    "PlanRequest",
    "add_plan",
    "change_plan",
    "get_plan",
    "list_plans",
    "pause",
    "skip_next",
]

DAYS_OF = {"week": 7, "month": 28}


@dataclass(frozen=True)
class PlanRequest:
    """What somebody wants done again and again; the fields are those of `MaintenancePlan`."""

    title: str
    customer_id: int
    location_id: int
    every: int
    unit: str
    first_due_on: date
    asset_id: int | None = None
    contract_id: int | None = None
    job_type_id: int | None = None
    service_s: int | None = None
    count_from: str = "planned"
    days_before: int = 0
    days_after: int = 0
    weekdays: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    technician_id: int | None = None
    ends_on: date | None = None
    notes: str = ""


def get_plan(session: Session, plan_id: int) -> MaintenancePlan:
    """Raises NotFound."""
    plan = session.get(MaintenancePlan, plan_id)
    if plan is None:
        raise NotFound(f"There is no maintenance plan with id {plan_id}.")
    return plan


def list_plans(
    session: Session, *, after_id: int = 0, limit: int = 50, customer_id: int | None = None
) -> list[MaintenancePlan]:
    """By id, those after `after_id`; of one customer, or of all."""
    query = select(MaintenancePlan).where(MaintenancePlan.id > after_id).order_by(MaintenancePlan.id).limit(limit)
    if customer_id is not None:
        query = query.where(MaintenancePlan.customer_id == customer_id)
    return list(session.scalars(query))


def add_plan(session: Session, request: PlanRequest, now: datetime, by_user_id: int) -> MaintenancePlan:
    """Store a plan and make the jobs that are due to be made. Raises InvalidInput with all that is wrong."""
    _refuse_wrong(session, request)
    plan = MaintenancePlan(**_values(request))
    add_row(session, plan, now, by_user_id)
    session.flush()
    create_jobs_of(session, plan, now)
    return plan


def change_plan(
    session: Session, plan_id: int, seen_version: int, request: PlanRequest, now: datetime, by_user_id: int
) -> None:
    """Change what comes from now on; jobs that were made stay. Raises NotFound, Conflict, InvalidInput."""
    plan = get_plan(session, plan_id)
    wrong = [] if plan.customer_id == request.customer_id else ["customer: a plan stays with its customer."]
    _refuse_wrong(session, request, wrong)
    change_row(session, plan, seen_version, now, by_user_id, **_values(request))


def pause(
    session: Session, plan_id: int, seen_version: int, paused: bool, reason: str, now: datetime, by_user_id: int
) -> None:
    """Make no jobs until somebody lets it go on, which takes it up where it stands then. Raises as `change_plan`."""
    if paused and not reason.strip():
        raise InvalidInput(["Say why the plan is paused: whoever finds it so wants to know."])
    plan = get_plan(session, plan_id)
    change_row(session, plan, seen_version, now, by_user_id, reason=reason.strip(), paused=paused)
    if not paused:
        create_jobs_of(session, plan, now)


def skip_next(session: Session, plan_id: int, seen_version: int, reason: str, now: datetime, by_user_id: int) -> date:
    """Leave the next turn out for a reason; returns when it would have been due. Raises as `change_plan`."""
    if not reason.strip():
        raise InvalidInput(["Say why this time is skipped: the customer may ask."])
    plan = get_plan(session, plan_id)
    if plan.version != seen_version:
        raise Stale("This plan has been changed since you opened it: look at it as it is now.")
    zone = installation.get_zone(session)
    coming = list_coming(session, plan, clock.local_day(now, zone) + FARTHEST, zone)
    if not coming:
        raise Conflict("Nothing is coming that could be skipped: the plan has ended, or its last job is still open.")
    leave_out(session, plan, coming[0], reason.strip(), now, by_user_id)
    plan.touch()
    return coming[0].due_on


def _values(request: PlanRequest) -> dict[str, Any]:
    values = asdict(request)
    return values | {
        "title": request.title.strip(),
        "weekdays": sorted(set(request.weekdays)),
        "months": sorted(set(request.months)),
    }


def _refuse_wrong(session: Session, request: PlanRequest, wrong: Sequence[str] = ()) -> None:
    found = [*wrong]
    if not request.title.strip():
        found.append("title: say in a few words what is to be done.")
    found += _list_wrong_references(session, request)
    found += _list_wrong_rhythm(request)
    if found:
        raise InvalidInput(found)


def _list_wrong_references(session: Session, request: PlanRequest) -> list[str]:
    wrong = []
    if session.get(Customer, request.customer_id) is None:
        wrong.append("customer: choose one that exists.")
    if session.get(Location, request.location_id) is None:
        wrong.append("place: choose one that exists.")
    for word, model, given in (("asset", Asset, request.asset_id), ("contract", Contract, request.contract_id)):
        if given is not None:
            owner = session.scalar(select(model.customer_id).where(model.id == given))
            if owner != request.customer_id:
                wrong.append(f"{word}: the customer has none with id {given}.")
    job_type = session.get(JobType, request.job_type_id) if request.job_type_id is not None else None
    if request.job_type_id is not None and job_type is None:
        wrong.append("kind of work: choose one that exists.")
    if request.service_s is None and (job_type is None or job_type.service_s is None):
        wrong.append("length: say how long it takes; the kind of work does not.")
    if request.service_s is not None and request.service_s <= 0:
        wrong.append("length: give some minutes.")
    if request.technician_id is not None and session.get(Technician, request.technician_id) is None:
        wrong.append("technician: choose one that exists.")
    return wrong


def _list_wrong_rhythm(request: PlanRequest) -> list[str]:
    wrong = []
    if request.unit not in UNITS or not 1 <= request.every <= 120:
        wrong.append("every: give 1 to 120 weeks or months.")
    elif request.days_before + request.days_after >= request.every * DAYS_OF[request.unit]:
        wrong.append("days: before and after together must be fewer than from one time to the next.")
    if not (0 <= request.days_before <= 366 and 0 <= request.days_after <= 366):
        wrong.append("days: give 0 to 366 days before and after.")
    if request.count_from not in COUNT_FROM:
        wrong.append(f"counted from: give one of {', '.join(COUNT_FROM)}.")
    if not set(request.weekdays) <= set(range(7)):
        wrong.append("weekdays: 0 is Monday, 6 is Sunday.")
    if not set(request.months) <= set(range(1, 13)):
        wrong.append("season: 1 is January, 12 is December.")
    if request.ends_on is not None and request.ends_on < request.first_due_on:
        wrong.append("ends: the last day is before the first time.")
    return wrong
