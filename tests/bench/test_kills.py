"""A short slice of the killing that `tests.bench.kills` does at length, and proof that its check sees faults."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from dispatch.db import make_session_factory
from dispatch.models import PlanVersion, Stop, TaskRun
from dispatch.runs.execution import run_next_plan
from dispatch.runs.queue import request_plan
from tests.bench.databases import KINDS, open_databases
from tests.bench.kills.check import list_faults
from tests.bench.kills.work import make_town
from tests.dispatch.town import MONDAY, at

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("database", KINDS)
def test_nothing_is_lost_or_doubled_when_processes_are_killed(database):
    """In a process of its own, which forks: this one has threads."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.bench.kills", "--kills", "2", "--database", database]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=400)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "none lost" in done.stdout


@pytest.fixture
def town(tmp_path):
    """A town with a plan that a run has published."""
    with open_databases("sqlite", tmp_path) as make_installation:
        factory = make_session_factory(replace(make_installation(), plan_time_limit_s=0.05))
        make_town(factory)
        with factory.begin() as session:
            request_plan(session, MONDAY, "balanced", None, at(8))
        run_next_plan(factory, "the leader", lambda: at(8))
        yield factory
        factory.engine.dispose()


def test_the_check_sees_what_is_half_done(town):
    """One harm after the other: a check that finds nothing wrong with these would prove nothing."""
    assert list_faults(town, []) == []
    harms = [
        (update(TaskRun).values(plan_id=None), "says nothing was changed"),
        (update(TaskRun).values(status="running"), "runs for ever"),
        (delete(Stop).where(Stop.position == 1), "stops"),
        (update(PlanVersion).values(status="superseded"), "published versions: []"),
    ]
    for harm, said in harms:
        assert said not in " ".join(list_faults(town, []))
        with town.begin() as session:
            session.execute(harm)
        assert said in " ".join(list_faults(town, []))


def test_the_check_sees_what_was_acknowledged_and_lost(town):
    """Each kind of acknowledgement."""
    told = [
        {"did": "create", "number": "N1"},
        {"did": "task", "due_at": at(8).isoformat()},
        {"did": "report", "job_id": 1, "status": "done", "at": at(9).isoformat()},
        {"did": "publish", "plan_id": 99},
        {"did": "request", "run_id": 99},
        {"did": "plan", "run_id": 1, "status": "failed"},
    ]
    assert [fault[:5] for fault in list_faults(town, told)] == ["lost:"] * len(told)
