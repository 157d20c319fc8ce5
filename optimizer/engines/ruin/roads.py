"""Legs that take longer at some times of day, compiled: as `optimizer.setting_out`, for one leg of one shift."""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,misc"
from __future__ import annotations

from numba import njit

from optimizer.engines.ruin.arrays import NEVER, PERIODS_FROM, PERIODS_TO

BEGINS, TABLE = range(2)
"""Columns of Arrays.periods."""


@njit(cache=True, nogil=True, forceinline=True)
def varies(a, shift):
    """Whether this shift's legs take longer at some times of day."""
    return a.shifts[shift, PERIODS_FROM] < a.shifts[shift, PERIODS_TO]


@njit(cache=True, nogil=True, forceinline=True)
def interrupted(ahead, depth, leave_s, travel_s):
    """When a leg ends that is begun then and interrupted by the rests in a row of `ahead` that begin on the way."""
    for rest in range(ahead[depth, 3]):
        start_s = ahead[depth, 4 + 2 * rest]
        if leave_s <= start_s < leave_s + travel_s:
            travel_s -= start_s - leave_s
            leave_s = ahead[depth, 5 + 2 * rest]
    return leave_s + travel_s


@njit(cache=True, nogil=True, forceinline=True)
def _after_rests(ahead, depth, leave_s):
    """The first moment from then on at which nobody rests."""
    for rest in range(ahead[depth, 3]):
        if ahead[depth, 4 + 2 * rest] < leave_s < ahead[depth, 5 + 2 * rest]:
            leave_s = ahead[depth, 5 + 2 * rest]
    return leave_s


@njit(cache=True, nogil=True)
def shortest(a, shift, origin, destination, free_s, by_s, ahead, depth):
    """(soonest arrival, seconds) of a leg for somebody free then, who rests as a row of `ahead` says.

    The seconds are those of the shortest drive that arrives by a moment; NEVER if none does.
    """
    soonest_s, least_s = NEVER, NEVER
    first, last = a.shifts[shift, PERIODS_FROM], a.shifts[shift, PERIODS_TO]
    for moment in range(first, last + ahead[depth, 3]):
        leave_s = free_s
        if moment >= last:
            leave_s = ahead[depth, 5 + 2 * (moment - last)]
        elif moment > first:
            leave_s = a.periods[moment, BEGINS]
        if leave_s < free_s or (leave_s == free_s and moment > first):
            continue
        leave_s = _after_rests(ahead, depth, leave_s)
        travel_s = _seconds_at(a, shift, origin, destination, leave_s)
        arrive_s = interrupted(ahead, depth, leave_s, travel_s)
        soonest_s = min(soonest_s, arrive_s)
        if arrive_s <= by_s:
            least_s = min(least_s, travel_s)
    return soonest_s, least_s


@njit(cache=True, nogil=True, forceinline=True)
def _seconds_at(a, shift, origin, destination, leave_s):
    """How long a leg takes that is begun then."""
    period = a.shifts[shift, PERIODS_TO] - 1
    while a.periods[period, BEGINS] > leave_s:
        period -= 1
    return a.traffic[a.periods[period, TABLE], origin, destination]


@njit(cache=True, nogil=True)
def last_leave(a, shift, origin, destination, by_s):
    """The last moment to leave and be there by then, without rests."""
    last_s, until_s = -NEVER, NEVER
    for period in range(a.shifts[shift, PERIODS_TO] - 1, a.shifts[shift, PERIODS_FROM] - 1, -1):
        leave_s = min(by_s - a.traffic[a.periods[period, TABLE], origin, destination], until_s - 1)
        until_s = a.periods[period, BEGINS]
        if leave_s >= until_s:
            last_s = max(last_s, leave_s)
    return last_s
