"""Rows of boards that were told to one of them, kept for the others: twenty boards follow the same few technicians."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Any

Json = dict[str, Any]
MOST = 2_000
"""So many rows are kept, of whatever days; of each about 8 kB."""


class KnownLanes:
    """Rows by plan and technician, each with the newest event that it knows of.

    A row is given to a board only if it knows every event that touched the technician: just what a board relies on
    that leaves the row as it is because no event touched it. Several threads may use it at once.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rows: OrderedDict[tuple[int, int], tuple[int, Json]] = OrderedDict()
        self._newest_seq = 0

    def follow(self, newest_seq: int) -> None:
        """Say which event is the newest: where numbers have begun anew, as after a restore, nothing is known."""
        with self._lock:
            if newest_seq < self._newest_seq:
                self._rows.clear()
            self._newest_seq = newest_seq

    def find(self, plan_id: int, technician_id: int, touched_seq: int) -> Json | None:
        """The row, if it was read after that event; nobody may change it."""
        with self._lock:
            seq, row = self._rows.get((plan_id, technician_id), (-1, {}))
            if seq < touched_seq:
                return None
            self._rows.move_to_end((plan_id, technician_id))
            return row

    def keep(self, plan_id: int, technician_id: int, seq: int, row: Json) -> None:
        """Keep what was read after that event, unless somebody has read it later by now."""
        with self._lock:
            if self._rows.get((plan_id, technician_id), (-1, {}))[0] < seq:
                self._rows[plan_id, technician_id] = seq, row
                self._rows.move_to_end((plan_id, technician_id))
            if len(self._rows) > MOST:
                self._rows.popitem(last=False)
