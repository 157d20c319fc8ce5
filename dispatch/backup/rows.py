"""Rows as lines of text that are the same whichever database they come from, and a digest of many of them."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import JSON, Column, LargeBinary, Table

LEFT_OUT = frozenset({"alembic_version", "apscheduler_jobs", "lease"})
"""What the database is at, when tasks are due next and who leads: made anew wherever the program starts."""


def count_at_once(table: Table) -> int:
    """How many rows are in memory together: few of those that hold photos and the like."""
    return 10 if any(isinstance(column.type, LargeBinary) for column in table.columns) else 1_000


def write_row(table: Table, row: Mapping[str, Any]) -> str:
    """One row as JSON, its columns in the order of their names."""
    values = {column.name: _write(column, row[column.name]) for column in table.columns}
    return json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def read_row(table: Table, line: str, *, has_zones: bool) -> dict[str, Any]:
    """The row as it can be inserted; `has_zones` says whether the database stores zones with instants.

    Raises KeyError for a column that the table does not have, ValueError for what is no such value.
    """
    return {name: _read(table.columns[name], value, has_zones) for name, value in json.loads(line).items()}


class Digest:
    """The number of rows, and a sum of their hashes, which does not depend on their order.

    Databases order text differently; no two rows of a table are the same, so that a sum misses nothing.
    """

    def __init__(self) -> None:
        self.rows = 0
        self._sum = 0

    def add(self, line: str) -> None:
        """One more row."""
        self.rows += 1
        self._sum += int.from_bytes(hashlib.sha256(line.encode()).digest())

    def as_json(self) -> dict[str, Any]:
        """As the manifest of a backup has it."""
        return {"rows": self.rows, "digest": f"{self._sum % 2**256:064x}"}


def _write(column: Column[Any], value: Any) -> Any:
    if value is None or isinstance(column.type, JSON):
        return value
    if isinstance(value, datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)
        return aware.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, str | int | float | bool):
        return value
    raise TypeError(f"{column.table.name}.{column.name} holds a {type(value).__name__}, which backups cannot write yet")


def _read(column: Column[Any], value: Any, has_zones: bool) -> Any:
    if value is None or isinstance(column.type, JSON):
        return value
    kind = column.type.python_type
    if kind is datetime:
        at = datetime.fromisoformat(value)
        return at if has_zones else at.replace(tzinfo=None)
    if kind is date:
        return date.fromisoformat(value)
    if kind is time:
        return time.fromisoformat(value)
    if kind is bytes:
        return base64.b64decode(value, validate=True)
    return value
