"""`wrenchtime migrate`: bring the database to the state this version needs."""

from __future__ import annotations

import click

from dispatch.cli.output import says_errors


@click.command(name="migrate")
@says_errors
def command() -> None:
    """Create the database, or bring it to the state this version needs. Safe to run again.

    \b
    Examples:
      wrenchtime migrate
      DATABASE_URL=postgresql://dispatch:secret@db.example/wrenchtime wrenchtime migrate
    """
    from dispatch.cli.database import connect
    from dispatch.migrations import is_current, upgrade
    from dispatch.settings import Settings

    session_factory = connect(Settings.from_env())
    with session_factory() as session:
        already = is_current(session.connection())
    if already:
        click.echo("The database is up to date.")
        return
    upgrade(session_factory.engine)
    click.echo("The database has been brought up to date.")
