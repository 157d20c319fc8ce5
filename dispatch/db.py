"""Opens the database: one engine, sessions for reading, a session for writing.

    with session_factory() as session:          # reads; sees one unchanging snapshot; cannot write
    with session_factory.glance() as session:   # reads with one statement, which needs no snapshot
    with session_factory.begin() as session:    # writes; commits at the end, rolls back on an exception

SQLite runs in WAL mode, so readers never wait. Its writers take the write lock with BEGIN IMMEDIATE when
they start: a transaction that reads first and writes later could otherwise fail half-way because another
process wrote in between, and no time-out helps against that. See docs/decisions/0021.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, func, select
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DisconnectionError, InterfaceError, OperationalError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.pool import ConnectionPoolEntry

from dispatch.errors import SettingsError, Stale
from dispatch.events import begin_recording, write_events
from dispatch.settings import Settings

__all__ = ["DATABASE_IS_GONE", "Session", "SessionFactory", "make_engine", "make_session_factory"]

DATABASE_IS_GONE = (OperationalError, InterfaceError)
"""What is raised where the database does not answer, whatever was asked of it."""
BUSY_TIMEOUT_MS = 15_000
TRUSTED_FOR_S = 1.0
"""So long after its last use a connection to PostgreSQL is taken to live."""
_DAY_LOCKS = 0x77726E  # the first half of PostgreSQL's two-part key: ours
_PLANS_LOCK = 0x77726E70
_NUMBER_LOCK = 0x77726E6E
_QUEUE_LOCK = 0x77726E71
_ACCOUNT_LOCK = 0x77726E61
_WATCH_LOCKS = 0x77726F  # the first half of a two-part key, as for days
_WRITES = "wrenchtime_writes"
_USED_AT = "wrenchtime_used_at"


class SessionFactory:
    """Makes sessions: call it to read, `begin()` to write. Safe to share between threads."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.engine = engine = make_engine(settings.database_url)
        """For writers, migrations and the scheduler's job store."""
        info = {"settings": settings}  # so that what reads a session knows the installation's settings
        self._readers = sessionmaker(_reading_engine(engine), expire_on_commit=False, info=info)
        self._glancers = sessionmaker(_glancing_engine(engine), expire_on_commit=False, info=info)
        self._writers = sessionmaker(engine, expire_on_commit=False, info=info)

    def __call__(self) -> Session:
        """A session that reads one snapshot; use as a context manager."""
        return self._readers()

    def glance(self) -> Session:
        """A session for a single statement that reads; PostgreSQL is not told of its beginning and end."""
        return self._glancers()

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """A session that writes; commits when the block ends, rolls back when it raises.

        What was recorded with `record_event` is stored with it. Raises Stale when a row was changed by somebody
        else after it was read here.
        """
        try:
            with self._writers.begin() as session:
                begin_recording(session)
                yield session
                write_events(session)
        except StaleDataError as error:
            raise Stale("Somebody else changed this meanwhile: look at it as it is now, and try again.") from error


def make_session_factory(settings: Settings) -> SessionFactory:
    """Open the database that `settings.database_url` names; connects on first use."""
    return SessionFactory(settings)


def make_engine(database_url: str) -> Engine:
    """An engine whose transactions write. Raises SettingsError for a URL that cannot be used."""
    try:
        url = make_url(database_url)
    except ArgumentError as error:
        raise SettingsError(
            f"DATABASE_URL cannot be read ({error}). Examples: "
            "sqlite:////srv/wrenchtime.sqlite3, postgresql://user:password@host/name."
        ) from error
    if url.get_backend_name() == "sqlite":
        if url.database in (None, "", ":memory:"):
            raise SettingsError("DATABASE_URL must name a SQLite file: several processes share the database.")
        return _make_sqlite_engine(url.render_as_string(hide_password=False))
    if url.get_backend_name() == "postgresql":
        return _make_postgresql_engine(url)
    raise SettingsError(f"DATABASE_URL names {url.get_backend_name()}; SQLite and PostgreSQL are supported.")


def _make_sqlite_engine(url: str) -> Engine:
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000}, execution_options={_WRITES: True})

    @event.listens_for(engine, "connect")
    def set_up(connection: sqlite3.Connection, _record: Any) -> None:
        # The driver must not begin transactions by itself; `begin` below does.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(_WRITES)
        connection.exec_driver_sql(f"PRAGMA query_only={'OFF' if writes else 'ON'}")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN DEFERRED")

    return engine


def _make_postgresql_engine(url: URL) -> Engine:
    """Connections that nobody has used for a moment are asked whether they live: the server may have been restarted.

    SQLAlchemy would ask each time, which is one more question for every few that a request has.
    """
    engine = create_engine(url, execution_options={_WRITES: True})

    @event.listens_for(engine, "checkin")
    def note(_connection: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
        record.info[_USED_AT] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def ask(connection: DBAPIConnection, record: ConnectionPoolEntry, _fairy: Any) -> None:
        used_at = record.info.get(_USED_AT)
        if used_at is None or time.monotonic() - used_at < TRUSTED_FOR_S:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise DisconnectionError from error  # the pool opens another one

    return engine


def lock_day(session: Session, on: date) -> None:
    """Let one transaction at a time store a plan of the day; SQLite has only one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_DAY_LOCKS, on.toordinal())))


def lock_plans(session: Session) -> None:
    """Let one transaction at a time make sure that no other day serves its jobs, until it has stored its plan.

    Asked for after the day's lock and its stops; what has this waits for no day. SQLite has only one writer anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_PLANS_LOCK)))


def lock_queue(session: Session) -> None:
    """Let one transaction at a time queue a run; SQLite has only one writer anyway.

    Not the day's lock: who reports from the road holds a stop when a repair is queued, and who stores a plan holds the
    day while waiting for stops. Asked for after all rows of incidents that the transaction changes.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_QUEUE_LOCK)))


def lock_watch(session: Session, technician_id: int) -> None:
    """Let one transaction at a time watch a technician's day; SQLite has only one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_WATCH_LOCKS, technician_id)))


def lock_job_numbers(session: Session) -> None:
    """Let one transaction at a time give new jobs their numbers; SQLite has only one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_NUMBER_LOCK)))


def lock_accounts(session: Session) -> None:
    """Let one transaction at a time change accounts, or two admins could take the right from each other."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_ACCOUNT_LOCK)))


def _glancing_engine(engine: Engine) -> Engine:
    """The same pool; on PostgreSQL without transactions, so that a statement costs one exchange in place of three."""
    if engine.dialect.name == "postgresql":
        return engine.execution_options(**{_WRITES: False, "isolation_level": "AUTOCOMMIT"})
    return engine.execution_options(**{_WRITES: False})


def _reading_engine(engine: Engine) -> Engine:
    """The same pool, for transactions that see one snapshot and cannot write."""
    if engine.dialect.name == "postgresql":
        return engine.execution_options(
            **{_WRITES: False, "isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        )
    return engine.execution_options(**{_WRITES: False})
