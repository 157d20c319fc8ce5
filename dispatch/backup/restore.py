"""Restores a backup into an empty database of either kind, and proves that every row is there.

The tables are made as they were when the backup was made, filled, compared, brought to the state that this version of
the program needs, and told where to count on: all in one transaction. What does not compare is not stored, and who is
killed half-way has changed nothing.
"""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Connection, MetaData, Table, delete, inspect, select, text
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session

from dispatch import migrations
from dispatch.backup.dump import FORMAT, MANIFEST, name_of_table
from dispatch.backup.numbers import count_on, pass_over
from dispatch.backup.rows import LEFT_OUT, Digest, count_at_once, read_row, write_row
from dispatch.db import SessionFactory
from dispatch.errors import Conflict, InvalidInput
from dispatch.models import PasswordLink, PasswordRequest, UserSession


def restore_backup(session_factory: SessionFactory, path: Path, now: datetime) -> dict[str, Any]:
    """Fill the empty database with the backup; returns the backup's manifest.

    What may have come into being after the backup is not taken for anything else: no id is given out a second time,
    and nobody is signed in.

    Raises Conflict when the database has rows, InvalidInput when the file is no backup, is damaged, or comes from a
    newer version of the program.
    """
    engine = session_factory.engine
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = _read_manifest(archive, path)
            with migrations.migrating(engine) as connection:
                _refuse_rows(connection)
                migrations.downgrade_within(connection, "base")
                migrations.upgrade_within(connection, manifest["revision"])
                with _without_order(connection, path):
                    _fill(archive, connection, manifest["tables"], path)
                migrations.upgrade_within(connection)
                _go_on_anew(connection, session_factory, datetime.fromisoformat(manifest["made_at"]), now)
    except IntegrityError as error:
        raise InvalidInput([f"{path}: the rows do not fit together ({error.orig})."]) from error
    except DataError as error:
        raise InvalidInput([f"{path}: a row holds what this database does not take ({error.orig})."]) from error
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, json.JSONDecodeError, UnicodeDecodeError) as error:
        raise InvalidInput([f"{path} cannot be read as a backup: {error}."]) from error
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            connection.execute(text("ANALYZE"))  # else it knows nothing of its rows until autovacuum comes by
    return manifest


def _go_on_anew(connection: Connection, session_factory: SessionFactory, made_at: datetime, now: datetime) -> None:
    """No id that was given out since the backup is given out again, and nobody is signed in."""
    with Session(connection, info={"settings": session_factory.settings}) as session:
        pass_over(session, made_at, now)
        for opened in (UserSession, PasswordLink, PasswordRequest):  # some were closed or used since
            session.execute(delete(opened))
        session.flush()


def _read_manifest(archive: zipfile.ZipFile, path: Path) -> dict[str, Any]:
    if MANIFEST not in archive.namelist():
        raise InvalidInput([f"{path} is no backup of Wrenchtime: it has no {MANIFEST}."])
    manifest: dict[str, Any] = json.loads(archive.read(MANIFEST))
    if manifest.get("format") != FORMAT or not migrations.is_known(manifest["revision"]):
        made_by = manifest.get("program", "unknown")
        raise InvalidInput([f"{path} was made by a newer version ({made_by}): restore it with that one, or a newer."])
    return manifest


def _refuse_rows(connection: Connection) -> None:
    names = set(inspect(connection).get_table_names()) - LEFT_OUT
    for table in _reflect(connection, names).tables.values():
        if _has_rows(connection, table):
            raise Conflict(
                f"The database is not empty (table {table.name}). Restore into a new one: set DATABASE_URL or "
                "WRENCHTIME_HOME, or move the old database away."
            )


def _fill(archive: zipfile.ZipFile, connection: Connection, tables: dict[str, Any], path: Path) -> None:
    metadata = _reflect(connection, set(tables))
    for table in metadata.tables.values():
        if _has_rows(connection, table):  # migrations have added some
            connection.execute(table.delete())
    wrong = []
    for table in metadata.tables.values():
        try:
            _insert(archive, connection, table)
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            raise InvalidInput([f"{path}, {name_of_table(table.name)}: a row cannot be read ({error!r})."]) from error
        if _digest(connection, table) != tables[table.name]:
            wrong.append(f"{path}, {name_of_table(table.name)}: the rows are not those that the backup was made of.")
    if wrong:
        raise InvalidInput(wrong)
    if connection.dialect.name == "postgresql":
        count_on(connection, metadata.tables.values())  # migrations may add rows


def _has_rows(connection: Connection, table: Table) -> bool:
    return connection.execute(select(1).select_from(table).limit(1)).first() is not None


def _insert(archive: zipfile.ZipFile, connection: Connection, table: Table) -> None:
    has_zones = connection.dialect.name == "postgresql"
    with archive.open(name_of_table(table.name)) as raw, TextIOWrapper(raw, "utf-8", newline="\n") as lines:
        few = count_at_once(table)
        while rows := [read_row(table, line, has_zones=has_zones) for line in islice(lines, few)]:
            connection.execute(table.insert(), rows)


def _digest(connection: Connection, table: Table) -> dict[str, Any]:
    digest = Digest()
    for row in connection.execute(select(table).execution_options(yield_per=count_at_once(table))).mappings():
        digest.add(write_row(table, {column.name: row[column] for column in table.columns}))
    return digest.as_json()


def _reflect(connection: Connection, names: set[str]) -> MetaData:
    """The tables as they are in the database; the models may be newer."""
    metadata = MetaData()
    metadata.reflect(connection, only=lambda name, _: name in names, resolve_fks=False)
    for table in metadata.tables.values():
        for column in table.columns:
            if isinstance(column.type, JSON):
                column.type = JSON(none_as_null=True)
    return metadata


@contextmanager
def _without_order(connection: Connection, path: Path) -> Iterator[None]:
    """Rows may refer to rows that come later; at the end none may refer to nothing. Raises InvalidInput on SQLite,
    which watches none of this while tables are made, and IntegrityError on PostgreSQL."""
    if connection.dialect.name == "sqlite":
        yield
        if lost := connection.execute(text("PRAGMA foreign_key_check")).all():
            tables = ", ".join(sorted({row.table for row in lost}))
            raise InvalidInput(
                [f"{path}: the rows do not fit together (table {tables} refers to rows that are not there)."]
            )
        return
    keys = connection.execute(
        text("SELECT conrelid::regclass::text, quote_ident(conname) FROM pg_constraint WHERE contype = 'f' "
             "AND connamespace = current_schema()::regnamespace AND NOT condeferrable")
    ).all()  # fmt: skip
    for table, name in keys:
        connection.execute(text(f"ALTER TABLE {table} ALTER CONSTRAINT {name} DEFERRABLE INITIALLY DEFERRED"))
    yield
    connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    for table, name in keys:
        connection.execute(text(f"ALTER TABLE {table} ALTER CONSTRAINT {name} NOT DEFERRABLE"))
