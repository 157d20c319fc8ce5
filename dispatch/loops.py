"""Loops of the scheduler go on after faults: after a pause that grows, and for all to see until they work again."""

from __future__ import annotations

import logging
from collections.abc import Callable

from dispatch.db import SessionFactory
from dispatch.errors import DispatchError, describe_fault
from dispatch.runs.execution import Clock
from dispatch.runs.faults import note_fault, note_that_it_works

log = logging.getLogger(__name__)

FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 60.0
"""After a fault, and however many there were."""


class Loop:
    """What is done again and again, whatever faults there are; only what ends a process, as SystemExit, ends it.

    A fault is logged and stored among the runs. The pause after it is twice as long as the one before, until the loop
    has worked. Not to be shared between threads.
    """

    def __init__(
        self,
        session_factory: SessionFactory,
        name: str,
        every_s: float,
        now: Clock,
        longest_pause_s: float = LONGEST_PAUSE_S,
    ) -> None:
        self.name = name
        self.every_s = every_s
        self._session_factory, self._now = session_factory, now
        self._longest_pause_s = longest_pause_s
        self._in_a_row = 0
        self._fault: str | None = None
        self._is_known_to_work = False

    @property
    def is_at_fault(self) -> bool:
        """Whether the last time was a fault."""
        return self._in_a_row > 0

    def forget(self) -> None:
        """Others may have had faults since it was last known to work: look once more, and store that they are over."""
        self._is_known_to_work = False

    def attempt(self, work: Callable[[], object]) -> float:
        """Do it once; returns after how many seconds to do it again."""
        try:
            work()
            self._note_that_it_works()
        except Exception as fault:  # the loop outlives it; the log, the runs and the health check tell of it
            return self._note(fault)
        return self.every_s

    def _note_that_it_works(self) -> None:
        """Stored where something else is stored, of this process or of one that has ended."""
        if self._is_known_to_work:
            return
        with self._session_factory.begin() as session:
            if self._fault is not None:  # there may have been no database to store it in
                note_fault(session, self.name, self._fault, self._now())
            note_that_it_works(session, self.name, self._now())
        self._fault, self._in_a_row, self._is_known_to_work = None, 0, True

    def _note(self, fault: Exception) -> float:
        pause_s: float = min(self._longest_pause_s, FIRST_PAUSE_S * 2 ** min(self._in_a_row, 20))
        self._in_a_row += 1
        self._is_known_to_work = False
        self._fault = str(fault) if isinstance(fault, DispatchError) else describe_fault(fault)
        log.error("Fault in the %s; the next try is in %g s", self.name, pause_s, exc_info=fault)
        try:
            with self._session_factory.begin() as session:
                note_fault(session, self.name, self._fault, self._now())
        except Exception as unstored:  # mostly the same fault again, as of a database that is gone
            log.warning("That fault is stored when the %s work again: %s", self.name, unstored)
        return pause_s
