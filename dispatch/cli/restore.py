"""`wrenchtime restore`: fill an empty database from a backup."""

from __future__ import annotations

from pathlib import Path

import click

from dispatch.cli.output import says_errors

LOST = (
    "Tokens and customers' links that were revoked since are good again, accounts that were switched off are open, and "
    "passwords that were changed are the old ones: revoke, switch off and change them again.",
    "Plans, times that were promised and all else of that time are gone, but customers may have been told of them: "
    "plan the day again and call whoever was to be visited.",
    "Phones keep what they could not send yet. What is about a plan published since is refused there, as "
    '"Not taken": let the technicians read it out.',
    "Numbers and ids go on far above those of the backup, so that none means two things; programs that kept ids of "
    "that time find nothing there.",
)
"""What a restored database cannot know, and what somebody has to do about it."""


@click.command(name="restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@says_errors
def command(file: Path) -> None:
    """Fill the empty database with the backup FILE, and compare every row with it.

    A database that has rows is left alone: name a new one with DATABASE_URL or WRENCHTIME_HOME. A backup of an older
    version is brought to the state that this version needs. When anything is not as it was, nothing is stored. The
    secret key is in no backup: bring it along.

    What came into being after the backup is lost, but phones, customers' links and other programs know it still: no
    id is given out a second time. Everybody signs in again; the last lines say what else to look after.

    \b
    Examples:
      WRENCHTIME_HOME=new wrenchtime restore var/backups/wrenchtime-20261122T023000Z.zip
      DATABASE_URL=postgresql://dispatch:secret@db.example/new wrenchtime restore wrenchtime.zip
    """
    from dispatch.backup import restore_backup
    from dispatch.cli.database import connect
    from dispatch.runs.execution import utc_now
    from dispatch.settings import Settings

    settings = Settings.from_env()
    manifest = restore_backup(connect(settings), file, utc_now())
    rows = sum(table["rows"] for table in manifest["tables"].values())
    click.echo(f"Restored and compared {rows:,} rows of {len(manifest['tables'])} tables, as of {manifest['made_at']}.")
    click.echo(
        f"No backup holds the secret key: bring the old one along, as {settings.home / 'secret_key'} or SECRET_KEY. "
        "With another, links in messages that customers have lead nowhere."
    )
    click.echo("Everybody signs in again, and whoever waits for a link to a new password asks for another.")
    click.echo(f"If anybody worked with Wrenchtime after {manifest['made_at']}, look after this:")
    for line in LOST:
        click.echo(f"- {line}")
