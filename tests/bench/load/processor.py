"""Who had the processor: the server, the database, and the people here, who share the machine with both."""

from __future__ import annotations

import os
from collections import defaultdict
from pathlib import Path

from sqlalchemy import text

from dispatch.db import SessionFactory

PROC = Path("/proc")
TICKS_PER_S = os.sysconf("SC_CLK_TCK")
OWN, ENDED = slice(11, 13), slice(13, 15)
"""Where a line of /proc/<pid>/stat, after the name, has the time of the process and that of its children who ended."""


class Processor:
    """Seconds of the processor since it was made, by who had them; Linux tells."""

    def __init__(self, factory: SessionFactory) -> None:
        self._people = os.getpid()
        self._database = _find_database(factory)
        self._began = self._read()

    def tell(self) -> dict[str, float]:
        """Of the people here, of the server they started, and of the database if it is a server."""
        return {who: seconds - self._began.get(who, 0.0) for who, seconds in self._read().items()}

    def _read(self) -> dict[str, float]:
        stats = _read_stats()
        children = defaultdict(list)
        for number, (parent, _, _) in stats.items():
            children[parent].append(number)

        def with_children(number: int) -> float:
            _, own, ended = stats[number]
            return own + ended + sum(with_children(one) for one in children[number])

        people = stats[self._people][1]
        seconds = {"people": people, "server": with_children(self._people) - people}
        if self._database is not None:
            seconds["database"] = with_children(self._database)
        return seconds


def _find_database(factory: SessionFactory) -> int | None:
    """The first process of PostgreSQL on this machine; SQLite has none."""
    if factory.engine.dialect.name != "postgresql":
        return None
    with factory() as session:
        folder = session.scalar(text("SHOW data_directory"))
    return int((Path(str(folder)) / "postmaster.pid").read_text().split("\n", 1)[0])


def _read_stats() -> dict[int, tuple[int, float, float]]:
    """Of each process its parent, its seconds, and those of its children who ended."""
    stats = {}
    for entry in PROC.iterdir():
        if not entry.name.isdigit():
            continue
        try:
            line = (entry / "stat").read_text()
        except (FileNotFoundError, ProcessLookupError):
            continue  # it has ended since the folder was read
        rest = line.rpartition(")")[2].split()
        own, ended = (sum(map(int, rest[part])) / TICKS_PER_S for part in (OWN, ENDED))
        stats[int(entry.name)] = int(rest[1]), own, ended
    return stats
