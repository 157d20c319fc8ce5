"""What one board was told, kept for the others: twenty boards show the same day."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Collection
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from dispatch.board.still import StillFacts
from dispatch.reports.kpis import DayTotals

Json = dict[str, Any]
MOST = 2_000
"""So many rows are kept, of whatever days; of each about 6 kB where it is sent."""
MOST_LISTS = 20
LISTS_HOLD_FOR = timedelta(minutes=1)
"""What no route has depends on the time of day as well: of jobs of yesterday, and when the day is over."""


class Row(dict[str, Any]):
    """What a screen shows, which nobody may change: it is put into JSON once for all who are told."""

    @cached_property
    def text(self) -> str:
        """As it goes over the wire."""
        return json.dumps(self, ensure_ascii=False, separators=(",", ":"))


class Lane(NamedTuple):
    """A row of the board, which nobody may change, and the figures of its route if it has one."""

    row: Row
    totals: DayTotals | None


class LanesOf(NamedTuple):
    """Whose rows: of that plan, as somebody sees them who is limited to these territories, without others' visits."""

    plan_id: int
    territory_ids: frozenset[int]


class LeftOutOf(NamedTuple):
    """Which jobs that no route has: of that day and plan, as somebody sees them who is limited to these territories."""

    on: date
    plan_id: int | None
    territory_ids: frozenset[int]


class KnownLanes:
    """Rows by plan, who sees them and technician, and lists of what no route has, each with the newest event known.

    A row is given to a board only if it knows every event that touched the technician: just what a board relies on
    that leaves the row as it is because no event touched it. Several threads may use it at once.
    """

    def __init__(self) -> None:
        self.reading_all = threading.Lock()
        """Held by who reads a whole day, so that whoever wants the same waits for it instead of reading it as well."""
        self.still = StillFacts()
        self._lock = threading.Lock()
        self._rows: OrderedDict[tuple[LanesOf, int], tuple[int, Lane]] = OrderedDict()
        self._lists: OrderedDict[LeftOutOf, tuple[int, datetime, list[Json]]] = OrderedDict()
        self._newest_seq = 0

    def follow(self, read_newest: Callable[[], int]) -> int:
        """The number of the newest event; where numbers have begun anew, as after a restore, nothing is known."""
        with self._lock:
            seen_before = self._newest_seq
        newest_seq = read_newest()
        with self._lock:
            if newest_seq < seen_before:
                self._rows.clear()
                self._lists.clear()
                self.still.forget()
                self._newest_seq = newest_seq
            self._newest_seq = max(self._newest_seq, newest_seq)
        return newest_seq

    def find_oldest(self, of: LanesOf, technician_ids: Collection[int]) -> int | None:
        """The event since which what happened must be looked at, to know which of these rows still hold."""
        with self._lock:
            known = [self._rows.get((of, technician_id)) for technician_id in technician_ids]
        return min((one[0] for one in known if one is not None), default=None)

    def find(self, of: LanesOf, technician_id: int, touched_seq: int) -> Lane | None:
        """The row, if it was read after that event, the last that touched it."""
        with self._lock:
            known = self._rows.get((of, technician_id))
            return None if known is None or known[0] < touched_seq else known[1]

    def keep(self, of: LanesOf, technician_id: int, seq: int, lane: Lane) -> None:
        """Keep what holds after that event, unless something newer is known."""
        with self._lock:
            known = self._rows.get((of, technician_id))
            if known is None or known[0] <= seq:
                self._rows[of, technician_id] = seq, lane
                self._rows.move_to_end((of, technician_id))
            if len(self._rows) > MOST:
                self._rows.popitem(last=False)

    def find_left_out(self, of: LeftOutOf, loud_seq: int, now: datetime) -> list[Json] | None:
        """The jobs that no route has, if they were read lately and after that event, the last that may have changed
        them."""
        with self._lock:
            known = self._lists.get(of)
        if known is None or known[0] < loud_seq or not timedelta() <= now - known[1] < LISTS_HOLD_FOR:
            return None
        return known[2]

    def keep_left_out(self, of: LeftOutOf, seq: int, now: datetime, rows: list[Json]) -> None:
        """Keep what holds after that event, unless something newer is known."""
        with self._lock:
            known = self._lists.get(of)
            if known is None or known[0] <= seq:
                self._lists[of] = seq, now, rows
                self._lists.move_to_end(of)
            if len(self._lists) > MOST_LISTS:
                self._lists.popitem(last=False)
