"""What the program does at night: backups, and dropping what has been kept for long enough, and nothing else."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import func, select, text

from dispatch import housekeeping
from dispatch.backup import list_backups
from dispatch.db import make_session_factory
from dispatch.errors import DispatchError
from dispatch.housekeeping import VERSIONS_AT_ONCE, back_up, tidy_up
from dispatch.models import Part, PlanRoute, PlanVersion, Stop, TaskRun
from dispatch.tasks import Daily, list_tasks
from tests.databases import settings_for
from tests.dispatch.town import MONDAY, MORNING
from tests.web.conftest import make_town

LONG_AFTER = MORNING + timedelta(days=200)


def version(session, number: int, status: str, on: date = MONDAY, **facts) -> PlanVersion:
    """A version like the town's, without routes."""
    like = session.scalars(select(PlanVersion).where(PlanVersion.version == 3)).one()
    columns = {column.key: getattr(like, column.key) for column in PlanVersion.__mapper__.column_attrs}
    told = {"published_at": MORNING if status == "superseded" else None, **facts}
    row = PlanVersion(**{**columns, "id": None, "version": number, "status": status, "on": on, **told})
    session.add(row)
    session.flush()
    return row


def run(session, name: str, days_ago: int, **facts) -> None:
    """A run that ended so many days before LONG_AFTER."""
    at = LONG_AFTER - timedelta(days=days_ago)
    session.add(TaskRun(task=name, due_at=at, started_at=at, ended_at=at, **{"status": "done", **facts}))


@pytest.fixture
def town(session_factory):
    """The town's published plan, on each of the two databases."""
    with session_factory.begin() as session:
        session.add(Part(name="valve"))
        session.flush()
        session.add_all(make_town())
    return session_factory


def test_the_nightly_backup_keeps_the_newest(home):
    """Each night one more, until there are enough."""
    factory = make_session_factory(settings_for(home, KEEP_BACKUPS="2"))
    said = [back_up(factory, MORNING + timedelta(days=day)) for day in range(3)]
    assert [path.name[11:19] for path in list_backups(home / "backups")] == ["20261124", "20261125"]
    assert said[2].endswith("dropped 1 older backup(s)")
    factory.engine.dispose()


def test_who_wants_no_backups_gets_none(home):
    """They have their own."""
    factory = make_session_factory(settings_for(home, KEEP_BACKUPS="0"))
    assert "KEEP_BACKUPS is 0" in back_up(factory, MORNING)
    assert not (home / "backups").exists()
    factory.engine.dispose()


@pytest.mark.both_databases
def test_old_versions_go_and_published_ones_stay(town):
    """With their routes; what refers to them stays, without them."""
    with town.begin() as session:
        old = version(session, 1, "superseded")
        version(session, 2, "discarded")
        published = session.scalars(select(PlanVersion).where(PlanVersion.version == 3)).one()
        published.base_id = old.id
        session.add(
            PlanRoute(
                plan_id=old.id,
                technician_id=1,
                shift_start_at=MORNING,
                shift_end_at=MORNING + timedelta(hours=8),
                latest_end_at=MORNING + timedelta(hours=9),
            )
        )
        version(session, 1, "superseded", on=MONDAY + timedelta(days=100))
        run(session, "plan", 1, plan_id=old.id)
    assert tidy_up(town, LONG_AFTER).endswith("2 plan version(s)")
    with town() as session:
        left = session.execute(select(PlanVersion.on, PlanVersion.version, PlanVersion.base_id)).all()
        assert sorted(left) == [(MONDAY, 3, None), (MONDAY + timedelta(days=100), 1, None)]
        assert session.scalar(select(func.count()).select_from(PlanRoute)) == 2
        assert session.scalar(select(func.count()).select_from(Stop)) == 3
        assert session.scalars(select(TaskRun.plan_id)).all() == [None]


@pytest.mark.both_databases
def test_many_old_versions_go_in_several_transactions(town):
    """So that nobody waits long."""
    with town.begin() as session:
        for number in range(4, VERSIONS_AT_ONCE + 6):
            version(session, number, "superseded")
    assert tidy_up(town, LONG_AFTER).endswith(f"{VERSIONS_AT_ONCE + 2} plan version(s)")


@pytest.mark.both_databases
def test_old_runs_go_but_the_newest_of_each_task(town):
    """And no run that has not ended."""
    with town.begin() as session:
        for days_ago in (100, 95, 89):
            run(session, "replan", days_ago)
        run(session, "backup", 150)
        at = LONG_AFTER - timedelta(days=120)
        session.add(TaskRun(task="plan", due_at=at, status="queued"))
        session.add(TaskRun(task="plan", due_at=at - timedelta(days=1), started_at=at, status="running"))
    assert tidy_up(town, LONG_AFTER).startswith("Dropped 2 run(s)")
    with town() as session:
        assert sorted(session.scalars(select(TaskRun.task))) == ["backup", "plan", "plan", "replan"]


@pytest.mark.both_databases
@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_more_old_runs_go_than_a_statement_may_have_parameters(session_factory):
    """KEEP_RUNS_DAYS was lowered: the runs of two months at once, and PostgreSQL takes 65,535 parameters."""
    with session_factory.begin() as session:
        run(session, "watch", 95)
        session.flush()
        a_minute_earlier = """
            INSERT INTO task_run (task, due_at, started_at, ended_at, arguments, status, cancel_requested, progress,
                                  message)
            SELECT task, due_at - n * interval '1 minute', started_at, ended_at, arguments, status, cancel_requested,
                   progress, message
            FROM task_run, generate_series(1, 66000) AS n"""
        session.execute(text(a_minute_earlier))
    assert tidy_up(session_factory, LONG_AFTER).startswith("Dropped 66,000 run(s)")


@pytest.mark.both_databases
def test_what_cannot_be_dropped_keeps_nothing_else_and_is_told(town, monkeypatch, caplog):
    """In the outcome of the task; the log has the traceback."""
    with town.begin() as session:
        version(session, 1, "superseded")
        run(session, "replan", 100)
        run(session, "replan", 95)

    def break_down(*_):
        raise ZeroDivisionError("by nothing\nand more")

    broken = {"runs", "password links"}
    parts = [(what, break_down if what in broken else drop) for what, drop in housekeeping.PARTS]
    monkeypatch.setattr(housekeeping, "PARTS", parts)
    with pytest.raises(DispatchError) as told:
        tidy_up(town, LONG_AFTER)
    assert str(told.value) == (
        "Old runs could not be dropped (ZeroDivisionError: by nothing). "
        "Old password links could not be dropped (ZeroDivisionError: by nothing). "
        "All else was tidied up. The log of the scheduler has more."
    )
    assert "Traceback" in caplog.text
    with town() as session:
        assert session.scalars(select(PlanVersion.version)).all() == [3]


def test_backups_and_tidying_up_are_tasks(session_factory):
    """Once a night."""
    schedules = {task.name: task.schedule for task in list_tasks(session_factory.settings)}
    assert (schedules["backup"], schedules["tidy up"]) == (Daily(time(2, 30)), Daily(time(3, 30)))
