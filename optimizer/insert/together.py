"""Places for a visit that depends on others: for itself where those are planned, else for it and one other together."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import replace
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from optimizer.assemble import assemble
from optimizer.insert.day import Day, is_legal
from optimizer.insert.gaps import Gaps, Line, in_order, tables
from optimizer.insert.moments import IMPOSSIBLE
from optimizer.link_windows import between
from optimizer.plan import Route
from optimizer.primitives import DIFFERENT, SAME, Ints
from optimizer.timing import FAR

MOST_PLACES = 500
"""So many places of each of two visits, the most promising, are tried with those of the other on another shift."""

NEVER = ((FAR, -FAR),)
"""The windows of what cannot start at all."""
Sequences = dict[int, tuple[int, ...]]
"""The visits of each shift that changes."""


class Together:
    """A visit left out that depends on others, and all ways to plan it. What is planned already keeps its start.

    Raises ValueError where more than one other would have to be planned as well, or half of its pair is planned.
    """

    def __init__(self, day: Day, visit: int, costs_now: Sequence[int]) -> None:
        self._day, self._visit, self._costs_now = day, visit, costs_now
        tied, name = day.ties.together(visit), day.problem.visits[visit].id
        others = [one for one in sorted(tied) if one != visit and one not in day.shift_of]
        if len(others) > 1:
            raise ValueError(f"visit {name} depends on {len(others)} others that are left out, too; plan the day anew")
        self.other = others[0] if others else None
        self._pairs = [pair for pair in day.ties.pairs if visit in pair]
        if self._pairs and self.other not in self._pairs[0]:
            raise ValueError(f"half of the pair of visit {name} is planned; ask about the plan without it")
        self._links = [link for link in day.ties.links if {visit, self.other} == set(link[:2])]
        windows, allowed = list(day.primitives.windows), day.primitives.allowed.copy()
        for one in (visit, *others):
            windows[one], allowed[one] = self._beside_planned(one)
        self.is_hopeless = not all(allowed[one].any() and windows[one] != NEVER for one in (visit, *others))
        self._primitives = replace(day.primitives, windows=windows, allowed=allowed, links=self._links)

    def _beside_planned(self, visit: int) -> tuple[tuple[tuple[int, int], ...], NDArray[np.bool_]]:
        """When a visit may start, and on which shifts, for its links to what is planned."""
        day = self._day
        windows, allowed, person = day.primitives.windows[visit], day.primitives.allowed[visit], day.primitives.person
        for first, second, least_s, most_s, kind in day.ties.links:
            partner = second if visit == first else first
            if visit not in (first, second) or partner not in day.shift_of:
                continue
            start_s, shift = day.start_s(partner), day.shift_of[partner]
            span = (start_s + least_s, start_s + most_s) if visit == second else (start_s - most_s, start_s - least_s)
            windows = between(windows, *span) or NEVER
            if kind in (SAME, DIFFERENT):
                allowed = allowed & ((person == person[shift]) == (kind == SAME))
        return windows, allowed

    def in_order(self) -> Iterator[tuple[int, Sequences]]:
        """Every way that may be possible, the lowest bound of what it adds to the cost first."""
        if self.is_hopeless:
            return iter(())
        if self.other is None:
            places = in_order(tables(self._primitives, self._lines()), self._visit)
            return ((place.bound, {place.shift: place.sequence}) for place in places)
        return heapq.merge(self._on_one_shift(self.other), self._on_two_shifts(self.other), key=itemgetter(0))

    def find_routes(self, sequences: Sequences) -> dict[int, Route] | None:
        """The routes that change, or None where hard rules leave no way."""
        problem, primitives = self._day.problem, self._primitives
        if not all(is_legal(primitives, shift, sequence) for shift, sequence in sequences.items()):
            return None
        plan = assemble(problem, primitives, [sequences.get(shift, ()) for shift in range(len(problem.shifts))])
        return None if plan is None else {problem.shift_index[route.shift]: route for route in plan.routes}

    def _lines(self) -> list[Line]:
        return [Line(shift, some, self._costs_now[shift]) for shift, some in enumerate(self._day.sequences)]

    def _on_one_shift(self, other: int) -> Iterator[tuple[int, Sequences]]:
        """Both one after the other. What they carry between them is left aside here."""
        if any(kind == DIFFERENT for *_, kind in self._links):
            return
        both = self._primitives.allowed[self._visit] & self._primitives.allowed[other]
        lines = [
            Line(line.shift, (*line.visits[:at], self._visit, *line.visits[at:]), line.costs_now)
            for line in self._lines()
            if both[line.shift]
            for at in range(len(line.visits) + 1)
        ]
        loose = replace(self._primitives, capacity=np.full_like(self._primitives.capacity, FAR))
        for place in in_order(tables(loose, lines), other) if lines else ():
            if all(place.sequence.index(first) < place.sequence.index(second) for first, second in self._pairs):
                yield place.bound, {place.shift: place.sequence}

    def _on_two_shifts(self, other: int) -> Iterator[tuple[int, Sequences]]:
        """Each on a shift of its own, where they may be in time for each other."""
        if self._pairs:
            return
        found = [_Places(tables(self._primitives, self._lines()), visit) for visit in (self._visit, other)]
        one, two = found
        person, shift = self._primitives.person, (one.shift[:, None], two.shift[None, :])
        fits = shift[0] != shift[1]
        for first, _, least_s, most_s, kind in self._links:
            if kind in (SAME, DIFFERENT):
                fits &= (person[shift[0]] == person[shift[1]]) == (kind == SAME)
            turned = first == other
            earliest, latest = (two, one) if turned else (one, two)
            in_time = (latest.latest_s[None, :] >= earliest.earliest_s[:, None] + least_s) & (
                latest.earliest_s[None, :] <= earliest.latest_s[:, None] + most_s
            )
            fits &= in_time.T if turned else in_time
        bounds = one.bound[:, None] + two.bound[None, :]
        rows, columns = np.nonzero(fits)
        for index in np.argsort(bounds[rows, columns], kind="stable"):
            row, column = int(rows[index]), int(columns[index])
            yield int(bounds[row, column]), {**one.sequence(row), **two.sequence(column)}


class _Places:
    """The most promising places of one visit, as arrays: bound, shift, first and last start."""

    def __init__(self, gaps: Sequence[Gaps], visit: int) -> None:
        self._gaps, self._visit = gaps, visit
        bounds = np.concatenate([table.bounds(visit) for table in gaps])
        spans = [table.spans(visit) for table in gaps]
        self._owner = np.repeat(np.arange(len(gaps)), [len(table.line) for table in gaps])
        self._place = np.concatenate([np.arange(len(table.line)) for table in gaps])
        kept = np.flatnonzero(bounds < IMPOSSIBLE)
        self._kept = kept[np.argsort(bounds[kept], kind="stable")][:MOST_PLACES]
        self.bound: Ints = bounds[self._kept]
        self.shift: Ints = np.concatenate([table.shift for table in gaps])[self._kept]
        self.earliest_s, self.latest_s = (np.concatenate(some)[self._kept] for some in zip(*spans, strict=True))

    def sequence(self, row: int) -> Sequences:
        table, place = self._gaps[self._owner[self._kept[row]]], self._place[self._kept[row]]
        line, at = table.lines[table.line[place]], int(table.at[place])
        return {line.shift: (*line.visits[:at], self._visit, *line.visits[at:])}
