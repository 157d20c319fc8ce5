"""The tasks that run by the clock, as a table: what, when, and the function that does it.

A task never plans by itself: it queues plans, and one queue executes all plans, asked for by clock or by people.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from dispatch import clock, installation
from dispatch.db import SessionFactory
from dispatch.housekeeping import back_up, tidy_up
from dispatch.living.watch import watch_today
from dispatch.maintenance.creation import create_coming_jobs
from dispatch.models import PlanVersion, TaskRun
from dispatch.notices.lateness import queue_lateness
from dispatch.notices.queueing import queue_of_today, queue_reminders
from dispatch.planning.budget import is_tentative
from dispatch.planning.day import DEFAULT_POLICY
from dispatch.replanning import replan_what_changed
from dispatch.runs.queue import INCIDENT, PLAN, request_plan
from dispatch.settings import Settings
from dispatch.still_changing import QUIET, was_anything_changed

TIDY_UP_AT = time(3, 30)
MAINTENANCE_AT = time(18)
"""Before the nightly plan, so that what falls due tomorrow is in it."""
WATCH_EVERY_S = 60
REPLAN_AGAIN_EVERY_S = 60
"""Days that were just being changed when they were looked at are looked at again before `REPLAN_EVERY_S` is over."""
DAY_BEGINS_EVERY_S = 3600
"""Midnight is at another hour in each zone that a company works in."""


@dataclass(frozen=True)
class Daily:
    """Every day when the clock on the head office's wall shows `at`."""

    at: time

    def last_due(self, now: datetime, zone: str) -> datetime:
        """The latest instant, not after `now`, at which the task was due."""
        today = clock.local_day(now, zone)
        due_at = clock.at_wall_clock(today, self.at, zone)
        return due_at if due_at <= now else clock.at_wall_clock(today - timedelta(days=1), self.at, zone)

    def next_due(self, now: datetime, zone: str) -> datetime:
        """The first instant after `now` at which the task is due."""
        today = clock.local_day(now, zone)
        due_at = clock.at_wall_clock(today, self.at, zone)
        return due_at if due_at > now else clock.at_wall_clock(today + timedelta(days=1), self.at, zone)


@dataclass(frozen=True)
class Every:
    """Every so many seconds, counted from 1970, so that all processes mean the same instants."""

    seconds: int

    def last_due(self, now: datetime, zone: str) -> datetime:
        """The latest instant, not after `now`, at which the task was due."""
        return datetime.fromtimestamp(int(now.timestamp()) // self.seconds * self.seconds, UTC)


@dataclass(frozen=True)
class Task:
    """One line of the table. `work` returns a sentence: what it did."""

    name: str
    schedule: Daily | Every
    work: Callable[[SessionFactory, datetime], str]


def list_tasks(settings: Settings) -> tuple[Task, ...]:
    """The table, with this installation's times."""
    return (
        Task("maintenance", Daily(MAINTENANCE_AT), create_coming_jobs),
        Task("nightly plan", Daily(settings.nightly_plan_at), plan_coming_days),
        Task("reminders", Daily(settings.remind_at), queue_reminders),
        *(() if settings.firm_days else (Task("day begins", Every(DAY_BEGINS_EVERY_S), queue_of_today),)),
        Task("replan", Every(settings.replan_every_s), replan_what_changed),
        Task("replan again", Every(REPLAN_AGAIN_EVERY_S), replan_what_was_left_alone),
        Task("watch", Every(WATCH_EVERY_S), watch),
        Task("backup", Daily(settings.backup_at), back_up),
        Task("tidy up", Daily(TIDY_UP_AT), tidy_up),
    )


def watch(session_factory: SessionFactory, now: datetime) -> str:
    """Raise alerts for the office, and tell customers who will come later than they were told."""
    try:  # first, so that nobody is alerted of a delay that the customer is just being told
        told = queue_lateness(session_factory, now)
    finally:
        watched = watch_today(session_factory, now)
    return f"{watched}. {told}"


def replan_what_was_left_alone(session_factory: SessionFactory, now: datetime) -> str:
    """Plan days again that were just being changed when they were looked at last, and that are not by now.

    What changes first after that look waits for the next one.
    """
    looked_at = Every(session_factory.settings.replan_every_s).last_due(now, "")
    with session_factory() as session:
        until = looked_at + timedelta(seconds=REPLAN_AGAIN_EVERY_S)
        was_changing = was_anything_changed(session, looked_at - QUIET, until)
    return replan_what_changed(session_factory, now, looked_at) if was_changing else "Nothing was left alone"


def plan_coming_days(session_factory: SessionFactory, now: datetime) -> str:
    """Queue the day after the evening it was due on, the days of the horizon behind it, and later ones that have a plan
    and are tentative: nothing else makes them anew.

    Made up for the next morning, that first day is today. A day that has been planned as a whole since the evening
    stays as it is; one in which somebody has moved a visit, or an event was repaired, is planned.
    A day that has a plan is planned by the policy that somebody chose for that.
    """
    settings = session_factory.settings
    with session_factory.begin() as session:
        zone = installation.get_zone(session)
        due_at = Daily(settings.nightly_plan_at).last_due(now, zone)
        first = clock.local_day(due_at, zone) + timedelta(days=1)
        planned = _find_planned_since(session, due_at)
        days = [first + timedelta(days=ahead) for ahead in range(settings.horizon_days)]
        published = select(PlanVersion).where(PlanVersion.status == "published", PlanVersion.on >= first)
        plans = {one.on: one for one in session.scalars(published.order_by(PlanVersion.on))}
        evening = first - timedelta(days=1)
        days += [on for on in plans if on not in days and is_tentative(settings, on, evening)]
        wanted = [on for on in days if on not in planned]
        for on in wanted:
            policy = plans[on].policy if on in plans else DEFAULT_POLICY
            request_plan(session, on, policy, None, now, as_draft=settings.nightly_plan == "propose")
    return f"Queued {len(wanted)} day(s) from {first} on"


def _find_planned_since(session: Session, since: datetime) -> set[date]:
    """The days for which a search of the whole day was made, and published where it found something better.

    What is moved by hand, repaired or put back has the hash of the version before: nobody has looked at the whole day
    for it. A search of the same facts has it too, so the runs that people ask for count by themselves.
    """
    before = aliased(PlanVersion)
    looked_at = or_(PlanVersion.base_id.is_(None), PlanVersion.input_hash != before.input_hash)
    published = PlanVersion.published_at.is_not(None)
    by_facts = select(PlanVersion.on).outerjoin(before, PlanVersion.base_id == before.id)
    days = set(session.scalars(by_facts.where(published, looked_at, PlanVersion.made_at >= since)))
    ended = TaskRun.task == PLAN, TaskRun.status == "done", TaskRun.ended_at >= since
    by_run = select(TaskRun.arguments, PlanVersion.on).join(TaskRun.plan).where(published, *ended)
    return days | {on for arguments, on in session.execute(by_run) if INCIDENT not in arguments}
