"""Times of a route, compiled: labels forward, deadlines backward, so that an insertion is checked in a moment.

A label is the earliest leave after a stop for one set of breaks already taken; a deadline is the latest arrival at a
stop from which the rest of the route still works out, or works out without lateness and overtime ("ease"). Labels
are exact for what is possible; where a break is better taken later to save lateness, the final timing finds that out.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,misc"
from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from optimizer.engines.ruin.arrays import (
    BREAKS,
    EARLIEST,
    END,
    FIRST_BREAK,
    HARD_END,
    LATE_FROM,
    LATE_TO,
    OPEN_COST,
    OVERTIME,
    PLACE,
    PRICES,
    PROFILE,
    SETUP,
    SOFT_END,
    START,
    WINDOWS_FROM,
    WINDOWS_TO,
)

Ints = NDArray[np.int64]
NEVER = 2**50
"""A time that never comes."""
IMPOSSIBLE = 2**62
"""The cost of a route that cannot be kept."""
MASKS = 4  # sets of at most two breaks

# Columns of State.summary
COST, LATE, TRAVEL_S, TRAVEL_M = range(4)


class State(NamedTuple):
    """A plan that is being changed, in place. L is the longest that a route can get."""

    route: Ints  # [S, L] visits in order
    length: Ints  # [S]
    where: Ints  # [V] shift, or -1
    summary: Ints  # [S, 4] cost, of that lateness and overtime, seconds and metres of travel
    leave: Ints  # [S, L + 1, MASKS] earliest leave after each stop, by breaks taken; row 0 is the start
    spent: Ints  # [S, L + 1, MASKS] lateness cost until then
    deadline: Ints  # [S, L + 1, MASKS] latest arrival at each stop; the row after the last stop is home
    ease: Ints  # [S, L + 1, MASKS] the same without lateness and overtime
    scratch: Ints  # [4, MASKS] labels on trial: leave and spent, twice
    rng: NDArray[np.uint64]  # [1]


@njit(cache=True, nogil=True)
def random(rng):
    """A number in [0, 1) from a xorshift* generator."""
    x = rng[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    rng[0] = x
    return float((x * np.uint64(2685821657736338717)) >> np.uint64(11)) / 9007199254740992.0


@njit(cache=True, nogil=True)
def below(rng, n):
    """A whole number from 0 to n - 1."""
    return min(n - 1, int(random(rng) * n))


@njit(cache=True, nogil=True)
def through(shifts, shift, time_s, leg_s, extra):
    """Arrival after a leg on which the breaks of the set `extra` are taken; NEVER if one is too late."""
    if extra == 0:
        return time_s + leg_s
    if extra != 3:
        at = FIRST_BREAK + (0 if extra == 1 else 3)
        if time_s > shifts[shift, at + 2]:
            return NEVER
        return max(time_s + leg_s, shifts[shift, at + 1]) + shifts[shift, at]
    at = FIRST_BREAK
    rested = max(time_s, shifts[shift, at + 1]) + shifts[shift, at]
    if time_s > shifts[shift, at + 2] or rested > shifts[shift, at + 5]:
        return NEVER
    return max(time_s + leg_s + shifts[shift, at], rested, shifts[shift, at + 4]) + shifts[shift, at + 3]


@njit(cache=True, nogil=True)
def _back_through(shifts, shift, deadline_s, leg_s, extra):
    """The latest leave that arrives by `deadline_s` with these breaks taken on the leg; -NEVER if there is none."""
    if extra == 0:
        return deadline_s - leg_s
    if extra != 3:
        at = FIRST_BREAK + (0 if extra == 1 else 3)
        if shifts[shift, at + 1] + shifts[shift, at] > deadline_s:
            return -NEVER
        return min(shifts[shift, at + 2], deadline_s - leg_s - shifts[shift, at])
    at = FIRST_BREAK
    first_s, second_s = shifts[shift, at], shifts[shift, at + 3]
    rested = shifts[shift, at + 1] + first_s
    if rested > shifts[shift, at + 5] or max(rested, shifts[shift, at + 4]) + second_s > deadline_s:
        return -NEVER
    return min(shifts[shift, at + 2], shifts[shift, at + 5] - first_s, deadline_s - leg_s - first_s - second_s)


@njit(cache=True, nogil=True)
def extend(visits, shifts, windows, late, shift, visit, leg_s, on_site_s, leave, spent, row, new_leave, new_spent, to):
    """Extends the labels in `row` over a leg to a visit, into row `to`; False if it cannot be reached in time."""
    first, last = visits[visit, WINDOWS_FROM], visits[visit, WINDOWS_TO]
    possible = False
    for mask in range(1 << shifts[shift, BREAKS]):
        arrival, cost = NEVER, 0
        for origin in range(mask + 1):
            if origin & mask == origin and leave[row, origin] < NEVER:
                reached = through(shifts, shift, leave[row, origin], leg_s, mask ^ origin)
                if reached < arrival or (reached == arrival and spent[row, origin] < cost):
                    arrival, cost = reached, spent[row, origin]
        start = arrival
        if first < last:
            start = NEVER
            for window in range(first, last):
                if arrival <= windows[window, 1]:
                    start = max(arrival, windows[window, 0])
                    break
        if start >= NEVER:
            new_leave[to, mask] = NEVER
            continue
        for slope in range(visits[visit, LATE_FROM], visits[visit, LATE_TO]):
            cost += late[slope, 1] * max(0, start - late[slope, 0])
        new_leave[to, mask], new_spent[to, mask] = start + on_site_s, cost
        possible = True
    return possible


@njit(cache=True, nogil=True)
def come_home(shifts, shift, leg_s, leave, spent, row):
    """Lateness and overtime of a route that ends after the labels in `row`; IMPOSSIBLE if home cannot be in time."""
    masks = 1 << shifts[shift, BREAKS]
    best = IMPOSSIBLE
    for origin in range(masks):
        if leave[row, origin] >= NEVER:
            continue
        for mask in range(masks):
            if origin & mask != origin:
                continue
            home = through(shifts, shift, leave[row, origin], leg_s, mask ^ origin)
            if home > shifts[shift, HARD_END] or through(shifts, shift, home, 0, (masks - 1) ^ mask) >= NEVER:
                continue
            over = shifts[shift, OVERTIME] * max(0, home - shifts[shift, SOFT_END])
            best = min(best, spent[row, origin] + over)
    return best


@njit(cache=True, nogil=True)
def retime(a, s, shift):
    """Recomputes everything kept about one route after its visits changed."""
    visits, shifts, n = a.visits, a.shifts, s.length[shift]
    legs, prices = a.seconds[shifts[shift, PROFILE]], a.prices[shifts[shift, PRICES]]
    leave, spent, route = s.leave[shift], s.spent[shift], s.route[shift]
    before = shifts[shift, START]
    leave[0, :] = NEVER
    leave[0, 0] = shifts[shift, EARLIEST]
    spent[0, :] = 0
    cost = seconds = metres = lateness = 0
    measured = a.metres.shape[1] > 1
    for k in range(n):
        visit = route[k]
        here = visits[visit, PLACE]
        on_site_s = a.service_s[visit, shift] + (visits[visit, SETUP] if before != here else 0)
        extend(
            visits,
            shifts,
            a.windows,
            a.late,
            shift,
            visit,
            legs[before, here],
            on_site_s,
            leave,
            spent,
            k,
            leave,
            spent,
            k + 1,
        )
        cost += prices[before, here] + a.assignment_cost[visit, shift]
        seconds += legs[before, here]
        if measured:
            metres += a.metres[shifts[shift, PROFILE], before, here]
        before = here
    if n:
        home = shifts[shift, END]
        lateness = come_home(shifts, shift, legs[before, home], leave, spent, n)
        cost += prices[before, home] + shifts[shift, OPEN_COST]
        cost = IMPOSSIBLE if lateness == IMPOSSIBLE else cost + lateness
        seconds += legs[before, home]
        if measured:
            metres += a.metres[shifts[shift, PROFILE], before, home]
    s.summary[shift, COST], s.summary[shift, LATE] = cost, lateness
    s.summary[shift, TRAVEL_S], s.summary[shift, TRAVEL_M] = seconds, metres
    _set_deadlines(a, shift, n, route, legs, s.deadline[shift], False)
    _set_deadlines(a, shift, n, route, legs, s.ease[shift], True)


@njit(cache=True, nogil=True)
def _set_deadlines(a, shift, n, route, legs, deadline, at_ease):
    """Latest arrivals from home back to the first stop; `at_ease`: so that nothing is late and nobody works over."""
    visits, shifts = a.visits, a.shifts
    masks = 1 << shifts[shift, BREAKS]
    end_s = shifts[shift, HARD_END]
    if at_ease and shifts[shift, OVERTIME] > 0:
        end_s = min(end_s, shifts[shift, SOFT_END])
    for mask in range(masks):
        rest = (masks - 1) ^ mask  # what is left is taken at home, which may then not be too late for it
        deadline[n, mask] = end_s if rest == 0 else min(end_s, _back_through(shifts, shift, NEVER, 0, rest))
    after = shifts[shift, END]
    for k in range(n - 1, -1, -1):
        visit = route[k]
        here = visits[visit, PLACE]
        before = visits[route[k - 1], PLACE] if k else shifts[shift, START]
        on_site_s = a.service_s[visit, shift] + (visits[visit, SETUP] if before != here else 0)
        for mask in range(masks):
            latest = -NEVER
            for then in range(mask, masks):
                if then & mask == mask:
                    leg_s = legs[here, after]
                    latest = max(latest, _back_through(shifts, shift, deadline[k + 1, then], leg_s, then ^ mask))
            latest -= on_site_s
            if at_ease:
                for slope in range(visits[visit, LATE_FROM], visits[visit, LATE_TO]):
                    latest = min(latest, a.late[slope, 0])
            first, last = visits[visit, WINDOWS_FROM], visits[visit, WINDOWS_TO]
            if first < last:
                bound = -NEVER
                for window in range(last - 1, first - 1, -1):
                    if a.windows[window, 0] <= latest:
                        bound = min(latest, a.windows[window, 1])
                        break
                latest = bound
            deadline[k, mask] = latest
        after = here
