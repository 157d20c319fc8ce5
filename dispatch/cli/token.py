"""`wrenchtime token`: with what programs act for people over the API."""

from __future__ import annotations

from typing import Any

import click

from dispatch.cli.output import json_option, print_json, says_errors

ALL = ("all:read", "all:write")


@click.group(name="token")
def command() -> None:
    """Make tokens with which programs act for a user over the API, list and revoke them.

    \b
    Examples:
      wrenchtime token add eve@example.org --name "Ticket system" --scope jobs:write --scope customers:write
      wrenchtime token list
      wrenchtime token revoke 3
    """


@command.command()
@click.argument("email")
@click.option("--name", required=True, help="What the token is for.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    metavar="SUBJECT:read|write",
    help="All of them: all:read, all:write.",
)
@click.option("--days", type=click.IntRange(1, 3_650), help="It ends after so many days.  [default: never]")
@says_errors
def add(email: str, name: str, scopes: tuple[str, ...], days: int | None) -> None:
    """Make a token that acts as the user EMAIL, and print it alone: it is stored nowhere.

    \b
    Examples:
      wrenchtime token add eve@example.org --name "Ticket system" --scope jobs:write
      TOKEN=$(wrenchtime token add eve@example.org --name "Night script" --scope all:read --days 90)
    """
    from dispatch.accounts.users import get_user_by_email
    from dispatch.api.tokens import SUBJECTS, make_token
    from dispatch.cli.database import open_database
    from dispatch.runs.execution import utc_now
    from dispatch.settings import Settings

    wanted = {scope for scope in scopes if scope not in ALL}
    wanted |= {f"{subject}:{scope.partition(':')[2]}" for scope in scopes if scope in ALL for subject in SUBJECTS}
    with open_database(Settings.from_env()).begin() as session:
        user = get_user_by_email(session, email)
        row, secret = make_token(session, user, name, wanted, utc_now(), None, days)
    click.echo(f"{row.user.name} ({row.user.role}) is who this token acts as. It is not shown again:", err=True)
    click.echo(secret)


@command.command(name="list")
@json_option
@says_errors
def list_(as_json: bool) -> None:
    """List the tokens: whose, for what, with which scopes, and when each was last used.

    \b
    Examples:
      wrenchtime token list
      wrenchtime token list --json
    """
    from dispatch import clock
    from dispatch.api.tokens import list_tokens
    from dispatch.cli.database import open_database
    from dispatch.settings import Settings

    with open_database(Settings.from_env())() as session:
        rows: list[dict[str, Any]] = [
            {
                "id": one.id,
                "email": one.user.email,
                "name": one.name,
                "scopes": one.scopes,
                "made_at": clock.to_iso(one.made_at),
                "expires_at": clock.find_iso(one.expires_at),
                "last_used_at": clock.find_iso(one.last_used_at),
                "revoked_at": clock.find_iso(one.revoked_at),
            }
            for one in list_tokens(session)
        ]
    if as_json:
        print_json(rows)
        return
    if not rows:
        click.echo("There are no tokens yet; `wrenchtime token add` makes one.")
    for row in rows:
        state = f"revoked {row['revoked_at']}" if row["revoked_at"] else f"used {row['last_used_at'] or 'never'}"
        click.echo(f"{row['id']:>4}  {row['email']}  {row['name']}  {', '.join(row['scopes'])}  {state}")


@command.command()
@click.argument("token_id", type=int, metavar="ID")
@says_errors
def revoke(token_id: int) -> None:
    """End the token with this ID at once; `wrenchtime token list` shows the ids.

    \b
    Examples:
      wrenchtime token revoke 3
    """
    from dispatch.api.tokens import revoke_token
    from dispatch.cli.database import open_database
    from dispatch.runs.execution import utc_now
    from dispatch.settings import Settings

    with open_database(Settings.from_env()).begin() as session:
        row = revoke_token(session, token_id, None, utc_now())
        click.echo(f"“{row.name}” of {row.user.email} is revoked.")
