"""A loop of the scheduler goes on after faults, less and less often, and all can see it until it has worked again."""

import pytest
from sqlalchemy.exc import OperationalError

from dispatch import loops
from dispatch.health import get_health
from dispatch.loops import Loop
from dispatch.runs.faults import NOTICES, WEBHOOKS
from dispatch.runs.log import list_runs, list_task_states
from tests.dispatch.town import at


class Broken:
    """Work that has a fault as often as it is said to."""

    def __init__(self, times, fault=None):
        self.times, self.fault = times, fault or OSError("the disk is full")

    def __call__(self):
        if self.times:
            self.times -= 1
            raise self.fault


def loop_of(session_factory, name=NOTICES, minute=0):
    return Loop(session_factory, name, 0.5, lambda: at(9, minute))


def at_fault(session_factory):
    with session_factory() as session:
        return get_health(session, at(9))[1]["at_fault"]


def outcomes(session_factory):
    """Status and outcome of all runs, the newest first."""
    with session_factory() as session:
        return [(run.status, run.outcome) for run in list_runs(session).rows]


FULL = ("failed", "Unexpected fault (OSError: the disk is full). The log of the scheduler has more.")
AGAIN = ("done", "It works again; it had faults since 2026-11-23 12:00")


def test_the_pause_grows_to_a_minute_and_is_short_again_after_work(session_factory, caplog):
    """And each fault is in the log, with where it was."""
    loop, work = loop_of(session_factory), Broken(8)
    assert [loop.attempt(work) for _ in range(9)] == [1, 2, 4, 8, 16, 32, 60, 60, 0.5]
    assert loop.attempt(Broken(1)) == 1
    assert caplog.text.count("OSError: the disk is full") >= 9
    assert "Traceback" in caplog.text


@pytest.mark.both_databases
def test_a_fault_is_seen_until_the_loop_has_worked_again(session_factory):
    """By monitors and on the page of tasks; afterwards both stand in the list of runs, once each."""
    loop, work = loop_of(session_factory), Broken(2)
    loop.attempt(work)
    loop.attempt(work)
    assert at_fault(session_factory) == [NOTICES]
    with session_factory() as session:
        ok, report = get_health(session, at(9))
        (shown,) = [one for one in list_task_states(session, session_factory.settings) if one.name == NOTICES]
    assert not ok
    assert any("(notices)" in reason and "the disk is full" in reason for reason in report["reasons"])
    assert (shown.when, shown.last.status, shown.last.outcome) == ("all the time", *FULL)
    for _ in range(3):
        loop.attempt(work)
    assert at_fault(session_factory) == []
    assert outcomes(session_factory) == [AGAIN, FULL]


def test_a_loop_without_a_fault_stores_nothing(session_factory):
    loop_of(session_factory).attempt(Broken(0))
    assert outcomes(session_factory) == []
    with session_factory() as session:
        assert WEBHOOKS not in [one.name for one in list_task_states(session, session_factory.settings)]


def test_the_fault_of_a_process_that_has_ended_is_over_when_the_next_one_works(session_factory):
    loop_of(session_factory).attempt(Broken(1))
    loop_of(session_factory, WEBHOOKS).attempt(Broken(1))
    loop_of(session_factory, minute=1).attempt(Broken(0))
    assert at_fault(session_factory) == [WEBHOOKS]


def test_a_fault_that_cannot_be_stored_is_stored_when_that_works_again(session_factory, monkeypatch, caplog):
    """As while the database is gone, which is then what the health check says."""
    gone = OperationalError("SELECT", {}, Exception("the server is gone"))
    loop = loop_of(session_factory)
    with monkeypatch.context() as patch:
        patch.setattr(loops, "note_fault", lambda *_arguments: Broken(1, gone)())
        loop.attempt(Broken(1))
    assert outcomes(session_factory) == []
    assert "the server is gone" in caplog.text
    loop.attempt(Broken(0))
    assert outcomes(session_factory) == [AGAIN, FULL]


@pytest.mark.parametrize("end", [SystemExit, KeyboardInterrupt])
def test_what_ends_the_process_ends_the_loop(session_factory, end):
    with pytest.raises(end):
        loop_of(session_factory).attempt(Broken(1, end()))
    assert outcomes(session_factory) == []
