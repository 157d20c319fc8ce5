"""A problem for engines that do not know travel by time of day: one in which every leg takes the same at all times."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from optimizer.assemble import find_all_times, trivial_sequences
from optimizer.calls import legs_of, within_limits
from optimizer.primitives import Ints, Primitives


def with_constant_travel(primitives: Primitives) -> Primitives:
    """The same problem where every leg takes as long as at the worst time of day; itself if there are no such times.

    What is possible there is possible by the true travel, too, since nobody is ever there later. Pins need not be
    possible there; then every leg takes as long as at the best time, and plans must be tried by the true travel.
    """
    if not primitives.by_time:
        return primitives
    worst = _with(primitives, np.maximum.reduce)
    return worst if _pins_are_possible(worst) else _with(primitives, np.minimum.reduce)


def _pins_are_possible(primitives: Primitives) -> bool:
    pinned = trivial_sequences(primitives)
    return find_all_times(primitives, pinned) is not None and all(
        within_limits(primitives, shift, legs_of(primitives, shift, sequence, None))
        for shift, sequence in enumerate(pinned)
        if sequence
    )


def _with(primitives: Primitives, choose: Callable[[list[Ints]], Ints]) -> Primitives:
    chosen = {one: choose([seconds for _, seconds in tables]) for one, tables in primitives.by_time.items()}
    return replace(primitives, seconds={**primitives.seconds, **chosen}, by_time={})
