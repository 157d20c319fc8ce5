"""What is known of visits now, for telling their customers: when, who, and what they were told before."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from dispatch import clock, installation
from dispatch.errors import NotFound
from dispatch.jobs.moving import job_status
from dispatch.jobs.statuses import WAITING
from dispatch.models import Job, Notice, PlanRoute, PlanVersion, Stop
from dispatch.notices.told import NOBODY_COMES, select_told
from dispatch.notices.windows import Window, arrival_window, planned_window
from dispatch.planning.budget import is_tentative
from dispatch.settings import Settings

SAME_DAY = timedelta(hours=12)
"""A delay was told of what was planned no longer than this before."""


@dataclass(frozen=True)
class Told:
    """What the customer was told last, by that notice. `on_the_day` as a delay or from the road: no plan knows it."""

    notice_id: int
    window: Window
    on_the_day: bool


@dataclass(frozen=True)
class Visit:
    """A job with its stop in the published plan, if any. `window` is when somebody comes; None when nobody can say.

    `last_ended_id` is the newest notice about the visit that is over; 0 when there is none. `missed_id` is the notice
    that nobody let us in, while that is the last that the customer was told; else 0.
    """

    job: Job
    stop: Stop | None
    status: str
    zone: str
    window: Window | None
    told: Told | None
    last_ended_id: int
    missed_id: int

    @property
    def technician(self) -> str:
        """The first name only."""
        return self.stop.route.technician.name.split()[0] if self.stop is not None else ""

    @property
    def is_as_promised(self) -> bool:
        """Whether the window is one that people have promised."""
        promise = self.job.find_promise()
        return promise is not None and (promise.promised_from_at, promise.promised_until_at) == self.window

    @property
    def is_coming(self) -> bool:
        """Whether a visit is planned and has not begun, or is promised and will be planned."""
        return self.window is not None and self.status in (*WAITING, "requested")

    def is_as(self, told: Told | None) -> bool:
        """Whether what was told still holds."""
        if told is None or self.window is None:
            return False
        if told.window == self.window:
            return True
        if self.is_as_promised:
            return False  # another promise is another time, also where it overlaps the one before
        if self.stop is None:
            return False
        earliest = told.window[0] - SAME_DAY if told.on_the_day else told.window[0]
        return earliest <= self.stop.planned_start_at <= told.window[1]


def may_still_change(visit: Visit, settings: Settings, now: datetime) -> bool:
    """Whether it is planned for a tentative day: customers are told of these only what people have promised."""
    if visit.window is None or visit.is_as_promised:
        return False
    return is_tentative(settings, clock.local_day(visit.window[0], visit.zone), clock.local_day(now, visit.zone))


def get_visit(session: Session, job_id: int, now: datetime) -> Visit:
    """Raises NotFound."""
    found = read_visits(session, [job_id], now)
    if job_id not in found:
        raise NotFound(f"There is no job with id {job_id}.")
    return found[job_id]


def read_visits(session: Session, job_ids: Collection[int], now: datetime) -> dict[int, Visit]:
    """By job id."""
    jobs = session.scalars(
        select(Job)
        .where(Job.id.in_(job_ids))
        .options(
            joinedload(Job.customer),
            joinedload(Job.location),
            joinedload(Job.territory),
            selectinload(Job.appointments),
        )
    ).all()
    stops = _read_stops(session, job_ids)
    last, ended = _read_told(session, job_ids)
    zones = {job.id: installation.get_zone_at(session, job.territory) for job in jobs}
    return {
        job.id: _visit(job, stops.get(job.id), last.get(job.id), ended.get(job.id, 0), zones[job.id], now)
        for job in jobs
    }


def _visit(job: Job, stop: Stop | None, last: Notice | None, last_ended_id: int, zone: str, now: datetime) -> Visit:
    status = job_status(job, stop, now)
    promise = job.find_promise()
    window = None
    if status == "requested":
        stop = None  # a visit of an earlier day that never began
        holds = promise is not None and promise.promised_until_at > now
        window = (promise.promised_from_at, promise.promised_until_at) if promise is not None and holds else None
    elif stop is not None and status in WAITING:
        window = planned_window(stop, promise)
    elif stop is not None and status == "en_route" and stop.actual_departed_at is not None:
        window = arrival_window(stop.actual_departed_at, stop.travel_s)
    told = as_told(last) if last is not None else None
    missed_id = last.id if last is not None and last.kind == "missed" else 0
    return Visit(job, stop, status, zone, window, told, last_ended_id, missed_id)


def _read_stops(session: Session, job_ids: Collection[int]) -> Mapping[int, Stop]:
    """By job id: the stop on the last day whose published plan has one; one that is cancelled where all are."""
    stops: Sequence[Stop] = session.scalars(
        select(Stop)
        .join(Stop.route)
        .join(PlanRoute.plan)
        .where(Stop.job_id.in_(job_ids), PlanVersion.status == "published")
        .order_by(Stop.status != "cancelled", PlanVersion.on)  # the last one counts
        .options(
            joinedload(Stop.route).joinedload(PlanRoute.technician), joinedload(Stop.route).joinedload(PlanRoute.plan)
        )
    ).all()
    return {stop.job_id: stop for stop in stops}


def _read_told(session: Session, job_ids: Collection[int]) -> tuple[dict[int, Notice], dict[int, int]]:
    """By job id: the notice that told something last, and the newest one that is over."""
    last = {row.job_id: row for row in session.scalars(select_told().where(Notice.job_id.in_(job_ids)))}
    ended = session.execute(
        select(Notice.job_id, func.max(Notice.id))
        .where(Notice.job_id.in_(job_ids), Notice.status != "waiting")
        .group_by(Notice.job_id)
    )
    return last, {row[0]: row[1] for row in ended}


def find_told_before(session: Session, row: Notice) -> Told | None:
    """What was told last on that notice's channel, else what was told on any before it was queued."""
    before = int(row.about.removeprefix("after "))
    here_or_before = or_(Notice.channel == row.channel, Notice.id <= before)
    told = session.scalars(select_told().where(Notice.job_id == row.job_id, here_or_before)).all()
    return as_told(told[-1]) if told else None


def as_told(row: Notice) -> Told | None:
    """What that notice told; None when it was that nobody comes: a visit that they hear of after it is a first time."""
    if row.kind in NOBODY_COMES:
        return None
    assert row.told_from_at is not None, "a notice that told no time"
    assert row.told_until_at is not None, "the database refuses half a window"
    return Told(row.id, (row.told_from_at, row.told_until_at), row.kind in ("late", "on_the_way"))
