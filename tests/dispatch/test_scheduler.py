"""One process leads, another takes over, and every task is done once, however many processes run."""

import pickle
import subprocess
import sys
import threading
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from dispatch import clock
from dispatch import scheduler as scheduler_module
from dispatch.db import make_session_factory
from dispatch.health import get_health
from dispatch.models import TaskRun
from dispatch.runs.leases import SCHEDULER_LEASE, find_holder, give_up_lease, take_lease
from dispatch.runs.queue import request_plan
from dispatch.scheduler import DailyTrigger, Scheduler
from dispatch.tasks import Daily
from tests.databases import environment_of, settings_for
from tests.dispatch.town import MORNING, job, settle, technician

ROOT = Path(__file__).parents[2]
LASTS = timedelta(seconds=30)
PATIENCE_S = 45

# A scheduler whose task is due every second; PROCESSES of these share one database.
PROGRAM = """
import sys, threading
from dispatch import scheduler, tasks
from dispatch.db import make_session_factory
from dispatch.settings import Settings

def beat(session_factory, now):
    return "Beat"

scheduler.list_tasks = lambda settings: (tasks.Task("beat", tasks.Every(1), beat),)
scheduler.RENEW_EVERY_S = 0.2
one = scheduler.Scheduler(make_session_factory(Settings.from_env()))
threading.Thread(target=lambda: (sys.stdin.read(), one.stop()), daemon=True).start()
print("started", flush=True)
one.run()
"""
PROCESSES = 3


def take(session_factory, holder, now):
    with session_factory.begin() as session:
        return take_lease(session, SCHEDULER_LEASE, holder, now, LASTS)


@pytest.mark.both_databases
def test_one_leads_until_its_lease_runs_out(session_factory):
    """The second waits, takes over at the end, and the first has lost the lead."""
    assert take(session_factory, "a", MORNING)
    assert not take(session_factory, "b", MORNING + LASTS / 2)
    assert take(session_factory, "a", MORNING + LASTS / 2)
    assert not take(session_factory, "b", MORNING + LASTS)
    assert take(session_factory, "b", MORNING + LASTS * 1.5)
    assert not take(session_factory, "a", MORNING + LASTS * 1.6)


@pytest.mark.both_databases
def test_a_lease_given_up_is_free_at_once(session_factory):
    """After a clean stop nobody has to wait; only the holder can give it up."""
    take(session_factory, "a", MORNING)
    with session_factory.begin() as session:
        give_up_lease(session, SCHEDULER_LEASE, "b")
    assert not take(session_factory, "b", MORNING)
    with session_factory.begin() as session:
        give_up_lease(session, SCHEDULER_LEASE, "a")
    assert take(session_factory, "b", MORNING)


@pytest.mark.both_databases
def test_many_threads_take_the_lead_at_once_and_one_gets_it(session_factory):
    """The first row is inserted by one of them only."""
    barrier, leads = threading.Barrier(6), []

    def try_it(holder):
        barrier.wait()
        leads.append(take(session_factory, holder, MORNING))

    threads = [threading.Thread(target=try_it, args=(f"p{n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(leads) == [False] * 5 + [True]


@pytest.mark.both_databases
def test_several_processes_do_every_task_once_and_take_over(home, session_factory):
    """Three processes, a task due every second; when the leader is killed, another goes on."""
    environment = {**environment_of(home), "PATH": "", "PYTHONPATH": str(ROOT)}
    processes = [
        subprocess.Popen([sys.executable, "-c", PROGRAM], cwd=ROOT, env=environment, text=True,
                         stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for _ in range(PROCESSES)
    ]  # fmt: skip
    try:
        for process in processes:
            assert process.stdout.readline() == "started\n"
        first = _wait_for_runs(session_factory, 3)
        (leader,) = {run.holder for run in first}
        dead = next(process for process in processes if f":{process.pid}:" in leader)
        dead.kill()
        dead.wait()
        with session_factory.begin() as session:  # its lease would last half a minute longer
            give_up_lease(session, SCHEDULER_LEASE, leader)
        runs = _wait_for_runs(session_factory, len(first) + 3)
    finally:
        for process in processes:
            process.stdin.close()
        for process in processes:
            process.wait(PATIENCE_S)
            process.stdout.close()
    assert len({run.holder for run in runs}) == 2
    assert len({run.due_at for run in runs}) == len(runs)
    with session_factory() as session:
        assert find_holder(session, SCHEDULER_LEASE, datetime.now(UTC)) is None


def _wait_for_runs(session_factory, count, task=None):
    """The finished runs, of one task if it is named: others may fall due in the same moment."""
    for _ in range(PATIENCE_S * 10):
        with session_factory() as session:
            done = session.scalars(select(TaskRun).where(TaskRun.status == "done")).all()
        runs = [run for run in done if task in (None, run.task)]
        if len(runs) >= count:
            return runs
        threading.Event().wait(0.1)
    raise AssertionError(f"{len(runs)} runs within {PATIENCE_S} s, expected {count}")


@pytest.fixture
def running(home, monkeypatch):
    """Starts a scheduler in a thread of this process; stops it at the end."""
    monkeypatch.setattr(scheduler_module, "RENEW_EVERY_S", 0.05)
    monkeypatch.setattr(scheduler_module, "LOOK_EVERY_S", 0.05)
    factory = make_session_factory(settings_for(home, PLAN_TIME_LIMIT_S="1"))
    started = []

    def start(now=lambda: datetime.now(UTC)):
        one = Scheduler(factory, now)
        thread = threading.Thread(target=one.run)
        thread.start()
        started.append((one, thread))
        return factory

    yield start
    for one, thread in started:
        one.stop()
        thread.join()
    factory.engine.dispose()


def test_a_plan_somebody_asks_for_is_executed_by_the_scheduler(running):
    """And the health check sees that a scheduler is alive."""
    factory = running()
    settle(factory, [technician()], [job()])
    with factory.begin() as session:
        request_plan(session, datetime.now(UTC).date() + timedelta(days=2), "balanced", None, datetime.now(UTC))
    (run,) = _wait_for_runs(factory, 1, "plan")
    assert run.task == "plan"
    with factory() as session:
        ok, report = get_health(session, datetime.now(UTC))
    assert (ok, report["scheduler_alive"], report["reasons"]) == (True, True, [])
    assert report["last_plan"]["version"] == 1


def test_what_fell_due_while_nothing_ran_is_made_up_for_once(home, running, monkeypatch):
    """The nightly task was due on three evenings without a process: one run at the next start."""
    from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
    from apscheduler.schedulers.background import BackgroundScheduler

    from dispatch.tasks import list_tasks

    factory = make_session_factory(settings_for(home))
    (nightly,) = [task for task in list_tasks(factory.settings) if task.name == "nightly plan"]
    store = BackgroundScheduler(jobstores={"default": SQLAlchemyJobStore(engine=factory.engine)}, timezone=UTC)
    store.start(paused=True)
    scheduler_module._schedule(store, nightly, "UTC", MORNING)
    store.modify_job(nightly.name, next_run_time=datetime.now(UTC) - timedelta(days=3))
    running()
    (run, *rest) = _wait_for_runs(factory, 1, "nightly plan")
    assert run.message.startswith("Queued 1 day(s)")
    assert rest == []
    store.shutdown()
    factory.engine.dispose()


def test_a_run_lost_in_the_instant_of_a_stop_is_made_up_for(home, running):
    """The stored times say tomorrow, but the last evening's run is not there."""
    factory = make_session_factory(settings_for(home))
    with factory.begin() as session:
        session.add(
            TaskRun(task="nightly plan", due_at=MORNING - timedelta(days=9_000), status="done", started_at=MORNING,
                    ended_at=MORNING)
        )  # fmt: skip
    running()
    assert len(_wait_for_runs(factory, 2, "nightly plan")) == 2
    factory.engine.dispose()


def test_an_installation_without_a_scheduler_says_so(session_factory):
    """With the command that mends it."""
    with session_factory() as session:
        ok, report = get_health(session, MORNING)
    assert not ok
    assert report["database"]
    assert report["migrations_current"]
    assert "wrenchtime scheduler" in report["reasons"][0]


def test_a_database_without_tables_is_reported_and_not_a_crash(empty_settings):
    """A monitor gets JSON with the reason."""
    factory = make_session_factory(empty_settings)
    with factory() as session:
        ok, report = get_health(session, MORNING)
    assert (ok, report["migrations_current"]) == (False, False)
    assert "wrenchtime migrate" in report["reasons"][0]
    factory.engine.dispose()


@pytest.mark.parametrize(
    ("zone", "at", "changes_on"),
    [
        ("Europe/Berlin", time(2, 30), date(2026, 3, 29)),
        ("Europe/Berlin", time(0, 30), date(2026, 3, 29)),
        ("Europe/Berlin", time(2, 30), date(2026, 10, 25)),
        ("America/Santiago", time(0, 30), date(2026, 9, 6)),
        ("America/Santiago", time(23, 30), date(2026, 4, 4)),
        ("Australia/Lord_Howe", time(2, 15), date(2026, 10, 4)),
    ],
)
def test_a_daily_task_is_run_once_on_every_date_around_a_change_of_the_clocks(zone, at, changes_on):
    """As APScheduler asks, run by run, from what it has stored."""
    trigger = pickle.loads(pickle.dumps(DailyTrigger(Daily(at), zone)))
    now, ran_at, days = clock.day_start(changes_on - timedelta(days=1), zone), None, []
    for _ in range(4):
        ran_at = trigger.get_next_fire_time(ran_at, now)
        assert ran_at == Daily(at).last_due(ran_at, zone)
        days.append(clock.local_day(ran_at, zone))
        now = ran_at
    assert days == [changes_on + timedelta(days=day) for day in (-1, 0, 1, 2)]
