"""Where a restored database goes on counting: far above all that may have been given out after the backup was made.

Phones, links in customers' messages, gateways and other programs know those numbers still, and mean what was lost.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Connection, Table, func, select, text
from sqlalchemy.orm import Session

from dispatch import installation
from dispatch.models import Base

AHEAD = 1_000_000
AHEAD_A_MINUTE = 1_000
"""More than anybody gives out for long. Since it grows, the same backup restored a second time goes on elsewhere."""
JOB_NUMBERS_AHEAD = 10_000
"""Of those that people read: W17 was told a customer whose job is lost."""
LARGEST = 2**31 - 1


def pass_over(session: Session, made_at: datetime, now: datetime) -> None:
    """Give out nothing again that was given out since the backup was made."""
    minutes = max(now - made_at, timedelta()) // timedelta(minutes=1)
    count_on(session.connection(), Base.metadata.sorted_tables, AHEAD + AHEAD_A_MINUTE * minutes)
    last = int(installation.find_setting(session, installation.LAST_JOB_NUMBER) or 0)
    installation.store_setting(session, installation.LAST_JOB_NUMBER, str(last + JOB_NUMBERS_AHEAD))


def count_on(connection: Connection, tables: Iterable[Table], ahead: int = 0) -> None:
    """The next row of each table that counts its rows gets a number after the last, so far ahead."""
    for table in tables:
        column = table.autoincrement_column
        if column is None:
            continue
        newest = connection.scalar(select(func.max(column))) or 0
        given_out = newest + min(ahead, (LARGEST - newest) // 2)  # a backup of years ago leaves room, too
        if connection.dialect.name == "sqlite":
            connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :table"), {"table": table.name})
            connection.execute(
                text("INSERT INTO sqlite_sequence (name, seq) VALUES (:table, :last)"),
                {"table": table.name, "last": given_out},
            )
        else:
            connection.execute(
                text("SELECT setval(pg_get_serial_sequence(quote_ident(:table), :column), :next, false)"),
                {"table": table.name, "column": column.name, "next": given_out + 1},
            )
