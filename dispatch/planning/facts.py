"""Reads, in one snapshot, everything that the plan of one day is made from."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from dispatch import clock, installation
from dispatch.errors import Conflict
from dispatch.jobs.statuses import BEGUN, HELD, WAITING
from dispatch.models import (
    BorrowedDay,
    Incident,
    Job,
    PlanChange,
    PlanRoute,
    PlanVersion,
    Stop,
    Technician,
    Territory,
    UnassignedJob,
)
from dispatch.planning.far_east import first_shift_start, list_own_days
from dispatch.planning.hindrances import Hindrances, read_hindrances
from dispatch.planning.limits import Taken, count_taken
from dispatch.planning.shifts import ShiftHours, find_shift, find_zone
from dispatch.planning.wanted import read_planning_facts, select_wanted_jobs


@dataclass(frozen=True)
class DayFacts:
    """The rows of one day, detached from the database; nobody changes them.

    Its seconds count from `day_start_at`: the head office's midnight, or when the first shift begins far east of it.
    `not_before_at` is the earliest instant at which new work may be planned.
    """

    on: date
    zone: str
    day_start_at: datetime
    over_at: datetime
    """When the last shift that begins on the day must end, and the head office's midnight at least."""
    not_before_at: datetime
    technicians: tuple[Technician, ...]
    """Whoever works here, and who has left after beginning what is on a published route: that stays theirs."""
    jobs: tuple[Job, ...]
    published: PlanVersion | None
    taken: Taken = field(default_factory=dict)
    """What the week's and the month's other days have given to those with limits."""
    hindrances: Hindrances = field(default_factory=Hindrances)
    """What has happened that the patterns do not say."""
    told: frozenset[int] = frozenset()
    """The incidents of the day, by id, that were open when this was read: no plan of it answers what was told since."""
    among: frozenset[int] | None = None
    """The technicians, by id, whom a repair of the day is about; None for everybody."""

    @property
    def routes(self) -> list[PlanRoute]:
        """The published routes of those whom this is about; none when the day is not planned."""
        routes = self.published.routes if self.published else []
        return [route for route in routes if self.among is None or route.technician_id in self.among]

    def counted_from(self, start_at: datetime) -> DayFacts:
        """The same with another beginning, such as that of a draft of before somebody's shift was changed; what lies
        before it is past."""
        return replace(self, day_start_at=start_at, not_before_at=max(start_at, self.not_before_at))

    def zone_of(self, technician: Technician) -> str:
        """The zone in which the technician's shifts are meant."""
        return find_zone(technician, self.on, self.zone)

    def hours_of(self, technician: Technician) -> ShiftHours | None:
        """The technician's shift, less what an incident has taken off it; None where nothing is left, or they have
        left."""
        if not technician.active:
            return None
        hours = find_shift(technician, self.on, self.zone_of(technician))
        return None if hours is None else self.hindrances.cut(hours, technician.id)

    def is_gone(self, technician_id: int, start_at: datetime) -> bool:
        """Whether somebody is away when a visit that was to begin then, and has not, could begin: now at the earliest.

        Also who should have begun it before they were known to be ill.
        """
        return self.hindrances.is_away(technician_id, max(start_at, self.not_before_at))

    def kept_stops(self) -> dict[int, Stop]:
        """By job id: the published stops that a new plan must not move, since they are started or pinned."""
        return {stop.job_id: stop for route in self.routes for stop in route.stops if is_kept(stop)}


Restriction = Callable[[Session, DayFacts], DayFacts]
"""Chooses, in the snapshot in which the day is read, whom a repair is about."""


def is_kept(stop: Stop) -> bool:
    """True for stops that a new plan leaves where they are; a pin goes away with its job, and with its visit."""
    return stop.status in HELD or (stop.pinned and stop.status in WAITING and stop.job.status == "open")


def read_day(
    session: Session,
    on: date,
    *,
    now: datetime,
    without_incident_id: int | None = None,
    restrict: Restriction | None = None,
) -> DayFacts:
    """Read the day, as if one incident had not been. Raises Conflict for a day that is over.

    What `restrict` leaves of it is all that is read whole. Of other jobs little more is known than where they are,
    which is enough to choose by; they are still in the published plan.
    """
    zone = installation.get_zone(session)
    technicians = tuple(session.scalars(select_technicians()))
    start_at, over_at = first_shift_start(technicians, on, zone), last_shift_end(technicians, on, zone)
    if over_at <= now:
        raise Conflict(f"{on} is over ({zone}); plan today or a later day.")
    plans_whole_day = installation.find_setting(session, installation.PLANS_WHOLE_DAY) == "yes"
    published = _find_published(session, on)
    start_at = min([start_at, *_list_begun_shifts(published)])
    technicians += _list_left(session, published, {one.id for one in technicians})
    own_days = list_own_days(session, on, zone)
    wanted = select_wanted_jobs(on, now=now, zone=zone, until_at=over_at, own_days=own_days)
    wanted = wanted.options(selectinload(Job.location))
    jobs = {job.id: job for job in session.scalars(wanted)}
    if published:
        for route in published.routes:
            jobs.update({stop.job_id: stop.job for stop in route.stops if is_kept(stop)})
    facts = DayFacts(
        on=on,
        zone=zone,
        day_start_at=start_at,
        over_at=over_at,
        not_before_at=start_at if plans_whole_day else max(now, start_at),
        technicians=technicians,
        jobs=tuple(sorted(jobs.values(), key=lambda job: job.number)),
        published=published,
        taken=count_taken(session, technicians, on, now, zone),
        hindrances=read_hindrances(session, on, without_incident_id),
        told=frozenset(session.scalars(select(Incident.id).where(Incident.on == on, Incident.status == "open"))),
    )
    if restrict is not None:
        facts = restrict(session, facts)
    read_planning_facts(session, [*facts.jobs, *(stop.job for route in facts.routes for stop in route.stops)])
    return facts


def _list_begun_shifts(published: PlanVersion | None) -> list[datetime]:
    """When the published shifts of those who have begun begin: perhaps long before the head office's midnight, and of
    somebody who has no shift any more."""
    routes = published.routes if published else []
    return [one.shift_start_at for one in routes if any(stop.status in BEGUN for stop in one.stops)]


def _list_left(session: Session, published: PlanVersion | None, here: Collection[int]) -> tuple[Technician, ...]:
    """Who has begun what is published, and is not among those `here` any more."""
    left = {
        route.technician_id
        for route in (published.routes if published else [])
        if route.technician_id not in here and any(stop.status in BEGUN for stop in route.stops)
    }
    return tuple(session.scalars(_select_people().where(Technician.id.in_(left)))) if left else ()


def last_shift_end(technicians: Iterable[Technician], on: date, zone: str) -> datetime:
    """When the last shift that begins on the day must end; the end of the day where none reaches beyond it."""
    ends = [clock.day_end(on, zone)]
    for technician in technicians:
        hours = find_shift(technician, on, find_zone(technician, on, zone))
        if hours:
            ends.append(hours.latest_end_at)
    return max(ends)


def select_technicians() -> Select[Technician]:
    """All active technicians by code, with what planning and the board read."""
    return _select_people().where(Technician.active)


def _select_people() -> Select[Technician]:
    return (
        select(Technician)
        .order_by(Technician.code)
        .options(
            selectinload(Technician.territory).selectinload(Territory.holidays),
            selectinload(Technician.home),
            selectinload(Technician.secondary_territories),
            selectinload(Technician.skills),
            selectinload(Technician.shift_patterns),
            selectinload(Technician.absences),
            selectinload(Technician.special_shifts),
            selectinload(Technician.borrowed_days).selectinload(BorrowedDay.territory).selectinload(Territory.holidays),
            selectinload(Technician.limits),
            selectinload(Technician.van_stock),
        )
    )


def find_published(session: Session, on: date) -> PlanVersion | None:
    """The published plan of the day with its routes, stops and jobs, and all that planning reads of these, or None."""
    plan = _find_published(session, on)
    if plan is not None:
        read_planning_facts(session, [stop.job for route in plan.routes for stop in route.stops])
    return plan


def lock_published(session: Session, on: date) -> PlanVersion | None:
    """The published plan of the day with its routes and stops, or None; of jobs next to nothing is read.

    Reports about its stops wait until this transaction ends (SQLite: all writers do anyway).
    """
    stops = select(Stop).join(PlanVersion, Stop.plan_id == PlanVersion.id)
    stops = stops.where(PlanVersion.on == on, PlanVersion.status == "published").order_by(Stop.id)
    session.scalars(stops.with_only_columns(Stop.id).with_for_update(of=Stop)).all()
    plan = session.scalar(_with_routes(_select_published(on)))
    session.scalars(stops.where(Stop.pinned).options(selectinload(Stop.job))).all()  # whether they are kept is asked
    return plan


def get_plan_version(session: Session, plan_id: int) -> PlanVersion:
    """One version with its routes, stops and jobs, what was promised for these, what it leaves out and what it changes,
    published or not."""
    stops = selectinload(PlanVersion.routes).selectinload(PlanRoute.stops)
    query = _with_names(select_lines()).options(stops.selectinload(Stop.job).selectinload(Job.appointments))
    return session.scalars(query.where(PlanVersion.id == plan_id)).one()


def select_lines() -> Select[PlanVersion]:
    """Versions with what they change and no more: what is on their routes is not read."""
    return select(PlanVersion).options(selectinload(PlanVersion.changes).selectinload(PlanChange.job))


def _find_published(session: Session, on: date) -> PlanVersion | None:
    routes = selectinload(PlanVersion.routes)
    homes = routes.selectinload(PlanRoute.technician).selectinload(Technician.home)
    places = routes.selectinload(PlanRoute.stops).selectinload(Stop.job).selectinload(Job.location)
    return session.scalar(_with_names(_select_published(on)).options(homes, places))


def _select_published(on: date) -> Select[PlanVersion]:
    return select(PlanVersion).where(PlanVersion.on == on, PlanVersion.status == "published")


def _with_names(query: Select[PlanVersion]) -> Select[PlanVersion]:
    routes = selectinload(PlanVersion.routes)
    people, jobs = (
        routes.selectinload(PlanRoute.technician),
        routes.selectinload(PlanRoute.stops).selectinload(Stop.job),
    )
    return _with_routes(query).options(people, jobs)


def _with_routes(query: Select[PlanVersion]) -> Select[PlanVersion]:
    routes = selectinload(PlanVersion.routes)
    return query.options(
        routes.selectinload(PlanRoute.stops),
        routes.selectinload(PlanRoute.rests),
        selectinload(PlanVersion.unassigned).selectinload(UnassignedJob.job),
        selectinload(PlanVersion.violations),
    )
