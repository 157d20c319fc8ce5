"""When the visits of the day that goes on are expected to begin, where that is not as planned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.jobs.statuses import WAITING
from dispatch.living.times import Reached, RouteFacts, StopFacts, Told, reach_stops, read_told
from dispatch.models import Job, Location, PlanRoute, PlanVersion, Rest, Stop, Technician
from dispatch.planning.day_over import is_over
from dispatch.territories.scope import without_limits

TOLD_FROM = timedelta(minutes=5)
"""Whoever begins later than planned by less is in time."""

Expected = dict[int, datetime]
"""By the id of a stop."""


def list_expected(session: Session, on: date, now: datetime) -> Expected:
    """Of every visit that will begin five minutes or more after its time, when; none on a day that does not go on.

    A day of thousands of jobs is read in columns alone. Somebody's day is reckoned whole, whatever of it the session
    may find.
    """
    begun = PlanVersion.on == on, PlanVersion.status == "published", PlanVersion.day_start_at <= now
    with without_limits(session):
        plan_id = session.scalar(select(PlanVersion.id).where(*begun))
        if plan_id is None or is_over(session, on, now):
            return {}
        return expect(_read_routes(session, plan_id), read_told(session, on), now)


def expect(routes: Iterable[RouteFacts], told: Told, now: datetime) -> Expected:
    """Of these routes; what has begun is no longer expected, nor whoever is known to be away by then."""
    return {
        one.stop.stop_id: one.start_at
        for route in routes
        for one in reach_stops(route, told, now)
        if one.stop.actual_start_at is None
        and one.start_at - one.stop.planned_start_at >= TOLD_FROM
        and not _is_away(route, one, told)
    }


def _is_away(route: RouteFacts, one: Reached, told: Told) -> bool:
    """Whether nobody sets out for it any more: who falls ill on the way arrives, or says that they do not."""
    away_at = told.away.get(route.technician_id)
    return away_at is not None and one.start_at >= away_at and one.stop.status in WAITING


_FACTS = (
    Stop.id,
    Stop.position,
    Stop.status,
    Job.status,
    Stop.planned_arrive_at,
    Stop.planned_start_at,
    Stop.planned_end_at,
    Stop.actual_departed_at,
    Stop.actual_start_at,
    Stop.actual_end_at,
    Stop.travel_s,
    Stop.travel_m,
    Location.lat,
    Location.lon,
)
"""As `StopFacts` has them."""


def _read_routes(session: Session, plan_id: int) -> Iterator[RouteFacts]:
    stops: defaultdict[int, list[StopFacts]] = defaultdict(list)
    of_jobs = select(Stop.route_id, *_FACTS).join(Stop.job).join(Job.location).where(Stop.plan_id == plan_id)
    for route_id, *facts in session.execute(of_jobs):
        stops[route_id].append(StopFacts(*facts))
    rests: defaultdict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    of_rests = select(Rest.route_id, Rest.planned_start_at, Rest.planned_end_at)
    of_rests = of_rests.where(Rest.route_id.in_(select(PlanRoute.id).where(PlanRoute.plan_id == plan_id)))
    for route_id, start_at, end_at in session.execute(of_rests):
        rests[route_id].append((start_at, end_at))
    route = PlanRoute.id, PlanRoute.technician_id, PlanRoute.leave_at, PlanRoute.shift_start_at
    with_homes = (
        select(*route, Location.lat, Location.lon)
        .join(PlanRoute.technician)
        .outerjoin(Technician.home)
        .where(PlanRoute.plan_id == plan_id)
    )
    for route_id, technician_id, leave_at, shift_start_at, lat, lon in session.execute(with_homes):
        home = None if lat is None else (lat, lon)
        yield RouteFacts(technician_id, leave_at or shift_start_at, home, stops[route_id], rests[route_id])
