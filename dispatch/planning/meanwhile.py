"""Whether a plan may still be stored: what has happened to its day and its jobs since their facts were read."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

import optimizer
from dispatch.db import lock_plans
from dispatch.jobs.statuses import WAITING
from dispatch.models import Job, PlanVersion
from dispatch.planning.facts import DayFacts, is_kept
from dispatch.planning.fingerprint import find_changed
from dispatch.planning.problem import DayProblem
from dispatch.planning.wanted import select_served_elsewhere


def find_what_changed(
    session: Session,
    facts: DayFacts,
    day: DayProblem,
    plan: optimizer.Plan,
    current: PlanVersion | None,
    now: datetime,
) -> str | None:
    """Why this plan may not replace the current one, in a sentence; None when it may.

    Called in the writing transaction, so nothing can change between this answer and storing the plan."""
    technician_of = {
        day.jobs[stop.visit].id: day.technicians[route.shift].id for route in plan.routes for stop in route.stops
    }
    for code, one in day.begun.items():
        technician_of |= {stop.job_id: day.technicians[code].id for stop in one.stops}
    kept = _kept_by_technician(current, facts.among)
    for job_id, technician_id in kept.items():
        # A technician without a shift any more has no route; a pinned stop of theirs is free.
        if technician_of.get(job_id) != technician_id and not _is_freed(facts, day, current, job_id):
            return f"job {session.get_one(Job, job_id).number} was started or pinned meanwhile."
    free = set(technician_of) - set(kept)
    closed = session.scalar(select(Job.number).where(Job.id.in_(free), Job.status != "open").limit(1))
    if closed is not None:
        return f"job {closed} was closed meanwhile."
    planned = [job for job in day.jobs.values() if job.id in free]
    changed = find_changed(session, planned, _list_starts(facts, day, plan))
    if changed is not None:
        return f"job {changed} was changed meanwhile."
    lock_plans(session)
    elsewhere = session.scalar(
        select(Job.number)
        .where(Job.id.in_(free), Job.id.in_(select_served_elsewhere(facts.on, now, facts.zone)))
        .limit(1)
    )
    if elsewhere is not None:
        return f"job {elsewhere} was planned on another day meanwhile."
    return None


def _list_starts(facts: DayFacts, day: DayProblem, plan: optimizer.Plan) -> dict[int, datetime]:
    """By job id: when work on it starts by the plan."""
    stops = (stop for route in plan.routes for stop in route.stops)
    return {day.jobs[stop.visit].id: facts.day_start_at + timedelta(seconds=stop.start_s) for stop in stops}


def _kept_by_technician(current: PlanVersion | None, among: frozenset[int] | None) -> dict[int, int]:
    routes = [route for route in (current.routes if current else []) if among is None or route.technician_id in among]
    return {stop.job_id: route.technician_id for route in routes for stop in route.stops if is_kept(stop)}


def _is_freed(facts: DayFacts, day: DayProblem, current: PlanVersion | None, job_id: int) -> bool:
    for route in current.routes if current else []:
        for stop in route.stops:
            if stop.job_id == job_id:
                working = {day.technicians[shift.id].id for shift in day.problem.shifts}
                is_away = facts.is_gone(route.technician_id, stop.planned_start_at)
                if stop.status == "planned" and stop.job.number in day.edited:  # somebody moves the pin
                    return True
                return stop.status in WAITING and (route.technician_id not in working or is_away)
    return False
