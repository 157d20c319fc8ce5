"""Travel between all places, packed for the compiled search: seconds by time of day, and what metres and tolls cost."""

from __future__ import annotations

import numpy as np
from numba import config
from numpy.typing import NDArray

from optimizer.primitives import Primitives
from optimizer.travel import UNREACHABLE

Ints = NDArray[np.int64]
NO_ROAD_S = 2**29
"""Longer than any leg."""
NARROW = np.int64 if config.DISABLE_JIT else np.int32  # type: ignore[attr-defined]
"""Of what takes much memory; compiled code adds up in 64 bits whatever it reads, plain Python does not."""


def framed(matrix: Ints, no_road: int) -> NDArray[np.int32]:
    """A matrix with one more location, at no distance from anywhere: an end that is left open."""
    framed = np.zeros((matrix.shape[0] + 1, matrix.shape[1] + 1), dtype=NARROW)
    np.minimum(matrix, NO_ROAD_S, out=framed[:-1, :-1], casting="unsafe")
    framed[framed == UNREACHABLE] = no_road
    return framed


def pack_extra(primitives: Primitives, size: int) -> tuple[list[int], Ints]:
    """Which list of prices on top of seconds each shift travels by, -1 for none, and the lists: one for every leg."""
    lists: dict[tuple[str, int], int] = {}
    extra: list[Ints] = []
    of_shift = []
    for shift, profile in enumerate(primitives.profile):
        key = (profile, int(primitives.travel_cost_per_m[shift]))
        if not key[1] and profile not in primitives.tolls:
            of_shift.append(-1)
            continue
        if key not in lists:
            price = key[1] * primitives.metres[profile]
            if profile in primitives.tolls:
                price = price + primitives.toll_factor * primitives.tolls[profile]
            lists[key] = len(extra)
            framed = np.zeros((size + 1, size + 1), dtype=np.int64)
            framed[:-1, :-1] = np.maximum(price, 0)
            extra.append(framed)
        of_shift.append(lists[key])
    return of_shift, np.stack(extra) if extra else np.zeros((0, 1, 1), dtype=np.int64)


def pack_periods(primitives: Primitives, size: int) -> tuple[Ints, Ints, NDArray[np.int32]]:
    """Where each shift's periods begin and end in a list of (begins, number of a table), that list, and the tables."""
    tables: dict[int, tuple[int, NDArray[np.int32]]] = {}
    rows: list[tuple[int, int]] = []
    of_profile: dict[str, tuple[int, int]] = {}
    for profile, periods in primitives.by_time.items():
        of_profile[profile] = len(rows), len(rows) + len(periods)
        for begins_s, seconds in periods:
            number, _ = tables.setdefault(id(seconds), (len(tables), framed(seconds, NO_ROAD_S)))
            rows.append((begins_s, number))
    columns = np.array([of_profile.get(one, (0, 0)) for one in primitives.profile], dtype=np.int64).reshape(-1, 2)
    traffic = [table for _, table in tables.values()]
    empty = np.zeros((0, size + 1, size + 1), dtype=NARROW)
    return columns, np.array(rows, dtype=np.int64).reshape(-1, 2), np.stack(traffic) if traffic else empty
