"""What was read lately, and is not read again for a while unless something may have changed it."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from datetime import datetime, timedelta
from typing import Any

MOST = 60


class LatelyRead:
    """Facts that depend on events and a little on the time of day, each with the newest event that it knows of.

    Several threads may use it at once; nobody may change a fact.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._facts: OrderedDict[Hashable, tuple[int, datetime, Any]] = OrderedDict()

    def forget(self) -> None:
        """All of it, as after a restore."""
        with self._lock:
            self._facts.clear()

    def find(self, of: Hashable, changed_seq: int, seq: int, now: datetime, holds_for: timedelta) -> Any | None:
        """The fact, if it was read lately and knows of that event, the last up to `seq` that may have changed it."""
        with self._lock:
            kept = self._facts.get(of)
            if kept is None or kept[0] < changed_seq or not timedelta() <= now - kept[1] < holds_for:
                return None
            self._facts[of] = max(kept[0], seq), *kept[1:]
            return kept[2]

    def keep(self, of: Hashable, seq: int, now: datetime, fact: Any) -> None:
        """Keep what holds after that event, unless something newer is known."""
        with self._lock:
            kept = self._facts.get(of)
            if kept is None or kept[0] <= seq:
                self._facts[of] = seq, now, fact
                self._facts.move_to_end(of)
            if len(self._facts) > MOST:
                self._facts.popitem(last=False)
