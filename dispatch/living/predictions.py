"""Which visits of a day will be late, from when their stops will really be reached. Nothing is planned here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from dispatch.clock import seconds_between
from dispatch.jobs.statuses import WAITING
from dispatch.living.times import RouteFacts, StopFacts, Told, reach_stops, read_told
from dispatch.models import Job, PlanRoute, PlanVersion, Stop, Technician
from dispatch.notices.told import read_counted_on
from dispatch.planning.agreed import find_due_at, list_spans


@dataclass(frozen=True)
class Prediction:
    """A visit that has not ended: when the technician arrives, starts and ends, as far as is known now.

    `late_s` is by how many seconds work starts after what the customer counts on: the promise, the time window or the
    due time, whichever is passed first; 0 when in time. `predict_routes` reckons with what messages told them as well.
    `delay_s` is how much later than planned that is.
    """

    stop: Stop
    arrive_at: datetime
    start_at: datetime
    end_at: datetime
    late_s: int

    @property
    def job(self) -> Job:
        return self.stop.job

    @property
    def technician_id(self) -> int:
        return self.stop.route.technician_id

    @property
    def will_be_late(self) -> bool:
        """Whether it has not begun and will begin too late."""
        return self.late_s > 0 and self.stop.actual_start_at is None

    @property
    def delay_s(self) -> int:
        return max(0, seconds_between(self.stop.planned_start_at, self.start_at))


def list_predictions(session: Session, on: date, now: datetime) -> list[Prediction]:
    """For every visit of the published plan that has not ended, by technician in order; none when not planned."""
    told = read_told(session, on)
    return [one for route in list_routes(session, on) for one in predict_route(route, told, now)]


def list_heard(session: Session, on: date, now: datetime) -> list[Prediction]:
    """`list_predictions` without the delays that rest on nothing but the silence of a phone, which may have no network.

    Who has not reported that they are on the way, or there, is taken to be as far as what was heard of them says.
    """
    told = read_told(session, on)
    return [one for route in list_routes(session, on) for one in _predict_heard(route, told, now)]


def _predict_heard(route: PlanRoute, told: Told, now: datetime) -> list[Prediction]:
    found = list(predict_route(route, told, now))
    if found and found[0].stop.status in WAITING:  # nobody has begun with what is left: only the clock has gone on
        return list(predict_route(route, told, min(now, route.shift_start_at)))
    return found


def find_late(session: Session, on: date, job_id: int, now: datetime) -> Prediction | None:
    """The visit to that job in the published plan, where it will be late; None where not, or nobody goes there."""
    of_whom = select(PlanRoute.technician_id).join(PlanRoute.plan).join(PlanRoute.stops)
    of_whom = of_whom.where(PlanVersion.on == on, PlanVersion.status == "published")
    technician_id = session.scalar(of_whom.where(Stop.job_id == job_id, Stop.status != "cancelled"))
    if technician_id is None:
        return None
    told, routes = read_told(session, on), list_routes(session, on, technician_id)
    found = [one for predictions in predict_routes(session, routes, told, now) for one in predictions]
    return next((one for one in found if one.job.id == job_id and one.will_be_late), None)


def list_routes(session: Session, on: date, technician_id: int | None = None) -> list[PlanRoute]:
    """The published routes of the day, or the one of a technician, with what a prediction reads."""
    stops = selectinload(PlanRoute.stops)
    jobs = stops.joinedload(Stop.job)
    query = (
        select(PlanRoute)
        .join(PlanRoute.plan)
        .where(PlanVersion.on == on, PlanVersion.status == "published")
        .order_by(PlanRoute.id)
        .options(
            joinedload(PlanRoute.rests),
            jobs.joinedload(Job.windows),
            jobs.joinedload(Job.appointments),
            jobs.joinedload(Job.customer),
            jobs.joinedload(Job.location),
            joinedload(PlanRoute.technician).joinedload(Technician.home),
        )
    )
    if technician_id is not None:
        query = query.where(PlanRoute.technician_id == technician_id)
    return list(session.scalars(query).unique())


def predict_routes(session: Session, routes: Iterable[PlanRoute], told: Told, now: datetime) -> list[list[Prediction]]:
    """The visits of each route that have not ended, late also where the customer counts on a time that a message told
    them, as long as no message has told them better."""
    predicted = [list(predict_route(route, told, now)) for route in routes]
    to_begin = [one.job.id for found in predicted for one in found if one.stop.actual_start_at is None]
    counted_on = read_counted_on(session, to_begin, now)
    return [[_as_told(one, counted_on.get(one.job.id)) for one in found] for found in predicted]


def _as_told(one: Prediction, counted_on_at: datetime | None) -> Prediction:
    if counted_on_at is None:
        return one
    return replace(one, late_s=max(one.late_s, seconds_between(counted_on_at, one.start_at)))


def predict_route(route: PlanRoute, told: Told, now: datetime) -> Iterator[Prediction]:
    """The visits of one route that have not ended."""
    stops = {stop.id: stop for stop in route.stops}
    for one in reach_stops(facts_of(route), told, now):
        stop = stops[one.stop.stop_id]
        yield Prediction(stop, one.arrive_at, one.start_at, one.end_at, late_s_of(stop.job, one.start_at))


def facts_of(route: PlanRoute) -> RouteFacts:
    """What is reckoned with of a route that is read."""
    home = route.technician.home
    return RouteFacts(
        technician_id=route.technician_id,
        from_at=route.leave_at or route.shift_start_at,
        home=None if home is None else home.point,
        stops=[_facts_of_stop(stop) for stop in route.stops],
        rests=[(rest.planned_start_at, rest.planned_end_at) for rest in route.rests],
    )


def _facts_of_stop(stop: Stop) -> StopFacts:
    return StopFacts(
        stop_id=stop.id,
        position=stop.position,
        status=stop.status,
        job_status=stop.job.status,
        planned_arrive_at=stop.planned_arrive_at,
        planned_start_at=stop.planned_start_at,
        planned_end_at=stop.planned_end_at,
        actual_departed_at=stop.actual_departed_at,
        actual_start_at=stop.actual_start_at,
        actual_end_at=stop.actual_end_at,
        travel_s=stop.travel_s,
        travel_m=stop.travel_m,
        lat=stop.job.location.lat,
        lon=stop.job.location.lon,
    )


def late_s_of(job: Job, start_at: datetime) -> int:
    """By how much a start is later than the customer counts on; 0 when in time, or when nothing was said."""
    latest = []
    due_at, promise = find_due_at(job), job.find_promise()
    if due_at is not None:
        latest.append(due_at)
    if promise is not None:
        latest.append(promise.promised_until_at)
    spans = list_spans(job)
    if spans:
        latest.append(max(closes_at for _, closes_at in spans))
    return max((max(0, seconds_between(one, start_at)) for one in latest), default=0)
