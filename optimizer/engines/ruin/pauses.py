"""Breaks, packed for the compiled search: a few simple ones in a shift's own row, any others in lists."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from optimizer.primitives import Primitives
from optimizer.timing import FAR, Pause, pauses_due

Ints = NDArray[np.int64]
SIMPLE_BREAKS = 2
"""Breaks of one shift, each with one window, that labels kept for every stop have room for."""
MOST_BREAKS, MOST_IN_ORDER = 5, 8
"""Breaks of one shift that the compiled search can place: on every leg it tries all orders of those not yet taken.
More where their windows let them be taken in one order alone."""
SIMPLE_WIDTH = 3  # length, opens, closes
# Columns of Arrays.pauses
LENGTH, OPENINGS_FROM, OPENINGS_TO = range(3)


def has_simple_breaks(primitives: Primitives, shift: int) -> bool:
    """Whether the shift's breaks can be planned without walking its routes as a whole."""
    pauses = primitives.breaks[shift]
    return len(pauses) <= SIMPLE_BREAKS and all(len(pause.windows) == 1 for pause in pauses)


def are_few(pauses: tuple[Pause, ...]) -> bool:
    """Whether a shift's breaks are few enough, or follow each other, for all their orders to be tried."""
    in_order = sorted(pauses, key=lambda pause: pause.windows[0][0])
    follow = all(one.windows[-1][1] <= other.windows[0][0] for one, other in pairwise(in_order))
    return len(pauses) <= (MOST_IN_ORDER if follow else MOST_BREAKS)


def pack_simple(primitives: Primitives, walked: NDArray[np.bool_]) -> Ints:
    """For every shift how many sets of its breaks there are, and each one's length and window, the earliest first.

    Those whose routes are walked as a whole are given none here.
    """
    table = np.zeros((primitives.shifts, 1 + SIMPLE_BREAKS * SIMPLE_WIDTH), dtype=np.int64)
    table[:, 0] = 1
    for shift in np.flatnonzero(~walked):
        pauses = primitives.breaks[shift]
        table[shift, 0] = 1 << len(pauses)
        for slot, pause in enumerate(sorted(pauses, key=lambda one: one.windows[0][1])):
            first = 1 + slot * SIMPLE_WIDTH
            table[shift, first : first + SIMPLE_WIDTH] = (pause.length_s, *pause.windows[0])
    return table


def pack_walked(primitives: Primitives, walked: NDArray[np.bool_]) -> tuple[Ints, Ints, Ints, Ints]:
    """Returns (columns, pauses, openings, home_by) of the shifts whose routes are walked; see `Arrays`.

    `columns` say for each shift where its pauses begin and end, and where in `home_by` the set of none taken stands.
    Shifts with the same breaks share them.
    """
    columns = np.zeros((primitives.shifts, 3), dtype=np.int64)
    known: dict[tuple[tuple[int, tuple[tuple[int, int], ...]], ...], tuple[int, int, int]] = {(): (0, 0, 0)}
    pauses: list[tuple[int, int, int]] = []
    openings: list[tuple[int, int]] = []
    home_by: list[tuple[int, int]] = []
    for shift in np.flatnonzero(walked):
        own = primitives.breaks[shift]
        due = [own[index] for index in pauses_due(own, int(primitives.earliest_s[shift]))]
        key = tuple((pause.length_s, pause.windows) for pause in due)
        if key not in known:
            known[key] = len(pauses), len(pauses) + len(due), len(home_by)
            for pause in due:
                pauses.append((pause.length_s, len(openings), len(openings) + len(pause.windows)))
                openings.extend(pause.windows)
            home_by.extend(_home_by(due))
        columns[shift] = known[key]
    return (
        columns,
        np.array(pauses, dtype=np.int64).reshape(-1, 3),
        np.array(openings, dtype=np.int64).reshape(-1, 2),
        np.array(home_by, dtype=np.int64).reshape(-1, 2),
    )


def _home_by(pauses: list[Pause]) -> list[tuple[int, int]]:
    """For each set of breaks, as bits: when to be home at the latest if they are taken, and how long they are."""
    every = (1 << len(pauses)) - 1
    latest = [FAR] * (every + 1)
    for taken in range(every - 1, -1, -1):
        latest[taken] = max(
            _start_by(pause, latest[taken | 1 << index] - pause.length_s)
            for index, pause in enumerate(pauses)
            if not taken >> index & 1
        )
    length_s = [
        sum(pause.length_s for index, pause in enumerate(pauses) if taken >> index & 1) for taken in range(every + 1)
    ]
    return list(zip(latest, length_s, strict=True))


def _start_by(pause: Pause, last_s: int) -> int:
    """The last moment up to a given one at which a break may start; -FAR if there is none."""
    return max((min(close_s, last_s) for open_s, close_s in pause.windows if open_s <= last_s), default=-FAR)
