"""`wrenchtime restore`: fill an empty database from a backup."""

from __future__ import annotations

from pathlib import Path

import click

from dispatch.cli.output import says_errors


@click.command(name="restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@says_errors
def command(file: Path) -> None:
    """Fill the empty database with the backup FILE, and compare every row with it.

    A database that has rows is left alone: name a new one with DATABASE_URL or WRENCHTIME_HOME. A backup of an older
    version is brought to the state that this version needs. When anything is not as it was, nothing is stored. The
    secret key is in no backup: bring it along.

    \b
    Examples:
      WRENCHTIME_HOME=new wrenchtime restore var/backups/wrenchtime-20261122T023000Z.zip
      DATABASE_URL=postgresql://dispatch:secret@db.example/new wrenchtime restore wrenchtime.zip
    """
    from dispatch.backup import restore_backup
    from dispatch.cli.database import connect
    from dispatch.settings import Settings

    settings = Settings.from_env()
    manifest = restore_backup(connect(settings), file)
    rows = sum(table["rows"] for table in manifest["tables"].values())
    click.echo(f"Restored and compared {rows:,} rows of {len(manifest['tables'])} tables, as of {manifest['made_at']}.")
    click.echo(
        f"No backup holds the secret key: bring the old one along, as {settings.home / 'secret_key'} or SECRET_KEY. "
        "With another, people sign in again, and links in messages that customers have lead nowhere."
    )
