"""Which visits are near each other, in space and by who may serve them; which kinds of shifts begin near a visit."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from optimizer.engines.ruin.tables import NARROW

Ints = NDArray[np.int64]
Narrow = NDArray[np.int32]
NEIGHBOURS = 100
NEAR_KINDS = 10
CONSIDERED = 300
"""So many who are nearest in space are considered."""
VISITS_LOOKED_AT = 200
"""From about so many visits journeys are looked at to know how long they are."""
STRANGE = 0.5
"""How many median journeys farther visits count if nobody may serve both."""
SHIFTS_ASKED = 100
"""Of about so many shifts it is asked which of two visits they may serve."""


def near_visits(seconds: Narrow, place: Ints, allowed: NDArray[np.bool_]) -> Narrow:
    """int[V, neighbours]: every visit's neighbours, nearest first, itself left out; there and back counted together.

    Visits count as nearer if those who may serve one may serve the other: `allowed[V, S]`.
    """
    count = min(NEIGHBOURS, len(place) - 1)
    near = np.empty((len(place), max(0, count)), dtype=NARROW)
    able = allowed[:, :: allowed.shape[1] // SHIFTS_ASKED + 1].astype(np.float32)
    able_count = np.maximum(1.0, able.sum(axis=1))
    some = place[:: len(place) // VISITS_LOOKED_AT + 1]
    strange = 2 * STRANGE * float(np.median(seconds[some][:, place])) if count > 0 else 0.0
    for visit, here in enumerate(place):
        both_ways = seconds[here, place] + seconds[place, here]
        both_ways[visit] = -1
        others = np.arange(len(place))
        if len(others) > CONSIDERED:
            others = np.argpartition(both_ways, CONSIDERED)[:CONSIDERED]
        shared = able[others] @ able[visit] / np.minimum(able_count[others], able_count[visit])
        far = both_ways[others] + strange * (1.0 - shared)
        far[others == visit] = -1
        near[visit] = others[np.argsort(far, kind="stable")[1 : count + 1]]
    return near


def near_kinds(kinds: Ints, allowed: NDArray[np.bool_], seconds: Narrow, place: Ints, start: Ints) -> Narrow:
    """int[V, few]: for every visit the kinds of shifts that may serve it and begin nearest, then -1."""
    one_each = np.unique(kinds, return_index=True)[1]
    count = min(NEAR_KINDS, len(one_each))
    near = np.full((len(place), count), -1, dtype=NARROW)
    for visit, here in enumerate(place):
        able = one_each[allowed[visit, one_each]]
        nearest = able[np.argsort(seconds[start[able], here], kind="stable")[:count]]
        near[visit, : len(nearest)] = kinds[nearest]
    return near
