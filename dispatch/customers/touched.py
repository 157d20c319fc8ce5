"""Events of days that are about no job, and which of a customer's visits they touched all the same: whose technician
was ill or late, where a road was closed, and what a plan that answers them has moved.

Of a day that is long over only the last plan is kept: what an earlier one had there is told no more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from dispatch.models import Event, Incident, Job, Location, PlanChange, PlanRoute, PlanVersion, Stop
from dispatch.planning.hindrances import find_closure
from dispatch.territories.scope import get_limits

_ABOUT_PEOPLE, _CLOSED = ("technician_ill", "technician_late"), "road_closed"


@dataclass(frozen=True)
class _Visit:
    plan_id: int
    on: date
    job_id: int
    technician_id: int
    start_at: datetime
    end_at: datetime
    place: Location


def map_touched(session: Session, numbers: Mapping[int, str], newest_event: int) -> dict[int, list[str]]:
    """By the event's id the numbers of the jobs, of these by their ids, whose visits it touched; as it was known when
    that was the newest event.

    None for whoever is limited to territories: what was done about them names visits that are not theirs.
    """
    found: dict[int, set[int]] = defaultdict(set)
    if not get_limits(session):
        for incident_id, job_id in (*_of_visits(session, numbers), *_of_answers(session, numbers, newest_event)):
            found[incident_id].add(job_id)
    return {incident_id: [numbers[job_id] for job_id in sorted(job_ids)] for incident_id, job_ids in found.items()}


def _of_visits(session: Session, job_ids: Collection[int]) -> Iterator[tuple[int, int]]:
    """Visits that were planned when it was told, and not over when it began to hold: of that technician, or within."""
    planned: dict[int | None, list[_Visit]] = defaultdict(list)
    for visit in _read_visits(session, job_ids):
        planned[visit.plan_id].append(visit)
    published = _read_published(session, {visit.on for visits in planned.values() for visit in visits})
    for incident in _list_incidents(session, published):
        for on in _days_of(incident, published):
            in_force = next((plan_id for at, plan_id in published[on] if at <= incident.reported_at), None)
            yield from ((incident.id, one.job_id) for one in planned.get(in_force, ()) if _touches(incident, one))


def _read_visits(session: Session, job_ids: Collection[int]) -> Iterator[_Visit]:
    query = (
        select(Stop, PlanVersion.on, PlanRoute.technician_id, Location)
        .join(PlanRoute, Stop.route_id == PlanRoute.id)
        .join(PlanVersion, Stop.plan_id == PlanVersion.id)
        .join(Job, Stop.job_id == Job.id)
        .join(Location, Job.location_id == Location.id)
        .where(Stop.job_id.in_(job_ids))
    )
    for stop, on, technician_id, place in session.execute(query):
        end_at = stop.actual_end_at or stop.planned_end_at
        yield _Visit(stop.plan_id, on, stop.job_id, technician_id, stop.planned_start_at, end_at, place)


def _read_published(session: Session, days: Collection[date]) -> dict[date, list[tuple[datetime, int]]]:
    """By day when which plan was published, the newest first."""
    found: dict[date, list[tuple[datetime, int]]] = defaultdict(list)
    query = select(PlanVersion.on, PlanVersion.published_at, PlanVersion.id).where(
        PlanVersion.on.in_(days), PlanVersion.published_at.is_not(None)
    )
    for on, at, plan_id in session.execute(query.order_by(PlanVersion.version.desc())):
        assert at is not None, "drafts are left out"
        found[on].append((at, plan_id))
    return found


def _list_incidents(session: Session, days: Collection[date]) -> list[Incident]:
    """Those about no job that may have touched something on these days."""
    if not days:
        return []
    lasts = or_(Incident.until_on > Incident.on, and_(Incident.kind == _CLOSED, Incident.until_at.is_not(None)))
    query = select(Incident).where(
        Incident.job_id.is_(None),
        Incident.kind.in_((*_ABOUT_PEOPLE, _CLOSED)),
        or_(Incident.on.in_(days), and_(Incident.on < max(days), lasts)),
    )
    return list(session.scalars(query))


def _days_of(incident: Incident, days: Collection[date]) -> Iterator[date]:
    """Those of the days on which it may hold; whether a road is closed still is for each visit to say."""
    last_on = incident.until_on or incident.on
    if incident.kind == _CLOSED and incident.until_at is not None:
        last_on = incident.until_at.date() + timedelta(days=1)  # wherever clocks are ahead
    return (on for on in days if incident.on <= on <= last_on)


def _touches(incident: Incident, visit: _Visit) -> bool:
    if visit.end_at <= incident.from_at:
        return False
    if incident.kind != _CLOSED:
        return visit.technician_id == incident.technician_id
    closure = find_closure(incident)
    if closure is None or not closure.holds(visit.place):
        return False
    return closure.until_at is None or visit.start_at < closure.until_at


def _of_answers(session: Session, job_ids: Collection[int], newest_event: int) -> Iterator[tuple[int, int]]:
    """What the published version that answers it has elsewhere than the one before."""
    by_then = select(Event.at).where(Event.seq == newest_event).scalar_subquery()
    query = (
        select(Incident.id, PlanChange.job_id)
        .join(PlanChange, PlanChange.plan_id == Incident.plan_id)
        .join(PlanVersion, PlanVersion.id == Incident.plan_id)
        .where(Incident.job_id.is_(None), PlanChange.job_id.in_(job_ids), PlanVersion.published_at <= by_then)
    )
    yield from ((incident_id, job_id) for incident_id, job_id in session.execute(query))
