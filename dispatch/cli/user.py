"""`wrenchtime user`: who may sign in."""

from __future__ import annotations

import sys
from typing import Any

import click

from dispatch.cli.output import json_option, print_json, says_errors

password_option = click.option(
    "--password-stdin", is_flag=True, help="Take the first line of standard input for the password; ask nothing."
)


@click.group(name="user")
def command() -> None:
    """Add those who may sign in, list them, give them a new password.

    \b
    Examples:
      wrenchtime user add eve@example.org --name "Eve Ray" --role dispatcher
      wrenchtime user list
      wrenchtime user password eve@example.org
      wrenchtime user reset eve@example.org
    """


@command.command()
@click.argument("email")
@click.option("--name", required=True, help="The name that the pages show.")
@click.option("--role", required=True, metavar="dispatcher|technician|manager|admin", help="What they see and may do.")
@click.option("--technician", "code", metavar="CODE", help="The technician they are; for the role technician only.")
@password_option
@says_errors
def add(email: str, name: str, role: str, code: str | None, password_stdin: bool) -> None:
    """Add somebody who signs in as EMAIL.

    The password of 12 characters or more is asked for twice, and never shown. All that is wrong is said at once.

    \b
    Examples:
      wrenchtime user add eve@example.org --name "Eve Ray" --role dispatcher
      wrenchtime user add ana@example.org --name "Ana Soto" --role technician --technician T1
      wrenchtime user add max@example.org --name "Max Orr" --role manager --password-stdin < password.txt
    """
    from dispatch.accounts import users
    from dispatch.cli.database import open_database
    from dispatch.events import record_event
    from dispatch.runs.execution import utc_now
    from dispatch.settings import Settings

    session_factory = open_database(Settings.from_env())
    password = _read_password(password_stdin)
    with session_factory.begin() as session:
        user = users.add_user(session, email=email, name=name, role=role, password=password, technician_code=code)
        after = {"email": user.email, "role": user.role, "technician": code}
        record_event(session, "user added", utc_now(), None, user, after=after)
    click.echo(f"{user.name} may sign in as {user.email}, role {user.role}.")


@command.command(name="list")
@json_option
@says_errors
def list_(as_json: bool) -> None:
    """List those who may sign in, and whose account is locked or switched off.

    \b
    Examples:
      wrenchtime user list
      wrenchtime user list --json
    """
    from dispatch.accounts import users
    from dispatch.accounts.tries import list_locked
    from dispatch.cli.database import open_database
    from dispatch.runs.execution import utc_now
    from dispatch.settings import Settings

    with open_database(Settings.from_env())() as session:
        locked = list_locked(session, utc_now())
        rows: list[dict[str, Any]] = [
            {
                "email": user.email,
                "name": user.name,
                "role": user.role,
                "technician": user.technician.code if user.technician else None,
                "active": user.active,
                "locked": user.email in locked,
            }
            for user in users.list_users(session)
        ]
    if as_json:
        print_json(rows)
        return
    if not rows:
        click.echo("There are no users yet; `wrenchtime user add` adds one.")
    width = max((len(row["email"]) for row in rows), default=0)
    for row in rows:
        notes = [row["technician"], not row["active"] and "switched off", row["locked"] and "locked"]
        click.echo("  ".join([f"{row['email']:<{width}}", f"{row['role']:<10}", row["name"], *filter(None, notes)]))


@command.command()
@click.argument("email")
@password_option
@says_errors
def password(email: str, password_stdin: bool) -> None:
    """Give the user EMAIL a new password, and lift the lock-out that wrong passwords led to.

    \b
    Examples:
      wrenchtime user password eve@example.org
      wrenchtime user password eve@example.org --password-stdin < password.txt
    """
    from dispatch.accounts import users
    from dispatch.cli.database import open_database
    from dispatch.events import record_event
    from dispatch.runs.execution import utc_now
    from dispatch.settings import Settings

    session_factory = open_database(Settings.from_env())
    new_password = _read_password(password_stdin)
    with session_factory.begin() as session:
        user = users.set_password(session, email, new_password)
        record_event(session, "password set", utc_now(), None, user, after={"email": user.email})
    click.echo(f"{user.email} has a new password.")


@command.command()
@click.argument("email")
@says_errors
def reset(email: str) -> None:
    """Make a link with which the user EMAIL chooses a new password, once, within a day.

    The link is shown here and nowhere else. It begins with PUBLIC_URL, or is a path on this installation.

    \b
    Examples:
      wrenchtime user reset eve@example.org
    """
    from dispatch.accounts import users
    from dispatch.accounts.password_links import make_link
    from dispatch.cli.database import open_database
    from dispatch.runs.execution import utc_now
    from dispatch.settings import Settings

    settings = Settings.from_env()
    with open_database(settings).begin() as session:
        token = make_link(session, users.get_user_by_email(session, email), None, utc_now())
    click.echo(f"{settings.public_url or ''}/login/new-password/{token}")


@command.command(name="forget-phone")
@click.argument("email")
@says_errors
def forget_phone(email: str) -> None:
    """Remove the second factor of the user EMAIL, who lost the phone and the recovery codes.

    \b
    Examples:
      wrenchtime user forget-phone eve@example.org
    """
    from dispatch.accounts import second_factor, users
    from dispatch.cli.database import open_database
    from dispatch.runs.execution import utc_now
    from dispatch.settings import Settings

    with open_database(Settings.from_env()).begin() as session:
        user = users.get_user_by_email(session, email)
        second_factor.remove(session, user, None, utc_now())
    click.echo(f"{user.email} signs in with the password alone; the account's page sets up another phone.")


def _read_password(from_stdin: bool) -> str:
    from dispatch.accounts.passwords import LEAST_LENGTH

    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    asked = f"Password ({LEAST_LENGTH} characters or more)"
    answer: str = click.prompt(asked, hide_input=True, confirmation_prompt="The same once more", err=True)
    return answer
