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

from optimizer.engines.ruin.apart import INT, TWO_INTS, apart
from optimizer.engines.ruin.arrays import (
    DUTY_RATE,
    EARLIEST,
    HARD_END,
    HOME_BY,
    MAX_DUTY,
    MAX_TRAVEL_S,
    NEVER,
    OPEN_COST,
    PAUSES_FROM,
    PAUSES_TO,
    RATE,
    Arrays,
)
from optimizer.engines.ruin.depot import bound_calls, latest_call
from optimizer.engines.ruin.moments import IMPOSSIBLE, NO_LIMIT, NONE
from optimizer.engines.ruin.roads import varies
from optimizer.engines.ruin.spans import carries, least_cost, set_spans
from optimizer.engines.ruin.state import LATE, LEAST, NODE, NOWHERE, PRICE, START_S, WORST_NOW, State
from optimizer.engines.ruin.trial import go, last_leave_home, measure
from optimizer.engines.ruin.ways import best_way


@apart(Arrays, State, INT)
def settle(a, s, shift):
    """Sets what a route costs that is not empty."""
    node, end = s.following[s.where.shape[0] + shift], s.where.shape[0] + s.length.shape[0] + shift
    s.sums[shift, PRICE] = a.shifts[shift, OPEN_COST]
    while node != end:
        s.sums[shift, PRICE] += a.assign[node, shift]
        node = s.following[node]
    cost, s.worst[shift] = _cost_with(a, s, shift, NONE, NONE, NO_LIMIT)
    if cost < IMPOSSIBLE:
        cost -= a.worst_per_s * max(0, s.worst[shift] - s.counts[WORST_NOW])
    s.sums[shift, LATE] = cost
    set_spans(a, s, shift)


@apart(Arrays, State, INT, INT, INT, INT, returns=TWO_INTS)
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


@apart(Arrays, State, INT, INT, INT, returns=INT)
def start_walked(a, s, visit, shift, node):
    """When work at a visit starts at the earliest if it comes after a node, as things are there; NEVER if it cannot.

    Where the shift must call at its depot, it does so where travel and times cost least: duty never moves a start.
    """
    count = _lay_out(s, shift, -1 if s.where[visit] == shift else visit, node)
    latest, least, start_s, at = latest_call(a, s, shift, count), IMPOSSIBLE, NEVER, 0
    while s.walk[NODE, at] != visit:
        at += 1
    for gap in range(-1 if latest == count else 0, 0 if latest == count else latest + 1):
        cost, soonest_s = _walk(a, s, shift, count, gap, at, NO_LIMIT)
        if cost < least:
            least, start_s = cost, soonest_s
    return start_s


@njit(cache=True, nogil=True)
def _cost_with(a, s, shift, visit, after, below):
    """`cost_of_walk` of a route with a visit after a node (-1: as it is)."""
    return cost_of_walk(a, s, shift, _lay_out(s, shift, visit, after), below)


@apart(Arrays, State, INT, INT, INT, returns=TWO_INTS)
def cost_of_walk(a, s, shift, count, below):
    """What the visits of `walk` cost in their order, IMPOSSIBLE if they cannot be; their largest lateness.

    The cost is that of travel, lateness, overtime, duty and a largest lateness beyond the plan's. Where that is not
    less than `below`, any other cost that is not is as good.
    """
    latest = latest_call(a, s, shift, count)
    if latest < 0:
        return IMPOSSIBLE, 0
    if latest == count:
        return _walk(a, s, shift, count, NONE, NONE, below)
    bound_calls(a, s, shift, count, latest)
    best, best_worst = IMPOSSIBLE, 0
    while True:  # walks where it costs least at least, first
        gap = np.argmin(s.walk[LEAST, : latest + 1])
        if s.walk[LEAST, gap] >= min(best, below):
            return best, best_worst
        s.walk[LEAST, gap] = IMPOSSIBLE
        cost, worst_s = _walk(a, s, shift, count, gap, NONE, min(best, below))
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
    """`cost_of_walk` with a call after `gap` of them (-1: none).

    With a `goal` that is one of them, the cost lacks duty, and instead of lateness comes the earliest start there.
    """
    shifts, rate = a.shifts, a.shifts[shift, DUTY_RATE]
    stops, busy_s, travel_s, price = measure(a, s, shift, count, gap)
    most_s, leave_s, home_by_s = shifts[shift, MAX_DUTY], shifts[shift, EARLIEST], shifts[shift, HARD_END]
    if busy_s > min(most_s, home_by_s - leave_s):
        return IMPOSSIBLE, 0
    while True:
        cost, home_s, worst_s, slip_s, soonest_s, drive_s = go(a, s, shift, stops, leave_s, home_by_s)
        if cost == IMPOSSIBLE:
            return IMPOSSIBLE, 0
        if soonest_s - leave_s <= most_s:
            break
        leave_s = soonest_s - most_s  # who leaves sooner is not home sooner
    home_by_s = min(home_by_s, leave_s + most_s)
    if home_s > home_by_s:
        cost, home_s, worst_s, slip_s, _, drive_s = go(a, s, shift, stops, leave_s, home_by_s)
    calm = shifts[shift, PAUSES_FROM] == shifts[shift, PAUSES_TO]
    if goal >= 0:
        goal += int(0 <= gap <= goal)
        start_s = s.walk[START_S, goal]
        if not calm:
            start_s = best_way(a, s, shift, stops, leave_s, home_by_s, NO_LIMIT, NO_LIMIT, goal)[0]
        return price + cost + _more_driving(a, shift, drive_s, travel_s), start_s
    if price + cost + rate * busy_s >= below:
        return price + cost + rate * busy_s, worst_s
    if rate:
        if calm:
            leave_s = last_leave_home(a, s, shift, stops, home_s, max(0, worst_s), True)
        else:
            needed_s = home_s - (below - price - cost - 1) // rate  # who must leave sooner makes the route too dear
            if needed_s > leave_s and not _leaves_at(a, s, shift, stops, needed_s, cost, home_s, worst_s, slip_s):
                return below, worst_s
            leave_s = _last_between(a, s, shift, stops, max(leave_s, needed_s), cost, home_s, worst_s, slip_s)
        cost += rate * (home_s - leave_s)
        if varies(a, shift):
            _, _, _, _, _, drive_s = go(a, s, shift, stops, leave_s, home_s)
    more = _more_driving(a, shift, drive_s, travel_s)
    return (IMPOSSIBLE if more >= IMPOSSIBLE else price + cost + more), worst_s


@njit(cache=True, nogil=True, forceinline=True)
def _more_driving(a, shift, drive_s, least_s):
    """What travel costs more than at the best times of day; IMPOSSIBLE if it then takes longer than the shift may."""
    if not varies(a, shift):
        return 0
    return a.shifts[shift, RATE] * (drive_s - least_s) if drive_s <= a.shifts[shift, MAX_TRAVEL_S] else IMPOSSIBLE


@njit(cache=True, nogil=True)
def _last_between(a, s, shift, stops, low_s, cost, home_s, worst_s, slip_s):
    """How late somebody with breaks can leave who can at `low_s`.

    Tries first what it mostly is: as late as without breaks, less the length of some of them.
    """
    latest_s = last_leave_home(a, s, shift, stops, home_s, 0, False)
    high_s, first = latest_s, a.shifts[shift, HOME_BY]
    sets = 1 << (a.shifts[shift, PAUSES_TO] - a.shifts[shift, PAUSES_FROM])
    tried = 0
    while low_s < high_s:
        middle_s = (low_s + high_s + 1) // 2
        if tried < sets:
            middle_s = latest_s - a.home_by[first + tried, 1]
        elif tried == sets:
            middle_s = low_s + 1
        tried += 1
        if not low_s < middle_s <= high_s:
            continue
        if _leaves_at(a, s, shift, stops, middle_s, cost, home_s, worst_s, slip_s):
            low_s = middle_s
        else:
            high_s = middle_s - 1
    return low_s


@njit(cache=True, nogil=True, forceinline=True)
def _leaves_at(a, s, shift, stops, leave_s, cost, home_s, worst_s, slip_s):
    """Whether somebody with breaks can leave then and be home in time, with nothing dearer and no partner waiting."""
    found = best_way(a, s, shift, stops, leave_s, home_s, max(0, worst_s), slip_s, NONE)
    return found[0] == cost and found[1] == home_s
