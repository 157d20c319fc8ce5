"""Which turns of a maintenance plan come next: what was done, skipped, paused or ended decides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import takewhile

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch import clock
from dispatch.jobs.moving import find_stop_in_force
from dispatch.maintenance.calendar import Rhythm
from dispatch.models import Job, MaintenancePlan, MaintenanceVisit

FAR = date(9000, 1, 1)
FARTHEST = timedelta(days=366 * 11)
"""Every plan falls due within ten years, and a season may move that by one more."""


@dataclass(frozen=True)
class Turn:
    """A turn that has not become a job yet."""

    number: int
    due_on: date


def rhythm_of(plan: MaintenancePlan) -> Rhythm:
    """The plan's rhythm and season."""
    return Rhythm(plan.every, plan.unit, plan.first_due_on, tuple(plan.months))


def last_day_of(plan: MaintenancePlan) -> date:
    """The last day on which it may fall due: the plan's own, its contract's end, or the day the asset retired."""
    ends = (
        plan.ends_on,
        plan.contract.ends_on if plan.contract else None,
        plan.asset.retired_on if plan.asset else None,
    )
    return min((one for one in ends if one is not None), default=FAR)


def list_coming(session: Session, plan: MaintenancePlan, until_on: date, zone: str) -> list[Turn]:
    """The turns due until that day, as far as is known now.

    One that counts from the work done is unknown while the work before it is open.
    """
    last, rhythm = find_last(plan), rhythm_of(plan)
    until_on = min(until_on, last_day_of(plan))
    if plan.count_from == "planned" or last is None:
        after = (last.turn, last.due_on) if last else (-1, None)
        turns = (Turn(*one) for one in rhythm.list_turns(*after))
        coming = list(takewhile(lambda turn: turn.due_on <= until_on, turns))
        return coming if plan.count_from == "planned" else coming[:1]
    done_on = _find_ended_on(session, last, zone)
    if done_on is None:
        return []
    turn = Turn(last.turn + 1, max(rhythm.due_after(done_on), last.due_on + timedelta(days=1)))
    return [turn] if turn.due_on <= until_on else []


def project(session: Session, plan: MaintenancePlan, today: date, until_on: date, zone: str) -> Iterator[Turn]:
    """What is to be expected if all work is done when it is due: the turns known, and those that follow from them."""
    if plan.paused:
        return
    coming = list_coming(session, plan, until_on, zone)
    yield from coming
    if plan.count_from == "planned":
        return
    last = find_last(plan)
    turn = coming[-1] if coming else Turn(last.turn, max(last.due_on, today)) if last and last.job_id else None
    until_on = min(until_on, last_day_of(plan))
    while turn is not None:
        turn = Turn(turn.number + 1, rhythm_of(plan).due_after(turn.due_on))
        if turn.due_on > until_on:
            return
        yield turn


def find_last(plan: MaintenancePlan) -> MaintenanceVisit | None:
    """The newest turn that became a job or was left out."""
    return max(plan.visits, key=lambda one: one.turn, default=None)


def _find_ended_on(session: Session, visit: MaintenanceVisit, zone: str) -> date | None:
    """The day on which the work of a turn was done, return visits included; None while it is open.

    What was left out, cancelled or met a closed door counts from the day on which it was due.
    """
    if visit.job_id is None:
        return visit.due_on
    job: Job | None = session.get_one(Job, visit.job_id)
    while job is not None and job.status == "to_be_continued":
        continues = Job.return_of_id == job.id, Job.status != "cancelled"
        job = session.scalar(select(Job).where(*continues).order_by(Job.id.desc()).limit(1))
    if job is None:
        return visit.due_on
    if job.status == "open":
        return None
    stop = find_stop_in_force(session, job.id) if job.status == "done" else None
    if stop is None or stop.actual_end_at is None:
        return visit.due_on
    return clock.local_day(stop.actual_end_at, zone)
