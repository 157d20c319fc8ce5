"""When work may start, what starting late costs, and what legs cost, compiled."""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,misc"
from __future__ import annotations

import numpy as np
from numba import njit

from optimizer.engines.ruin.arrays import (
    EXTRA,
    GROUP,
    LATE_FROM,
    LATE_TO,
    NEVER,
    RATE,
    WINDOWS_FROM,
    WINDOWS_TO,
)

IMPOSSIBLE = 2**62
"""The cost of a route that cannot be kept."""
NO_LIMIT, NONE, NOUGHT = np.int64(IMPOSSIBLE), np.int64(-1), np.int64(0)
"""Arguments of functions that are long: for a plain number each of them would be compiled once more."""


@njit(cache=True, nogil=True, forceinline=True)
def opening(bounds, visits, windows, visit, arrival_s):
    """When work may start for somebody who arrives then; NEVER if it is too late."""
    start_s = max(arrival_s, bounds[visit, 0])
    if start_s > bounds[visit, 1]:
        return NEVER
    first, last = visits[visit, WINDOWS_FROM], visits[visit, WINDOWS_TO]
    if last - first <= 1:
        return start_s
    for window in range(first, last):
        if start_s <= windows[window, 1]:
            start_s = max(start_s, windows[window, 0])
            return start_s if start_s <= bounds[visit, 1] else NEVER
    return NEVER


@njit(cache=True, nogil=True, forceinline=True)
def is_linked(a, visit):
    """Whether when others may start depends on when this visit does."""
    group = a.visits[visit, GROUP]
    return group >= 0 and a.groups[group, 1] < a.groups[group + 1, 1]


@njit(cache=True, nogil=True, forceinline=True)
def lateness(visits, late, visit, start_s):
    """What starting then costs."""
    cost = 0
    for slope in range(visits[visit, LATE_FROM], visits[visit, LATE_TO]):
        cost += late[slope, 1] * max(0, start_s - late[slope, 0])
    return cost


@njit(cache=True, nogil=True, forceinline=True)
def closing(bounds, visits, windows, visit, start_s):
    """The latest arrival from which work can start by then; -NEVER if there is none."""
    if start_s < bounds[visit, 0]:
        return -NEVER
    start_s = min(start_s, bounds[visit, 1])
    first, last = visits[visit, WINDOWS_FROM], visits[visit, WINDOWS_TO]
    if last - first <= 1:
        return start_s
    for window in range(last - 1, first - 1, -1):
        if windows[window, 0] <= start_s:
            return min(start_s, windows[window, 1])
    return -NEVER


@njit(cache=True, nogil=True, forceinline=True)
def leg_price(a, shift, origin, destination, leg_s):
    """What a leg costs."""
    price = a.shifts[shift, RATE] * leg_s
    if a.shifts[shift, EXTRA] >= 0:
        price += a.extra[a.shifts[shift, EXTRA], origin, destination]
    return price
