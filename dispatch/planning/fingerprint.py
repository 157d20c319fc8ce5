"""The fingerprint of a day's facts: tells whether anything has changed since a plan was made."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.models import Job, Technician
from dispatch.planning.agreed import find_due_at, list_spans
from dispatch.planning.facts import DayFacts
from dispatch.planning.limits import find_left
from dispatch.planning.shifts import find_territory


def hash_facts(facts: DayFacts, travel_source_name: str, policy_name: str) -> str:
    """SHA-256 of what a plan is made from, without what only the passing of time changes (pins, statuses).

    Two equal hashes mean that planning again would start from the same facts.
    """
    here = [one for one in facts.technicians if one.active]  # who has left is planned nothing, whatever they finish
    shifts = {technician.code: (facts.hours_of(technician), _person(technician, facts)) for technician in here}
    jobs = [_job(job) for job in facts.jobs]
    told = [facts.hindrances.missing and sorted(facts.hindrances.missing), facts.hindrances.closures]
    text = json.dumps([str(facts.on), travel_source_name, policy_name, shifts, jobs], default=str, sort_keys=True)
    text += json.dumps(told, default=str) if any(told) else ""
    return hashlib.sha256(text.encode()).hexdigest()


def find_changed(session: Session, jobs: Iterable[Job], starts: Mapping[int, datetime]) -> str | None:
    """The number of one of these jobs, read before, of which a plan is told something else by now, so that its place
    may not do any more; None without any. `starts` say by the ids of jobs when work starts in the plan that was made.

    Only what has been changed at all is read again, and what plans do not ask for, such as notes, may change. So may
    when it is wanted, while that place keeps it, and how urgent it is: the day is planned again for that, from there.
    """
    known = {job.id: job for job in jobs}
    versions = session.execute(select(Job.id, Job.version).where(Job.id.in_(known))).all()
    changed = [job_id for job_id, version in versions if version != known[job_id].version]
    for job in session.scalars(select(Job).where(Job.id.in_(changed)).order_by(Job.number)) if changed else ():
        if _job(job) != _job(known[job.id]) and not _still_does(job, known[job.id], starts.get(job.id)):
            return job.number
    return None


def _still_does(job: Job, known: Job, start_at: datetime | None) -> bool:
    """Whether the same work may start then, and should."""
    if start_at is None or _job(job, with_times=False) != _job(known, with_times=False):
        return False
    due_at, spans = find_due_at(job), list_spans(job)
    is_free = not job.windows and job.find_promise() is None
    may_start = is_free or any(opens_at <= start_at <= closes_at for opens_at, closes_at in spans)
    return may_start and (due_at is None or start_at <= due_at)


def _person(one: Technician, facts: DayFacts) -> list[object]:
    territory = find_territory(one, facts.on)
    return [
        one.home and one.home.point,
        one.max_visits,
        one.max_travel_s,
        one.hourly_cost,
        one.day_cost,
        one.pace_percent,
        territory and territory.name,
        sorted(territory.name for territory in one.secondary_territories),
        [(skill.name, skill.level, skill.expires_on) for skill in one.skills],
        [(limit.period, limit.unit, limit.most, find_left(one, limit.unit, facts.taken)) for limit in one.limits],
        _stock_without_work(one, facts),
    ]


def _stock_without_work(one: Technician, facts: DayFacts) -> list[tuple[str, int]]:
    """What the van would hold if the work of the day had used nothing: work that goes as planned changes no fact."""
    stock = Counter({load.part: load.count for load in one.van_stock})
    for route in facts.published.routes if facts.published else []:
        if route.technician_id == one.id:
            for part in (part for stop in route.stops for part in stop.job.parts if part.used is not None):
                stock[part.part] += part.count
    return sorted((part, count) for part, count in stock.items() if count)


def _job(job: Job, *, with_times: bool = True) -> list[object]:
    # Not `version` or `status`: work that goes on as planned changes them, and is no reason to plan again.
    urgency: list[object] = [job.priority, find_due_at(job)] if with_times else []
    spans: list[object] = [list_spans(job)] if with_times else []
    return [
        job.number,
        job.service_s,
        job.setup_s,
        *urgency,
        job.location.point,
        job.territory and job.territory.name,
        *spans,
        [(skill.name, skill.level) for skill in job.skills],
        [(part.part, part.count) for part in job.parts],
        [(wish.technician_id, wish.wish) for wish in job.wishes],
    ]
