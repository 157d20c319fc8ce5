"""Managers see what runs by the clock, and what came of it."""

import re
from datetime import timedelta

import pytest
from flask import Flask

from dispatch.models import TaskRun
from dispatch.runs.faults import NOTICES, note_fault, note_that_it_works
from tests.web.conftest import NOW


@pytest.fixture
def runs(app: Flask) -> None:
    """A backup, a plan that failed, and one that waits."""
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        late = {"due_at": NOW, "started_at": NOW, "ended_at": NOW + timedelta(seconds=75)}
        session.add(TaskRun(task="backup", status="done", message="Wrote 12 rows", **late))
        session.add(
            TaskRun(task="plan", status="failed", error="No <b>roads</b>.", arguments={"on": "2026-11-24"}, **late)
        )
        session.add(TaskRun(task="plan", due_at=NOW + timedelta(seconds=1), message="Waiting to start"))


def test_every_task_stands_there_with_its_last_run(signed_in, runs):
    """When it is due, when it was, how long it took, what came of it; wall clock of the head office."""
    page = signed_in("manager").get("/tasks").text
    assert re.search(r"backup.*every day at 02:30.*2026-11-23 09:00.*done.*Wrote 12 rows", page, re.S)
    assert re.search(r"replan.*every 5 min.*It has not run yet", page, re.S)
    assert re.search(r"plan \(2026-11-24\).*failed.*75.*No &lt;b&gt;roads", page, re.S)
    assert "Waiting to start" in page


def test_failed_runs_are_found_at_once(signed_in, runs):
    """Without those that went well."""
    section = signed_in("admin").get("/tasks?failed").text.split("Failed runs")[1]
    assert "plan (2026-11-24)" in section
    assert "backup" not in section


def test_a_new_installation_says_that_nothing_has_run(signed_in):
    """In both views."""
    manager = signed_in("manager")
    assert "Nothing has run yet." in manager.get("/tasks").text
    assert "None has failed." in manager.get("/tasks?failed").text


def test_a_fault_of_what_goes_on_all_the_time_stands_with_the_tasks_until_that_works_again(app: Flask, signed_in):
    """What has never had one does not; a program reads the same."""
    factory = app.extensions["wrenchtime"].session_factory
    with factory.begin() as session:
        note_fault(session, NOTICES, "The disk is full.", NOW)
    page = signed_in("manager").get("/tasks").text
    assert re.search(r"notices.*all the time.*failed.*The disk is full\.", page.split("Newest runs")[0], re.S)
    assert "webhooks" not in page.split("<main")[1].split("Newest runs")[0]
    assert "notices" in signed_in("admin").get("/tasks?failed").text.split("Failed runs")[1]
    with factory.begin() as session:
        note_that_it_works(session, NOTICES, NOW + timedelta(minutes=1))
    table = signed_in("manager").get("/tasks").text.split("Newest runs")[0]
    assert re.search(r"notices.*all the time.*done.*It works again; it had faults since 2026-11-23 09:00", table, re.S)
