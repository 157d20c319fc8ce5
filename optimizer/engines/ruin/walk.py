"""Routes walked as a whole each time, compiled: shifts with a depot, a price or limit of duty, or breaks not simple.

Everything happens as early as it can for somebody who leaves no earlier than the limit on duty asks for, with breaks
where they cost least (`ways.py`); then they leave as late as delays nothing. A call at the depot is made only where
tools or loads need one, and where travel, time and duty together cost least (`depot.py`). Of such a route, `LATE`
holds all that is not a price of assignment.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,misc,call-arg"
from __future__ import annotations

import numpy as np
from numba import njit

from optimizer.engines.ruin.arrays import (
    DEPOT,
    DUE,
    DUTY_RATE,
    EARLIEST,
    GROUP,
    HARD_END,
    LATE_FROM,
    LATE_TO,
    MAX_DUTY,
    MAX_LEG_S,
    MAX_TRAVEL_M,
    MAX_TRAVEL_S,
    NEVER,
    OPEN_COST,
    OVERTIME,
    PAUSES_FROM,
    PAUSES_TO,
    PROFILE,
    SETUP,
    SOFT_END,
)
from optimizer.engines.ruin.depot import bound_calls, latest_call
from optimizer.engines.ruin.moments import IMPOSSIBLE, closing, lateness, leg_price, opening
from optimizer.engines.ruin.spans import carries, least_cost, set_spans
from optimizer.engines.ruin.state import (
    LATE,
    LEAST,
    NODE,
    NOWHERE,
    ON_SITE_S,
    PRICE,
    START_S,
    WAY_S,
    WORST_NOW,
)
from optimizer.engines.ruin.ways import best_way


@njit(cache=True, nogil=True)
def settle(a, s, shift):
    """Sets what a route costs that is not empty."""
    node, end = s.following[s.where.shape[0] + shift], s.where.shape[0] + s.length.shape[0] + shift
    s.sums[shift, PRICE] = a.shifts[shift, OPEN_COST]
    while node != end:
        s.sums[shift, PRICE] += a.assign[node, shift]
        node = s.following[node]
    cost, s.worst[shift] = _cost_with(a, s, shift, -1, -1, IMPOSSIBLE)
    if cost < IMPOSSIBLE:
        cost -= a.worst_per_s * max(0, s.worst[shift] - s.counts[WORST_NOW])
    s.sums[shift, LATE] = cost
    set_spans(a, s, shift)


@njit(cache=True, nogil=True)
def best_gap_walked(a, s, visit, shift, best, fixed):
    """`best_gap` for a shift whose routes are walked as a whole; `fixed` is what the visit costs there in any gap."""
    found, empty = NOWHERE, s.length[shift] == 0
    before = 0 if empty or s.sums[shift, LATE] == IMPOSSIBLE else s.sums[shift, LATE]
    fits, must_call, may_call = (True, True, True) if empty else carries(a, s, shift, visit)
    if not fits:
        return best, found
    node, end = s.where.shape[0] + shift, s.where.shape[0] + s.length.shape[0] + shift
    while node != end:
        limit = best - fixed + before
        if empty or least_cost(a, s, shift, visit, node, must_call, may_call, limit) < limit:
            cost, _ = _cost_with(a, s, shift, visit, node, limit)
            if cost < limit:
                best, found = fixed + cost - before, node
        node = s.following[node]
    return best, found


@njit(cache=True, nogil=True)
def start_walked(a, s, visit, shift, node):
    """When work at a visit starts at the earliest if it comes after a node, as things are there; NEVER if it cannot.

    Where the shift must call at its depot, it does so where travel and times cost least: duty never moves a start.
    """
    count = _lay_out(s, shift, -1 if s.where[visit] == shift else visit, node)
    latest, least, start_s, at = latest_call(a, s, shift, count), IMPOSSIBLE, NEVER, 0
    while s.walk[NODE, at] != visit:
        at += 1
    for gap in range(-1 if latest == count else 0, 0 if latest == count else latest + 1):
        cost, soonest_s = _walk(a, s, shift, count, gap, at, IMPOSSIBLE)
        if cost < least:
            least, start_s = cost, soonest_s
    return start_s


@njit(cache=True, nogil=True)
def _cost_with(a, s, shift, visit, after, below):
    """What a route costs with a visit after a node (-1: as it is), IMPOSSIBLE if it cannot be; its largest lateness.

    The cost is that of travel, lateness, overtime, duty and a largest lateness beyond the plan's. Where that is not
    less than `below`, any other cost that is not is as good.
    """
    count = _lay_out(s, shift, visit, after)
    latest = latest_call(a, s, shift, count)
    if latest < 0:
        return IMPOSSIBLE, 0
    if latest == count:
        return _walk(a, s, shift, count, -1, -1, below)
    bound_calls(a, s, shift, count, latest)
    best, best_worst = IMPOSSIBLE, 0
    while True:  # walks where it costs least at least, first
        gap = np.argmin(s.walk[LEAST, : latest + 1])
        if s.walk[LEAST, gap] >= min(best, below):
            return best, best_worst
        s.walk[LEAST, gap] = IMPOSSIBLE
        cost, worst_s = _walk(a, s, shift, count, gap, -1, min(best, below))
        if cost < best:
            best, best_worst = cost, worst_s


@njit(cache=True, nogil=True, forceinline=True)
def _lay_out(s, shift, visit, after):
    """Puts the visits of a route in `walk`, with a visit after a node (-1: as it is); returns how many there are."""
    node, end = s.where.shape[0] + shift, s.where.shape[0] + s.length.shape[0] + shift
    count = 0
    while node != end:
        if node < s.where.shape[0]:
            s.walk[NODE, count] = node
            count += 1
        if node == after and visit >= 0:
            s.walk[NODE, count] = visit
            count += 1
        node = s.following[node]
    return count


@njit(cache=True, nogil=True)
def _walk(a, s, shift, count, gap, goal, below):
    """`_cost_with` for the visits of `walk`, with a call after `gap` of them (-1: none).

    With a `goal` that is one of them, the cost lacks duty, and instead of lateness comes the earliest start there.
    """
    shifts, rate = a.shifts, a.shifts[shift, DUTY_RATE]
    busy_s, price = _measure(a, s, shift, count, gap)
    most_s, leave_s, home_by_s = shifts[shift, MAX_DUTY], shifts[shift, EARLIEST], shifts[shift, HARD_END]
    if busy_s > min(most_s, home_by_s - leave_s):
        return IMPOSSIBLE, 0
    while True:
        cost, home_s, worst_s, slip_s, soonest_s = _go(a, s, shift, count, leave_s, home_by_s)
        if cost == IMPOSSIBLE:
            return IMPOSSIBLE, 0
        if soonest_s - leave_s <= most_s:
            break
        leave_s = soonest_s - most_s  # who leaves sooner is not home sooner
    home_by_s = min(home_by_s, leave_s + most_s)
    if home_s > home_by_s:
        cost, home_s, worst_s, slip_s, _ = _go(a, s, shift, count, leave_s, home_by_s)
    calm = shifts[shift, PAUSES_FROM] == shifts[shift, PAUSES_TO]
    if goal >= 0:
        if calm:
            return price + cost, s.walk[START_S, goal]
        start_s, _, _, _, _ = best_way(a, s, shift, count, leave_s, home_by_s, IMPOSSIBLE, IMPOSSIBLE, goal)
        return price + cost, start_s
    if rate == 0 or price + cost + rate * busy_s >= below:
        return price + cost + rate * busy_s, worst_s
    if calm:
        leave_s = _last_leave(a, s, count, home_s, max(0, worst_s))
        return price + cost + rate * (home_s - leave_s), worst_s
    needed_s = home_s - (below - price - cost - 1) // rate  # who must leave sooner makes the route too dear
    if needed_s > leave_s and not _leaves_at(a, s, shift, count, needed_s, cost, home_s, worst_s, slip_s):
        return below, worst_s
    low_s, high_s = max(leave_s, needed_s), home_s - busy_s
    while low_s < high_s:
        middle_s = (low_s + high_s + 1) // 2
        if _leaves_at(a, s, shift, count, middle_s, cost, home_s, worst_s, slip_s):
            low_s = middle_s
        else:
            high_s = middle_s - 1
    return price + cost + rate * (home_s - low_s), worst_s


@njit(cache=True, nogil=True, forceinline=True)
def _leaves_at(a, s, shift, count, leave_s, cost, home_s, worst_s, slip_s):
    """Whether somebody with breaks can leave then and be home in time, with nothing dearer and no partner waiting."""
    again, home_again_s, _, _, _ = best_way(a, s, shift, count, leave_s, home_s, max(0, worst_s), slip_s, -1)
    return again == cost and home_again_s == home_s


@njit(cache=True, nogil=True, forceinline=True)
def _measure(a, s, shift, count, gap):
    """Lays out ways and times on site in `walk`: (seconds of travel and work, price of travel).

    The seconds are NEVER where a limit of travel is exceeded.
    """
    walk, shifts, profile = s.walk, a.shifts, a.shifts[shift, PROFILE]
    depot, measured = shifts[shift, DEPOT], a.metres.shape[0] > 0
    end = a.place[s.where.shape[0] + s.length.shape[0] + shift]
    previous = a.place[s.where.shape[0] + shift]
    price = travel_s = travel_m = busy_s = 0
    for at in range(count + 1):
        here = a.place[walk[NODE, at]] if at < count else end
        way_s = 0
        for half in range(2):
            if half == 0 and at != gap:
                continue
            there = depot if half == 0 else here
            leg_s = a.seconds[profile, previous, there]
            if leg_s > shifts[shift, MAX_LEG_S]:
                return NEVER, 0
            way_s += leg_s
            price += leg_price(a, shift, previous, there, leg_s)
            if measured:
                travel_m += a.metres[profile, previous, there]
            if half == 1 and at < count:
                node = walk[NODE, at]
                setup_s = a.visits[node, SETUP] if previous != here else 0
                walk[ON_SITE_S, at] = a.service_s[node, shift] + setup_s
                busy_s += walk[ON_SITE_S, at]
            previous = there
        walk[WAY_S, at] = way_s
        travel_s += way_s
    if travel_s > shifts[shift, MAX_TRAVEL_S] or travel_m > shifts[shift, MAX_TRAVEL_M]:
        return NEVER, 0
    return busy_s + travel_s, price


@njit(cache=True, nogil=True, forceinline=True)
def _go(a, s, shift, count, leave_s, home_by_s):
    """`best_way`; where no break is due there is nothing to choose, and `START_S` of `walk` is set."""
    if a.shifts[shift, PAUSES_FROM] < a.shifts[shift, PAUSES_TO]:
        return best_way(a, s, shift, count, leave_s, home_by_s, IMPOSSIBLE, IMPOSSIBLE, -1)
    now_s, cost, worst_s = leave_s, 0, 0
    for at in range(count):
        node = s.walk[NODE, at]
        start_s = opening(s.bounds, a.visits, a.windows, node, now_s + s.walk[WAY_S, at])
        if start_s >= NEVER:
            return IMPOSSIBLE, NEVER, 0, 0, NEVER
        s.walk[START_S, at] = start_s
        cost += lateness(a.visits, a.late, node, start_s)
        worst_s = max(worst_s, start_s - a.visits[node, DUE])
        now_s = start_s + s.walk[ON_SITE_S, at]
    home_s = now_s + s.walk[WAY_S, count]
    if home_s > home_by_s:
        return IMPOSSIBLE, NEVER, 0, 0, NEVER
    cost += a.shifts[shift, OVERTIME] * max(0, home_s - a.shifts[shift, SOFT_END])
    return cost + a.worst_per_s * max(0, worst_s - s.counts[WORST_NOW]), home_s, worst_s, 0, home_s


@njit(cache=True, nogil=True, forceinline=True)
def _last_leave(a, s, count, home_s, most_late_s):
    """How late somebody without breaks can leave and still be home then, with nothing dearer and no partner waiting.

    Nobody waits for a linked visit any longer than they must, and no visit is later than the latest is.
    """
    by_s = home_s - s.walk[WAY_S, count]
    for at in range(count - 1, -1, -1):
        node = s.walk[NODE, at]
        by_s -= s.walk[ON_SITE_S, at]
        for slope in range(a.visits[node, LATE_FROM], a.visits[node, LATE_TO]):
            if a.late[slope, 1] > 0:
                by_s = min(by_s, max(s.walk[START_S, at], a.late[slope, 0]))
        if a.worst_per_s:
            by_s = min(by_s, a.visits[node, DUE] + most_late_s)
        if a.visits[node, GROUP] >= 0:
            by_s = min(by_s, s.walk[START_S, at])
        by_s = closing(s.bounds, a.visits, a.windows, node, by_s) - s.walk[WAY_S, at]
    return by_s
