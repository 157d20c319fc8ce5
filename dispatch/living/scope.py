"""Which technicians and jobs a repair of the day is about: those that something happened to, and a few near them.

This only chooses where to look; who may serve what is for the optimizer's rules to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from math import cos, hypot, radians

from sqlalchemy.orm import Session

from dispatch.jobs.statuses import BEGUN, OPEN, WAITING
from dispatch.models import Incident, Job, PlanChange, PlanRoute, Stop, Technician
from dispatch.planning.detours import list_legs, read_detours
from dispatch.planning.facts import DayFacts
from dispatch.planning.hindrances import find_closure
from dispatch.planning.shifts import ShiftHours, find_territory
from dispatch.planning.skills import list_held
from dispatch.planning.wanted import read_demands

MOST_TECHNICIANS = 24
"""So many people are looked at beside those that something happened to."""
LEAST_PER_JOB, MOST_PER_JOB = 2, 12
MOST_JOBS_LEFT_OUT = 20
"""So many jobs that are left out are tried where somebody has become free, the nearest first."""
METRES_PER_DEGREE = 111_195

Point = tuple[float, float]


@dataclass(frozen=True)
class _Candidate:
    """What is asked of one technician for job after job."""

    skills: Mapping[str, int]
    territories: frozenset[int] | None
    """None is everywhere."""
    points: tuple[Point, ...]
    """Where they will be next, were last, or live."""


def restrict(
    session: Session, facts: DayFacts, incidents: Iterable[Incident], decided: Iterable[PlanChange] = ()
) -> DayFacts:
    """The day as far as these incidents touch it, and lines that somebody has decided about. What is on other people's
    routes stays as it is published."""
    finder = _Finder(session, facts)
    for incident in incidents:
        finder.add(incident)
    for line in decided:
        finder.add_decided(line)
    return finder.restricted()


class _Finder:
    def __init__(self, session: Session, facts: DayFacts) -> None:
        self.session, self.facts = session, facts
        self.routes = {route.technician_id: route for route in facts.routes}
        stops = [stop for route in facts.routes for stop in route.stops]
        self.planned = {stop.job_id: stop for stop in stops if stop.status != "cancelled"}
        self.jobs = {job.id: job for job in facts.jobs}
        self.touched: set[int] = set()
        """Technicians that something happened to."""
        self.unserved: dict[int, Job] = {}
        """Jobs that may need somebody else."""
        self.hoping: dict[int, Job] = {}
        """Jobs that are left out and may fit now."""
        self._candidates: dict[int, _Candidate | None] = {}

    def add(self, incident: Incident) -> None:
        """Take in what one incident touches."""
        if incident.technician_id is not None:
            self.touched.add(incident.technician_id)
        if incident.job_id is not None and incident.job_id in self.jobs:
            self.unserved[incident.job_id] = self.jobs[incident.job_id]
        if incident.kind in ("no_access", "cancellation"):
            self._add_left_out(incident.technician_id)
        elif incident.kind == "road_closed":
            self._add_closed(incident)
        else:
            self._add_waiting(incident.technician_id)

    def add_decided(self, line: PlanChange) -> None:
        """Take in those between whom somebody has decided, so that the decision can be kept, and whoever has it now."""
        self.touched |= {who for who in (line.from_technician_id, line.to_technician_id) if who is not None}
        if line.job_id in self.planned:
            self.touched.add(self.planned[line.job_id].route.technician_id)
        if line.job_id in self.jobs:
            self.hoping[line.job_id] = self.jobs[line.job_id]

    def restricted(self) -> DayFacts:
        """Those touched, those who have the touched jobs, and the nearest who could take them."""
        read_demands(self.session, self.unserved.values())
        people = {one.id: one for one in self.facts.technicians}
        among = self.touched | {
            self.planned[job_id].route.technician_id for job_id in self.unserved if job_id in self.planned
        }
        each = min(MOST_PER_JOB, max(LEAST_PER_JOB, MOST_TECHNICIANS // max(1, len(self.unserved))))
        ranked = [
            sorted(
                (self._distance_m(one, job), one.id)
                for one in people.values()
                if one.id not in self.touched and self._may_serve(one, job)
            )
            for job in self.unserved.values()
        ]
        near: set[int] = set()
        for rank in range(each):  # everybody's nearest first, then everybody's second
            for candidates in ranked:
                if rank < len(candidates) and len(near) < MOST_TECHNICIANS:
                    near.add(candidates[rank][1])
        among |= near
        wanted = {
            stop.job_id
            for technician_id in among
            if technician_id in self.routes
            for stop in self.routes[technician_id].stops
        }
        wanted |= set(self.unserved) | set(self.hoping)
        return replace(
            self.facts,
            technicians=tuple(one for one in self.facts.technicians if one.id in among),
            jobs=tuple(job for job in self.facts.jobs if job.id in wanted),
            among=frozenset(among),
        )

    def _waiting_of(self, technician_id: int | None) -> Iterator[Stop]:
        route = self.routes.get(technician_id) if technician_id is not None else None
        for stop in route.stops if route else []:
            if stop.status in WAITING and stop.job.status == OPEN:
                yield stop

    def _add_waiting(self, technician_id: int | None) -> None:
        for stop in self._waiting_of(technician_id):
            self.unserved[stop.job_id] = stop.job

    def _add_closed(self, incident: Incident) -> None:
        """Visits there, and ways through it that take longer around."""
        closure = find_closure(incident)
        if closure is None:
            return
        detours = read_detours(self.session, [closure], self.facts.over_at)
        for technician_id, route in self.routes.items():
            waiting = {stop.job_id for stop in self._waiting_of(technician_id)}
            for stop, leg, leave_at in list_legs(route):
                if stop is not None and stop.job_id not in waiting:
                    continue
                is_there = stop is not None and closure.holds(stop.job.location)
                if is_there or detours.travel_s(leg, leave_at) > leg.travel_s:
                    self.touched.add(technician_id)
                    if stop is not None:
                        self.unserved[stop.job_id] = stop.job

    def _add_left_out(self, technician_id: int | None) -> None:
        """The nearest jobs that nobody serves and that this technician could."""
        technician = next((one for one in self.facts.technicians if one.id == technician_id), None)
        if technician is None:
            return
        left = [job for job in self.jobs.values() if job.id not in self.planned]
        read_demands(self.session, left)
        left = [job for job in left if self._may_serve(technician, job)]
        left.sort(key=lambda job: (self._distance_m(technician, job), job.number))
        self.hoping |= {job.id: job for job in left[:MOST_JOBS_LEFT_OUT]}

    def _may_serve(self, one: Technician, job: Job) -> bool:
        candidate = self._find_candidate(one)
        if candidate is None or any(candidate.skills.get(skill.name, 0) < skill.level for skill in job.skills):
            return False
        required = {wish.technician_id for wish in job.wishes if wish.wish == "required"}
        excluded = {wish.technician_id for wish in job.wishes if wish.wish == "excluded"}
        if one.id in excluded or (required and one.id not in required):
            return False
        return job.territory_id is None or candidate.territories is None or job.territory_id in candidate.territories

    def _distance_m(self, one: Technician, job: Job) -> float:
        """From where the technician will be next, or from home, whichever is nearer."""
        candidate = self._find_candidate(one)
        points = candidate.points if candidate else ()
        return min((_apart_m(point, job.location.point) for point in points), default=0.0)

    def _find_candidate(self, one: Technician) -> _Candidate | None:
        """None without a shift; worked out once, since every job asks about everybody."""
        if one.id not in self._candidates:
            hours = self.facts.hours_of(one)
            self._candidates[one.id] = None if hours is None else self._candidate(one, hours)
        return self._candidates[one.id]

    def _candidate(self, one: Technician, hours: ShiftHours) -> _Candidate:
        territory = find_territory(one, self.facts.on)
        own = frozenset({other.id for other in one.secondary_territories} | ({territory.id} if territory else set()))
        stops = [*self._waiting_of(one.id), *_last_begun(self.routes.get(one.id))]
        points = [*(stop.job.location.point for stop in stops), *([one.home.point] if one.home else [])]
        held = list_held(one, hours, self.facts.zone_of(one))
        return _Candidate(held, own if territory else None, tuple(points))


def _last_begun(route: PlanRoute | None) -> list[Stop]:
    return [stop for stop in (route.stops if route else []) if stop.status in BEGUN][-1:]


def _apart_m(a: Point, b: Point) -> float:
    """As the crow flies on a plane, which is enough to tell who is near."""
    return METRES_PER_DEGREE * hypot(a[0] - b[0], (a[1] - b[1]) * cos(radians(a[0])))
