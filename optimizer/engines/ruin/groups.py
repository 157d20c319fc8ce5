"""Visits that depend on each other, packed for the compiled search.

A group is all that links tie together, directly or not. A unit is what is planned together or not at all: a pair, or
what of a group hangs together without the visits that must stay, which stand each for itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations, pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimizer.primitives import DIFFERENT, KEEP, Primitives

Ints = NDArray[np.int64]


class Groups(NamedTuple):
    """What `Arrays` says of groups, and of each visit its group and unit, -1 without any."""

    group: Ints
    unit: Ints
    links: Ints
    groups: Ints
    units: Ints
    members: Ints
    apart: NDArray[np.bool_]
    is_pair: NDArray[np.bool_]


def knows_ties(primitives: Primitives) -> bool:
    """Whether the compiled search can plan these pairs and links: not where a visit of a pair is linked as well."""
    paired = {visit for pair in primitives.pairs for visit in pair}
    return not any(paired.intersection(link[:2]) for link in primitives.links)


def pack_groups(primitives: Primitives) -> Groups:
    """Groups in the order of their first visits; after their members come pairs, each in its own order."""
    links = [link[:2] for link in primitives.links]
    loose = [tie for tie in (*primitives.pairs, *links) if KEEP not in primitives.drop_cost[list(tie)]]
    group_of, unit_of = (_first_of_each(primitives.visits, ties) for ties in (links, loose))
    linked = sorted({visit for link in links for visit in link}, key=lambda one: (group_of[one], unit_of[one], one))
    members = [*linked, *(visit for pair in primitives.pairs for visit in pair)]
    group, unit = (np.full(primitives.visits, -1, dtype=np.int64) for _ in range(2))
    group[linked], group_starts = _numbered([group_of[visit] for visit in linked])
    unit[members], units = _numbered([unit_of[visit] for visit in members])
    by_group = sorted(primitives.links, key=lambda link: group[link[0]])
    link_counts = np.bincount([group[link[0]] for link in by_group], minlength=len(group_starts) - 1)
    different = {frozenset(link[:2]) for link in primitives.links if link[4] == DIFFERENT}
    visits_of = [members[start:end] for start, end in pairwise(units)]
    return Groups(
        group=group,
        unit=unit,
        links=np.array(by_group, dtype=np.int64).reshape(-1, 5),
        groups=np.column_stack([group_starts, np.cumsum([0, *link_counts])]).astype(np.int64),
        units=np.array(units, dtype=np.int64),
        members=np.array(members, dtype=np.int64),
        apart=np.array([all(frozenset(two) in different for two in combinations(some, 2)) for some in visits_of], bool),
        is_pair=np.array([group[some[0]] < 0 for some in visits_of], bool),
    )


def _first_of_each(visits: int, ties: Iterable[tuple[int, ...]]) -> list[int]:
    """For each visit the first of all that it is tied to, directly or not; itself if there are none."""
    first = list(range(visits))

    def find(visit: int) -> int:
        while first[visit] != visit:
            first[visit] = visit = first[first[visit]]
        return visit

    for one, other in ties:
        low, high = sorted((find(one), find(other)))
        first[high] = low
    return [find(visit) for visit in range(visits)]


def _numbered(keys: list[int]) -> tuple[list[int], list[int]]:
    """A number for each run of equal keys, and where the runs begin, with the end of the last."""
    starts = [at for at, key in enumerate(keys) if at == 0 or key != keys[at - 1]]
    numbers = np.repeat(np.arange(len(starts)), np.diff([*starts, len(keys)]))
    return numbers.tolist(), [*starts, len(keys)]


def first_and_last(primitives: Primitives, never: int) -> tuple[Ints, Ints]:
    """Between which moments each visit may start by its windows and by those of the visits linked with it.

    What is linked with a visit that must stay may be planned without it, so their links say nothing here.
    """
    opens = np.array([one[0][0] if one else -never for one in primitives.windows], dtype=np.int64)
    closes = np.array([one[-1][1] if one else never for one in primitives.windows], dtype=np.int64)
    links = [link for link in primitives.links if KEEP not in primitives.drop_cost[list(link[:2])]]
    for _ in range(primitives.visits if links else 0):  # lags that can never be kept would otherwise rise for ever
        before = opens.copy(), closes.copy()
        for first, second, least_s, most_s, _ in links:
            opens[second] = max(opens[second], opens[first] + least_s)
            opens[first] = max(opens[first], opens[second] - most_s)
            closes[first] = min(closes[first], closes[second] - least_s)
            closes[second] = min(closes[second], closes[first] + most_s)
        if (before[0] == opens).all() and (before[1] == closes).all():
            break
    return opens, closes


def shifts_of_people(primitives: Primitives) -> tuple[Ints, Ints]:
    """int64[P + 1], int64[S]: where the shifts of each person begin in the list of all, and that list."""
    shifts = np.argsort(primitives.person, kind="stable").astype(np.int64)
    counts = np.bincount(primitives.person, minlength=len(primitives.fair_s))
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64), shifts
