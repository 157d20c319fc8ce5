"""Ways through a day with breaks, compiled: labels from stop to stop, for routes that are walked as a whole.

The same labels as in `optimizer.timing`, with the largest lateness where that has a price: of two with the same breaks
taken, one that is neither sooner nor cheaper nor less late than the other is dropped.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,misc,call-arg"
from __future__ import annotations

from numba import njit

from optimizer.engines.ruin.arrays import (
    DUE,
    EARLIEST,
    GROUP,
    HOME_BY,
    NEVER,
    OVERTIME,
    PAUSES_FROM,
    PAUSES_TO,
    SOFT_END,
)
from optimizer.engines.ruin.moments import IMPOSSIBLE, lateness, opening
from optimizer.engines.ruin.pauses import LENGTH, OPENINGS_FROM, OPENINGS_TO
from optimizer.engines.ruin.state import (
    FREE_S,
    NODE,
    ON_SITE_S,
    SLIP_S,
    SPENT,
    TAKEN,
    WAY_S,
    WORST_NOW,
    WORST_S,
)


@njit(cache=True, nogil=True)
def best_way(a, s, shift, count, leave_s, home_by_s, most_late_s, most_slip_s, goal):
    """The cheapest way through the visits of `walk` for somebody who leaves no earlier than then.

    Returns (cost, home, largest lateness, largest slip, soonest anybody is home): cost is that of lateness, overtime
    and a largest lateness beyond the plan's; IMPOSSIBLE, and home NEVER, if there is no way. No visit is later than
    `most_late_s` after it is due, no linked visit than `most_slip_s` after its first moment. With
    a `goal`, the position of a visit, all that costs is its start.
    """
    walk, ways, ahead, shifts = s.walk, s.ways, s.ahead, a.shifts
    here, found = 0, _leave_home(a, s, shift, leave_s)
    best, best_home, best_worst, best_slip, soonest = IMPOSSIBLE, NEVER, 0, 0, NEVER
    for at in range(count + 1):
        there, reached = 1 - here, 0
        last_s = home_by_s if at == count else s.bounds[walk[NODE, at], 1]
        for k in range(found):
            ahead[0, 0], ahead[0, 1] = ways[here, k, FREE_S], ways[here, k, FREE_S] + walk[WAY_S, at]
            ahead[0, 2], depth = ways[here, k, TAKEN], 1
            while depth:
                depth -= 1
                free_s, arrive_s, taken = ahead[depth, 0], ahead[depth, 1], ahead[depth, 2]
                if arrive_s > last_s:
                    continue  # nor after any break
                if at < count:
                    reached = _work(a, s, at, arrive_s, taken, here, k, reached, most_late_s, most_slip_s, goal)
                elif arrive_s <= a.home_by[shifts[shift, HOME_BY] + taken, 0]:
                    soonest = min(soonest, arrive_s)
                    cost = ways[here, k, SPENT]
                    if goal < 0:
                        cost += shifts[shift, OVERTIME] * max(0, arrive_s - shifts[shift, SOFT_END])
                        cost += a.worst_per_s * max(0, ways[here, k, WORST_S] - s.counts[WORST_NOW])
                    if cost < best or (cost == best and arrive_s < best_home):
                        best, best_home = cost, arrive_s
                        best_worst, best_slip = ways[here, k, WORST_S], ways[here, k, SLIP_S]
                depth = _rest(a, shift, ahead, depth, free_s, arrive_s, taken, NEVER)
        if at < count and reached == 0:
            return IMPOSSIBLE, NEVER, 0, 0, NEVER
        here, found = there, reached
    return best, best_home, best_worst, best_slip, soonest


@njit(cache=True, nogil=True, forceinline=True)
def _leave_home(a, s, shift, leave_s):
    """Sets the first labels: whoever leaves later than they could may have taken breaks before. Returns how many."""
    ways, ahead = s.ways, s.ahead
    earliest_s, found, depth = a.shifts[shift, EARLIEST], 0, 1
    ahead[0, 0], ahead[0, 1], ahead[0, 2] = earliest_s, earliest_s, 0
    while depth:
        depth -= 1
        free_s, taken = ahead[depth, 0], ahead[depth, 2]
        found = _add(ways, 0, found, max(free_s, leave_s), 0, 0, 0, taken)
        depth = _rest(a, shift, ahead, depth, free_s, free_s, taken, leave_s)
    return found


@njit(cache=True, nogil=True, forceinline=True)
def _rest(a, shift, ahead, depth, free_s, arrive_s, taken, before_s):
    """Puts on `ahead` whoever takes one more break now, if it begins before a moment; returns the new depth.

    Travel goes on while a break's window has not opened.
    """
    first = a.shifts[shift, PAUSES_FROM]
    for pause in range(first, a.shifts[shift, PAUSES_TO]):
        if taken >> (pause - first) & 1:
            continue
        for window in range(a.pauses[pause, OPENINGS_FROM], a.pauses[pause, OPENINGS_TO]):
            if free_s <= a.openings[window, 1]:
                start_s = max(free_s, a.openings[window, 0])
                if start_s < before_s:
                    ahead[depth, 0] = start_s + a.pauses[pause, LENGTH]
                    ahead[depth, 1] = max(start_s, arrive_s) + a.pauses[pause, LENGTH]
                    ahead[depth, 2] = taken | 1 << (pause - first)
                    depth += 1
                break
    return depth


@njit(cache=True, nogil=True, forceinline=True)
def _work(a, s, at, arrive_s, taken, here, k, reached, most_late_s, most_slip_s, goal):
    """Adds the label of who arrives at a visit then, coming by a label; returns how many there are."""
    node, ways = s.walk[NODE, at], s.ways
    start_s = opening(s.bounds, a.visits, a.windows, node, arrive_s)
    if start_s >= NEVER:
        return reached
    cost = ways[here, k, SPENT]
    if goal < 0:
        cost += lateness(a.visits, a.late, node, start_s)
    elif at == goal:
        cost = start_s
    worst_s, slip_s = ways[here, k, WORST_S], ways[here, k, SLIP_S]
    if a.worst_per_s:
        if start_s - a.visits[node, DUE] > most_late_s:
            return reached
        worst_s = max(worst_s, start_s - a.visits[node, DUE])
    if a.visits[node, GROUP] >= 0:
        if start_s - s.bounds[node, 0] > most_slip_s:
            return reached
        slip_s = max(slip_s, start_s - s.bounds[node, 0])
    return _add(ways, 1 - here, reached, start_s + s.walk[ON_SITE_S, at], cost, worst_s, slip_s, taken)


@njit(cache=True, nogil=True, forceinline=True)
def _add(ways, row, found, free_s, cost, worst_s, slip_s, taken):
    """Adds a label unless another is as good, drops those that are not as good as it; returns how many there are.

    When there is no room for more it is left out: a route may then seem dearer than it is, never cheaper.
    """
    k = 0
    while k < found:
        both, more_s, more = ways[row, k, TAKEN] & taken, free_s - ways[row, k, FREE_S], cost - ways[row, k, SPENT]
        later_s = worst_s - ways[row, k, WORST_S]
        if both == taken and min(more_s, more, later_s) >= 0:
            return found
        if both == ways[row, k, TAKEN] and max(more_s, more, later_s) <= 0:
            found -= 1
            for column in range(5):
                ways[row, k, column] = ways[row, found, column]
            continue
        k += 1
    if found == ways.shape[1]:
        return found
    ways[row, found, FREE_S], ways[row, found, SPENT], ways[row, found, TAKEN] = free_s, cost, taken
    ways[row, found, WORST_S], ways[row, found, SLIP_S] = worst_s, slip_s
    return found + 1
