"""Which jobs are wanted on a day: those asked for that day, and those that earlier days left over.

The rule, in one place for the planner and the board:
- a job with time windows is wanted on every day that one of them touches, and in the night shift that
  reaches into that day;
- a promise in force takes the place of the windows, on the days that it touches;
- a job without is wanted on the day it is requested for; one for any day is wanted today;
- what is still open after its day rolls on: to today, and from a plan that left it out to the next day; when
  everybody is home, today's is over, whatever the clock says;
- where today is not planned at all, what is for any day is wanted on every day that is;
- a job whose windows, or whose promise, have all passed is wanted today too: it is shown with that reason;
- where a territory lies far east of the head office, its days are those that are written there;
- a job that the published plan of another day is still going to serve is wanted nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, selectinload

from dispatch import clock
from dispatch.jobs.statuses import UNDER_WAY, WAITING
from dispatch.models import (
    Appointment,
    Job,
    JobWindow,
    JobWish,
    PlanRoute,
    PlanVersion,
    Stop,
    Territory,
    UnassignedJob,
)
from dispatch.planning.far_east import OwnDay, list_own_days

MOST_AT_ONCE = 500
"""So many jobs are asked for in one query: databases bound how many parameters it may have."""
LONGEST_OVERRUN = timedelta(hours=8)
"""Nobody is still at a visit so long after their shift: it was not reported as ended, and is planned again."""


def list_wanted_jobs(
    session: Session,
    on: date,
    *,
    now: datetime,
    zone: str,
    until_at: datetime | None = None,
    not_of_plan: int | None = None,
) -> list[Job]:
    """Those that `select_wanted_jobs` selects, with everything a planner reads already loaded.

    Those on a route of the plan with the id `not_of_plan` are passed over.
    """
    own_days = list_own_days(session, on, zone)
    query = select_wanted_jobs(on, now=now, zone=zone, until_at=until_at, own_days=own_days)
    if not_of_plan is not None:
        served = select(Stop.job_id).where(Stop.plan_id == not_of_plan, Stop.status != "cancelled")
        query = query.where(Job.id.not_in(served))
    return list(session.scalars(_with_planning_facts(query)))


def select_wanted_jobs(
    on: date,
    *,
    now: datetime,
    zone: str,
    until_at: datetime | None = None,
    own_days: Sequence[OwnDay] = (),
) -> Select[Job]:
    """All open jobs wanted on the day, by number.

    `until_at` is when the last shift that begins on the day ends, where that is after midnight. Jobs of territories far
    east have their `own_days`.
    """
    start_at, end_at = clock.day_start(on, zone), clock.day_end(on, zone)
    wanted = _is_wanted(on, clock.local_day(now, zone), now, start_at, end_at, until_at)
    if own_days:
        far = {day.zone: _territories_of([day.zone]) for day in own_days}
        elsewhere = or_(Job.territory_id.is_(None), Job.territory_id.not_in(_territories_of(far)))
        today = {day.zone: clock.local_day(now, day.zone) for day in own_days}
        wanted = or_(
            and_(elsewhere, wanted),
            *(
                and_(
                    Job.territory_id.in_(far[day.zone]),
                    _is_wanted(on, today[day.zone], now, day.start_at, day.end_at, day.until_at),
                )
                for day in own_days
            ),
        )
    return (
        select(Job)
        .where(Job.status == "open", wanted, Job.id.not_in(select_served_elsewhere(on, now, zone)))
        .order_by(Job.number)
    )


def _territories_of(zones: Iterable[str]) -> Select[int]:
    return select(Territory.id).where(Territory.zone.in_(list(zones)))


def _is_wanted(
    on: date, today: date, now: datetime, start_at: datetime, end_at: datetime, until_at: datetime | None
) -> ColumnElement[bool]:
    """Whether a job is wanted on a day that lasts so long, by its promise, else by its windows, else by its date."""
    own_window = JobWindow.job_id == Job.id
    has_windows = exists().where(own_window)
    touches_day = exists().where(own_window, JobWindow.opens_at < end_at, JobWindow.closes_at >= start_at)
    in_the_night = exists().where(
        own_window, JobWindow.opens_at < (until_at or end_at), JobWindow.closes_at >= start_at
    )
    wanted: list[ColumnElement[bool]] = [
        touches_day,
        and_(in_the_night, or_(Job.requested_on.is_(None), Job.requested_on <= on)),
        and_(~has_windows, Job.requested_on == on),
        and_(~has_windows, _earlier_or_any(on), _left_over(on, today, now)),
    ]
    if on == today:
        last_closes_at = select(func.max(JobWindow.closes_at)).where(own_window).scalar_subquery()
        wanted.append(and_(has_windows, last_closes_at < start_at))
    promise = Appointment.job_id == Job.id, Appointment.withdrawn_at.is_(None)
    promised = exists().where(
        *promise, Appointment.promised_from_at < (until_at or end_at), Appointment.promised_until_at >= start_at
    )
    promise_over = exists().where(*promise, Appointment.promised_until_at < start_at)
    by_promise = or_(promised, promise_over) if on == today else promised
    return or_(by_promise, and_(~exists().where(*promise), or_(*wanted)))


def read_planning_facts(session: Session, jobs: Iterable[Job]) -> None:
    """Load with each of these jobs what planning and the board read and is not loaded yet."""
    for query in _select_again(jobs):
        session.scalars(_with_planning_facts(query)).all()


def read_demands(session: Session, jobs: Iterable[Job]) -> None:
    """Load with each of these jobs what it asks of its technician."""
    for query in _select_again(jobs):
        session.scalars(_with_demands(query)).all()


def _select_again(jobs: Iterable[Job]) -> Iterator[Select[Job]]:
    ids = sorted({job.id for job in jobs})
    for first in range(0, len(ids), MOST_AT_ONCE):
        yield select(Job).where(Job.id.in_(ids[first : first + MOST_AT_ONCE]))


def _with_planning_facts(query: Select[Job]) -> Select[Job]:
    return _with_demands(query).options(
        selectinload(Job.location),
        selectinload(Job.windows),
        selectinload(Job.appointments),
        selectinload(Job.parts),
        selectinload(Job.customer),
        selectinload(Job.territory),
    )


def _with_demands(query: Select[Job]) -> Select[Job]:
    return query.options(selectinload(Job.skills), selectinload(Job.wishes).selectinload(JobWish.technician))


def _earlier_or_any(on: date) -> ColumnElement[bool]:
    return or_(Job.requested_on.is_(None), Job.requested_on < on)


def _left_over(on: date, today: date, now: datetime) -> ColumnElement[bool]:
    """Before today everything open is left over; from today on, what a plan has left out or does not reach."""
    if on <= today:
        return Job.id.is_not(None)
    left_out = (
        exists()
        .where(UnassignedJob.job_id == Job.id)
        .where(UnassignedJob.plan_id == PlanVersion.id)
        .where(PlanVersion.status == "published", PlanVersion.on >= today, PlanVersion.on < on)
    )
    planned = exists().where(PlanVersion.status == "published", PlanVersion.on == today)
    goes_on = planned.where(PlanRoute.plan_id == PlanVersion.id, PlanRoute.latest_end_at > now)
    is_over = and_(planned, ~goes_on, or_(Job.requested_on.is_(None), Job.requested_on == today))
    unreached = planned.where(
        Stop.plan_id == PlanVersion.id,
        Stop.job_id == Job.id,
        Stop.status.in_(WAITING),
        Stop.route_id == PlanRoute.id,
        PlanRoute.latest_end_at <= now,
    )
    return or_(Job.requested_on < today, left_out, unreached, is_over, and_(~planned, Job.requested_on.is_(None)))


def select_served_elsewhere(on: date, now: datetime, zone: str) -> Select[int]:
    """The ids of jobs that the published plan of another day serves: later, or in a shift still to come or going on.

    So does whoever is at one, or on the way, for some time after their shift. A visit that was cancelled serves nobody,
    also when its job is open again.
    """
    today = clock.local_day(now, zone)
    goes_on = or_(PlanRoute.latest_end_at > now, Stop.planned_end_at > now)
    overruns = and_(Stop.status.in_(UNDER_WAY), PlanRoute.latest_end_at > now - LONGEST_OVERRUN)
    return (
        select(Stop.job_id)
        .join(PlanVersion, Stop.plan_id == PlanVersion.id)
        .join(Stop.route)
        .where(PlanVersion.status == "published", PlanVersion.on != on, Stop.status != "cancelled")
        .where(or_(PlanVersion.on > today, goes_on, overruns))
    )
