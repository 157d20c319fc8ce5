"""Nearly every test has a database of its own: none waits for the disk, and statements are compiled once for all."""

import sqlite3
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.pool import Pool

STATEMENTS: dict[Any, Any] = {}


def install() -> None:
    """For this process; programs that tests start run as they always do."""
    event.listen(Pool, "checkout", _wait_for_no_disk)
    event.listen(Engine, "engine_connect", _share_statements)
    for dialect in (SQLiteDialect_pysqlite, PGDialect_psycopg):
        dialect.__eq__, dialect.__hash__ = _is_same_kind, _hash_of_kind  # type: ignore[method-assign]


def _wait_for_no_disk(connection: Any, record: Any, _proxy: Any) -> None:
    """What a test has committed need not outlast the machine's power; killed processes lose nothing by this."""
    if isinstance(connection, sqlite3.Connection) and "waits for no disk" not in record.info:
        connection.execute("PRAGMA synchronous=OFF")
        record.info["waits for no disk"] = True


def _share_statements(connection: Connection) -> None:
    """An engine remembers what it has compiled, and tests make a thousand engines."""
    connection.execution_options(compiled_cache=STATEMENTS)


def _is_same_kind(one: Any, other: Any) -> bool:
    """What was compiled for a database fits any other of its kind: all are served by the same version."""
    return type(one) is type(other)


def _hash_of_kind(one: Any) -> int:
    return hash(type(one))
