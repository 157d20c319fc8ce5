"""Parts of one plan, so that several islands can change it at the same time: routes that lie side by side."""

from __future__ import annotations

import numpy as np

from optimizer.engines.ruin.arrays import Arrays, Ints
from optimizer.primitives import Primitives


def supports(primitives: Primitives) -> bool:
    """Whether the cost of a plan is the sum over its routes and no rule ties routes together."""
    shared = primitives.busy_per_s and len(np.unique(primitives.person)) < primitives.shifts
    return not (primitives.links or primitives.worst_late_per_s or shared)


def deal(arrays: Arrays, where: Ints, count: int, rng: np.random.Generator) -> Ints:
    """int64[V + 2S]: which of `count` parts each visit, and the start and end of each shift, is in.

    A line through a random visit and the one farthest away says which routes come first; parts are about as many
    visits each. `where` has the shift of each visit, or -1: a visit left out is in the part around it.
    """
    visits, shifts = arrays.assign.shape
    place, seconds = arrays.place[:visits], arrays.seconds[0]
    one = place[rng.integers(visits)]
    other = place[np.argmax(seconds[one, place])]
    along = (seconds[place, one].astype(np.int64) - seconds[place, other]).astype(np.float64)
    planned = where >= 0
    length = np.bincount(where[planned], minlength=shifts)
    middle = np.bincount(where[planned], along[planned], minlength=shifts) / np.maximum(1, length)
    used = np.flatnonzero(length)
    used = used[np.argsort(middle[used], kind="stable")]
    before = np.cumsum(length[used]) - length[used]
    of_shift = np.arange(shifts) % count
    of_shift[used] = (2 * before + length[used]) * count // max(1, 2 * int(length.sum()))
    part = np.empty(visits + 2 * shifts, dtype=np.int64)
    part[visits : visits + shifts] = part[visits + shifts :] = of_shift
    part[:visits][planned] = of_shift[where[planned]]
    nearest = np.minimum(np.searchsorted(middle[used], along[~planned]), len(used) - 1)
    part[:visits][~planned] = of_shift[used[nearest]] if len(used) else rng.integers(count, size=len(nearest))
    part[arrays.members[1::2]] = part[arrays.members[::2]]  # a pair is in one part; other units have links
    return part
