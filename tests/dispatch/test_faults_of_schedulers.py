"""A fault in one of its loops ends neither that loop nor any other of a real scheduler."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError

from dispatch import loops, tasks
from dispatch import scheduler as scheduler_module
from dispatch.db import TRUSTED_FOR_S
from dispatch.events import record_event
from dispatch.health import get_health
from dispatch.models import Event, Lease, StoredSetting, TaskRun
from dispatch.notices.queueing import TOLD_SEQ
from dispatch.runs.faults import LOOPS, TASKS, note_fault
from dispatch.runs.leases import SCHEDULER_LEASE, find_holder
from dispatch.runs.queue import request_plan
from dispatch.scheduler import Scheduler
from tests.dispatch.town import job, settle, technician

PATIENCE_S = 90
GONE = OperationalError("UPDATE", {}, Exception("the server was restarted"))


def utc_now():
    return datetime.now(UTC)


@pytest.fixture
def running(monkeypatch):
    """Starts a scheduler with short pauses in a thread of this process; stops it at the end."""
    for name in ("RENEW_EVERY_S", "LOOK_EVERY_S", "DELIVER_EVERY_S", "SEND_LINKS_EVERY_S"):
        monkeypatch.setattr(scheduler_module, name, 0.05)
    monkeypatch.setattr(loops, "FIRST_PAUSE_S", 0.05)
    started = []

    def start(factory):
        one = Scheduler(factory, utc_now)
        thread = threading.Thread(target=one.run)
        thread.start()
        started.append((one, thread))
        return one

    yield start
    for one, thread in started:
        one.stop()
        thread.join()


def wait_until(holds, what):
    for _ in range(PATIENCE_S * 20):
        if holds():
            return
        threading.Event().wait(0.05)
    raise AssertionError(f"{what}: not within {PATIENCE_S} s")


def runs_of(factory, task, status):
    with factory() as session:
        return session.scalars(select(TaskRun).where(TaskRun.task == task, TaskRun.status == status)).all()


def reasons(factory):
    with factory() as session:
        return get_health(session, utc_now())[1]["reasons"]


def holder_of(factory):
    with factory() as session:
        return find_holder(session, SCHEDULER_LEASE, utc_now())


def ask_for_a_plan(factory):
    with factory.begin() as session:
        request_plan(session, utc_now().date() + timedelta(days=2), "balanced", None, utc_now())


def notices_are_up_to_date(factory):
    with factory() as session:
        told = session.get(StoredSetting, TOLD_SEQ)
        return told is not None and int(told.value) == session.scalar(select(func.max(Event.seq)))


def happen(factory):
    with factory.begin() as session:
        record_event(session, "beat", utc_now(), None)


@pytest.mark.both_databases
def test_a_connection_that_is_cut_in_whatever_loop_ends_none_of_them(request, session_factory, running):
    """As when PostgreSQL is restarted; on SQLite, where nothing can be cut, all goes on anyhow."""
    factory = session_factory
    settle(factory, [technician()], [job()])
    running(factory)
    happen(factory)
    wait_until(lambda: notices_are_up_to_date(factory), "the scheduler leads")
    if factory.engine.dialect.name == "postgresql":
        name = factory.engine.url.database
        with request.getfixturevalue("postgresql_admin").connect() as admin:
            for _ in range(20):
                cut = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name")
                admin.execute(cut, {"name": name})
                threading.Event().wait(0.05)
        threading.Event().wait(TRUSTED_FOR_S)  # this test's own connections were cut too: they are asked from now on
    ask_for_a_plan(factory)
    happen(factory)
    wait_until(lambda: runs_of(factory, "plan", "done"), "a plan is made")
    wait_until(lambda: notices_are_up_to_date(factory), "customers are told")
    wait_until(lambda: reasons(factory) == [], "all is well")


def test_a_fault_of_a_process_that_led_meanwhile_is_over_when_the_one_before_leads_again(session_factory, running):
    """As of a machine that stood still for a while. Tasks by the clock wait for their time."""
    one = running(session_factory)
    happen(session_factory)
    wait_until(lambda: notices_are_up_to_date(session_factory), "the scheduler leads")
    at_work = [loop for loop in LOOPS if loop != TASKS]
    with session_factory.begin() as session:
        lease = session.get_one(Lease, SCHEDULER_LEASE)
        lease.holder, lease.expires_at = "another", utc_now() + timedelta(seconds=2)
        for loop in at_work:
            note_fault(session, loop, "The disk is full.", utc_now())
    wait_until(lambda: holder_of(session_factory) == one.holder, "it leads again")
    for loop in at_work:
        wait_until(lambda loop=loop: runs_of(session_factory, loop, "done"), f"{loop} work again")
    assert reasons(session_factory) == []


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_an_event_that_cannot_be_read_is_left_out_for_all_to_see_and_those_after_it_are_told(session_factory, running):
    """A row that somebody has damaged; plans are made meanwhile. PostgreSQL takes no JSON that is none."""
    settle(session_factory, [technician()], [job()])
    running(session_factory)
    happen(session_factory)
    wait_until(lambda: notices_are_up_to_date(session_factory), "the scheduler leads")
    with session_factory.begin() as session:
        seq = session.scalar(select(func.max(Event.seq))) + 1
        damaged = (
            "INSERT INTO event (seq, at, kind, before, after, reason) VALUES (:seq, :at, 'job status', '{}', '{', '')"
        )
        session.execute(text(damaged), {"seq": seq, "at": "2026-11-23 09:00:00.000000"})
    happen(session_factory)
    ask_for_a_plan(session_factory)
    wait_until(lambda: notices_are_up_to_date(session_factory), "the events after it are told")
    wait_until(lambda: runs_of(session_factory, "notices", "done"), "it works again")
    (failed,) = runs_of(session_factory, "notices", "failed")
    assert failed.error.startswith(f"Customers are told nothing of event {seq}, job status. Unexpected fault (JSON")
    wait_until(lambda: runs_of(session_factory, "plan", "done"), "a plan is made")
    assert reasons(session_factory) == []


def test_plans_that_cannot_be_executed_are_seen_and_made_when_they_can(session_factory, running, monkeypatch, caplog):
    """Else the scheduler would look alive, and every plan that people ask for would wait for ever."""
    mended = threading.Event()
    run_next_plan = scheduler_module.execution.run_next_plan

    def break_down(*arguments):
        if not mended.is_set():
            raise OSError("the disk is full")
        return run_next_plan(*arguments)

    monkeypatch.setattr(scheduler_module.execution, "run_next_plan", break_down)
    settle(session_factory, [technician()], [job()])
    running(session_factory)
    ask_for_a_plan(session_factory)
    wait_until(lambda: any("the disk is full" in one for one in reasons(session_factory)), "the health check tells it")
    happen(session_factory)
    wait_until(lambda: notices_are_up_to_date(session_factory), "customers are told meanwhile")
    mended.set()
    wait_until(lambda: runs_of(session_factory, "plan", "done"), "the plan is made")
    wait_until(lambda: reasons(session_factory) == [], "all is well")
    assert "Fault in the plans asked for" in caplog.text


def test_a_plan_whose_outcome_cannot_be_stored_is_made_again(session_factory, running, monkeypatch):
    """It would be running for ever, and its day never planned again."""
    finish, faults = scheduler_module.execution._finish, [GONE]

    def forget(factory, run_id, now, work):
        with factory() as session:
            is_plan = session.get_one(TaskRun, run_id).task == "plan"
        if is_plan and faults:
            raise faults.pop()
        finish(factory, run_id, now, work)

    monkeypatch.setattr(scheduler_module.execution, "_finish", forget)
    settle(session_factory, [technician()], [job()])
    ask_for_a_plan(session_factory)
    running(session_factory)
    wait_until(lambda: runs_of(session_factory, "plan", "done"), "the plan is made")
    (failed,) = runs_of(session_factory, "plan", "failed")
    assert failed.error == (
        "A fault outside it ended it before it was finished; nothing was changed. It is made again."
    )


@pytest.fixture
def evening(session_factory, monkeypatch):
    """The nightly plan was done two days ago and is due again; something else is due every second."""
    daily = tasks.Task("nightly plan", tasks.Daily(utc_now().time()), lambda _factory, _now: "Planned")
    beat = tasks.Task("beat", tasks.Every(1), lambda _factory, _now: "Beat")
    monkeypatch.setattr(scheduler_module, "list_tasks", lambda _settings: (daily, beat))
    with session_factory.begin() as session:
        before = utc_now() - timedelta(days=2)
        session.add(TaskRun(task="nightly plan", due_at=before, status="done", started_at=before, ended_at=before))
    return session_factory


def test_the_clockwork_goes_on_after_a_fault_of_its_own(evening, running, monkeypatch):
    """The thread of APScheduler would end where it cannot store when a task is due next, and with it all tasks."""
    update_job, faults = SQLAlchemyJobStore.update_job, [GONE]

    def forget(store, one):
        if faults and threading.current_thread().name == "APScheduler":
            raise faults.pop()
        update_job(store, one)

    monkeypatch.setattr(SQLAlchemyJobStore, "update_job", forget)
    running(evening)
    wait_until(lambda: not faults, "the fault")
    beats = len(runs_of(evening, "beat", "done"))
    wait_until(lambda: len(runs_of(evening, "beat", "done")) > beats + 1, "tasks by the clock")
    wait_until(lambda: runs_of(evening, "times of tasks", "done"), "it is told")
    assert len(runs_of(evening, "nightly plan", "done")) == 2
    assert reasons(evening) == []


def test_a_daily_task_is_done_after_a_fault_outside_its_run(evening, running, monkeypatch):
    """Else it would wait for the next evening."""
    run_once, faults = scheduler_module.execution.run_once, [GONE]

    def forget(factory, task, *arguments):
        if faults and task == "nightly plan":
            raise faults.pop()
        return run_once(factory, task, *arguments)

    monkeypatch.setattr(scheduler_module.execution, "run_once", forget)
    running(evening)
    wait_until(lambda: len(runs_of(evening, "nightly plan", "done")) == 2, "the nightly plan")
    assert faults == []
    wait_until(lambda: reasons(evening) == [], "all is well")


@pytest.mark.parametrize("end", [SystemExit, KeyboardInterrupt])
def test_what_ends_a_process_in_one_loop_ends_the_scheduler(session_factory, monkeypatch, end):
    """At once, and told to whoever started it."""
    monkeypatch.setattr(scheduler_module, "DELIVER_EVERY_S", 0.01)
    monkeypatch.setattr(scheduler_module, "RENEW_EVERY_S", 0.01)

    def leave(*_arguments):
        raise end("now")

    monkeypatch.setattr(scheduler_module, "deliver_notices", leave)
    with pytest.raises(end):
        Scheduler(session_factory).run()


def test_who_stops_or_leads_no_more_leaves_the_connections_of_others_in_their_pool(session_factory):
    """Those in use would come back to a pool that is gone, and stay open until somebody clears them away."""
    pool, one = session_factory.engine.pool, Scheduler(session_factory)
    thread = threading.Thread(target=one.run)
    thread.start()
    wait_until(lambda: holder_of(session_factory) == one.holder, "it leads")
    one.stop()
    thread.join()
    assert session_factory.engine.pool is pool


def test_the_asked_for_stop_does_not_wait_for_a_pause(session_factory, monkeypatch):
    """Which is a minute here."""
    monkeypatch.setattr(scheduler_module, "RENEW_EVERY_S", 0.01)
    monkeypatch.setattr(loops, "FIRST_PAUSE_S", 60.0)

    def break_down(*_arguments):
        raise OSError("the disk is full")

    monkeypatch.setattr(scheduler_module, "deliver_notices", break_down)
    one = Scheduler(session_factory)
    thread = threading.Thread(target=one.run)
    thread.start()
    wait_until(lambda: runs_of(session_factory, "notices", "failed"), "it has a fault")
    one.stop()
    thread.join(50)
    assert not thread.is_alive()
