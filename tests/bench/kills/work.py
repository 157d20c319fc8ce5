"""What the process that is killed does: reports, new jobs, plans, drafts and tasks, each told when it is stored."""

import json
import os
import random
import signal
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import event

from dispatch.db import SessionFactory, make_session_factory
from dispatch.errors import Conflict
from dispatch.events import record_event
from dispatch.jobs.moving import report_status
from dispatch.jobs.statuses import list_next
from dispatch.models import TaskRun
from dispatch.planning.day import plan_day
from dispatch.planning.facts import find_published
from dispatch.planning.publish import publish_draft
from dispatch.runs.execution import run_next_plan, run_once
from dispatch.runs.queue import request_plan
from dispatch.settings import Settings
from tests.dispatch.town import CENTRE, FREE, MONDAY, Grid, at, job, settle, technician, user_of

TASK = "watch of the test"
WORKED = "test task worked"
JOBS, TECHNICIANS = 24, 4
Tell = Callable[[dict[str, Any]], None]


def place(number: int) -> tuple[float, float]:
    """Spread over the town."""
    return CENTRE[0] + (number * 7 % 13 - 6) / 200, CENTRE[1] + (number * 5 % 11 - 5) / 200


def make_town(session_factory: SessionFactory) -> None:
    """A few technicians and a day's work, not planned yet."""
    people = [technician(f"T{n}") for n in range(1, TECHNICIANS + 1)]
    jobs = [job(f"J{n}", location=place(n), service_s=1200) for n in range(1, JOBS + 1)]
    settle(session_factory, people, jobs)
    with session_factory.begin() as session:
        user_of(session, "D1", "dispatcher")
        for person in people:
            user_of(session, person.code)


def die_at(session_factory: SessionFactory, statement: int, before: bool) -> None:
    """End this process without a word, before or after its `statement`th call to the database, commits included."""
    count = 0

    def look(is_before: bool) -> None:
        nonlocal count
        count += is_before
        if count >= statement and is_before == before:
            os.kill(os.getpid(), signal.SIGKILL)

    engine = session_factory.engine
    event.listen(engine, "before_cursor_execute", lambda *_: look(True))
    event.listen(engine, "after_cursor_execute", lambda *_: look(False))
    event.listen(engine, "commit", lambda *_: look(True))


def work_until_killed(settings: Settings, turn: int, seed: str, statement: int, before: bool, pipe: int) -> None:
    """Never returns. What was stored is told through the pipe as a line of JSON, right after the commit."""
    session_factory = make_session_factory(replace(settings, plan_time_limit_s=0.05, plan_threads=1))
    rng = random.Random(seed)
    die_at(session_factory, statement, before)
    moment = at(8) + timedelta(minutes=turn)

    def tell(said: dict[str, Any]) -> None:
        os.write(pipe, json.dumps(said).encode() + b"\n")

    for count in range(10_000):
        now = moment + timedelta(milliseconds=5 * count)
        act = rng.choices((report, create, plan, publish, do_task), (10, 3, 2, 2, 3))[0]
        try:
            act(session_factory, rng, now, tell)
        except Conflict:  # what a person would be told of too; nothing was stored
            continue
    raise AssertionError("the process was to be killed long before")


def report(session_factory: SessionFactory, rng: random.Random, now: datetime, tell: Tell) -> None:
    """A technician moves a visit on."""
    with session_factory.begin() as session:
        published = find_published(session, MONDAY)
        stops = [stop for route in published.routes for stop in route.stops] if published else []
        moves = [
            (stop, new) for stop in stops for new in list_next(stop.status, "technician") if stop.job.status == "open"
        ]
        if not moves:
            return
        stop, status = rng.choice(moves)
        user = user_of(session, stop.route.technician.code)
        report_status(session, stop.id, status, user, now, "Needs a part.")
    tell({"did": "report", "job_id": stop.job_id, "status": status, "at": now.isoformat()})


def create(session_factory: SessionFactory, rng: random.Random, now: datetime, tell: Tell) -> None:
    """A job comes in."""
    number = f"N{now:%H%M%S%f}"
    settle(session_factory, [], [job(number, location=place(rng.randrange(100)), service_s=900)])
    tell({"did": "create", "number": number})


def plan(session_factory: SessionFactory, rng: random.Random, now: datetime, tell: Tell) -> None:
    """Somebody asks for a plan, and the leader makes and publishes it."""
    with session_factory.begin() as session:
        run_id = request_plan(session, MONDAY, "balanced", None, now)
    tell({"did": "request", "run_id": run_id})
    while run_next_plan(session_factory, f"process {os.getpid()}", lambda: now):
        pass  # also those that a killed process left behind
    with session_factory() as session:
        status = session.get_one(TaskRun, run_id).status
    tell({"did": "plan", "run_id": run_id, "status": status})


def publish(session_factory: SessionFactory, rng: random.Random, now: datetime, tell: Tell) -> None:
    """A draft is made and published."""
    options: dict[str, Any] = {"travel_source": Grid(), "time_limit_s": 0.05, "budget": FREE}
    draft = plan_day(session_factory, MONDAY, now=now, as_draft=True, **options)
    if draft.status != "draft":
        return
    version = publish_draft(session_factory, draft.id, draft.revision, None, now, travel_source=Grid())
    tell({"did": "publish", "plan_id": version.id})


def do_task(session_factory: SessionFactory, rng: random.Random, now: datetime, tell: Tell) -> None:
    """A task falls due, and this process tries to do it, as every process does: also one that was done before."""
    due_at = at(8) + timedelta(minutes=rng.randrange((now - at(8)) // timedelta(minutes=1) + 1))

    def work() -> str:
        with session_factory.begin() as session:
            record_event(session, WORKED, now, None, after={"due_at": due_at})
        return "Worked"

    if run_once(session_factory, TASK, due_at, f"process {os.getpid()}", work, lambda: now):
        tell({"did": "task", "due_at": due_at.isoformat()})
