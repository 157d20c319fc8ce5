"""Whether one more visit fits into the routes of a plan as they are."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from optimizer.assemble import Sequences, find_all_times
from optimizer.engines import ruin
from optimizer.insert.gaps import Line, tables
from optimizer.insert.moments import IMPOSSIBLE
from optimizer.primitives import Primitives
from optimizer.timing import FAR


class Room:
    """The room left in a plan: by bounds where they are certain, else by the compiled search if it knows all rules,
    else by trying every place.

    `in_time` looks at times only in the last case, so ask it about visits whose loads and limits are fine.
    """

    def __init__(self, primitives: Primitives, sequences: Sequences) -> None:
        self._primitives, self._sequences = primitives, [list(sequence) for sequence in sequences]
        self._gaps = tables(primitives, [Line(shift, tuple(some), 0) for shift, some in enumerate(sequences)])
        self._judged: dict[tuple[int, bool], tuple[NDArray[np.bool_], NDArray[np.bool_]]] = {}

    def without_shift_ends(self) -> Room:
        """The same plan if everyone could come home as late as need be."""
        ends = np.full(self._primitives.shifts, FAR, dtype=np.int64)
        return Room(replace(self._primitives, hard_end_s=ends), self._sequences)

    def in_time(self, visit: int, shift: int, *, at_any_time: bool = False) -> bool:
        """Whether the visit fits into the shift's route somewhere; `at_any_time`: were it not for its windows."""
        asked = visit, at_any_time
        if asked not in self._judged:
            self._judged[asked] = self._judge_bounds(visit, at_any_time)
        may, must = self._judged[asked]
        if must[shift] or not may[shift]:
            return bool(must[shift])
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

    def _judge_bounds(self, visit: int, at_any_time: bool) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Whether each shift may have a place, and whether it has one for certain; [S]."""
        may, must = (np.zeros(self._primitives.shifts, dtype=np.bool_) for _ in range(2))
        for table in self._gaps:
            places = table.bounds(visit, at_any_time=at_any_time) < IMPOSSIBLE
            may[table.shift[places]] = True
            must[table.shift[places & table.is_exact]] = True
        return may, must

    @cached_property
    def _compiled(self) -> ruin.Room | None:
        return ruin.Room(self._primitives, self._sequences) if ruin.supports(self._primitives) else None
