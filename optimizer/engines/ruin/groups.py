"""Groups of linked visits, packed for the compiled search: all of a group are planned, or none."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from optimizer.primitives import DIFFERENT, KEEP, Primitives

Ints = NDArray[np.int64]


def knows_links(primitives: Primitives) -> bool:
    """Whether the compiled search can plan these links: not where a linked visit must stay."""
    return all(primitives.drop_cost[visit] != KEEP for link in primitives.links for visit in link[:2])


def pack_groups(primitives: Primitives) -> tuple[Ints, Ints, Ints, Ints, NDArray[np.bool_]]:
    """Returns (group of each visit or -1, links, groups, members, apart); see `Arrays`."""
    number = np.full(primitives.visits, -1, dtype=np.int64)
    together: list[list[int]] = []
    for first, _, *_ in primitives.links:
        if number[first] < 0:
            members = sorted(primitives.together(first))
            number[members] = len(together)
            together.append(members)
    links = sorted(primitives.links, key=lambda link: number[link[0]])
    counts = np.bincount([number[link[0]] for link in links], minlength=len(together))
    groups = np.zeros((len(together) + 1, 2), dtype=np.int64)
    groups[1:, 0] = np.cumsum([len(members) for members in together])
    groups[1:, 1] = np.cumsum(counts[: len(together)])
    different = {frozenset(link[:2]) for link in links if link[4] == DIFFERENT}
    apart = [
        all(frozenset((one, other)) in different for at, one in enumerate(members) for other in members[at + 1 :])
        for members in together
    ]
    return (
        number,
        np.array(links, dtype=np.int64).reshape(-1, 5),
        groups,
        np.array([visit for members in together for visit in members], dtype=np.int64),
        np.array(apart, dtype=np.bool_),
    )


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
