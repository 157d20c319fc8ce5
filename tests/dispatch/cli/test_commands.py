"""The commands: what they print, for people and for machines, and how they end."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from dispatch.cli import COMMANDS, main
from dispatch.events import list_events
from dispatch.models import Job, JobType, Technician
from tests.dispatch.town import job, settle, technician

ROOT = Path(__file__).parents[3]
TOMORROW = "2099-01-05"
TECHNICIANS = "code,name,skills,hours\nT1,Ann,gas:2,Mon-Fri 08:00-17:00\nT2,Bob,gas,Mon-Fri 25:00-17:00\n"


@pytest.fixture
def run(home, monkeypatch):
    """Runs a command in an installation with an empty database."""
    for name in ("DATABASE_URL", "SECRET_KEY", "TRAVEL_SOURCE", "PORT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("WRENCHTIME_HOME", str(home))
    monkeypatch.setenv("PLAN_TIME_LIMIT_S", "1")
    return lambda *arguments: CliRunner().invoke(main, arguments)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(name):
    """Nobody should have to look elsewhere for how to begin."""
    result = CliRunner().invoke(main, [name, "--help"])
    assert result.exit_code == 0, result.output
    assert f"wrenchtime {name}" in result.output.split("Usage:")[1].split("\n", 1)[1]


def test_help_lists_every_command():
    """In one screen."""
    result = CliRunner().invoke(main, ["--help"])
    assert all(f"  {name} " in result.output for name in COMMANDS)


def test_help_imports_no_heavy_library():
    """That is what keeps it quick."""
    heavy = {"numpy", "sqlalchemy", "pandas", "scipy", "ortools", "numba", "rich", "apscheduler"}
    program = (
        "import sys\nfrom click.testing import CliRunner\nfrom dispatch.cli import main\n"
        "assert CliRunner().invoke(main, ['--help']).exit_code == 0\nprint(*sorted(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not heavy & set(done.stdout.split())


def test_plan_tells_what_was_planned(run, session_factory):
    """An empty day of one technician: nothing left out; for machines as JSON."""
    settle(session_factory, [technician()])
    result = run("plan", TOMORROW)
    assert result.exit_code == 0, result.output
    assert "0 of 0 visits" in result.output
    summary = json.loads(run("plan", TOMORROW, "--json", "--seed", "3").stdout)
    assert (summary["version"], summary["seed"], summary["unassigned"]) == (2, 3, [])


def test_plan_refuses_in_a_sentence(run):
    """An unknown policy, a day that is over, and the end of the calendar; no traceback."""
    result = run("plan", TOMORROW, "--policy", "cheap")
    assert (result.exit_code, "balanced" in result.stderr) == (1, True)
    assert "travel times" not in result.output, "it is said before anything is computed"
    result = run("plan", "2020-01-01")
    assert (result.exit_code, "is over" in result.stderr) == (1, True)
    result = run("plan", "9999-12-31")
    assert (result.exit_code, "9999-12-31 is no day to plan" in result.stderr) == (1, True)


def test_commands_say_what_to_do_without_a_database(run, home):
    """The file is there, but empty."""
    (home / "wrenchtime.sqlite3").unlink()
    result = run("plan", TOMORROW)
    assert result.exit_code == 1
    assert "wrenchtime migrate" in result.stderr
    assert run("migrate").output == "The database has been brought up to date.\n"
    assert run("migrate").output == "The database is up to date.\n"
    assert run("plan", TOMORROW).exit_code == 0


def test_import_lists_every_bad_line_and_stores_nothing(run, tmp_path, session_factory):
    """Unless the user wants the good lines."""
    file = tmp_path / "team.csv"
    file.write_text(TECHNICIANS)
    result = run("import", "technicians", str(file))
    assert result.exit_code == 1
    assert "line 3" in result.stderr
    assert "--keep-good" in result.output
    with session_factory() as session:
        assert session.query(Technician).count() == 0


def test_imported_jobs_are_as_long_as_their_kind_of_work_says_and_each_is_told(run, tmp_path, session_factory):
    """A kind without a length is refused with its line; a second time the same file changes nothing."""
    with session_factory.begin() as session:
        session.add_all([JobType(name="Repair", service_s=5400), JobType(name="Look")])
    file = tmp_path / "jobs.csv"
    file.write_text("number,title,job_type,lat,lon\n1,Boiler,Repair,-29.9,-71.2\n2,Boiler,Look,-29.9,-71.2\n")
    first = run("import", "jobs", str(file), "--keep-good")
    assert "line 3" in first.output + first.stderr
    assert "1 jobs added, 0 updated." in first.output
    file.write_text("number,title,job_type,lat,lon\n1,Boiler,Repair,-29.9,-71.2\n")
    assert "0 jobs added, 0 updated, 1 unchanged." in run("import", "jobs", str(file)).output
    with session_factory() as session:
        assert session.query(Job).one().service_s == 5400
        kinds = [one.kind for one in list_events(session)]
        assert kinds == ["job added", "jobs imported", "jobs imported"]


def test_a_known_job_at_the_same_address_stays_where_somebody_has_put_it(run, tmp_path, session_factory):
    """Nothing is looked up again, also where there is no address search."""
    settle(session_factory, [], [job("J1", address="Prat 1")])
    file = tmp_path / "jobs.csv"
    file.write_text("number,title,service,address,priority\nJ1,Boiler,60 min,Prat 1,9\n")
    assert "0 jobs added, 1 updated." in run("import", "jobs", str(file)).output
    with session_factory() as session:
        row = session.query(Job).one()
        assert (row.priority, row.location.point, row.territory.name) == (9, job("J1").location, "Town")
    file.write_text("number,title,service,address\nJ1,Boiler,60 min,Prat 2\n")
    assert "no address search is set up" in run("import", "jobs", str(file)).stderr


def test_import_keeps_the_good_lines_if_asked(run, tmp_path, session_factory):
    """And still ends with 1, since something was wrong; a dry run stores nothing."""
    file = tmp_path / "team.csv"
    file.write_text(TECHNICIANS)
    dry = run("import", "technicians", str(file), "--keep-good", "--dry-run", "--json")
    assert json.loads(dry.stdout) | {"read": 2, "good": 1, "added": 0} == json.loads(dry.stdout)
    result = run("import", "technicians", str(file), "--keep-good")
    assert result.exit_code == 1
    assert "1 technicians added" in result.stdout
    with session_factory() as session:
        assert session.query(Technician).one().name == "Ann"


def test_import_of_a_good_file_ends_well(run, tmp_path):
    """Twice: the second time everything is known."""
    file = tmp_path / "areas.csv"
    file.write_text("name,zone\nNorth,Europe/Berlin\n")
    first, second = (run("import", "territories", str(file)) for _ in range(2))
    assert (first.exit_code, first.stdout) == (0, "1 territories added, 0 updated.\n")
    assert (second.exit_code, second.stdout) == (0, "0 territories added, 0 updated, 1 unchanged.\n")


def test_import_refuses_a_zone_that_is_none(run, tmp_path):
    """With an example of one."""
    file = tmp_path / "team.csv"
    file.write_text(TECHNICIANS)
    result = run("import", "technicians", str(file), "--zone", "Mars/Olympus")
    assert result.exit_code == 2
    assert "Europe/Berlin" in result.stderr


def test_an_import_that_meets_another_change_of_the_same_job_says_so(run, tmp_path, monkeypatch):
    """On PostgreSQL a technician may report in the same moment."""
    from dispatch.entry import files

    def meet(*_arguments):
        raise StaleDataError("0 were matched")

    monkeypatch.setattr(files, "store_file", meet)
    file = tmp_path / "team.csv"
    file.write_text(TECHNICIANS)
    result = run("import", "technicians", str(file), "--keep-good")
    assert result.exit_code == 1
    assert "Somebody else changed this meanwhile" in result.stderr
    assert "Traceback" not in result.stderr


def test_an_import_that_the_database_refuses_ends_in_a_sentence(run, tmp_path, monkeypatch):
    """Such as one that meets somebody who enters the same in that moment."""
    from dispatch.entry import files

    def meet(*_arguments):
        raise IntegrityError("", {}, Exception("UNIQUE constraint failed"))

    monkeypatch.setattr(files, "store_file", meet)
    (file := tmp_path / "parts.csv").write_text("name\nvalve\n")
    result = run("import", "parts", str(file))
    assert result.exit_code == 1
    assert "do not go together (UNIQUE constraint failed)" in result.stderr


def test_doctor_tells_how_to_mend_what_is_wrong(run, home):
    """A database without tables and a travel source that is not there."""
    (home / "wrenchtime.sqlite3").unlink()
    report = json.loads(run("doctor", "--json").stdout)
    findings = {one["name"]: one for one in report["findings"]}
    assert not report["ok"]
    assert findings["database"]["status"] == "failed"
    assert "wrenchtime migrate" in findings["database"]["mend"]
    assert findings["engine"]["status"] == "ok"
    assert run("doctor").exit_code == 1


def test_doctor_is_content_with_a_good_installation(run, monkeypatch):
    """A scheduler that is not running is a note: nobody serves yet."""
    from dispatch import doctor

    monkeypatch.setattr(doctor, "_front_end", lambda: (doctor.OK, "built"))
    monkeypatch.setattr(doctor, "_engine", lambda: (doctor.OK, "plans"))
    result = run("doctor")
    assert result.exit_code == 0, result.output
    assert "not running" in result.output
    assert "All is well." in result.output


def test_doctor_names_a_travel_source_that_cannot_be_opened(run, monkeypatch):
    """And what may be set instead."""
    from dispatch import doctor

    monkeypatch.setattr(doctor, "_engine", lambda: (doctor.OK, "plans"))
    monkeypatch.setenv("TRAVEL_SOURCE", "/nowhere.pbf")
    result = run("doctor")
    assert result.exit_code == 1
    assert "/nowhere.pbf" in result.output
    assert "straight-line" in result.output


def test_the_doctor_tells_of_an_engine_that_cannot_plan_and_goes_on(run, monkeypatch):
    """Such as one whose compiled code can be kept nowhere."""

    def warm_up():
        raise RuntimeError("no locator available")

    monkeypatch.setattr("optimizer.warm_up", warm_up)
    result = run("doctor")
    assert result.exit_code == 1
    assert "cannot plan (RuntimeError: no locator available)" in result.stdout
    assert "NUMBA_CACHE_DIR" in result.stdout
    assert "scheduler:" in result.stdout


def test_serve_refuses_a_port_that_is_taken(run):
    """With a command that would work."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = run("serve", "--port", str(port))
    assert result.exit_code == 1
    assert f"Cannot listen at 127.0.0.1:{port}" in result.stderr
    assert "wrenchtime serve --port" in result.stderr


@pytest.mark.parametrize("command", [("serve", "--port", "0"), ("scheduler",)])
def test_a_process_stops_cleanly_when_asked(home, command):
    """SIGTERM: exit code 0, the lease given up, no process left, and nothing put where others of this user look."""
    if command[0] == "serve":
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            command = ("serve", "--port", str(probe.getsockname()[1]))
    (user := home / "user").mkdir()
    environment = {**os.environ, "WRENCHTIME_HOME": str(home), "HOME": str(user), "XDG_RUNTIME_DIR": str(user)}
    process = subprocess.Popen(
        [sys.executable, "-m", "dispatch.cli", *command], cwd=ROOT, env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    killer = threading.Timer(60, process.kill)
    killer.start()
    try:
        ready = "Wrenchtime is at" if command[0] == "serve" else "Leading"
        said = ""
        while ready not in said or "Leading" not in said:
            line = process.stdout.readline()
            assert line, f"ended before it was ready:\n{said}"
            said += line
        assert not [*user.rglob("*gunicorn*")]
        process.send_signal(signal.SIGTERM)
        said += process.stdout.read()
        assert process.wait() == 0, said
        assert "Stopped" in said
        assert "Traceback" not in said
    finally:
        killer.cancel()
        process.stdout.close()
        if process.poll() is None:
            process.kill()
            process.wait()
