"""What the form of an event offers to choose from: the day's technicians, visits and parts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch import clock, installation
from dispatch.jobs.statuses import OPEN
from dispatch.living.predictions import list_routes
from dispatch.models import Incident, Job, JobType, Part, User
from dispatch.planning.day_over import find_night
from dispatch.planning.facts import last_shift_end, select_technicians
from dispatch.planning.shifts import find_zone
from dispatch.team.absences import get_technician

Json = dict[str, Any]


def get_choices(session: Session, on: date, now: datetime) -> Json:
    """Visits that have not ended, in order of time; technicians by name; parts and job types.

    `night` is the day before where its shifts still go on: their visits are offered too.
    """
    zone, night = installation.get_zone(session), find_night(session, on, now)
    visits = [
        {
            "job_id": stop.job_id,
            "words": f"{clock.local_moment(stop.planned_start_at, zone, on)} {stop.job.number} {stop.job.title}, "
            f"{stop.job.customer.name}, {route.technician.name}",
            "status": stop.status,
            "start_at": stop.planned_start_at,
        }
        for day in ((on,) if night is None else (night, on))
        for route in list_routes(session, day)
        for stop in route.stops
        if stop.job.status == OPEN and stop.actual_end_at is None
    ]
    technicians = list(session.scalars(select_technicians()))
    return {
        "zone": zone,
        "night": night,
        "is_over": last_shift_end(technicians, on, zone) <= now,
        "visits": sorted(visits, key=lambda one: (one["start_at"], one["words"])),
        "technicians": sorted(({"id": one.id, "name": one.name} for one in technicians), key=lambda one: one["name"]),
        "parts": list(session.scalars(select(Part.name).order_by(Part.name))),
        "job_types": [
            {"id": one.id, "name": one.name} for one in session.scalars(select(JobType).order_by(JobType.name))
        ],
    }


def get_own_zone(session: Session, technician_id: int, on: date) -> str:
    """By whose clock a technician tells times. Raises NotFound."""
    return find_zone(get_technician(session, technician_id), on, installation.get_zone(session))


def list_told(session: Session, technician_id: int, on: date) -> list[Json]:
    """What a technician has told of the day, and is still open, the oldest first; JSON-ready."""
    rows = session.execute(
        select(Incident.kind, Incident.reported_at, Incident.words)
        .join(Incident.reported_by)
        .where(Incident.on == on, Incident.status == "open", User.technician_id == technician_id)
        .order_by(Incident.reported_at, Incident.id)
    )
    return [{"kind": kind, "at": clock.to_iso(at), "words": words} for kind, at, words in rows]


def find_point(session: Session, job_id: int) -> tuple[float, float] | None:
    """Where a job is (lat, lon); None where there is no such job."""
    job = session.get(Job, job_id)
    return None if job is None else job.location.point
