"""Makes the jobs of maintenance plans ahead of time, each turn once, however often and wherever it runs."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch import clock, installation
from dispatch.db import SessionFactory
from dispatch.errors import DispatchError, InvalidInput
from dispatch.events import record_event
from dispatch.jobs.new import create_job
from dispatch.jobs.request import JobRequest, Terms
from dispatch.maintenance.calendar import list_spans
from dispatch.maintenance.turns import Turn, list_coming
from dispatch.models import Job, MaintenancePlan, MaintenanceVisit
from dispatch.territories.coverage import find_territories


def create_coming_jobs(session_factory: SessionFactory, now: datetime) -> str:
    """Make the jobs of all plans whose days begin within the horizon; returns a sentence: what was done.

    Of several turns that fell due while nothing ran only the newest becomes a job. Each plan is a transaction of its
    own, so that one that cannot be followed stops no other. Raises InvalidInput naming those, after all the rest.
    """
    with session_factory() as session:
        plan_ids = session.scalars(
            select(MaintenancePlan.id).where(MaintenancePlan.paused.is_(False)).order_by(MaintenancePlan.id)
        ).all()
    made = left_out = 0
    wrong: list[str] = []
    for plan_id in plan_ids:
        try:
            with session_factory.begin() as session:
                plan = session.get_one(MaintenancePlan, plan_id, with_for_update={"of": MaintenancePlan})
                made_here, left_out_here = create_jobs_of(session, plan, now)
        except DispatchError as refused:
            wrong.append(f"Maintenance plan {plan_id} cannot be followed: {refused}")
            continue
        made, left_out = made + made_here, left_out + left_out_here
    done = f"Made {made} job(s) of {len(plan_ids)} maintenance plan(s)"
    if left_out:
        done += f"; left out {left_out} turn(s) that were overtaken by the next before anybody could do them"
    if wrong:
        raise InvalidInput([done, *wrong])
    return done


def create_jobs_of(session: Session, plan: MaintenancePlan, now: datetime) -> tuple[int, int]:
    """Make the jobs of one plan, whose row is locked; returns how many were made, and how many turns left out."""
    if plan.paused:
        return 0, 0
    zone, holidays = _read_place(session, plan)
    today = clock.local_day(now, zone)
    ahead = timedelta(days=session.info["settings"].maintenance_ahead_days + plan.days_before)
    coming = list_coming(session, plan, today + ahead, zone)
    overdue = [turn for turn in coming if turn.due_on < today]
    for turn in overdue[:-1]:
        reason = f"The next time, {overdue[-1].due_on}, was due already when it could have become a job."
        leave_out(session, plan, turn, reason, now, None)
    for turn in coming[len(overdue[:-1]) :]:
        _create_job(session, plan, turn, today, zone, holidays, now)
    return len(coming) - len(overdue[:-1]), len(overdue[:-1])


def leave_out(
    session: Session, plan: MaintenancePlan, turn: Turn, reason: str, now: datetime, by_user_id: int | None
) -> None:
    """Store that the turn does not become a job, and why."""
    plan.visits.append(MaintenanceVisit(turn=turn.number, due_on=turn.due_on, left_out_reason=reason))
    record_event(session, "maintenance left out", now, by_user_id, plan, after={"due_on": turn.due_on}, reason=reason)


def list_days(plan: MaintenancePlan, due_on: date, today: date, holidays: set[date]) -> list[tuple[date, date]]:
    """The days on which a turn may be done, from today on. Raises InvalidInput when there are none within a year."""
    first = max(due_on - timedelta(days=plan.days_before), today)
    last = due_on + timedelta(days=plan.days_after)
    if last < first:  # made up for late: as much room as it would have had
        last = first + timedelta(days=plan.days_before + plan.days_after)
    spans = list_spans(first, last, plan.weekdays, holidays)
    if not spans:
        raise InvalidInput([f"no day within a year of {due_on} is neither a holiday nor another weekday"])
    return spans


def _create_job(
    session: Session,
    plan: MaintenancePlan,
    turn: Turn,
    today: date,
    zone: str,
    holidays: set[date],
    now: datetime,
) -> Job:
    spans = list_days(plan, turn.due_on, today, holidays)
    windows = tuple(
        (clock.day_start(first, zone), clock.day_end(last, zone) - timedelta(seconds=1)) for first, last in spans
    )
    request = JobRequest(
        customer_id=plan.customer_id,
        location_id=plan.location_id,
        title=plan.title,
        job_type_id=plan.job_type_id,
        service_s=plan.service_s,
        windows=windows,
        due_at=windows[-1][1],
        notes=plan.notes,
        assets={plan.asset_id: "maintain"} if plan.asset_id is not None else {},
        wishes={plan.technician_id: "preferred"} if plan.technician_id is not None else {},
        terms=Terms(plan.contract_id),  # it is due by itself: no clock of the contract runs
    )
    job = create_job(session, request, now, None)
    plan.visits.append(MaintenanceVisit(turn=turn.number, due_on=turn.due_on, job_id=job.id))
    after = {"due_on": turn.due_on, "job": job.number}
    record_event(session, "maintenance job made", now, None, plan, after=after)
    session.flush()
    return job


def _read_place(session: Session, plan: MaintenancePlan) -> tuple[str, set[date]]:
    """The zone of the place and its territory's holidays."""
    [territory] = find_territories(session, [plan.location])
    if territory is None:
        return installation.get_zone(session), set()
    return territory.zone, {one.on for one in territory.holidays}
