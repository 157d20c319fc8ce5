"""`wrenchtime import`: files of people, customers, agreements, the catalogue and jobs into the database."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dispatch.cli.output import json_option, print_json, progress, says_errors

if TYPE_CHECKING:
    from data.importers import ImportResult
    from dispatch.db import Session, SessionFactory
    from dispatch.entry.saving import Stored
    from dispatch.errors import WrongRecords

    Read = Callable[[Session], ImportResult[Any]]

KINDS = (
    "territories",
    "holidays",
    "technicians",
    "absences",
    "parts",
    "job-types",
    "customers",
    "assets",
    "contracts",
    "jobs",
)


@click.command(name="import")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--keep-good", is_flag=True, help="Store the good lines in spite of errors in others.")
@click.option(
    "--zone",
    help="Time zone of wall clocks in the file, such as Europe/Berlin; with the first territories it is"
    " the head office's from then on.  [default: for jobs that of their place, else the head office's]",
)
@click.option(
    "--date-order", type=click.Choice(["day_first", "month_first"]), help="What 03/04/2026 means in this file."
)
@click.option("--sheet", help="The sheet of a workbook, or the layer of a GeoPackage.")
@click.option("--dry-run", is_flag=True, help="Read and check everything, store nothing.")
@json_option
@says_errors
def command(
    kind: str,
    file: Path,
    keep_good: bool,
    zone: str | None,
    date_order: str | None,
    sheet: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Import a table from a CSV, XLSX, GeoJSON or GeoPackage file. docs/import.md names the columns of each kind.

    Import in the order of the kinds above: what a file refers to must be there. Known ids, names, codes and numbers are
    updated; a column that the file does not have changes nothing. All that is wrong is listed with its line and
    column; unless --keep-good is given, one error keeps the whole file out. Exit code 1 when there were errors.

    \b
    Examples:
      wrenchtime import territories areas.geojson --zone Europe/Berlin
      wrenchtime import technicians team.xlsx
      wrenchtime import absences leave.csv
      wrenchtime import jobs today.csv --keep-good --dry-run
    """
    from dispatch.cli.database import connect, open_database
    from dispatch.migrations import upgrade
    from dispatch.settings import Settings

    settings = Settings.from_env()
    if dry_run:
        session_factory = open_database(settings)
    else:
        session_factory = connect(settings)
        upgrade(session_factory.engine)
    with progress(f"Import of {file.name}") as tell:
        tell(None, "Reading and checking" if dry_run else "Reading and storing")

        def read(session: Session) -> ImportResult[Any]:
            return _read(session, kind, file, zone, keep_good, date_order, sheet)

        result, stored = _read_and_store(session_factory, kind, read, zone, keep_good, dry_run)
    if as_json:
        print_json(
            {
                "read": result.total,
                "good": result.good,
                "added": stored.added if stored else 0,
                "updated": stored.updated if stored else 0,
                "unchanged": stored.unchanged if stored else 0,
                "closed": stored.closed if stored else 0,
                "problems": [vars(problem) for problem in result.problems],
            }
        )
    else:
        for problem in result.problems:
            click.echo(str(problem), err=True)
        if stored:
            unchanged = f", {stored.unchanged} unchanged" if stored.unchanged else ""
            closed = f", {stored.closed} closed and left as they are" if stored.closed else ""
            click.echo(f"{stored.added} {kind} added, {stored.updated} updated{unchanged}{closed}.")
        elif dry_run:
            click.echo(f"{result.good} of {result.total} lines are good; nothing was stored (--dry-run).")
        else:
            click.echo(
                f"Nothing was stored: {len(result.errors)} error(s). "
                "Mend them, or keep the good lines with --keep-good."
            )
    if result.errors:
        raise SystemExit(1)


def _read(
    session: Session,
    kind: str,
    file: Path,
    zone: str | None,
    keep_good: bool,
    date_order: Any,
    sheet: str | None,
) -> ImportResult[Any]:
    from zoneinfo import available_timezones

    from sqlalchemy import select

    from data import importers
    from dispatch import installation
    from dispatch.entry import files
    from dispatch.jobs.file_zones import find_zones
    from dispatch.models import Customer, Job, JobType, Location, Technician, Territory
    from dispatch.roads import find_geocoder
    from dispatch.runs.execution import utc_now

    if zone is not None and zone not in available_timezones():
        raise click.BadParameter(f"{zone!r} is not a time zone; write one such as Europe/Berlin.", param_hint="--zone")
    territories = set(session.scalars(select(Territory.name)))
    if kind == "territories":
        return importers.read_territories(file, zone=zone, known=territories, keep_good=keep_good, sheet=sheet)
    if kind != "jobs":
        return files.read_file(
            session, kind, file, utc_now(), zone=zone, date_order=date_order, keep_good=keep_good, sheet=sheet
        )
    lengths = {row.name: row.service_s for row in session.execute(select(JobType.name, JobType.service_s))}
    jobs = select(Job.number, Location.address, Location.lat.label("latitude"), Location.lon.label("longitude"))
    known = {row["number"]: dict(row) for row in session.execute(jobs.join(Job.location)).mappings()}
    return importers.read_jobs(
        file,
        zone or installation.get_zone(session),
        keep_good=keep_good,
        date_order=date_order,
        territories=territories,
        technicians=set(session.scalars(select(Technician.code))),
        geocode=find_geocoder(session),
        has_length=lambda number, job_type: number in known or lengths.get(job_type) is not None,
        known=list(known.values()),
        emails=set(session.scalars(select(Customer.email).where(Customer.email.is_not(None)))),
        sheet=sheet,
        zone_of=None if zone else find_zones(session),
    )


def _read_and_store(
    session_factory: SessionFactory, kind: str, read: Read, zone: str | None, keep_good: bool, dry_run: bool
) -> tuple[ImportResult[Any], Stored | None]:
    """Store the records; what storing refuses joins the problems, and the others are stored if the good ones are to.

    A file is read, and its addresses looked up, while others may write. What it does not tell stays as it was then: so
    it is read once more where somebody has stored something meanwhile, now where nobody else can; or is told of it, as
    rows have versions.
    """
    from sqlalchemy.exc import IntegrityError

    from dispatch.errors import Conflict, WrongRecords
    from dispatch.news import get_newest_seq

    refused: list[WrongRecords] = []
    with session_factory() as session:
        seen, result = get_newest_seq(session), read(session)
    while result.records:
        try:
            with session_factory.begin() as session:
                if get_newest_seq(session) != seen:
                    result = read(session)
                    for one in refused:
                        result = _leave_out(one, result, keep_good)
                if not result.records:
                    return result, None
                stored = _store_in(session, kind, result.records, zone)
                if dry_run:
                    raise _TakenBackError
                return result, stored
        except _TakenBackError:
            return result, None
        except WrongRecords as wrong:
            refused.append(wrong)
            result = _leave_out(wrong, result, keep_good)
        except IntegrityError as error:
            raise Conflict(
                f"Nothing was stored: the file and what is stored do not go together ({error.orig}). "
                "Somebody may have changed it meanwhile; look at it as it is now, and try again."
            ) from error
    return result, None


def _leave_out(wrong: WrongRecords, result: ImportResult[Any], keep_good: bool) -> ImportResult[Any]:
    """What was read without the jobs that are wrong, or without any; they are told as wrong lines are."""
    from dataclasses import replace

    from data.importers import ImportProblem

    problems = []
    for number, sentence in wrong.faults:
        what, _, mend = sentence.rstrip(".").partition("; ")
        mend = mend[:1].upper() + mend[1:] or "Correct it"
        problems.append(ImportProblem(f"{wrong.word.lower()} {number}", what, mend))
    bad = {number for number, _ in wrong.faults}
    good = tuple(one for one in result.records if one.number not in bad)
    return replace(
        result, records=good if keep_good else (), problems=(*result.problems, *problems), good=result.good - len(bad)
    )


class _TakenBackError(Exception):
    """Ends the transaction of a dry run."""


def _store_in(session: Session, kind: str, records: Sequence[Any], zone: str | None) -> Stored:
    from sqlalchemy import select

    from dispatch import installation, intake
    from dispatch.entry import files
    from dispatch.events import record_event
    from dispatch.jobs.intake import store_jobs
    from dispatch.models import Territory
    from dispatch.runs.execution import utc_now

    now = utc_now()
    is_first = kind == "territories" and session.scalar(select(Territory.id).limit(1)) is None
    if is_first and zone is not None and installation.find_setting(session, installation.ZONE) is None:
        installation.store_setting(session, installation.ZONE, zone)
    if kind == "territories":
        stored = intake.store_territories(session, records, now)
    elif kind == "jobs":
        stored = store_jobs(session, records, now)
    else:
        stored = files.store_file(session, kind, records, now)
    record_event(session, f"{kind} imported", now, None, after={"added": stored.added, "updated": stored.updated})
    return stored
