"""When visits may start and what being late costs, for many of them at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from optimizer.primitives import Primitives
from optimizer.timing import FAR

Ints = NDArray[np.int64]
IMPOSSIBLE = 2**60
"""Later and dearer than anything: the bound of a place that cannot be had."""


class Moments:
    """When the visits of a problem may start and what being late costs, as arrays. V visits, W windows, T slopes."""

    def __init__(self, primitives: Primitives) -> None:
        windows = [one or ((-FAR, FAR),) for one in primitives.windows]
        slopes = primitives.time_cost
        self.opens = padded([[open_s for open_s, _ in one] for one in windows], FAR)
        self.closes = padded([[close_s for _, close_s in one] for one in windows], -FAR)
        self.after_s = padded([[after_s for after_s, _ in one] for one in slopes], FAR)
        self.per_s = padded([[per_s for _, per_s in one] for one in slopes], 0)

    def starts(self, visits: Ints, arrive_s: Ints) -> Ints:
        """When work starts at each of `visits` for these arrivals; IMPOSSIBLE after the last window."""
        starts = np.full(len(visits), IMPOSSIBLE, dtype=np.int64)
        for window in range(self.opens.shape[1] - 1, -1, -1):
            early = arrive_s <= self.closes[visits, window]
            starts = np.where(early, np.maximum(arrive_s, self.opens[visits, window]), starts)
        return starts

    def latest(self, visits: Ints, by_s: Ints) -> Ints:
        """How late they may arrive at each of `visits` for work to start by then; -IMPOSSIBLE if it cannot."""
        latest = np.where(
            self.opens[visits] <= by_s[:, None], np.minimum(self.closes[visits], by_s[:, None]), -IMPOSSIBLE
        )
        return np.asarray(latest.max(axis=1), dtype=np.int64)

    def costs(self, visits: Ints, starts_s: Ints) -> Ints:
        """What it costs that work starts then."""
        late_s = np.maximum(0, starts_s[:, None] - self.after_s[visits])
        return np.asarray((late_s * self.per_s[visits]).sum(axis=1), dtype=np.int64)


def padded(rows: Sequence[Sequence[int]], filling: int) -> Ints:
    """Rows of different lengths as one array of at least one column."""
    table = np.full((len(rows), max(1, *(len(row) for row in rows)) if rows else 1), filling, dtype=np.int64)
    for index, row in enumerate(rows):
        table[index, : len(row)] = row
    return table
