"""What was really begun and is told of later: it counts, also where the plans have given the visit away by then."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dispatch import clock
from dispatch.db import lock_day
from dispatch.errors import Conflict
from dispatch.events import list_events_of, record_event
from dispatch.jobs.statuses import BEGUN, OPEN, WAITING
from dispatch.living.incidents import withdraw_incident
from dispatch.models import Job, PlanRoute, PlanVersion, Stop, User
from dispatch.planning.facts import lock_published
from dispatch.planning.put_back import put_back
from dispatch.territories.scope import without_limits

LATE_AFTER = timedelta(minutes=5)
"""Whoever reports something so old had no network: they could not know what had become of the visit."""


def keep_what_was_begun(
    session: Session, asked: Stop, own: Stop | None, status: str, at: datetime, now: datetime, by_user: User | None
) -> None:
    """Give a visit back to the technician of `asked`, where work on it began that nobody had heard of.

    That is where it began before a newer plan of the day took it off the route, or the job was cancelled; and where
    somebody was on site without a network after that. What somebody else has begun, or has closed, is left to them.
    `own` is the stop that stands for it on their route, of a job that was cancelled; None where no other does.
    """
    if status not in BEGUN:
        return
    with without_limits(session):  # who may report may cause what comes of it
        current = None
        if own is None:
            lock_day(session, asked.route.plan.on)  # before its stops, as whoever stores a plan does
            current = lock_published(session, asked.route.plan.on)
        stop = own if current is None else _find_stop(current, asked.job_id)
        job = session.get_one(Job, asked.job_id, with_for_update={"key_share": True}, populate_existing=True)
        if job.status not in (OPEN, "cancelled") or (own is None and current is None):
            return
        if stop is not None and stop.status not in (*WAITING, "cancelled"):
            return
        if not _counts(session, asked, job, status, at, now):
            return
        _give_back(session, asked, current, own, job, at, now, by_user)


def _give_back(
    session: Session,
    asked: Stop,
    current: PlanVersion | None,
    own: Stop | None,
    job: Job,
    at: datetime,
    now: datetime,
    by_user: User | None,
) -> None:
    """Onto a new version of the day, or, where it is on their route still and was cancelled, as it stood there."""
    by_user_id, before = by_user.id if by_user else None, "requested" if job.status == OPEN else job.status
    began = clock.local_time(at, asked.route.plan.zone)
    reason = f"{asked.route.technician.name} began it at {began} already, and told of it late."
    job.status = OPEN
    if own is not None:
        own.status = "planned" if own.actual_departed_at is None else "en_route"
        session.flush()
    elif current is not None:
        session.flush()
        put_back(session, asked, current, now, by_user_id, reason)
    for kind in ("cancellation", "report_refused"):
        withdraw_incident(session, kind, job.id, now, by_user_id)
    told = {"before": {"status": before}, "after": {"status": "planned"}}
    record_event(session, "job status", now, by_user_id, job, **told, reason=reason)


def _counts(session: Session, asked: Stop, job: Job, status: str, at: datetime, now: datetime) -> bool:
    if not is_of_its_day(asked, at):
        return False
    gone_at = min(_list_ends(session, asked, job), default=now)
    return at < gone_at or (status != "en_route" and now - at >= LATE_AFTER)


def _list_ends(session: Session, asked: Stop, job: Job) -> Iterator[datetime]:
    """When the visit left the route for the last time, and when its job was cancelled."""
    of_day = PlanVersion.on == asked.route.plan.on, PlanVersion.published_at.is_not(None)
    last = session.scalar(
        select(func.max(PlanVersion.version))
        .join(PlanRoute, PlanRoute.plan_id == PlanVersion.id)
        .join(Stop, Stop.route_id == PlanRoute.id)
        .where(*of_day, Stop.job_id == asked.job_id, PlanRoute.technician_id == asked.route.technician_id)
    )
    next_one = select(func.min(PlanVersion.published_at)).where(*of_day, PlanVersion.version > (last or 0))
    left_at = session.scalar(next_one)
    if left_at is not None:
        yield left_at
    if job.status == "cancelled":
        told = [event.at for event in list_events_of(session, job) if event.after.get("status") == "cancelled"]
        yield from told[-1:]


def _find_stop(plan: PlanVersion, job_id: int) -> Stop | None:
    return next((stop for route in plan.routes for stop in route.stops if stop.job_id == job_id), None)


def is_of_its_day(stop: Stop, at: datetime) -> bool:
    """Whether the moment is of the visit's own day, or before its shift had to end."""
    plan = stop.route.plan
    return plan.day_start_at <= at < max(clock.day_end(plan.on, plan.zone), stop.route.latest_end_at)


def take_off_other_day(
    session: Session, stop: Stop, other: Stop, at: datetime, now: datetime, by_user: User | None
) -> None:
    """Cancel the visit of another day, which its plan gives up, for work at `stop` that began at that moment.

    Raises Conflict where it did not begin on the day of `stop`, or somebody has begun the other visit.
    """
    if other.status not in WAITING or not is_of_its_day(stop, at):
        raise Conflict("This visit is planned for another day by now. Go on with what is on your route.")
    before, after = {"status": other.status}, {"status": "requested", "stop_id": other.id}
    reason = f"{stop.route.technician.name} began it on {stop.route.plan.on} already, and told of it late."
    by_user_id = by_user.id if by_user else None
    record_event(session, "job status", now, by_user_id, stop.job, before=before, after=after, reason=reason)
    other.status = "cancelled"  # its day is planned again by itself, without it
    session.flush()
