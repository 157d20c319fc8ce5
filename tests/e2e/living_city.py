"""The sample city on a Monday whose clock a test sets: real pages, and a scheduler that the test turns."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from werkzeug.serving import make_server

from dispatch import installation
from dispatch.db import SessionFactory, make_session_factory
from dispatch.demo.company import install_demo
from dispatch.jobs.moving import report_status
from dispatch.living.watch import watch_today
from dispatch.migrations import upgrade
from dispatch.models import User
from dispatch.planning.day import plan_day
from dispatch.planning.facts import find_published
from dispatch.runs.execution import run_next_plan
from dispatch.settings import Settings
from web.app import create_app

MONDAY = date(2026, 11, 23)


def at(hour: int, minute: int = 0) -> datetime:
    """That time on the city's clocks."""
    return datetime(2026, 11, 23, 3, tzinfo=UTC) + timedelta(hours=hour, minutes=minute)


class City:
    """The running city; `now` is what every clock in it shows."""

    def __init__(self, session_factory: SessionFactory) -> None:
        self.session_factory = session_factory
        self.address = ""
        self.now = at(6)

    def clock(self) -> datetime:
        return self.now

    def live_until(self, now: datetime, *, but: frozenset[int] = frozenset()) -> None:
        """Everybody reports what they do as it was planned, but those technicians (by id); then it is `now`."""
        with self.session_factory.begin() as session:
            office = session.scalars(select(User).where(User.role == "dispatcher")).first()
            plan = find_published(session, MONDAY)
            assert plan is not None
            stops = [stop for route in plan.routes if route.technician_id not in but for stop in route.stops]
            for stop in stops:
                if stop.status == "planned" and stop.job.status == "open" and stop.planned_start_at <= now:
                    report_status(session, stop.id, "on_site", office, stop.planned_start_at)
                if stop.status == "on_site" and stop.planned_end_at <= now:
                    for step in stop.job.checks:
                        step.done_at = stop.planned_end_at
                    report_status(session, stop.id, "done", office, stop.planned_end_at)
        self.now = now

    def turn_scheduler(self) -> int:
        """Watch the day, and make every plan and repair that is queued; returns how many there were."""
        watch_today(self.session_factory, self.now)
        made = 0
        while run_next_plan(self.session_factory, "city", self.clock):
            made += 1
        return made


@contextmanager
def living_city(home: Path) -> Iterator[City]:
    """Planned at six in the morning, and served until the block ends."""
    settings = Settings.from_env({"WRENCHTIME_HOME": str(home), "SECRET_KEY": "only for tests " * 3})
    session_factory = make_session_factory(settings)
    upgrade(session_factory.engine)
    city = City(session_factory)
    install_demo(session_factory, city.now)
    with session_factory.begin() as session:
        installation.store_setting(session, installation.PLANS_WHOLE_DAY, "no")  # its hours pass like anybody's
    plan_day(session_factory, MONDAY, now=city.now, time_limit_s=600, iterations=500)  # the same on every machine
    server = make_server("127.0.0.1", 0, create_app(settings, clock=city.clock), threaded=True)
    city.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield city
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        session_factory.engine.dispose()
