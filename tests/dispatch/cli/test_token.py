"""`wrenchtime token`: programs get in, are listed, and are shut out, from the command line."""

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner

from dispatch.accounts.users import add_user
from dispatch.api.tokens import SUBJECTS, find_holder
from dispatch.cli import main
from dispatch.cli.token import command
from dispatch.models import ApiToken, Event
from dispatch.runs.execution import utc_now
from tests.databases import settings_for

EVE = "eve@example.org"


@pytest.fixture
def run(home, session_factory, monkeypatch):
    """Runs `wrenchtime token` in an installation with one dispatcher."""
    monkeypatch.setenv("WRENCHTIME_HOME", str(home))
    monkeypatch.setenv("DATABASE_URL", settings_for(home).database_url)
    with session_factory.begin() as session:
        add_user(session, email=EVE, name="Eve Ray", role="dispatcher", password="correct horse battery")
    return lambda *arguments: CliRunner().invoke(main, ["token", *arguments])


@pytest.fixture
def add(run):
    """Makes a token for Eve."""
    return lambda *scopes, name="Ticket system", email=EVE, days=(): run(
        "add", email, "--name", name, *(word for scope in scopes for word in ("--scope", scope)), *days
    )


def holder_of(session_factory, secret, later=timedelta()):
    with session_factory() as session:
        return find_holder(session, secret, utc_now() + later)


@pytest.mark.parametrize("name", command.commands)
def test_every_subcommand_has_help_with_an_example(run, name):
    """As every command has."""
    assert f"  wrenchtime token {name}" in run(name, "--help").output


def test_the_secret_is_all_that_goes_to_standard_output(add, session_factory):
    """So that a script can keep it; whom it acts as is said beside, and it does what its scopes say."""
    result = add("jobs:write", "customers:read")
    assert result.exit_code == 0, result.output
    assert "Eve Ray (dispatcher) is who this token acts as." in result.stderr
    holder = holder_of(session_factory, result.stdout.removesuffix("\n"))
    assert (holder.user.email, holder.scopes) == (EVE, {"jobs:write", "customers:read"})


@pytest.mark.parametrize("verb", ["read", "write"])
def test_all_stands_for_every_subject(add, session_factory, verb):
    """Reading all writes nothing."""
    holder = holder_of(session_factory, add(f"all:{verb}").stdout.strip())
    assert holder.scopes == {f"{subject}:{verb}" for subject in SUBJECTS}


def test_a_token_ends_after_its_days_and_without_them_never(add, session_factory):
    """Counted from now."""
    short, long = add("all:read", days=("--days", "2")).stdout.strip(), add("all:read").stdout.strip()
    assert holder_of(session_factory, short, timedelta(days=1, hours=23))
    assert holder_of(session_factory, short, timedelta(days=2, hours=1)) is None
    assert holder_of(session_factory, long, timedelta(days=9_999))


def test_all_that_is_wrong_is_said_at_once_and_nothing_is_made(add, session_factory):
    """A name, and two scopes that there are not."""
    result = add("jobs:eat", "moon:read", name=" ")
    assert (result.exit_code, result.stdout) == (1, "")
    said = ("name: it is empty", "no scope 'jobs:eat'", "no scope 'moon:read'")
    assert [sentence for sentence in said if sentence not in result.stderr] == []
    with session_factory() as session:
        assert session.query(ApiToken).count() == 0


def test_nobody_who_is_no_user_gets_a_token(add):
    """With a sentence, not a traceback."""
    result = add("all:read", email="max@example.org")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "no user 'max@example.org'" in result.stderr


def test_tokens_are_listed_to_people_and_to_machines_without_their_secrets(add, run):
    """None yet, and then one in use, one never used and one revoked."""
    assert "wrenchtime token add" in run("list").stdout
    secret = add("jobs:write").stdout.strip()
    add("all:read", name="Night script")
    run("revoke", "1")
    listed = run("list").stdout
    assert [line.split()[:2] for line in listed.splitlines()] == [["2", EVE], ["1", EVE]]
    assert "Night script" in listed.splitlines()[0]
    assert listed.splitlines()[0].endswith("used never")
    assert "revoked 20" in listed.splitlines()[1]
    newest, oldest = json.loads(run("list", "--json").stdout)
    assert (newest["name"], newest["revoked_at"], newest["expires_at"]) == ("Night script", None, None)
    assert (oldest["scopes"], oldest["revoked_at"][:2]) == (["jobs:write"], "20")
    assert secret not in listed + json.dumps([newest, oldest])


def test_a_revoked_token_opens_nothing_from_that_moment(add, run, session_factory):
    """And that it was made and revoked is on record; revoking it again changes nothing."""
    secret = add("jobs:write").stdout.strip()
    assert run("revoke", "1").stdout == f"“Ticket system” of {EVE} is revoked.\n"
    assert holder_of(session_factory, secret) is None
    assert run("revoke", "1").exit_code == 0
    with session_factory() as session:
        kinds = [event.kind for event in session.query(Event).order_by(Event.seq)]
    assert kinds == ["token made", "token revoked"]


def test_a_token_that_there_is_not_cannot_be_revoked(run):
    """In a sentence."""
    result = run("revoke", "7")
    assert (result.exit_code, "There is no token with id 7." in result.stderr) == (1, True)
