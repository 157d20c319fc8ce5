"""`wrenchtime backup`: the whole database in one file, while everybody goes on working."""

from __future__ import annotations

from pathlib import Path

import click

from dispatch.cli.output import json_option, print_json, says_errors


@click.command(name="backup")
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@json_option
@says_errors
def command(file: Path | None, as_json: bool) -> None:
    """Write every row of the database to FILE, or to a new file in the folder of backups.

    Nobody has to stop working. The file holds password hashes and customers' addresses: only its owner may read it.
    It can be restored into SQLite and into PostgreSQL, whichever it comes from.

    \b
    Examples:
      wrenchtime backup
      wrenchtime backup /mnt/safe/wrenchtime.zip
    """
    from dispatch.backup import make_backup
    from dispatch.cli.database import open_database
    from dispatch.runs.execution import utc_now
    from dispatch.settings import Settings

    made = make_backup(open_database(Settings.from_env()), utc_now(), file)
    if as_json:
        print_json({"path": made.path, "tables": made.tables, "rows": made.rows})
        return
    click.echo(f"{made.path} holds {made.rows:,} rows of {made.tables} tables.")
