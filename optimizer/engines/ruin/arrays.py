"""Primitives packed for the compiled search: few plain arrays, an open end as one more location at no distance."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimizer.primitives import KEEP, OPEN, Primitives
from optimizer.problem import UNREACHABLE
from optimizer.timing import FAR

Ints = NDArray[np.int64]
MOST_BREAKS = 2
"""Breaks of one shift that the compiled search can place."""
NEIGHBOURS = 100
NEAR_SHIFTS = 10

# Columns of Arrays.shifts
PROFILE, PRICES, START, END, EARLIEST, SOFT_END, HARD_END, OVERTIME, OPEN_COST = range(9)
MAX_TRAVEL_S, MAX_TRAVEL_M, MAX_LEG_S, BREAKS, FIRST_BREAK = range(9, 14)
BREAK_WIDTH = 3  # length, opens, closes
# Columns of Arrays.visits
PLACE, SETUP, DROP, PINNED, WINDOWS_FROM, WINDOWS_TO, LATE_FROM, LATE_TO = range(8)


class Arrays(NamedTuple):
    """One problem for the kernel. V visits, S shifts, N locations, K loads; seconds and cost units."""

    visits: Ints  # [V, 8] see the columns above
    shifts: Ints  # [S, 19]
    windows: Ints  # [., 2] opens, closes; rows of a visit: WINDOWS_FROM to WINDOWS_TO
    late: Ints  # [., 2] after_s, cost_per_s; rows of a visit: LATE_FROM to LATE_TO
    seconds: Ints  # [profile, N + 1, N + 1], 2 * FAR where no road leads
    prices: Ints  # [price list, N + 1, N + 1]
    metres: Ints  # [profile, N + 1, N + 1], of one location only if nothing limits metres
    allowed: NDArray[np.bool_]  # [V, S]
    assignment_cost: Ints  # [V, S]
    service_s: Ints  # [V, S]
    delivery: Ints  # [V, K]
    pickup: Ints  # [V, K]
    capacity: Ints  # [S, K]
    near: Ints  # [V, neighbours]: other visits, nearest first
    near_shifts: Ints  # [V, few]: shifts that may serve the visit and begin near it, then -1
    picks_up: bool  # whether anything is ever put on a van


def supports(primitives: Primitives) -> bool:
    """Whether the compiled search knows everything that this problem asks for; if not, OR-Tools plans it."""
    few = all(len(pauses) <= MOST_BREAKS for pauses in primitives.breaks)
    simple = all(len(pause.windows) == 1 for pauses in primitives.breaks for pause in pauses)
    linked = primitives.pairs or primitives.links or primitives.worst_late_per_s
    on_duty = primitives.duty_per_s.any() or (primitives.depot != OPEN).any()
    return few and simple and not linked and not on_duty and primitives.shifts > 0


def pack(primitives: Primitives) -> Arrays:
    """Packs primitives that `supports` says yes to. The layout never varies, so the kernel is compiled once."""
    profiles = sorted(set(primitives.profile))
    size = next(iter(primitives.seconds.values())).shape[0]
    seconds = np.stack(
        [
            _framed(np.where(primitives.seconds[one] == UNREACHABLE, 2 * FAR, primitives.seconds[one]))
            for one in profiles
        ]
    )
    if (primitives.max_travel_m < FAR).any():
        metres = np.stack([_framed(primitives.metres[profile]) for profile in profiles])
    else:
        metres = np.zeros((len(profiles), 1, 1), dtype=np.int64)
    price_list, prices = _prices(primitives)
    windows_from, windows = _rows(primitives.windows)
    late_from, late = _rows(primitives.time_cost)
    start, end = (np.where(ends == OPEN, size, ends) for ends in (primitives.start_location, primitives.end_location))
    keep = primitives.drop_cost == KEEP
    one_moment = np.array([len(one) == 1 and one[0][0] == one[0][1] for one in primitives.windows], dtype=np.bool_)
    visits = np.column_stack(
        [
            primitives.visit_location,
            primitives.setup_s,
            np.where(keep, FAR, primitives.drop_cost),
            keep & one_moment,
            windows_from[:-1],
            windows_from[1:],
            late_from[:-1],
            late_from[1:],
        ]
    )
    shifts = np.column_stack(
        [
            [profiles.index(one) for one in primitives.profile],
            price_list,
            start,
            end,
            primitives.earliest_s,
            primitives.soft_end_s,
            primitives.hard_end_s,
            primitives.overtime_per_s,
            primitives.open_cost,
            primitives.max_travel_s,
            primitives.max_travel_m,
            primitives.max_leg_s,
            _breaks(primitives),
        ]
    )

    def ints(array: Ints) -> Ints:
        return np.ascontiguousarray(array, dtype=np.int64)

    return Arrays(
        visits=ints(visits),
        shifts=ints(shifts),
        windows=ints(windows),
        late=ints(late),
        seconds=ints(seconds),
        prices=ints(prices),
        metres=ints(metres),
        allowed=np.ascontiguousarray(primitives.allowed),
        assignment_cost=ints(primitives.assignment_cost),
        service_s=ints(primitives.service_s),
        delivery=ints(primitives.delivery),
        pickup=ints(primitives.pickup),
        capacity=ints(primitives.capacity),
        near=ints(_near(seconds[0], primitives.visit_location)),
        near_shifts=ints(_near_shifts(primitives, seconds[0], start)),
        picks_up=bool(primitives.pickup.any()),
    )


def _framed(matrix: Ints) -> Ints:
    """A matrix with one more location, at no distance from anywhere: an end that is left open."""
    framed = np.zeros((matrix.shape[0] + 1, matrix.shape[1] + 1), dtype=np.int64)
    framed[:-1, :-1] = matrix
    return framed


def _prices(primitives: Primitives) -> tuple[list[int], Ints]:
    """Which price list each shift travels by, and the lists: a price for every leg."""
    lists: dict[tuple[str, int, int], int] = {}
    prices: list[Ints] = []
    of_shift = []
    for shift, profile in enumerate(primitives.profile):
        key = (profile, int(primitives.travel_cost_per_s[shift]), int(primitives.travel_cost_per_m[shift]))
        if key not in lists:
            price = key[1] * primitives.seconds[profile] + key[2] * primitives.metres[profile]
            if profile in primitives.tolls:
                price = price + primitives.toll_factor * primitives.tolls[profile]
            lists[key] = len(prices)
            prices.append(_framed(np.maximum(price, 0)))
        of_shift.append(lists[key])
    return of_shift, np.stack(prices)


def _breaks(primitives: Primitives) -> Ints:
    """For every shift how many breaks it has, and each one's length and window, the earliest first."""
    table = np.zeros((primitives.shifts, 1 + MOST_BREAKS * BREAK_WIDTH), dtype=np.int64)
    for shift, pauses in enumerate(primitives.breaks):
        table[shift, 0] = len(pauses)
        for slot, pause in enumerate(sorted(pauses, key=lambda one: one.windows[0][1])):
            first = 1 + slot * BREAK_WIDTH
            table[shift, first : first + BREAK_WIDTH] = (pause.length_s, *pause.windows[0])
    return table


def _rows(lists: list[tuple[tuple[int, int], ...]]) -> tuple[Ints, Ints]:
    """Lists of pairs as one table, and the row at which each list begins."""
    starts = np.cumsum([0, *(len(one) for one in lists)]).astype(np.int64)
    return starts, np.array([pair for one in lists for pair in one], dtype=np.int64).reshape(-1, 2)


def _near(seconds: Ints, place: Ints) -> Ints:
    """Every visit's neighbours, nearest first, itself left out; there and back counted together."""
    both_ways = seconds[np.ix_(place, place)] + seconds[np.ix_(place, place)].T
    np.fill_diagonal(both_ways, -1)
    count = min(NEIGHBOURS, len(place) - 1)
    nearest = np.argpartition(both_ways, count, axis=1)[:, : count + 1]
    order = np.argsort(np.take_along_axis(both_ways, nearest, axis=1), axis=1, kind="stable")
    return np.take_along_axis(nearest, order, axis=1)[:, 1:]


def _near_shifts(primitives: Primitives, seconds: Ints, start: Ints) -> Ints:
    """For every visit the shifts that may serve it and begin nearest, nearest first; -1 where there are fewer."""
    count = min(NEAR_SHIFTS, primitives.shifts)
    away_s = np.where(primitives.allowed, seconds[np.ix_(primitives.visit_location, start)], 4 * FAR)
    nearest = np.argsort(away_s, axis=1, kind="stable")[:, :count]
    return np.where(np.take_along_axis(away_s, nearest, axis=1) < 4 * FAR, nearest, -1)
