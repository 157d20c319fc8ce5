"""Processes are killed in the middle of their tasks: nothing is done twice, nothing is left undone, all is told."""

import os
import random
import signal
import subprocess
import sys
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from dispatch.db import make_session_factory
from dispatch.models import Event, TaskRun
from dispatch.runs import execution
from dispatch.runs.log import list_runs
from dispatch.runs.queue import PLAN, request_plan
from dispatch.scheduler import Scheduler
from dispatch.tasks import Every, Task
from tests.databases import environment_of, settings_for
from tests.dispatch.town import MONDAY, MORNING, job, settle, technician

ROOT = Path(__file__).parents[2]
PATIENCE_S = 120
KILLS = 3
SEED = 20261123

# A task that takes a while and leaves one trace in the database; the lease runs out quickly.
PROGRAM = """
import sys, threading
from datetime import timedelta
from dispatch import scheduler, tasks
from dispatch.db import make_session_factory
from dispatch.events import record_event
from dispatch.settings import Settings

def beat(session_factory, now):
    threading.Event().wait(0.3)
    with session_factory.begin() as session:
        record_event(session, "beat", now, None)
    threading.Event().wait(0.1)
    return "Beat"

scheduler.list_tasks = lambda settings: (tasks.Task("beat", tasks.Every(1), beat),)
scheduler.RENEW_EVERY_S = 0.2
scheduler.LEASE_LASTS = timedelta(seconds=3)
one = scheduler.Scheduler(make_session_factory(Settings.from_env()))
threading.Thread(target=lambda: (sys.stdin.read(), one.stop()), daemon=True).start()
print("started", flush=True)
one.run()
"""


class Processes:
    """Schedulers that share one database."""

    def __init__(self, home: Path) -> None:
        self._environment = {**environment_of(home), "PATH": "", "PYTHONPATH": str(ROOT)}
        self.running: dict[int, subprocess.Popen[str]] = {}

    def start(self) -> None:
        """One more; it waits for the lead."""
        one = subprocess.Popen(
            [sys.executable, "-c", PROGRAM], cwd=ROOT, env=self._environment, text=True, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )  # fmt: skip
        assert one.stdout.readline() == "started\n"
        self.running[one.pid] = one

    def kill(self, pid: int) -> None:
        """At once, whatever it is doing."""
        one = self.running.pop(pid)
        os.kill(pid, signal.SIGKILL)
        one.wait()
        one.stdin.close()
        one.stdout.close()

    def stop(self) -> None:
        """All of them, cleanly."""
        for one in self.running.values():
            one.stdin.close()
        for one in self.running.values():
            one.wait(PATIENCE_S)
            one.stdout.close()


@pytest.fixture
def processes(home):
    one = Processes(home)
    yield one
    one.stop()


@pytest.mark.both_databases
def test_leaders_killed_at_any_moment_leave_no_task_done_twice_and_none_untold(processes, session_factory):
    """Leaders die at seeded moments of their runs; others take over when the lease has run out, as they would."""
    chance = random.Random(SEED)
    for _ in range(2):
        processes.start()
    for _ in range(KILLS):
        done = _count(session_factory, "done")
        leader = _wait_for(lambda done=done: _leader_after(session_factory, done, processes.running))
        threading.Event().wait(chance.random())
        processes.kill(leader)
        processes.start()
    done = _count(session_factory, "done")
    _wait_for(lambda: _count(session_factory, "done") >= done + 2)
    processes.stop()
    with session_factory() as session:
        runs = session.scalars(select(TaskRun)).all()
        beats = session.query(Event).filter_by(kind="beat").count()
    assert len({run.due_at for run in runs}) == len(runs)
    states = Counter(run.status for run in runs)
    assert set(states) <= {"done", "failed"}, "every run has an outcome"
    assert states["done"] <= beats <= len(runs), "what is done was done once; what was interrupted at most once"
    assert states["failed"] <= KILLS
    assert all(run.message == execution.INTERRUPTED for run in runs if run.status == "failed")


def _count(session_factory, status):
    with session_factory() as session:
        return session.query(TaskRun).filter_by(status=status).count()


def _leader_after(session_factory, done, running):
    """The process that has done something since, if it is one of ours."""
    with session_factory() as session:
        if session.query(TaskRun).filter_by(status="done").count() <= done:
            return None
        newest = session.scalars(select(TaskRun).order_by(TaskRun.due_at.desc())).first()
    return next((pid for pid in running if f":{pid}:" in newest.holder), None)


def _wait_for(find):
    for _ in range(PATIENCE_S * 10):
        found = find()
        if found:
            return found
        threading.Event().wait(0.1)
    raise AssertionError(f"nothing within {PATIENCE_S} s")


def interrupted(session_factory, task, due_at, **facts):
    """A run whose process is gone, closed by the next leader."""
    with session_factory.begin() as session:
        session.add(TaskRun(task=task, due_at=due_at, status="running", holder="dead", started_at=due_at, **facts))
    execution.fail_orphans(session_factory, "next", due_at + timedelta(seconds=1))


def test_a_task_that_was_interrupted_is_done_once_more_and_no_oftener(home, monkeypatch):
    """By the next leader, for the same due time; both runs are told."""
    factory = make_session_factory(settings_for(home))
    calls = []
    task = Task("beat", Every(3600), lambda _factory, _now: calls.append(1) or "Beat")
    monkeypatch.setattr("dispatch.scheduler.list_tasks", lambda _settings: (task,))
    interrupted(factory, "beat", MORNING)
    one = Scheduler(factory, lambda: MORNING + timedelta(minutes=5))
    assert one._was_missed(task, "UTC")
    for _ in range(3):
        one.do_task("beat")
    assert calls == [1]
    assert not one._was_missed(task, "UTC")
    with factory() as session:
        assert [run.status for run in list_runs(session).rows] == ["done", "failed"]
    factory.engine.dispose()


def test_a_plan_that_was_interrupted_is_made_again_once(session_factory):
    """What ends the process a second time is for people to look at."""
    settle(session_factory, [technician()], [job()])
    with session_factory.begin() as session:
        run_id = request_plan(session, MONDAY, "balanced", None, MORNING)
    for expected in (["failed", "queued"], ["failed", "failed"]):
        with session_factory.begin() as session:
            run = session.scalars(select(TaskRun).where(TaskRun.status == "queued")).one()
            run.status, run.holder, run.started_at = "running", "dead", datetime.now(UTC)
        execution.fail_orphans(session_factory, "next", MORNING)
        with session_factory() as session:
            runs = session.scalars(select(TaskRun).where(TaskRun.task == PLAN).order_by(TaskRun.due_at)).all()
        assert [run.status for run in runs] == expected
    assert runs[0].id == run_id
    assert runs[1].arguments == runs[0].arguments
    assert "made again" in runs[0].error
