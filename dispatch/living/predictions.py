"""When every stop of a day will really be reached, from what has happened so far. Nothing is planned here.

Somebody goes on as soon as they are free, but no earlier than planned: a prediction only ever tells delays. Who was to
leave and has not reported it is taken to be on the way, since people forget to report; who has not arrived yet
arrives now at the earliest. Breaks that are planned between two stops are taken in full. Who sets out while a road is
closed takes the time that it takes around it, also where the plan does not know of it yet. Who began with a later stop
goes on from there to the first that is left.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from dispatch.clock import seconds_between
from dispatch.jobs.statuses import OPEN, WAITING
from dispatch.jobs.stop_times import in_order_of_work
from dispatch.models import Job, PlanRoute, PlanVersion, Stop, Technician
from dispatch.notices.told import read_counted_on
from dispatch.planning.agreed import find_due_at, list_spans
from dispatch.planning.detours import Detours, list_legs, read_detours_of_day
from dispatch.planning.hindrances import read_hindrances


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


@dataclass(frozen=True)
class Told:
    """What was said of the day that a prediction reckons with: who can go on when, by technician's id, and what is
    closed."""

    held_up: Mapping[int, datetime]
    detours: Detours


def read_told(session: Session, on: date) -> Told:
    """From the incidents of the day."""
    hindrances = read_hindrances(session, on)
    return Told(hindrances.held_up, read_detours_of_day(session, on, hindrances.closures))


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
    held_up_until_at = told.held_up.get(route.technician_id)
    free_at = route.leave_at or route.shift_start_at
    if held_up_until_at is not None:
        free_at = max(free_at, held_up_until_at)
    last_planned_end_at = free_at
    for stop, leg, leave_at in list_legs(route, in_order_of_work(route.stops)):
        if stop is None or stop.status == "cancelled":
            continue
        if stop.status in (*WAITING, "en_route") and stop.job.status != OPEN:
            continue
        if stop.actual_end_at is not None:
            free_at = max(stop.actual_end_at, held_up_until_at or stop.actual_end_at)
            last_planned_end_at = stop.planned_end_at
            continue
        since_at = stop.actual_departed_at or max(leave_at, free_at + _rest_between(stop, last_planned_end_at))
        travel = timedelta(seconds=told.detours.travel_s(leg, since_at))
        one = _predict(stop, since_at + travel, held_up_until_at, now)
        yield one
        free_at, last_planned_end_at = one.end_at, stop.planned_end_at


def _predict(stop: Stop, there_at: datetime, held_up_until_at: datetime | None, now: datetime) -> Prediction:
    """`there_at` is when they arrive if they go, or went, as soon as they are free."""
    length = stop.planned_end_at - stop.planned_start_at
    if stop.actual_start_at is not None:
        arrive_at = start_at = stop.actual_start_at
        end_at = max(start_at + length, now, held_up_until_at or now)
    else:
        if stop.actual_departed_at is not None:
            arrive_at = max(there_at, held_up_until_at or now, now)
        else:
            arrive_at = max(there_at, stop.planned_arrive_at, now)
        start_at = max(arrive_at, stop.planned_start_at)
        end_at = start_at + length
    return Prediction(stop, arrive_at, start_at, end_at, late_s_of(stop.job, start_at))


def _rest_between(stop: Stop, since_at: datetime) -> timedelta:
    """The breaks that are planned between the stop before and this one."""
    rests = [
        rest.planned_end_at - rest.planned_start_at
        for rest in stop.route.rests
        if since_at <= rest.planned_start_at < stop.planned_start_at
    ]
    return sum(rests, timedelta())


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
