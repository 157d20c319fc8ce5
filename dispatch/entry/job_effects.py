"""What a change of a job means for where it is planned already, in sentences."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from dispatch import clock
from dispatch.entry.effects import is_sent_to, list_lacking_parts, list_missing_skills, say_what_follows
from dispatch.jobs.moving import find_stop_in_force, job_status
from dispatch.jobs.statuses import WAITING
from dispatch.models import Job, Stop, Technician
from dispatch.planning.agreed import find_due_at, list_spans
from dispatch.planning.facts import is_kept
from dispatch.planning.shifts import find_shift, find_zone

UNDER_WAY = {"en_route": "on the way to it", "on_site": "there"}


def list_job_effects(session: Session, job: Job, now: datetime) -> list[str]:
    """Why the visit that is planned cannot stay so, or begins too late, and what follows; none where neither is so."""
    stop = find_stop_in_force(session, job.id)
    stands = job_status(job, stop, now)
    if stop is None or stands not in (*WAITING, *UNDER_WAY):
        return []
    technician = stop.route.technician
    why = _why_not(technician, stop)
    if stands in UNDER_WAY:
        told = f"{technician.name} is {UNDER_WAY[stands]} already: call and tell what has changed."
        return [told, f"As it is now, it is nothing for {technician.name}: {why}."] if why else [told]
    plan = stop.route.plan
    at = clock.local_time(stop.planned_start_at, plan.zone)
    late_s = _late_s(stop)
    if not why and not late_s:
        return []
    [then] = say_what_follows(session, [plan.on], now)
    if is_kept(stop):
        held = "was sent to the phone: call it back" if stands == "dispatched" else "is pinned: take the pin off"
        then = f"It {held}, or plans leave it where it is."
    if not why:
        too_late = f"{clock.length_words(late_s)} later than it has to"
        return [f"It is planned to begin with {technician.name} on {plan.on} at {at}, {too_late}.", then]
    return [f"It cannot stay with {technician.name} on {plan.on} at {at}: {why}.", then]


def _late_s(stop: Stop) -> int:
    """How much later than is due now the work is planned to begin, so that it also ends in time; from a minute on."""
    due_at = find_due_at(stop.job)
    late_s = 0 if due_at is None else clock.seconds_between(due_at, stop.planned_start_at)
    return late_s if late_s >= 60 else 0


def _why_not(technician: Technician, stop: Stop) -> str:
    """As both are stored now; empty where nothing keeps the technician from it."""
    job, plan = stop.job, stop.route.plan
    zone = find_zone(technician, plan.on, plan.zone)
    hours = find_shift(technician, plan.on, zone) if technician.active else None
    if hours is None:
        return "there is no shift that day"
    missing = list_missing_skills(technician, job, hours, zone)
    if missing:
        return f"it needs {', '.join(missing)}"
    required = [wish.technician.name for wish in job.wishes if wish.wish == "required"]
    if required and technician.name not in required:
        return f"only {' or '.join(required)} may come"
    if any(wish.technician_id == technician.id and wish.wish == "excluded" for wish in job.wishes):
        return "just this technician must not come"
    if job.territory is not None and not is_sent_to(technician, job.territory, plan.on):
        return f"it is in {job.territory.name} now, where they are not sent"
    spans = list_spans(job)
    if (job.windows or job.find_promise()) and not any(a <= stop.planned_start_at <= b for a, b in spans):
        return "nobody lets them in at that time"
    length = timedelta(seconds=job.service_s * technician.pace_percent // 100)
    if stop.planned_start_at + length > hours.latest_end_at:
        return "it takes longer than the shift lasts"
    lacking = list_lacking_parts(technician, job)
    return f"the van does not carry {', '.join(lacking)}" if lacking else ""
