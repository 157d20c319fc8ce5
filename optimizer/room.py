"""Whether one more visit fits into the routes of a plan as they are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from optimizer.assemble import Sequences, find_all_times
from optimizer.engines import ruin
from optimizer.primitives import Primitives
from optimizer.timing import FAR


class Room:
    """The room left in a plan: by the compiled search where it knows all rules, else by trying every place.

    `in_time` looks at times only in the second case, so ask it about visits whose loads and limits are fine.
    """

    def __init__(self, primitives: Primitives, sequences: Sequences) -> None:
        self._primitives, self._sequences = primitives, [list(sequence) for sequence in sequences]
        self._compiled = ruin.Room(primitives, self._sequences) if ruin.supports(primitives) else None

    def without_shift_ends(self) -> Room:
        """The same plan if everyone could come home as late as need be."""
        ends = np.full(self._primitives.shifts, FAR, dtype=np.int64)
        return Room(replace(self._primitives, hard_end_s=ends), self._sequences)

    def in_time(self, visit: int, shift: int, *, at_any_time: bool = False) -> bool:
        """Whether the visit fits into the shift's route somewhere; `at_any_time`: were it not for its windows."""
        if self._compiled is not None:
            return self._compiled.fits(visit, shift, at_any_time=at_any_time)
        primitives, sequences = self._primitives, self._sequences
        if at_any_time:
            windows = [() if one == visit else kept for one, kept in enumerate(primitives.windows)]
            primitives = replace(primitives, windows=windows)
        if not primitives.links:  # the other routes do not depend on this one
            sequences = [route if one == shift else [] for one, route in enumerate(sequences)]
        for at in range(len(sequences[shift]) + 1):
            tried = [*sequences[shift][:at], visit, *sequences[shift][at:]]
            if find_all_times(primitives, [*sequences[:shift], tried, *sequences[shift + 1 :]]) is not None:
                return True
        return False
