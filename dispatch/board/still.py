"""What holds of a day until something happens that may change any of it, as what is agreed with technicians."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from datetime import date
from typing import Any

MOST = 4_000


class StillFacts:
    """Facts of days, each with the newest event that it knows of.

    They hold as long as nothing but single visits was touched. Whoever looks through events says from where to where
    they found it calm; what was read within such a stretch holds to its end. Several threads may use it at once.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calm: dict[date, tuple[int, int]] = {}
        self._facts: OrderedDict[tuple[date, Hashable], tuple[int, Any]] = OrderedDict()

    def forget(self) -> None:
        """All of it, as after a restore."""
        with self._lock:
            self._calm.clear()
            self._facts.clear()

    def note(self, on: date, after_seq: int, seq: int, *, is_calm: bool) -> None:
        """Whether after the one event and up to the other nothing but single visits of the day was touched."""
        with self._lock:
            first, last = self._calm.get(on, (seq, seq))
            if not is_calm:
                if seq >= last:
                    self._calm[on] = seq, seq
            elif after_seq <= last and first <= seq:
                self._calm[on] = min(first, after_seq), max(last, seq)
            elif after_seq > last:
                self._calm[on] = after_seq, seq

    def find(self, on: date, what: Hashable, seq: int) -> Any | None:
        """The fact, if it holds after that event."""
        with self._lock:
            kept, calm = self._facts.get((on, what)), self._calm.get(on)
            if kept is None or calm is None:
                return None
            return kept[1] if calm[0] <= kept[0] and seq <= max(calm[1], kept[0]) else None

    def keep(self, on: date, what: Hashable, seq: int, fact: Any) -> None:
        """Keep what holds after that event, unless something newer is known."""
        with self._lock:
            kept = self._facts.get((on, what))
            if kept is None or kept[0] <= seq:
                self._facts[on, what] = seq, fact
                self._facts.move_to_end((on, what))
            if len(self._facts) > MOST:
                self._facts.popitem(last=False)
