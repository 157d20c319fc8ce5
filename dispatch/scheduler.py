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
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy import func, select

from dispatch import installation
from dispatch.accounts.password_links import send_links
from dispatch.clockwork import Clockwork, DailyTrigger, SharedJobStore
from dispatch.db import SessionFactory
from dispatch.garbage import collect_seldom
from dispatch.loops import LONGEST_PAUSE_S, Loop
from dispatch.models import TaskRun
from dispatch.notices.delivery import deliver_notices
from dispatch.runs import execution, faults
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
LONGEST_WITHOUT_THE_LEAD_S = 8.0
"""After a fault the lease is tried again while it lasts, however many faults there were."""


class Scheduler:
    """One process's scheduler. `run` blocks until `stop` is called, from a signal or another thread.

    Whatever faults there are, it goes on, and tells them: see `dispatch.loops`.
    """

    def __init__(self, session_factory: SessionFactory, now: Clock = utc_now) -> None:
        self.holder = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
        self._session_factory = session_factory
        self._now = now
        self._stopping, self._leads = threading.Event(), threading.Event()
        self._leads_until_at = now()
        self._clockwork: Clockwork | None = None
        self._again: dict[str, datetime] = {}
        self._end: BaseException | None = None
        self._loops: list[Loop] = []
        self._webhooks = Deliveries(session_factory, now, self._must_give_up)
        self._lead = self._loop(faults.LEAD, RENEW_EVERY_S, LONGEST_WITHOUT_THE_LEAD_S)
        self._times, self._tasks = self._loop(faults.TIMES), self._loop(faults.TASKS)
        self._plans = self._loop(faults.PLANS, LOOK_EVERY_S)

    def run(self) -> None:
        """Lead whenever nobody else does, until stopped; then finish cleanly and let the next one lead.

        Raises what was to end the process, such as SystemExit, in whatever thread it was raised.
        """
        _running[os.getpid()] = self
        works = (
            (self._plans, self._execute_queue),
            (self._loop(faults.WEBHOOKS, DELIVER_EVERY_S), self._webhooks.look),
            (self._loop(faults.LINKS, SEND_LINKS_EVERY_S), self._send_links),
            (self._loop(faults.NOTICES, DELIVER_EVERY_S), self._deliver_notices),
        )
        loops = [threading.Thread(target=self._repeat, args=work, name=work[0].name) for work in works]
        for loop in loops:
            loop.start()
        try:
            while not self._stopping.is_set():
                self._stopping.wait(self._lead.attempt(self._keep_the_lead))
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
        if self._end is not None:
            raise self._end

    def stop(self) -> None:
        """Ask `run` to end; a plan in the making is cancelled and queued again."""
        self._stopping.set()

    def _loop(self, name: str, every_s: float = 0.0, longest_pause_s: float = LONGEST_PAUSE_S) -> Loop:
        self._loops.append(Loop(self._session_factory, name, every_s, self._now, longest_pause_s))
        return self._loops[-1]

    def _keep_the_lead(self) -> None:
        """Take or renew the lease, and see to the clockwork; a lease that could not be renewed is lost in the end."""
        try:
            self._take_or_leave_the_lead()
        except Exception:
            if self._now() >= self._leads_until_at:
                self._leave_the_lead("The lease has run out")
            raise
        if self._leads.is_set():
            self._do_again()

    def _take_or_leave_the_lead(self) -> None:
        now = self._now()
        with self._session_factory.begin() as session:
            leads = take_lease(session, SCHEDULER_LEASE, self.holder, now, LEASE_LASTS)
        if not leads:
            self._leave_the_lead("Another process leads now")
            return
        self._leads_until_at = now + LEASE_LASTS
        if self._clockwork is None:
            log.info("Leading as %s", self.holder)
            orphans = execution.fail_orphans(self._session_factory, self.holder, self._now())
            if orphans:
                log.warning("%d run(s) were interrupted when their process ended; marked as failed", orphans)
            for loop in self._loops:
                loop.forget()  # whoever led before may have ended with a fault: nobody else says that it is over
            self._clockwork = self._start_clockwork()
            self._leads.set()

    def _leave_the_lead(self, why: str) -> None:
        if self._clockwork is not None:
            log.warning(why)
            self._leads.clear()
            self._stop_clockwork()

    def _must_give_up(self) -> bool:
        """Stopping, or somebody else leads now and has told that this process is gone."""
        return self._stopping.is_set() or not self._leads.is_set()

    def _repeat(self, loop: Loop, work: Callable[[], object]) -> None:
        """Do this again and again while this process leads."""
        wait_s = loop.every_s
        try:
            while not self._stopping.wait(wait_s):
                wait_s = loop.attempt(work) if self._leads.is_set() else loop.every_s
        except BaseException as end:  # raised by `run`, in the thread that others wait for
            self._end = end
            self._stopping.set()

    def _execute_queue(self) -> None:
        if self._plans.is_at_fault:
            execution.fail_own_orphans(self._session_factory, self.holder, self._now(), plans=True)
        while not self._must_give_up():
            if not execution.run_next_plan(self._session_factory, self.holder, self._now, self._must_give_up):
                break

    def _send_links(self) -> None:
        send_links(self._session_factory, self._now())

    def _deliver_notices(self) -> None:
        deliver_notices(self._session_factory, self._now, self._must_give_up)

    def _start_clockwork(self) -> Clockwork:
        with self._session_factory() as session:
            zone = installation.get_zone(session)
        clockwork = Clockwork(
            self._times,
            jobstores={"default": SharedJobStore(engine=self._session_factory.engine)},
            executors={"default": ThreadPoolExecutor(1)},
            timezone=ZoneInfo(zone),
        )
        clockwork.start(paused=True)
        try:
            self._set_up(clockwork, zone)
        except BaseException:
            clockwork.shutdown(wait=False)
            raise
        clockwork.resume()
        return clockwork

    def _set_up(self, clockwork: Clockwork, zone: str) -> None:
        wanted = {task.name: task for task in list_tasks(self._session_factory.settings)}
        for job in clockwork.get_jobs():
            if job.id not in wanted:
                clockwork.remove_job(job.id)
        for task in wanted.values():
            _schedule(clockwork, task, zone, self._now())
            if self._was_missed(task, zone):
                clockwork.modify_job(task.name, next_run_time=self._now())

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
        clockwork, self._clockwork = self._clockwork, None
        if clockwork is not None:
            clockwork.shutdown(wait=True)

    def _do_again(self) -> None:
        """Let the clockwork do what a fault outside its run has kept from being done."""
        for name in [name for name, at in [*self._again.items()] if at <= self._now()]:
            at = self._again.pop(name)  # first: it may be at fault again at once
            try:
                if self._clockwork is not None:
                    self._clockwork.modify_job(name, next_run_time=self._now())
            except Exception:
                self._again.setdefault(name, at)
                raise

    def do_task(self, name: str) -> None:
        """Do the task once for its latest due time, wherever else it may have been started; after a fault outside its
        run once more, after a pause."""
        pause_s = self._tasks.attempt(lambda: self._do_task(name))
        if self._tasks.is_at_fault:
            self._again[name] = self._now() + timedelta(seconds=pause_s)

    def _do_task(self, name: str) -> None:
        if self._tasks.is_at_fault:
            execution.fail_own_orphans(self._session_factory, self.holder, self._now(), plans=False)
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


def _schedule(clockwork: Clockwork, task: Task, zone: str, now: datetime) -> None:
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
