"""What APScheduler is given and how it is kept going: the times of daily tasks, and a thread that outlives faults."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger

from dispatch.loops import Loop
from dispatch.tasks import Daily


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


class SharedJobStore(SQLAlchemyJobStore):  # type: ignore[misc]
    """Keeps the times of tasks through an engine that belongs to the process, and outlives the store."""

    def shutdown(self) -> None:
        """APScheduler's own would dispose of the engine, also for those who are using it: their connections would come
        back to a pool that is gone, and stay open."""


class Clockwork(BackgroundScheduler):  # type: ignore[misc]
    """APScheduler, whose thread would end with the first fault of its job store while it notes when a task is next."""

    def __init__(self, loop: Loop, **options: Any) -> None:
        super().__init__(**options)
        self._loop = loop

    def _process_jobs(self) -> float | None:
        wait_s: list[float | None] = []
        pause_s = self._loop.attempt(lambda: wait_s.append(super(Clockwork, self)._process_jobs()))
        return wait_s[0] if wait_s and not self._loop.is_at_fault else pause_s
