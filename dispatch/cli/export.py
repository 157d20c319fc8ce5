"""`wrenchtime export`: tables as files that can be edited and imported again."""

from __future__ import annotations

from pathlib import Path

import click

from dispatch.cli.output import says_errors

KINDS = ("holidays", "technicians", "absences", "parts", "job-types", "customers", "assets", "contracts")


@click.command(name="export")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@says_errors
def command(kind: str, file: Path) -> None:
    """Write all that is stored of a kind to FILE: .csv, .xlsx, .geojson or .gpkg, as its name ends.

    Edit it in a spreadsheet, and bring it back with `wrenchtime import`. An id says which row is meant: leave it as it
    is, and empty for something new.

    \b
    Examples:
      wrenchtime export technicians team.xlsx
      wrenchtime export contracts contracts.csv
    """
    from dispatch.cli.database import open_database
    from dispatch.entry.files import write_file
    from dispatch.settings import Settings

    with open_database(Settings.from_env())() as session:
        try:
            count = write_file(session, kind, file)
        except (ValueError, OSError) as error:
            raise click.ClickException(f"Nothing was written: {error}.") from error
    click.echo(f"{count} {kind} written to {file}.")
