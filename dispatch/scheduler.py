"""The scheduler process: takes the lead if nobody has it, runs the tasks by the clock, executes queued plans.

Any number of these processes may run; the one that holds the lease works, the others wait to take over.
APScheduler keeps the times of the tasks in the database, so that what fell due while no process ran is made up
for once, at the next start. See docs/decisions/0020.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from types import FrameType
from zoneinfo import ZoneInfo

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy import func, select

from dispatch import installation
from dispatch.accounts.password_links import send_links
from dispatch.db import SessionFactory
from dispatch.garbage import collect_seldom
from dispatch.models import TaskRun
from dispatch.notices.delivery import deliver_notices
from dispatch.runs import execution
from dispatch.runs.execution import Clock, utc_now
from dispatch.runs.leases import SCHEDULER_LEASE, give_up_lease, take_lease
from dispatch.tasks import Daily, Task, list_tasks
from dispatch.webhooks.delivery import Deliveries

log = logging.getLogger(__name__)

LEASE_LASTS = timedelta(seconds=30)
RENEW_EVERY_S = 2.0
LOOK_EVERY_S = 0.5
"""How long a plan that somebody asked for waits at most before it starts."""
DELIVER_EVERY_S = 1.0
"""How long an event waits at most before webhooks and customers are told of it."""
SEND_LINKS_EVERY_S = 3.0


class DailyTrigger(BaseTrigger):  # type: ignore[misc]
    """Tells APScheduler when a daily task is due next: once on every date, whatever the clocks do.

    Its own trigger for times of day leaves out the date on which the clocks jump over the time, and the one after a
    jump where the time is within an hour of midnight.
    """

    def __init__(self, schedule: Daily, zone: str) -> None:
        self.schedule, self.zone = schedule, zone
        self.timezone = ZoneInfo(zone)

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        """The next due time after the last one, or else from `now` on; APScheduler asks with aware instants."""
        if previous_fire_time is None:
            return self.schedule.next_due(now - timedelta(microseconds=1), self.zone)
        return self.schedule.next_due(previous_fire_time, self.zone)

    def __str__(self) -> str:
        return f"daily at {self.schedule.at:%H:%M}"


class Scheduler:
    """One process's scheduler. `run` blocks until `stop` is called, from a signal or another thread."""

    def __init__(self, session_factory: SessionFactory, now: Clock = utc_now) -> None:
        self.holder = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
        self._session_factory = session_factory
        self._now = now
        self._stopping = threading.Event()
        self._leads = threading.Event()
        self._clockwork: BackgroundScheduler | None = None
        self._fault: Exception | None = None
        self._webhooks = Deliveries(session_factory, now, self._must_give_up)

    def run(self) -> None:
        """Lead whenever nobody else does, until stopped; then finish cleanly and let the next one lead.

        Raises what made it impossible to go on, such as a database that does not answer: a leader that cannot
        plan must not go on leading. Whatever started the process starts it again.
        """
        _running[os.getpid()] = self
        loops = [
            threading.Thread(target=self._repeat, args=(self._execute_queue, LOOK_EVERY_S), name="plans"),
            threading.Thread(target=self._repeat, args=(self._deliver_webhooks, DELIVER_EVERY_S), name="webhooks"),
            threading.Thread(target=self._repeat, args=(self._send_links, SEND_LINKS_EVERY_S), name="password links"),
            threading.Thread(target=self._repeat, args=(self._deliver_notices, DELIVER_EVERY_S), name="notices"),
        ]
        for loop in loops:
            loop.start()
        try:
            while not self._stopping.is_set():
                self._take_or_leave_the_lead()
                self._stopping.wait(RENEW_EVERY_S)
        finally:
            self._stopping.set()
            for loop in loops:
                loop.join()
            self._stop_clockwork()
            try:
                self._webhooks.close()
            finally:
                with self._session_factory.begin() as session:
                    give_up_lease(session, SCHEDULER_LEASE, self.holder)
            log.info("Stopped")
        if self._fault is not None:
            raise self._fault

    def stop(self) -> None:
        """Ask `run` to end; a plan in the making is cancelled and queued again."""
        self._stopping.set()

    def _take_or_leave_the_lead(self) -> None:
        with self._session_factory.begin() as session:
            leads = take_lease(session, SCHEDULER_LEASE, self.holder, self._now(), LEASE_LASTS)
        if leads and self._clockwork is None:
            log.info("Leading as %s", self.holder)
            orphans = execution.fail_orphans(self._session_factory, self.holder, self._now())
            if orphans:
                log.warning("%d run(s) were interrupted when their process ended; marked as failed", orphans)
            self._clockwork = self._start_clockwork()
            self._leads.set()
        elif not leads and self._clockwork is not None:
            log.warning("Another process leads now")
            self._leads.clear()
            self._stop_clockwork()

    def _must_give_up(self) -> bool:
        """Stopping, or somebody else leads now and has told that this process is gone."""
        return self._stopping.is_set() or not self._leads.is_set()

    def _repeat(self, work: Callable[[], None], every_s: float) -> None:
        """Do this again and again while this process leads."""
        try:
            while not self._stopping.wait(every_s):
                if self._leads.is_set():
                    work()
        except Exception as fault:  # told by `run`, in the thread that others wait for
            log.exception("The %s cannot go on", threading.current_thread().name)
            self._fault = fault
            self._stopping.set()

    def _execute_queue(self) -> None:
        while not self._must_give_up():
            if not execution.run_next_plan(self._session_factory, self.holder, self._now, self._must_give_up):
                break

    def _deliver_webhooks(self) -> None:
        self._webhooks.look()

    def _send_links(self) -> None:
        send_links(self._session_factory, self._now())

    def _deliver_notices(self) -> None:
        deliver_notices(self._session_factory, self._now, self._must_give_up)

    def _start_clockwork(self) -> BackgroundScheduler:
        with self._session_factory() as session:
            zone = installation.get_zone(session)
        clockwork = BackgroundScheduler(
            jobstores={"default": SQLAlchemyJobStore(engine=self._session_factory.engine)},
            executors={"default": ThreadPoolExecutor(1)},
            timezone=ZoneInfo(zone),
        )
        clockwork.start(paused=True)
        wanted = {task.name: task for task in list_tasks(self._session_factory.settings)}
        for job in clockwork.get_jobs():
            if job.id not in wanted:
                clockwork.remove_job(job.id)
        for task in wanted.values():
            _schedule(clockwork, task, zone, self._now())
            if self._was_missed(task, zone):
                clockwork.modify_job(task.name, next_run_time=self._now())
        clockwork.resume()
        return clockwork

    def _was_missed(self, task: Task, zone: str) -> bool:
        """True when the task ran before, but not for its latest due time, or was interrupted in it by a kill.

        APScheduler makes up for what fell due while nothing ran; what falls due in the instant in which it is
        shut down, it takes off its list and does not run.
        """
        with self._session_factory() as session:
            newest = session.scalar(select(func.max(TaskRun.due_at)).where(TaskRun.task == task.name))
            due_at = execution.find_due_again(session, task.name, task.schedule.last_due(self._now(), zone))
        return newest is not None and newest < due_at

    def _stop_clockwork(self) -> None:
        if self._clockwork is not None:
            self._clockwork.shutdown(wait=True)
            self._clockwork = None

    def do_task(self, name: str) -> None:
        """Do the task once for its latest due time, wherever else it may have been started."""
        settings = self._session_factory.settings
        task = next(task for task in list_tasks(settings) if task.name == name)
        now = self._now()
        with self._session_factory() as session:
            last_due_at = task.schedule.last_due(now, installation.get_zone(session))
            due_at = execution.find_due_again(session, task.name, last_due_at)
        execution.run_once(
            self._session_factory,
            task.name,
            due_at,
            self.holder,
            lambda: task.work(self._session_factory, now),
            self._now,
        )


_running: dict[int, Scheduler] = {}
"""The scheduler of this process, under its process id: APScheduler stores only the name of what it calls."""


def run_task(name: str) -> None:
    """What APScheduler calls."""
    _running[os.getpid()].do_task(name)


def run_forever(session_factory: SessionFactory) -> None:
    """The scheduler process: runs until SIGTERM or Ctrl-C, then stops cleanly."""
    scheduler = Scheduler(session_factory)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        scheduler.stop()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    collect_seldom()
    scheduler.run()


def _schedule(clockwork: BackgroundScheduler, task: Task, zone: str, now: datetime) -> None:
    """Store the task's times; one that is stored already with the same times keeps when it is due next."""
    if isinstance(task.schedule, Daily):
        trigger = DailyTrigger(task.schedule, zone)
    else:
        next_at = task.schedule.last_due(now, zone) + timedelta(seconds=task.schedule.seconds)
        trigger = IntervalTrigger(seconds=task.schedule.seconds, start_date=next_at, timezone=ZoneInfo(zone))
    known = clockwork.get_job(task.name)
    if known is not None and (str(known.trigger), known.trigger.timezone) == (str(trigger), trigger.timezone):
        return
    clockwork.add_job(
        run_task,
        trigger,
        args=[task.name],
        id=task.name,
        replace_existing=True,
        max_instances=1,
        # However long and often it was due while nothing ran: make up for it, once.
        coalesce=True,
        misfire_grace_time=None,
    )
