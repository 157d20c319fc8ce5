"""Measurements kept as JSON lines, one for each instance and peer, in a file for each set."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Row = dict[str, Any]
"""set, instance, peer, version, threads, limit_s, seed, seconds, cost, unassigned, faults, best, failure, and so on."""
KEY = ("instance", "peer", "limit_s", "iterations", "threads", "seed")
"""What makes two measurements the same one, made twice; most have a limit of time and no number of iterations."""


class Results:
    """The measurements of one set. Each is written as soon as it is made, so that a run can go on where it stopped."""

    def __init__(self, folder: Path, set_name: str) -> None:
        self.path = folder / f"{set_name}.jsonl"
        lines = self.path.read_text(encoding="utf-8").splitlines() if self.path.is_file() else []
        self._rows = {key_of(row): row for row in map(json.loads, lines)}

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows.values())

    def find(self, asked: Row) -> Row | None:
        """The measurement of just this: the same instance, peer, limits, seed, and version."""
        row = self._rows.get(key_of(asked))
        return row if row is not None and row["version"] == asked["version"] else None

    def store(self, row: Row) -> None:
        """Replaces the earlier measurement of the same, if there is one."""
        self._rows[key_of(row)] = row
        self.path.parent.mkdir(parents=True, exist_ok=True)
        new = self.path.with_suffix(".new")
        new.write_text("".join(json.dumps(one) + "\n" for one in sorted(self, key=order)), encoding="utf-8")
        new.replace(self.path)


def key_of(row: Row) -> tuple[Any, ...]:
    """What is the same where one was made twice."""
    return tuple(row.get(name) for name in KEY)


def order(row: Row) -> tuple[Any, ...]:
    """By instance, numbers as numbers, then peer."""
    name, limits = row["instance"], (row["limit_s"] or 0, row.get("iterations") or 0)
    return (int(name) if name.isdigit() else 0, name, row["peer"], *limits, row["threads"], row["seed"])
