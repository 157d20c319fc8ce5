"""What one board was told, kept for the others: twenty boards show the same day."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Collection
from functools import cached_property
from typing import Any, NamedTuple

from dispatch.board.lately import LatelyRead
from dispatch.board.still import StillFacts
from dispatch.reports.kpis import DayTotals

Json = dict[str, Any]
MOST = 2_000
"""So many rows are kept, of whatever days; of each about 6 kB where it is sent."""


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


class KnownLanes:
    """Rows by plan, who sees them and technician, each with the newest event known; and what else boards show.

    A row is given to a board only if it knows every event that touched the technician: just what a board relies on
    that leaves the row as it is because no event touched it. Several threads may use it at once.
    """

    def __init__(self) -> None:
        self.reading_all = threading.Lock()
        """Held by who reads a whole day, so that whoever wants the same waits for it instead of reading it as well."""
        self.expecting = threading.Lock()
        """The same by who works out when all visits of today are expected."""
        self.still, self.lately = StillFacts(), LatelyRead()
        self._lock = threading.Lock()
        self._rows: OrderedDict[tuple[LanesOf, int], tuple[int, Lane]] = OrderedDict()
        self._newest_seq = 0

    def follow(self, read_newest: Callable[[], int]) -> int:
        """The number of the newest event; where numbers have begun anew, as after a restore, nothing is known."""
        with self._lock:
            seen_before = self._newest_seq
        newest_seq = read_newest()
        with self._lock:
            if newest_seq < seen_before:
                self._rows.clear()
                self.lately.forget()
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
