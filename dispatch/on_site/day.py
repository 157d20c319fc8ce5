"""One technician's day as the phone shows it. All answers are JSON-ready."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, select
from sqlalchemy.orm import Session, joinedload, selectinload

from dispatch import clock, installation
from dispatch.board.lanes import initials, promise_of
from dispatch.errors import NotFound
from dispatch.jobs.moving import stop_status
from dispatch.jobs.statuses import BEGUN
from dispatch.jobs.stop_times import stop_arrive_at, stop_end_at, stop_start_at
from dispatch.living.choices import list_told
from dispatch.living.expected import Expected, expect
from dispatch.living.predictions import facts_of
from dispatch.living.times import read_told
from dispatch.models import (
    Absence,
    Appointment,
    Holiday,
    Job,
    PlanRoute,
    PlanVersion,
    SpecialShift,
    Stop,
    Technician,
    Territory,
)
from dispatch.news import get_newest_seq
from dispatch.on_site.phone_page import PhonePage
from dispatch.on_site.seen import is_new
from dispatch.on_site.van import list_parts
from dispatch.planning.shifts import find_absence, find_shift, find_territory
from dispatch.settings import Settings

Json = dict[str, Any]

# A phone reads its day after every report: what it reads is put into words once for all requests, and what there is
# one of for each row (a job's customer, a technician's territory) comes with the row.
_TERRITORY = joinedload(Technician.territory)
_FROM: BindParameter[date] = bindparam("from_on")
_TO: BindParameter[date] = bindparam("to_on")
_TECHNICIAN = (
    select(Technician)
    .where(Technician.id == bindparam("technician_id"))
    .options(
        _TERRITORY.defer(Territory.polygon),
        joinedload(Technician.home),
        _TERRITORY.joinedload(Territory.holidays.and_(Holiday.on.between(_FROM, _TO))),
        joinedload(Technician.shift_patterns),
        joinedload(Technician.borrowed_days),
        joinedload(Technician.absences.and_(Absence.from_on <= _TO, Absence.to_on >= _FROM)),
        joinedload(Technician.special_shifts.and_(SpecialShift.on.between(_FROM, _TO))),
    )
)
"""With what holds between two dates, and with nothing else of the calendar."""
_AROUND = timedelta(days=2)
"""The day before and the day after are looked at as well, by whichever clock they are meant."""
_PUBLISHED = (
    select(PlanVersion.version, PlanRoute)
    .outerjoin(PlanVersion.routes.and_(PlanRoute.technician_id == bindparam("technician_id")))
    .where(PlanVersion.on == bindparam("on"), PlanVersion.status == "published")
)
_STOPS = selectinload(PlanRoute.stops)
_JOB = _STOPS.joinedload(Stop.job)
_WITH_STOPS = _PUBLISHED.options(_STOPS)
_WITH_JOBS = _PUBLISHED.options(
    joinedload(PlanRoute.rests),
    _JOB.joinedload(Job.location),
    _JOB.joinedload(Job.customer),
    _JOB.joinedload(Job.windows),
    _JOB.joinedload(Job.skills),
    _JOB.joinedload(Job.appointments.and_(Appointment.withdrawn_at.is_(None))),
)


def get_today(session: Session, technician_id: int, now: datetime) -> date:
    """The date that the technician's calendar shows now, or the one before until last night's shift is over.

    Raises NotFound.
    """
    office_day = clock.local_day(now, installation.get_zone(session))
    technician = _get_technician(session, technician_id, office_day)
    today = clock.local_day(now, _zone(session, technician, office_day))
    yesterday = today - timedelta(days=1)
    _, route = _find_route(session, _WITH_STOPS, technician_id, yesterday)
    return yesterday if now < _over_at(session, technician, yesterday, route) else today


def get_day(session: Session, technician_id: int, on: date, now: datetime) -> Json:
    """The published stops and breaks in order; `plan_version` is null when the day is not planned.

    `seq` is the newest event that it knows of: a phone need not read it again for any up to there. Raises NotFound for
    a technician who does not exist. `expected_at` is when a visit of today will begin that is expected five minutes or
    more after its time, else null.
    """
    seq = get_newest_seq(session)  # before all else: what is read after it may know more, never less
    technician = _get_technician(session, technician_id, on)
    zone = _zone(session, technician, on)
    hours = find_shift(technician, on, zone)
    absence = find_absence(technician, on)
    version, route = _find_route(session, _WITH_JOBS, technician_id, on)
    stops = route.stops if route else []
    over_at = _over_at(session, technician, on, route)
    goes_on = clock.day_start(on, zone) <= now < over_at
    expected = expect([facts_of(route)], read_told(session, on), now) if route and goes_on else {}
    page = PhonePage(session, [stop.job for stop in stops], technician_id)
    return {
        "seq": seq,
        "on": on.isoformat(),
        "zone": zone,
        "now_at": clock.to_iso(now),
        "over_at": clock.to_iso(over_at),
        "technician": {
            "id": technician.id,
            "name": technician.name,
            "initials": initials(technician.name),
            "shift": {"start_at": clock.to_iso(hours.start_at), "end_at": clock.to_iso(hours.end_at)}
            if hours
            else None,
            "absence": {"reason": absence.reason} if absence else None,
        },
        "stops": [
            {**_stop(stop, position, len(stops), expected), **page.of(stop.job)}
            for position, stop in enumerate(stops, 1)
        ],
        "van": [{"name": part, "count": count} for part, count in sorted(page.van.items())],
        "catalogue": list_parts(session),
        "breaks": [
            {"start_at": clock.to_iso(rest.planned_start_at), "end_at": clock.to_iso(rest.planned_end_at)}
            for rest in (route.rests if route else [])
        ],
        "told": list_told(session, technician_id, on),
        "leave_at": clock.find_iso(route.leave_at) if route else None,
        "home_at": clock.find_iso(route.home_at) if route else None,
        "plan_version": version,
        "office_phone": _find_office_phone(session, technician, on),
    }


def _get_technician(session: Session, technician_id: int, on: date) -> Technician:
    given = {"technician_id": technician_id, "from_on": on - _AROUND, "to_on": on + _AROUND}
    technician = session.scalars(_TECHNICIAN, given).unique().one_or_none()
    if technician is None:
        raise NotFound(f"There is no technician with id {technician_id}.")
    return technician


def _over_at(session: Session, technician: Technician, on: date, route: PlanRoute | None) -> datetime:
    """Until when the day is this technician's today: to the end of a shift over midnight, or of the work begun in it,
    or of the date; but not into the next shift."""
    zone, tomorrow = _zone(session, technician, on), on + timedelta(days=1)
    hours, following = find_shift(technician, on, zone), find_shift(technician, tomorrow, zone)
    ends = [clock.day_end(on, zone)]
    if hours is not None:
        ends.append(hours.latest_end_at)
    ends += [stop_end_at(stop) for stop in route.stops if stop.status in BEGUN] if route else []
    return max(ends) if following is None else max(ends[0], min(max(ends), following.start_at))


def _zone(session: Session, technician: Technician, on: date) -> str:
    """The head office's is read for those alone who belong anywhere."""
    return installation.get_zone_at(session, find_territory(technician, on))


def _find_office_phone(session: Session, technician: Technician, on: date) -> str:
    """The number that customers of where they work call, which the office answers as well."""
    territory = find_territory(technician, on)
    settings: Settings = session.info["settings"]
    return (territory.phone if territory else None) or settings.company_phone


def _find_route(
    session: Session, query: Select[int, PlanRoute], technician_id: int, on: date
) -> tuple[int | None, PlanRoute | None]:
    """The number of the version that is published for the day, and the technician's route in it if there is one."""
    found = session.execute(query, {"technician_id": technician_id, "on": on}).unique().one_or_none()
    return (None, None) if found is None else (found[0], found[1])


def _stop(stop: Stop, position: int, of: int, expected: Expected) -> Json:
    job = stop.job
    return {
        "stop_id": stop.id,
        "job_id": job.id,
        "number": job.number,
        "position": position,
        "of": of,
        "title": job.title,
        "customer": job.customer.name,
        "phone": job.customer.phone,
        "address": job.location.address,
        "location": list(job.location.point),
        "arrive_at": clock.to_iso(stop_arrive_at(stop)),
        "start_at": clock.to_iso(stop_start_at(stop)),
        "end_at": clock.to_iso(stop_end_at(stop)),
        "expected_at": clock.find_iso(expected.get(stop.id)),
        "windows": [[clock.to_iso(one.opens_at), clock.to_iso(one.closes_at)] for one in job.windows],
        "due_at": clock.find_iso(job.due_at),
        "promise": promise_of(job),
        "priority": job.priority,
        "status": stop_status(stop),
        "new_since": clock.find_iso(stop.sent_at) if is_new(stop) else None,
        "notes": job.notes,
        "skills": [{"name": skill.name, "level": skill.level} for skill in job.skills],
        "travel_s": stop.travel_s,
        "travel_m": stop.travel_m,
    }
