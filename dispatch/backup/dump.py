"""Writes a backup: one snapshot of every row, while everybody goes on working.

A backup is a zip file: `tables/NAME.jsonl` with a row on each line, and `manifest.json` with the state of the database
that the rows are of, and the number and a digest of the rows of each table.
"""

from __future__ import annotations

import json
import os
import re
import zipfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from alembic.migration import MigrationContext
from sqlalchemy import Connection, Table, select

from dispatch.backup.rows import LEFT_OUT, Digest, count_at_once, write_row
from dispatch.db import SessionFactory
from dispatch.errors import Conflict, InvalidInput
from dispatch.health import get_version
from dispatch.models import Base

FORMAT = 1
MANIFEST = "manifest.json"
NAME = re.compile(r"wrenchtime-\d{8}T\d{6}Z\.zip")


@dataclass(frozen=True)
class Backup:
    """A backup that was written."""

    path: Path
    tables: int
    rows: int


def name_of_table(table_name: str) -> str:
    """Where a backup holds the rows of a table."""
    return f"tables/{table_name}.jsonl"


def make_backup(session_factory: SessionFactory, now: datetime, path: Path | None = None) -> Backup:
    """Write all rows to `path`, or to a new file in the folder of backups; only its owner may read it.

    The file appears when it is whole. Raises Conflict when there is such a file already, InvalidInput when it cannot be
    written.
    """
    try:
        if path is None:
            folder = session_factory.settings.backup_folder
            path = folder / f"wrenchtime-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}.zip"
            folder.mkdir(parents=True, exist_ok=True)
        manifest = _write(session_factory, now, path)
    except OSError as error:
        mend = "Name a file in a folder with room that you may write to."
        raise InvalidInput([f"{path} cannot be written: {error.strerror or error}. {mend}"]) from error
    return Backup(path, len(manifest["tables"]), sum(table["rows"] for table in manifest["tables"].values()))


def _write(session_factory: SessionFactory, now: datetime, path: Path) -> dict[str, Any]:
    if path.exists():
        raise _is_taken(path)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive, session_factory() as session:
                manifest = _write_all(archive, session.connection(), now)
            file.flush()
            os.fsync(file.fileno())
        _name(unfinished, path)
    finally:
        with suppress(FileNotFoundError):
            unfinished.unlink()
    return manifest


def _name(unfinished: Path, path: Path) -> None:
    """Give the file its name, but not that of another that came into being meanwhile."""
    try:
        os.link(unfinished, path)  # unlike a rename, never over another file
    except FileExistsError as error:
        raise _is_taken(path) from error
    except OSError:  # memory sticks and many disks in the network know no second name
        if path.exists():
            raise _is_taken(path) from None
        os.rename(unfinished, path)


def _is_taken(path: Path) -> Conflict:
    return Conflict(f"{path} exists already; name another file.")


def list_backups(folder: Path) -> list[Path]:
    """The backups that the program has named itself, oldest first."""
    return sorted(path for path in folder.glob("*.zip") if NAME.fullmatch(path.name))


def prune_backups(folder: Path, keep: int, now: datetime) -> int:
    """Delete all but the newest `keep` of them, and what a process that was killed has left; returns how many."""
    old = list_backups(folder)[:-keep] if keep else []
    yesterday = (now - timedelta(days=1)).timestamp()
    left_behind = [path for path in folder.glob(".wrenchtime-*.zip.*") if path.stat().st_mtime < yesterday]
    for path in (*old, *left_behind):
        path.unlink()
    return len(old)


def _write_all(archive: zipfile.ZipFile, connection: Connection, now: datetime) -> dict[str, Any]:
    tables = [table for table in Base.metadata.sorted_tables if table.name not in LEFT_OUT]
    manifest = {
        "format": FORMAT,
        "program": get_version(),
        "revision": MigrationContext.configure(connection).get_current_revision(),
        "made_at": now.astimezone(UTC).isoformat(timespec="seconds"),
        "tables": {table.name: _write_table(archive, connection, table) for table in tables},
    }
    archive.writestr(MANIFEST, json.dumps(manifest, indent=2))
    return manifest


def _write_table(archive: zipfile.ZipFile, connection: Connection, table: Table) -> dict[str, Any]:
    digest = Digest()
    rows = connection.execute(
        select(table).order_by(*table.primary_key).execution_options(yield_per=count_at_once(table))
    ).mappings()
    with archive.open(name_of_table(table.name), "w", force_zip64=True) as raw, TextIOWrapper(raw, "utf-8") as file:
        for row in rows:
            line = write_row(table, {column.name: row[column] for column in table.columns})
            digest.add(line)
            file.write(line + "\n")
    return digest.as_json()
