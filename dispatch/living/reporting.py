"""Takes in what happens on a day, from whatever screen or program: checks it, stores it, acts as the policy says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch import clock, installation
from dispatch.errors import Conflict, Forbidden, InvalidInput
from dispatch.jobs.moving import change_status, find_stop_in_force, report_status
from dispatch.jobs.statuses import BEGUN
from dispatch.jobs.stop_times import stop_end_at
from dispatch.living.illness import note_days_after, take_back_days_after
from dispatch.living.incidents import raise_incident
from dispatch.living.kinds import find_kind, get_kind
from dispatch.living.predictions import list_routes
from dispatch.living.watch import hold_alerts, watch_technician
from dispatch.models import Incident, Job, Part, Stop, Technician, User
from dispatch.territories.scope import without_limits

NIGHT = timedelta(days=1)
"""A shift that began on a day may end so long after it."""
MOST_MINUTES = 24 * 60
LARGEST_RADIUS_M = 100_000
PLACE = ("lat", "lon", "radius_m")
AT_A_VISIT = ("overrun", "part_missing")
"""What the rest of a route waits for, so that it counts on the day of that route alone."""


@dataclass(frozen=True)
class EventReport:
    """What somebody says has happened on the day `on`; which fields a kind needs stands in `dispatch.living.kinds`.

    minutes     by how much somebody is late, or how much longer than planned a job takes
    until_at    when the road is open again; None: not on this day
    until_on    the last day on which somebody is ill; None: this day only
    """

    kind: str
    on: date
    technician_id: int | None = None
    job_id: int | None = None
    minutes: int | None = None
    until_at: datetime | None = None
    until_on: date | None = None
    lat: float | None = None
    lon: float | None = None
    radius_m: int | None = None
    part: str | None = None
    words: str = ""


def report_event(
    session: Session,
    report: EventReport,
    now: datetime,
    by_user: User | None,
    *,
    repair: bool = True,
    at: datetime | None = None,
) -> Incident:
    """Store it, and queue the repair that the policy asks for; with `repair` False somebody is about to choose.

    It was said `at` that moment, or just now: a phone may have been without a network since.

    Raises InvalidInput with all that is wrong; Forbidden where a technician reports what is not theirs; Conflict
    where the job stands so that it cannot be.
    """
    stop = None if report.job_id is None else find_stop_in_force(session, report.job_id)
    wrong = list(_list_wrong(session, report, stop, now))
    if wrong:
        raise InvalidInput(wrong)
    job = session.get(Job, report.job_id) if report.job_id is not None else None
    _refuse_strangers(report, stop, by_user)
    by_user_id = by_user.id if by_user else None
    if report.kind in ("cancellation", "no_access"):
        assert job is not None, "these kinds need a job"
        incident = _close(session, report, job, stop, now, by_user)
    else:
        said_at = min(at or now, now)
        facts = {"from_at": said_at} | _facts(session, report, stop, said_at, now)
        if facts["technician_id"] is not None:
            hold_alerts(session, report.on, facts["technician_id"])
        incident = raise_incident(session, report.kind, report.on, now, by_user_id, repair=repair, **facts)
        if report.kind == "technician_ill" and report.until_on is not None:
            take_back_days_after(session, incident, now, by_user_id)
            note_days_after(session, incident, now, by_user_id)
    if incident.technician_id is not None:
        with without_limits(session):
            watch_technician(session, report.on, incident.technician_id, now)
    return incident


def _list_wrong(session: Session, report: EventReport, stop: Stop | None, now: datetime) -> list[str]:
    kind = find_kind(report.kind)
    if kind is None or kind.is_seen:
        return [f"kind: {report.kind!r} is nothing that can be reported."]
    wrong = [
        f"{name}: it is missing; {kind.words.lower()} cannot be told without it."
        for name in kind.needs
        if getattr(report, name) in (None, "")
    ]
    if any(getattr(report, name) is not None for name in PLACE):
        wrong += [
            f"{name}: it is missing; a place is lat, lon and radius_m together: give it, or none of them."
            for name in PLACE
            if getattr(report, name) is None and name not in kind.needs
        ]
    if clock.day_end(report.on, installation.get_zone(session)) + NIGHT <= now:
        wrong.append(f"on: {report.on} is over; nothing can be done about it any more.")
    if report.technician_id is not None and session.get(Technician, report.technician_id) is None:
        wrong.append(f"technician_id: there is no technician with id {report.technician_id}.")
    elif report.technician_id is not None and "job_id" in kind.needs and not _is_sent(report.technician_id, stop):
        wrong.append("technician_id: they are not who is sent to this job; leave it out, and it is told of whoever is.")
    if report.kind in AT_A_VISIT and stop is not None and stop.route.plan.on != report.on:
        wrong.append(f"on: the visit to this job is of {stop.route.plan.on}; tell of it on that day.")
    if report.job_id is not None and session.get(Job, report.job_id) is None:
        wrong.append(f"job_id: there is no job with id {report.job_id}.")
    if report.minutes is not None and not 1 <= report.minutes <= MOST_MINUTES:
        wrong.append(f"minutes: {report.minutes} is not from 1 to {MOST_MINUTES:,}.")
    if report.radius_m is not None and not 1 <= report.radius_m <= LARGEST_RADIUS_M:
        wrong.append(f"radius_m: {report.radius_m} is not from 1 to {LARGEST_RADIUS_M:,} metres.")
    if report.lat is not None and not -90 <= report.lat <= 90:
        wrong.append(f"lat: {report.lat} is not from -90 to 90.")
    if report.lon is not None and not -180 <= report.lon <= 180:
        wrong.append(f"lon: {report.lon} is not from -180 to 180.")
    if report.until_on is not None and not report.on <= report.until_on <= report.on + timedelta(days=366):
        wrong.append(f"until_on: {report.until_on} is not on {report.on} or in the year after it.")
    if report.part is not None and session.scalar(select(Part.id).where(Part.name == report.part)) is None:
        wrong.append(f"part: there is no part called {report.part!r}.")
    return wrong


def _is_sent(technician_id: int, stop: Stop | None) -> bool:
    return stop is not None and stop.route.technician_id == technician_id


def _refuse_strangers(report: EventReport, stop: Stop | None, by_user: User | None) -> None:
    """Technicians tell of themselves and of their own stops; the office and programs of everything."""
    if by_user is None or by_user.role in ("dispatcher", "admin"):
        return
    about = set() if report.technician_id is None else {report.technician_id}
    if report.job_id is not None:
        about.add(0 if stop is None else stop.route.technician_id)
    is_own = by_user.role == "technician" and about == {by_user.technician_id}
    if not is_own or report.kind in ("emergency", "cancellation"):
        raise Forbidden("Technicians tell of themselves and their own visits; the office tells of the rest.")


def _facts(
    session: Session, report: EventReport, stop: Stop | None, said_at: datetime, now: datetime
) -> dict[str, Any]:
    """The columns of the incident; one about a technician is about no job, so that there is one of each person."""
    technician_id = report.technician_id
    if technician_id is None and stop is not None and report.kind in AT_A_VISIT:
        technician_id = stop.route.technician_id
    facts: dict[str, Any] = {
        "technician_id": technician_id,
        "job_id": None if "technician_id" in get_kind(report.kind).needs else report.job_id,
        "lat": report.lat,
        "lon": report.lon,
        "radius_m": report.radius_m,
        "part": report.part,
        "words": report.words.strip(),
        "until_at": report.until_at,
        "until_on": report.until_on,
    }
    if report.until_at is not None and report.until_at < now:
        raise InvalidInput(["until_at: it is over already; there is nothing to tell."])
    if report.kind == "overrun":
        facts["until_at"] = _end_of(stop, said_at) + timedelta(minutes=report.minutes or 0)
    elif report.kind == "technician_late":
        facts["until_at"] = _free_at(session, report, said_at) + timedelta(minutes=report.minutes or 0)
    elif report.kind == "technician_ill" and report.until_on is None:
        del facts["until_on"]  # whoever does not know until when changes nothing about it
    return facts


def _end_of(stop: Stop | None, now: datetime) -> datetime:
    """When the job that overruns was to be over, by now at the earliest. Raises Conflict where nobody is there."""
    if stop is None or stop.status not in ("en_route", "on_site"):
        raise Conflict("Nobody is at this job or on the way to it, so it cannot overrun.")
    return max(stop_end_at(stop), now)


def _free_at(session: Session, report: EventReport, now: datetime) -> datetime:
    """When the technician was to go on: now, at the end of what they are doing, or when their shift begins."""
    routes = list_routes(session, report.on, report.technician_id)
    if not routes:
        return now
    going_on = [stop for stop in routes[0].stops if stop.status in ("en_route", "on_site")]
    if going_on:
        return max(now, stop_end_at(going_on[-1]))
    has_begun = any(stop.status in BEGUN for stop in routes[0].stops)
    return now if has_begun else max(now, routes[0].leave_at or routes[0].shift_start_at)


def _close(
    session: Session, report: EventReport, job: Job, stop: Stop | None, now: datetime, by_user: User | None
) -> Incident:
    """Cancelling, and standing before a closed door, move the job; what that means for the day comes of the move.

    What was told of the job before, and is closed, is not what is told now: it may have been taken up again since.
    """
    before = _find_newest(session, report.kind, job)
    if report.kind == "cancellation":
        change_status(session, job.id, "cancelled", by_user, now, report.words)
    elif stop is None:
        raise Conflict("Nobody was to visit this job, so nobody stood before a closed door.")
    else:
        report_status(session, stop.id, "no_access", by_user, now, report.words)
    row = _find_newest(session, report.kind, job)
    if row is None or (row is before and row.status != "open"):  # it was on nobody's route: told all the same
        by_user_id = by_user.id if by_user else None
        facts = {"job_id": job.id, "words": report.words.strip()}
        row = raise_incident(session, report.kind, report.on, now, by_user_id, repair=False, **facts)
    return row


def _find_newest(session: Session, kind: str, job: Job) -> Incident | None:
    told = select(Incident).where(Incident.kind == kind, Incident.job_id == job.id)
    return session.scalar(told.order_by(Incident.id.desc()).limit(1))
