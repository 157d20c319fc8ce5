"""How long the repair of one event takes against planning the whole day anew: `python -m tests.bench.repair`.

200 technicians of the sample city have 2,000 jobs, and somebody falls ill at half past ten; everybody before that did
what was planned. Both are measured from reading the database to the stored draft, with the installation's own limits.
"""

from __future__ import annotations

import argparse
import logging
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import select

from dispatch.db import SessionFactory, make_session_factory
from dispatch.garbage import collect_seldom
from dispatch.jobs.new import create_job
from dispatch.jobs.request import JobRequest
from dispatch.living.incidents import get_incident
from dispatch.living.policies import set_action
from dispatch.living.repair import repair_day
from dispatch.living.reporting import EventReport, report_event
from dispatch.living.ways import find_ways
from dispatch.migrations import upgrade
from dispatch.models import Customer, PlanVersion, Stop
from dispatch.planning.day import plan_day
from dispatch.planning.facts import find_published, get_plan_version
from dispatch.settings import Settings
from tests.bench.big_day import TEAM, fill, live_until

ON = date(2026, 11, 23)
SIX, HALF_PAST_TEN = datetime(2026, 11, 23, 9, tzinfo=UTC), datetime(2026, 11, 23, 13, 30, tzinfo=UTC)


def make_installation(home: Path, companies: int, jobs: int, time_limit_s: int) -> SessionFactory:
    """An empty database with everybody and everything in it."""
    env = {"WRENCHTIME_HOME": str(home), "SECRET_KEY": "only for measuring " * 2, "TRAVEL_SOURCE": "sample"}
    settings = Settings.from_env({**env, "PLAN_TIME_LIMIT_S": str(time_limit_s)})
    factory = make_session_factory(settings)
    upgrade(factory.engine)
    fill(factory, ON, companies, jobs)
    return factory


def fall_ill(factory: SessionFactory) -> int:
    """The one with the most left to do; returns the incident's id."""
    with factory.begin() as session:
        set_action(session, "technician_ill", "warn", 0, HALF_PAST_TEN, None)  # measured here, not queued
        plan = find_published(session, ON)
        assert plan is not None
        left = {one.technician_id: sum(stop.status == "planned" for stop in one.stops) for one in plan.routes}
        who = max(left, key=lambda one: (left[one], -one))
        print(f"ill: {left[who]} jobs left to do")
        return report_event(session, EventReport("technician_ill", ON, technician_id=who), HALF_PAST_TEN, None).id


def call_for_help(factory: SessionFactory) -> int:
    """Somebody is stuck in a lift at the first customer's; returns the incident's id."""
    with factory.begin() as session:
        stop = session.scalars(select(Stop).order_by(Stop.id)).first()
        customer = session.get(Customer, stop.job.customer_id) if stop else None
        assert stop is not None
        assert customer is not None
        asked = JobRequest(customer.id, stop.job.location_id, "People in the lift", requested_on=ON, priority=100,
                           service_s=1_800, skills={"lifts": 1})  # fmt: skip
        job = create_job(session, asked, HALF_PAST_TEN, None)
        report = EventReport("emergency", ON, job_id=job.id)
        return report_event(session, report, HALF_PAST_TEN, None, repair=False).id


def timed(what: str, work: Callable[[], object]) -> float:
    """Print and return the seconds on the wall; the processor's beside them, which other work does not lengthen."""
    wall, processor = time.monotonic(), time.process_time()
    work()
    wall, processor = time.monotonic() - wall, time.process_time() - processor
    print(f"{what}: {wall:.1f} s, {processor:.1f} s of the processor")
    return wall


def main() -> None:
    """Print what each takes, and how many of one go into the other."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.repair", description=__doc__)
    parser.add_argument("--companies", type=int, default=8, help=f"copies of the sample company, of {TEAM} people each")
    parser.add_argument("--jobs", type=int, default=2_000)
    parser.add_argument("--time-limit", type=int, default=60, help="seconds for planning the day (PLAN_TIME_LIMIT_S)")
    asked = parser.parse_args()
    logging.getLogger("dispatch.planning.stages").setLevel(logging.INFO)  # how long each stage takes
    logging.basicConfig(format="    %(message)s")
    collect_seldom()  # as the process does that plans and repairs
    with tempfile.TemporaryDirectory() as home:
        factory = make_installation(Path(home), asked.companies, asked.jobs, asked.time_limit)
        limits = {"time_limit_s": float(asked.time_limit)}
        print(f"{asked.companies * TEAM} technicians, {asked.jobs:,} jobs, {asked.time_limit} s to plan the day")
        timed("the first plan of the day", lambda: plan_day(factory, ON, now=SIX, **limits))
        live_until(factory, ON, HALF_PAST_TEN)
        ill = fall_ill(factory)
        # Once beforehand: what is loaded only once is paid, and the places of those who can help are known.
        timed("the first repair", lambda: repair_day(factory, ill, now=HALF_PAST_TEN, as_draft=True))
        repaired = timed("repair", lambda: repair_day(factory, ill, now=HALF_PAST_TEN, as_draft=True))
        tell_changes(factory, ill)
        call = call_for_help(factory)
        with factory() as session:
            timed("ways to serve an emergency", lambda: find_ways(session, get_incident(session, call), HALF_PAST_TEN))
        anew = timed("the day anew", lambda: plan_day(factory, ON, now=HALF_PAST_TEN, as_draft=True, **limits))
        print(f"a repair takes {repaired / anew:.1%} of the time of planning the day anew")
        factory.engine.dispose()


def tell_changes(factory: SessionFactory, incident_id: int) -> None:
    """What the repair moves."""
    with factory() as session:
        plan_id = get_incident(session, incident_id).plan_id
        assert plan_id is not None, "nothing was repaired"
        version: PlanVersion = get_plan_version(session, plan_id)
        kinds = [line.kind for line in version.changes]
        print(", ".join(f"{kinds.count(kind)} {kind}" for kind in sorted(set(kinds))))


if __name__ == "__main__":
    main()
