"""How much more a shift would have to carry, or how many more visits it would have to have, to fit in one more."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimizer.assemble import find_times
from optimizer.calls import find_peaks
from optimizer.insert.day import is_legal
from optimizer.insert.gaps import Line, tables
from optimizer.insert.moments import IMPOSSIBLE
from optimizer.primitives import OPEN, Primitives
from optimizer.problem import Problem, Visit
from optimizer.rules.capacity import name_of_load
from optimizer.timing import FAR

Ints = NDArray[np.int64]


class More(NamedTuple):
    """What a shift lacks: so much of each load that may be exceeded."""

    shift: int
    amounts: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.amounts)


class Carrying:
    """Finds the shift that lacks least to take one more visit, where only some of the loads may be exceeded."""

    def __init__(self, primitives: Primitives, lines: Sequence[Line], loads: NDArray[np.bool_], held: Ints) -> None:
        """`loads[K]` may be exceeded; `held[S, K]` is what shifts carry, pins that ask for more left aside."""
        self._loads, self._held, self._capacity = loads, held, primitives.capacity
        self._primitives = replace(primitives, capacity=np.where(loads, FAR, primitives.capacity))
        self._gaps = tables(self._primitives, lines)

    def find_least(self, visit: int) -> More | None:
        """The least that is lacking anywhere, in units of all loads together; None where more would not help."""
        best: More | None = None
        for over, shift, sequence in self._in_order(visit):
            if best is not None and over >= best.total:
                break
            for more in self._ways(shift, sequence):
                if (best is None or more.total < best.total) and self._has_times(more, sequence):
                    best = more
        return best

    def _in_order(self, visit: int) -> Iterator[tuple[int, int, tuple[int, ...]]]:
        """Every place that may be possible with what it lacks at least, the least first; and the shift's sequence."""
        capacity = np.where(self._loads, self._capacity, FAR)
        places = [
            (int(over), number, int(place))
            for number, table in enumerate(self._gaps)
            for place, (bound, over) in enumerate(zip(table.bounds(visit), table.lacking(visit, capacity), strict=True))
            if bound < IMPOSSIBLE
        ]
        for over, number, place in sorted(places):
            line, at = self._gaps[number].lines[self._gaps[number].line[place]], int(self._gaps[number].at[place])
            yield over, line.shift, (*line.visits[:at], visit, *line.visits[at:])

    def _ways(self, shift: int, sequence: Sequence[int]) -> list[More]:
        """What it lacks without a call at the depot or with one, wherever that is; the least first."""
        peaks = find_peaks(self._primitives, sequence)
        if self._primitives.depot[shift] == OPEN:
            peaks = peaks[-1:]
        lacking = np.where(self._loads & (peaks > self._capacity[shift]), peaks - self._held[shift], 0)
        ways = {More(shift, tuple(amounts.tolist())) for amounts in lacking[:, self._loads]}
        return sorted((way for way in ways if way.total), key=lambda way: (way.total, way.amounts))

    def _has_times(self, more: More, sequence: Sequence[int]) -> bool:
        capacity = self._capacity.copy()
        has = self._held[more.shift, self._loads] + more.amounts
        capacity[more.shift, self._loads] = np.maximum(capacity[more.shift, self._loads], has)
        enough = replace(self._primitives, capacity=capacity)
        return is_legal(enough, more.shift, sequence) and find_times(enough, more.shift, sequence) is not None


def held_by_shifts(problem: Problem, primitives: Primitives) -> Ints:
    """What the shifts hold of each load, and how many visits they may have; [S, K]."""
    held, kinds = np.full_like(primitives.capacity, FAR), itertools.count()
    for column, is_load in enumerate(primitives.refilled):
        kind = next(kinds) if is_load else -1
        for row, shift in enumerate(problem.shifts):
            if is_load:
                held[row, column] = shift.capacity[kind] if kind < len(shift.capacity) else 0
            elif shift.max_visits is not None:
                held[row, column] = shift.max_visits
    return held


def load_words(problem: Problem, visit: Visit, more: More) -> str:
    """What a van would have to carry, in words that follow "with"."""
    delivery = (*visit.delivery, *(0,) * len(more.amounts))
    parts = [
        f"{'' if delivery[kind] else 'room for '}{amount} more of {name_of_load(problem, kind)}"
        for kind, amount in enumerate(more.amounts)
        if amount
    ]
    return f"{' and '.join(parts)} on the van"
