"""Where a route calls at its depot: after which stops it may, and which way it then takes.

A call takes no time on site. It is made once at most, and only where it is needed: before a visit that needs one first,
or because the van cannot hold all that is delivered. What is delivered after the call, of the loads that it refills,
never runs out and takes no room: the van leaves home with what it delivers before the call. What is picked up stays on
the van to the end, call or not, but for what a pair hands over.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from optimizer.primitives import OPEN, Primitives


def find_call_gaps(primitives: Primitives, shift: int, sequence: Sequence[int]) -> range | None:
    """After how many stops a shift may call; None if it need not call at all. Empty where no call helps."""
    if primitives.depot[shift] == OPEN:
        return None
    first = np.flatnonzero(primitives.call_first[list(sequence), shift])
    fits = loads_fit(primitives, shift, sequence)
    if not first.size and fits[-1]:
        return None
    latest = int(first[0]) if first.size else len(sequence) - 1
    # Calling sooner never makes a load larger.
    return range(int(fits[: latest + 1].sum()))


def loads_fit(primitives: Primitives, shift: int, sequence: Sequence[int]) -> NDArray[np.bool_]:
    """Whether the van holds everything, `bool[len(sequence) + 1]`: with a call after 0, 1, ... stops; last, without."""
    return np.asarray((find_peaks(primitives, sequence) <= primitives.capacity[shift]).all(axis=1))


def find_peaks(primitives: Primitives, sequence: Sequence[int]) -> NDArray[np.int64]:
    """The most that is ever on the van, `int64[len(sequence) + 1, K]`, with calls as in `loads_fit`.

    Before a call after p stops, what is on the van after j of them is D[p] - D[j] + C[j], where D is what has been
    delivered and C what has been picked up less what pairs have handed over; from the call on it is C alone.
    """
    visits, seconds = list(sequence), {second for _, second in primitives.pairs}
    handed_over = np.array([visit in seconds for visit in visits], dtype=np.bool_)[:, None]
    delivery, pickup = primitives.delivery[visits], primitives.pickup[visits]
    delivered = _so_far(np.where(handed_over, 0, delivery))
    collected = _so_far(np.where(handed_over, pickup - delivery, pickup))
    peaks = delivered + np.maximum.accumulate(collected - delivered)
    refilled = np.array(primitives.refilled, dtype=np.bool_)
    return np.asarray(np.where(refilled, np.maximum(peaks, collected.max(axis=0)), peaks[-1]), dtype=np.int64)


def legs_of(primitives: Primitives, shift: int, sequence: Sequence[int], gap: int | None) -> list[tuple[int, int]]:
    """The legs of a route from place to place, by way of the depot after `gap` stops."""
    places = [int(primitives.visit_location[visit]) for visit in sequence]
    if gap is not None:
        places.insert(gap, int(primitives.depot[shift]))
    return list(pairwise([int(primitives.start_location[shift]), *places, int(primitives.end_location[shift])]))


def within_limits(primitives: Primitives, shift: int, legs: Sequence[tuple[int, int]]) -> bool:
    """Whether every leg has a road, and none of them nor all together are longer than the shift may travel."""
    legs_s = [primitives.leg_s(shift, *leg) for leg in legs]
    legs_m = [primitives.leg_m(shift, *leg) for leg in legs]
    return bool(
        min(legs_s) >= 0
        and max(legs_s) <= primitives.max_leg_s[shift]
        and sum(legs_s) <= primitives.max_travel_s[shift]
        and sum(legs_m) <= primitives.max_travel_m[shift]
    )


def _so_far(amounts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Sums over the stops so far, beginning with none."""
    return np.concatenate([np.zeros((1, amounts.shape[1]), dtype=np.int64), np.cumsum(amounts, axis=0)])
