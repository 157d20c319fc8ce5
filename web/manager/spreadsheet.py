"""Writes a report's rows as CSV that a spreadsheet opens without harm."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

COLUMNS = (
    "on", "technician", "visits", "shift_s", "service_s", "travel_s", "wait_s", "break_s", "overtime_s",
    "utilization", "busy_share",
)  # fmt: skip


def as_csv(rows: Sequence[Mapping[str, Any]]) -> str:
    """One line per technician and day; lengths in whole seconds, shares from 0 to 1."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows([_harmless(row[column]) for column in COLUMNS] for row in rows)
    return text.getvalue()


def _harmless(value: Any) -> Any:
    """Spreadsheets run text that begins like a formula: a leading apostrophe keeps it text."""
    formula = isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r"))
    return f"'{value}" if formula else value
