"""What the pages of maintenance show: every plan with its next time, and how much work is coming month by month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from dispatch import clock, installation
from dispatch.errors import NotFound
from dispatch.events import list_events_of
from dispatch.jobs.statuses import WORDS
from dispatch.maintenance.calendar import add
from dispatch.maintenance.turns import FARTHEST, Turn, find_last, last_day_of, project
from dispatch.models import (
    Asset,
    Contract,
    Customer,
    Job,
    JobType,
    Location,
    MaintenancePlan,
    MaintenanceVisit,
    Technician,
)
from dispatch.slices import MOST, Cut, Slice, place_part

MONTHS_AHEAD = 12
FIRST = Cut()
STATES = ("active", "paused", "waiting", "ended")


@dataclass(frozen=True)
class PlanLine:
    """A plan as the list shows it. `state` is one of STATES; "waiting" is for its last job."""

    plan: MaintenancePlan
    rhythm: str
    state: str
    next_on: date | None


@dataclass(frozen=True)
class Load:
    """What falls due in a month: so many visits, so many seconds of work."""

    month: str
    visits: int
    work_s: int


@dataclass(frozen=True)
class Overview:
    """The plans of one customer or of everybody, a part of them, and the coming twelve months of all."""

    lines: Slice[PlanLine]
    load: list[Load]
    most_work_s: int


@dataclass(frozen=True)
class Choices:
    """What a plan of this customer can be chosen from."""

    customer: Customer
    locations: Sequence[Location]
    assets: Sequence[Asset]
    contracts: Sequence[Contract]
    job_types: Sequence[JobType]
    technicians: Sequence[Technician]


@dataclass(frozen=True)
class PlanPage:
    """One plan: what it has become so far, the newest first, what is coming, and who changed it."""

    line: PlanLine
    past: list[tuple[MaintenanceVisit, str]]
    coming: list[Turn]
    changes: list[tuple[str, str, str, str]]
    choices: Choices


def get_overview(session: Session, now: datetime, customer_id: int | None = None, cut: Cut = FIRST) -> Overview:
    """By customer and title."""
    zone = installation.get_zone(session)
    today = clock.local_day(now, zone)
    until_on = add(today.replace(day=1), MONTHS_AHEAD, "month")
    query = _select_plans()
    if customer_id is not None:
        query = query.where(MaintenancePlan.customer_id == customer_id)
    visits: dict[str, int] = defaultdict(int)
    work_s: dict[str, int] = defaultdict(int)
    lines = []
    plans = session.scalars(query).all()
    shown = range(cut.skip, cut.skip + MOST)
    for number, plan in enumerate(plans):
        turns = list(project(session, plan, today, until_on, zone))
        if number in shown:
            lines.append(_line(plan, turns or _find_far(session, plan, today, zone), today))
        made = [one.due_on for one in plan.visits if one.job and one.job.status == "open"]
        for due_on in [*made, *(turn.due_on for turn in turns)]:
            month = f"{max(due_on, today):%Y-%m}"
            visits[month] += 1
            work_s[month] += _work_s(plan)
    months = [f"{add(today.replace(day=1), ahead, 'month'):%Y-%m}" for ahead in range(MONTHS_AHEAD)]
    load = [Load(month, visits[month], work_s[month]) for month in months]
    return Overview(place_part(lines, len(plans), cut), load, max((one.work_s for one in load), default=0))


def get_plan_page(session: Session, plan_id: int, now: datetime) -> PlanPage:
    """Raises NotFound."""
    zone = installation.get_zone(session)
    today = clock.local_day(now, zone)
    plan = session.scalar(_select_plans().where(MaintenancePlan.id == plan_id))
    if plan is None:
        raise NotFound(f"There is no maintenance plan with id {plan_id}.")
    coming = list(project(session, plan, today, add(today, MONTHS_AHEAD, "month"), zone))
    past = [
        (one, WORDS.get(one.job.status, "open") if one.job else f"left out: {one.left_out_reason}")
        for one in reversed(plan.visits)
    ]
    changes = [
        (
            f"{clock.local_day(event.at, zone)} {clock.local_time(event.at, zone)}",
            event.kind,
            event.user.name if event.user else "Wrenchtime",
            event.reason,
        )
        for event in reversed(list_events_of(session, plan))
    ]
    line = _line(plan, coming or _find_far(session, plan, today, zone), today)
    return PlanPage(line, past, coming, changes, get_choices(session, plan.customer_id))


def get_choices(session: Session, customer_id: int) -> Choices:
    """Places are those of the customer, of their assets and of their jobs. Raises NotFound."""
    customer = session.get(Customer, customer_id)
    if customer is None:
        raise NotFound(f"There is no customer with id {customer_id}.")
    assets = session.scalars(
        select(Asset).where(Asset.customer_id == customer_id, Asset.retired_on.is_(None)).order_by(Asset.name)
    ).all()
    known = {asset.location_id for asset in assets} | {customer.location_id}
    known |= set(session.scalars(select(Job.location_id).where(Job.customer_id == customer_id)))
    return Choices(
        customer,
        session.scalars(select(Location).where(Location.id.in_(known - {None})).order_by(Location.address)).all(),
        assets,
        session.scalars(select(Contract).where(Contract.customer_id == customer_id).order_by(Contract.name)).all(),
        session.scalars(select(JobType).order_by(JobType.name)).all(),
        session.scalars(select(Technician).where(Technician.active).order_by(Technician.name)).all(),
    )


def _select_plans() -> Select[MaintenancePlan]:
    return (
        select(MaintenancePlan)
        .join(MaintenancePlan.customer)
        .order_by(Customer.name, MaintenancePlan.title, MaintenancePlan.id)
        .options(
            joinedload(MaintenancePlan.customer),
            joinedload(MaintenancePlan.location),
            joinedload(MaintenancePlan.asset),
            joinedload(MaintenancePlan.contract),
            joinedload(MaintenancePlan.job_type),
            joinedload(MaintenancePlan.technician),
            selectinload(MaintenancePlan.visits).joinedload(MaintenanceVisit.job),
        )
    )


def _find_far(session: Session, plan: MaintenancePlan, today: date, zone: str) -> list[Turn]:
    """The next turn of a plan that comes more seldom than once a year."""
    return list(islice(project(session, plan, today, today + FARTHEST, zone), 1))


def _line(plan: MaintenancePlan, turns: Sequence[Turn], today: date) -> PlanLine:
    last = find_last(plan)
    is_open = last is not None and last.job is not None and last.job.status == "open"
    if plan.paused:
        state = "paused"
    elif last_day_of(plan) < today or not turns:
        state = "ended"
    elif plan.count_from == "done" and is_open:
        state = "waiting"
    else:
        state = "active"
    return PlanLine(plan, _say_rhythm(plan), state, turns[0].due_on if turns else None)


def _say_rhythm(plan: MaintenancePlan) -> str:
    every = f"every {plan.unit}" if plan.every == 1 else f"every {plan.every} {plan.unit}s"
    return f"{every}, from the day it was done" if plan.count_from == "done" else every


def _work_s(plan: MaintenancePlan) -> int:
    return plan.service_s or (plan.job_type.service_s if plan.job_type else None) or 0
