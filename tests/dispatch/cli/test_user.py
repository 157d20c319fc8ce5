"""`wrenchtime user`: an installation gets the people who may sign in."""

import json

import pytest
from click.testing import CliRunner
from pyotp import TOTP
from sqlalchemy import select

from dispatch.accounts.password_links import use_link
from dispatch.accounts.second_factor import confirm, has_second_factor, offer_secret
from dispatch.accounts.sign_in import TRIES
from dispatch.accounts.sign_in import sign_in as sign_in_from
from dispatch.cli import main
from dispatch.cli.user import command
from dispatch.models import Event, User
from dispatch.runs.execution import utc_now
from tests.databases import settings_for
from tests.dispatch.town import settle, technician

PASSWORD = "correct horse battery"
EVE = ("eve@example.org", "--name", "Eve Ray", "--role", "dispatcher")
ANA = ("ana@example.org", "--name", "Ana Soto", "--role", "technician", "--technician")


@pytest.fixture
def run(home, monkeypatch):
    """Runs `wrenchtime user` in an installation with an empty database; `typed` is what comes in."""
    monkeypatch.setenv("WRENCHTIME_HOME", str(home))
    monkeypatch.setenv("DATABASE_URL", settings_for(home).database_url)
    return lambda *arguments, typed="": CliRunner().invoke(main, ["user", *arguments], input=typed)


@pytest.fixture
def add(run):
    """Adds a user whose password comes from standard input."""
    return lambda *arguments, password=PASSWORD: run("add", *arguments, "--password-stdin", typed=f"{password}\n")


def sign_in(session_factory, email="eve@example.org", password=PASSWORD):
    return sign_in_from(session_factory, email, password, "192.0.2.1", utc_now()).user


@pytest.mark.parametrize("name", command.commands)
def test_every_subcommand_has_help_with_an_example(run, name):
    """As every command has."""
    assert f"  wrenchtime user {name}" in run(name, "--help").output


def test_a_user_signs_in_with_the_password_typed_twice(run, session_factory):
    """Two that differ are asked for again; no password is shown."""
    result = run("add", *EVE, typed=f"{PASSWORD}\n{PASSWORD}!\n{PASSWORD}\n{PASSWORD}\n")
    assert (result.exit_code, result.stdout) == (0, "Eve Ray may sign in as eve@example.org, role dispatcher.\n")
    assert "12 characters or more" in result.stderr
    assert PASSWORD not in result.output
    assert sign_in(session_factory).role == "dispatcher"


def test_the_password_may_come_from_standard_input(add, session_factory):
    """The first line of it, for scripts: nothing is asked."""
    result = add(*EVE, password=f"{PASSWORD}\r\nanother line")
    assert (result.exit_code, result.stderr) == (0, "")
    assert sign_in(session_factory)


def test_a_technician_signs_in_as_the_technician_with_that_code(add, session_factory):
    """Whose day the phone then shows."""
    settle(session_factory, [technician("T1")])
    assert add(*ANA, "T1").exit_code == 0
    with session_factory() as session:
        assert session.query(User).one().technician.code == "T1"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (EVE, "eve@example.org is already a user's."),
        (ANA[:-1], "needs the code of the technician"),
        ((*ANA, "T9"), "there is no technician with the code 'T9'"),
        ((*ANA, "T1"), "the technician 'T1' signs in as bea@example.org already."),
        (("max@example.org", *EVE[1:], "--technician", "T1"), "only the role technician signs in as a technician"),
    ],
)
def test_a_user_who_cannot_be_is_refused_in_a_sentence(add, session_factory, arguments, sentence):
    """And not added."""
    settle(session_factory, [technician("T1")])
    add(*EVE)
    add("bea@example.org", *ANA[1:], "T1")
    result = add(*arguments)
    assert result.exit_code == 1
    assert sentence in result.stderr
    with session_factory() as session:
        assert session.query(User).count() == 2


def test_all_that_is_wrong_is_said_at_once(add):
    """Address, name, role and password: one run of the command finds all four."""
    result = add("eve", "--name", " ", "--role", "boss", password="eleven char")
    assert result.exit_code == 1
    said = ("no e-mail address", "name is empty", "no role 'boss'", "12 characters or more")
    assert [sentence for sentence in said if sentence not in result.stderr] == []


def test_a_new_password_lifts_the_lock_out(add, run, session_factory):
    """And the old password is of no use any more."""
    add(*EVE)
    for _ in range(TRIES):
        assert not sign_in(session_factory, password="wrong")
    assert not sign_in(session_factory)
    assert run("list").stdout.endswith("locked\n")
    result = run("password", "Eve@example.org", "--password-stdin", typed="another horse battery\n")
    assert (result.exit_code, result.stdout) == (0, "eve@example.org has a new password.\n")
    assert sign_in(session_factory, password="another horse battery")
    assert not sign_in(session_factory)


def test_a_new_password_for_nobody_or_too_short_is_refused(run):
    """Both said at once, with how to find out who there is."""
    result = run("password", "eve@example.org", typed="short\nshort\n")
    assert result.exit_code == 1
    assert "wrenchtime user list" in result.stderr
    assert "12 characters or more" in result.stderr


def test_the_list_shows_everybody_to_people_and_to_machines(add, run, session_factory):
    """Nobody yet, and then two, by address; hashes stay where they are."""
    assert "wrenchtime user add" in run("list").stdout
    settle(session_factory, [technician("T1")])
    add(*EVE)
    add(*ANA, "T1")
    with session_factory.begin() as session:
        session.query(User).filter_by(role="dispatcher").one().active = False
    assert run("list").stdout == (
        "ana@example.org  technician  Ana Soto  T1\n"
        "eve@example.org  dispatcher  Eve Ray  switched off\n"
    )  # fmt: skip
    ana, eve = json.loads(run("list", "--json").stdout)
    assert ana == {"email": "ana@example.org", "name": "Ana Soto", "role": "technician", "technician": "T1",
                   "active": True, "locked": False}  # fmt: skip
    assert (eve["technician"], eve["active"]) == (None, False)


def test_who_was_added_and_whose_password_was_set_is_in_the_audit_trail(add, run, session_factory):
    """Without the password."""
    add(*EVE)
    run("password", "eve@example.org", "--password-stdin", typed=f"{PASSWORD}\n")
    with session_factory() as session:
        lines = [(event.kind, event.after) for event in session.query(Event).order_by(Event.seq)]
    assert lines == [
        ("user added", {"email": "eve@example.org", "role": "dispatcher", "technician": None}),
        ("password set", {"email": "eve@example.org"}),
    ]


def test_a_link_for_a_new_password_is_printed(add, run, monkeypatch, session_factory):
    """With the address of the installation where that is known, else as a path of it."""
    add(*EVE)
    assert run("reset", "eve@example.org").stdout.startswith("/login/new-password/")
    monkeypatch.setenv("PUBLIC_URL", "https://plan.example.org/")
    link = run("reset", " Eve@example.org").stdout.strip()
    assert link.startswith("https://plan.example.org/login/new-password/")
    with session_factory.begin() as session:
        use_link(session, link.rpartition("/")[2], "another battery staple", "another battery staple", utc_now())
    assert sign_in(session_factory, password="another battery staple")
    assert "no user 'max@example.org'" in run("reset", "max@example.org").stderr


def test_who_lost_the_phone_is_let_in_by_the_password_again(add, run, session_factory):
    """Somebody without a phone has nothing to forget."""
    add(*EVE)
    assert "no second factor" in run("forget-phone", "eve@example.org").stderr
    with session_factory.begin() as session:
        user = session.scalars(select(User)).one()
        code = TOTP(offer_secret(session, user).secret).at(utc_now())
        confirm(session, user, code, "", utc_now())
    assert run("forget-phone", "eve@example.org").exit_code == 0
    with session_factory() as session:
        assert not has_second_factor(session, user.id)
