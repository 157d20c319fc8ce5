"""The stages of making a plan: each is told as it begins, and how long it took is written down."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class PlanProgress:
    """How far planning is: share done (0..1), what is being done, the cost of the best plan so far."""

    share: float
    message: str
    best_cost: int | None = None


Listener = Callable[[PlanProgress], None]


class Stages:
    """Tells `listener` of each stage that begins; `finish` logs how many seconds each took."""

    def __init__(self, listener: Listener | None) -> None:
        self._listener = listener
        self._began: list[tuple[str, float]] = []

    def begin(self, share: float, message: str, best_cost: int | None = None) -> None:
        """From now on `message` is being done, at this share of the whole."""
        self._began.append((message, time.monotonic()))
        self.tell(PlanProgress(share, message, best_cost))

    def tell(self, progress: PlanProgress) -> None:
        """How far the stage that has begun is."""
        if self._listener is not None:
            self._listener(progress)

    def finish(self, what: str) -> None:
        """Log what came of it, with the seconds of each stage."""
        ends = [began for _, began in self._began[1:]] + [time.monotonic()]
        took = [f"{stage.lower()} {end - began:.1f} s" for (stage, began), end in zip(self._began, ends, strict=True)]
        log.info("%s: %s", what, ", ".join(took))
        self._began.clear()
