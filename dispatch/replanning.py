"""Plans days again whose facts have changed, as the policy says: publish, propose, or only warn."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch import clock, installation
from dispatch.db import SessionFactory
from dispatch.events import has_event_of, list_events_of, record_event
from dispatch.models import (
    Incident,
    PlanVersion,
    TaskRun,
)
from dispatch.planning.budget import is_tentative
from dispatch.planning.facts import DayFacts, last_shift_end, read_day, select_technicians
from dispatch.planning.fingerprint import hash_facts
from dispatch.planning.making_way import was_replaced
from dispatch.planning.nothing_better import was_tried
from dispatch.planning.spent import find_spent
from dispatch.roads import get_travel_source
from dispatch.runs.queue import PLAN, request_plan
from dispatch.settings import Settings
from dispatch.still_changing import OUTDATED, find_first_change, is_still_changing

LONGEST_WAIT = timedelta(hours=4)
"""However often planning a day has failed, it is tried again after this."""
LOOK_BACK = timedelta(days=1)


def replan_what_changed(session_factory: SessionFactory, now: datetime, changed_by: datetime | None = None) -> str:
    """Queue the days that are planned, not over, and whose facts have changed since; returns a sentence: what was done.

    A day is left alone while somebody is just changing it, while a plan of it is in the making, after a failure for a
    while that doubles each time, and when for just these facts a draft has been proposed, whatever was said to it, or
    nothing better was found. A draft whose place another took before anybody decided about it, such as a repair, is
    proposed again. With `changed_by`, only days that were changed by then are looked after.
    """
    settings = session_factory.settings
    changed: list[tuple[PlanVersion, str]] = []
    changing: list[str] = []
    with session_factory() as session:
        source_name = get_travel_source(session).name
        for plan in _list_running_days(session, now):
            facts = read_day(session, plan.on, now=now)
            input_hash = hash_facts(facts, source_name, plan.policy)
            has_changed = input_hash != plan.input_hash or _has_reopened(facts)
            if not has_changed or _is_dealt_with(session, plan, input_hash, settings, now):
                continue
            if changed_by is not None:
                first_at = find_first_change(session, plan, facts, now)
                if first_at is None or first_at > changed_by:
                    continue
            if is_still_changing(session, plan, facts, now):
                changing.append(str(plan.on))
            else:
                changed.append((plan, input_hash))
    if not changed:
        return f"Still changing: {', '.join(changing)}" if changing else "Nothing has changed"
    days = ", ".join(str(plan.on) for plan, _ in changed)
    with session_factory.begin() as session:
        for plan, input_hash in changed:
            if settings.replan == "warn":
                record_event(session, OUTDATED, now, None, plan, after={"on": plan.on, "input_hash": input_hash})
            else:
                spent = find_spent(session, plan.on, now)
                as_draft = settings.replan == "propose" or (spent is not None and spent.is_used_up)
                request_plan(session, plan.on, plan.policy, None, now, as_draft=as_draft)
    return f"Warned of {days}" if settings.replan == "warn" else f"Queued {days}"


def list_notices(session: Session, plan: PlanVersion | None, on: date, now: datetime) -> list[str]:
    """What dispatchers must know about planning this day again, in sentences."""
    notices = []
    settings: Settings = session.info["settings"]
    if plan is not None and is_tentative(settings, on, clock.local_day(now, plan.zone)):
        firm_on = on - timedelta(days=settings.firm_days)
        notices.append(
            f"This plan is tentative until {firm_on}: every night makes it anew, and customers are told nothing of it "
            "but what was promised."
        )
    failed = _list_failures(session, on, now)
    if failed:
        zone = installation.get_zone(session)
        last, times = failed[0], "" if len(failed) == 1 else f" {len(failed)} times in a row"
        again_at = clock.local_time(_next_try_at(failed, session.info["settings"]), zone)
        ended_at = clock.local_time(last.ended_at or now, zone)
        notices.append(
            f"Planning this day has failed{times}, last at {ended_at}: {last.error} "
            f"It is not tried again by itself before {again_at}."
        )
    if plan is not None and has_event_of(session, plan, OUTDATED):
        notices.append("The day has changed since this plan was made; plan it again.")
    return notices


def _list_running_days(session: Session, now: datetime) -> list[PlanVersion]:
    """Published plans from the night shift that is still going on, if any, to the last day that is firm.

    The days after it are tentative: every night plans them anew.
    """
    zone = installation.get_zone(session)
    today = clock.local_day(now, zone)
    firm = timedelta(days=session.info["settings"].firm_days)
    technicians = session.scalars(select_technicians()).all()
    plans = session.scalars(
        select(PlanVersion)
        .where(PlanVersion.status == "published", PlanVersion.on.between(today - timedelta(days=1), today + firm))
        .order_by(PlanVersion.on)
    )
    return [plan for plan in plans if last_shift_end(technicians, plan.on, zone) > now]


def _has_reopened(facts: DayFacts) -> bool:
    """Whether a job is wanted whose visit was cancelled: what the day is made of is as it was, and its plan is not."""
    wanted = {job.id for job in facts.jobs}
    return any(stop.status == "cancelled" and stop.job_id in wanted for route in facts.routes for stop in route.stops)


def _is_dealt_with(session: Session, plan: PlanVersion, input_hash: str, settings: Settings, now: datetime) -> bool:
    if settings.replan == "warn":
        told = [event.after.get("input_hash") for event in list_events_of(session, plan) if event.kind == OUTDATED]
        return input_hash in told
    unfinished = TaskRun.task == PLAN, TaskRun.status.in_(("queued", "running"))
    if any(run.arguments["on"] == plan.on.isoformat() for run in session.scalars(select(TaskRun).where(*unfinished))):
        return True
    if _has_repair_waiting(session, plan.on):
        return True
    failed = _list_failures(session, plan.on, now)
    if failed and _next_try_at(failed, settings) > now:
        return True
    if was_tried(session, plan, input_hash):
        return True
    proposed = PlanVersion.base_id == plan.id, PlanVersion.input_hash == input_hash
    return any(not was_replaced(session, draft) for draft in session.scalars(select(PlanVersion).where(*proposed)))


def _has_repair_waiting(session: Session, on: date) -> bool:
    """Whether people are deciding about a repair, which a new draft would take away from under them."""
    waiting = PlanVersion.on == on, PlanVersion.status == "draft", Incident.plan_id == PlanVersion.id
    return session.scalar(select(Incident.id).where(*waiting).limit(1)) is not None


def _list_failures(session: Session, on: date, now: datetime) -> list[TaskRun]:
    """The runs of the day that have failed since one succeeded or was cancelled, the last one first."""
    ended = session.scalars(
        select(TaskRun)
        .where(TaskRun.task == PLAN, TaskRun.ended_at > now - LOOK_BACK)
        .order_by(TaskRun.ended_at.desc(), TaskRun.id.desc())
    )
    failed = []
    for run in ended:
        if run.arguments["on"] == on.isoformat():
            if run.status != "failed":
                break
            failed.append(run)
    return failed


def _next_try_at(failed: list[TaskRun], settings: Settings) -> datetime:
    """After the first failure twice the usual time, and twice as long after each further one."""
    wait = timedelta(seconds=settings.replan_every_s << min(len(failed), 20))
    last_at = failed[0].ended_at
    assert last_at is not None, "the database refuses a failed run without an end"
    return last_at + min(wait, LONGEST_WAIT)
