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
from sqlalchemy import event
from sqlalchemy.pool import Pool

from dispatch.channel_trouble import note_trouble
from dispatch.cli import COMMANDS, main
from dispatch.db import make_session_factory
from tests.databases import environment_of, lose_tables, settings_for
from tests.dispatch.town import MORNING, settle, technician

ROOT = Path(__file__).parents[3]
TOMORROW = "2099-01-05"


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
    """It is there, but empty."""
    lose_tables(home)
    result = run("plan", TOMORROW)
    assert result.exit_code == 1
    assert "wrenchtime migrate" in result.stderr
    assert run("migrate").output == "The database has been brought up to date.\n"
    assert run("migrate").output == "The database is up to date.\n"
    assert run("plan", TOMORROW).exit_code == 0


@pytest.mark.parametrize(
    "arguments",
    [("migrate",), ("user", "list"), ("plan", TOMORROW), ("plan", "2020-01-01"), ("doctor",), ("demo", "--live")],
    ids=" ".join,
)
def test_a_command_leaves_no_connection_open(run, monkeypatch, arguments):
    """Whether it does its work or refuses: a server has few of them."""
    from dispatch import doctor

    monkeypatch.setattr(doctor, "_engine", lambda: (doctor.OK, "plans"))
    happened = []
    tells = {name: lambda *_, name=name: happened.append(name) for name in ("connect", "close")}
    for name, tell in tells.items():
        event.listen(Pool, name, tell)
    run(*arguments)
    for name, tell in tells.items():
        event.remove(Pool, name, tell)
    assert happened.count("connect") == happened.count("close") > 0


def test_doctor_tells_how_to_mend_what_is_wrong(run, home):
    """A database without tables and a travel source that is not there."""
    lose_tables(home)
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


def test_doctor_says_what_nobody_has_said_of_the_company(run, monkeypatch):
    """Until its name and the head office's zone are set, and then what they are."""
    from dispatch import doctor

    monkeypatch.setattr(doctor, "_engine", lambda: (doctor.OK, "plans"))

    def told():
        [finding] = [one for one in json.loads(run("doctor", "--json").stdout)["findings"] if one["name"] == "company"]
        return finding

    nameless = told()
    assert nameless["status"] == "note"
    assert "messages to customers name no company" in nameless["found"]
    assert "COMPANY_NAME" in nameless["mend"]
    monkeypatch.setenv("COMPANY_NAME", "Lifts & Co")
    monkeypatch.setenv("COMPANY_ZONE", "America/Santiago")
    assert (told()["status"], told()["found"]) == ("ok", "Lifts & Co; days begin at midnight in America/Santiago")


def test_doctor_names_a_travel_source_that_cannot_be_opened(run, monkeypatch):
    """And what may be set instead."""
    from dispatch import doctor

    monkeypatch.setattr(doctor, "_engine", lambda: (doctor.OK, "plans"))
    monkeypatch.setenv("TRAVEL_SOURCE", "/nowhere.pbf")
    result = run("doctor")
    assert result.exit_code == 1
    assert "/nowhere.pbf" in result.output
    assert "straight-line" in result.output


def test_the_doctor_names_every_setting_that_keeps_the_program_from_starting(run, monkeypatch):
    """All of them, and what to write instead."""
    monkeypatch.setenv("MAIL_FROM", "a@[")
    monkeypatch.setenv("SMS_URL", "sms.example.org")
    result = run("doctor")
    assert result.exit_code != 0
    for words in ("MAIL_FROM: 'a@[' is no e-mail address; write dispatch@example.org", "SMS_URL: ", "SMS_SECRET must"):
        assert words in result.stderr


def test_the_doctor_tells_why_no_e_mail_goes_out(run, home, monkeypatch):
    """As the scheduler has found out; it tries none itself."""
    from dispatch import doctor

    monkeypatch.setattr(doctor, "_engine", lambda: (doctor.OK, "plans"))
    monkeypatch.setattr(doctor, "_front_end", lambda: (doctor.OK, "built"))
    monkeypatch.setenv("SMTP_URL", "smtp://me:secret@mail.example.org")
    monkeypatch.setenv("MAIL_FROM", "me@example.org")
    assert "mail.example.org:587, from me@example.org" in run("doctor").stdout
    settings = settings_for(home, SMTP_URL="smtp://mail.example.org", MAIL_FROM="me@example.org")
    factory = make_session_factory(settings)
    with factory.begin() as session:
        note_trouble(session, "e-mail", "The mail server takes no e-mail: 535 Wrong password", MORNING)
    factory.engine.dispose()
    result = run("doctor")
    assert result.exit_code == 1
    for words in ("535 Wrong password. So since 2026-", "Check SMTP_URL, MAIL_FROM"):
        assert words in result.stdout


def test_the_doctor_tells_why_no_sms_goes_out(run, home, monkeypatch):
    """And where the gateway is, without what may be a secret in its address."""
    from dispatch import doctor

    monkeypatch.setattr(doctor, "_engine", lambda: (doctor.OK, "plans"))
    monkeypatch.setattr(doctor, "_front_end", lambda: (doctor.OK, "built"))
    monkeypatch.setenv("SMS_URL", "https://sms.example.org/send?account=hidden")
    monkeypatch.setenv("SMS_SECRET", "only for tests " * 3)
    well = run("doctor").stdout
    assert ("sms.example.org" in well, "hidden" in well) == (True, False)
    factory = make_session_factory(settings_for(home))
    with factory.begin() as session:
        note_trouble(session, "SMS", "sms.example.org answered 401 Unauthorized.", MORNING)
    factory.engine.dispose()
    result = run("doctor")
    assert result.exit_code == 1
    for words in ("401 Unauthorized. So since 2026-", "Check SMS_URL, SMS_SECRET"):
        assert words in result.stdout


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
    environment = {**os.environ, **environment_of(home), "HOME": str(user), "XDG_RUNTIME_DIR": str(user)}
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
