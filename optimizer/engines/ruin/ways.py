"""Ways through a day with breaks, compiled: labels from stop to stop, for routes that are walked as a whole.

The same labels as in `optimizer.timing`, with the largest lateness where that has a price: of two with the same breaks
taken, one that is neither sooner nor cheaper nor less late than the other is dropped. How long people drive does not
matter to when they do; of ways that are equally good the first found counts.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,misc,call-arg"
from __future__ import annotations

from numba import njit

from optimizer.engines.ruin.arrays import (
    DUE,
    EARLIEST,
    HOME_BY,
    MAX_LEG_S,
    NEVER,
    OVERTIME,
    PAUSES_FROM,
    PAUSES_TO,
    PERIODS_FROM,
    PERIODS_TO,
    SOFT_END,
)
from optimizer.engines.ruin.moments import IMPOSSIBLE, NOUGHT, is_linked, lateness, opening
from optimizer.engines.ruin.pauses import LENGTH, OPENINGS_FROM, OPENINGS_TO
from optimizer.engines.ruin.roads import BEGINS, shortest, varies
from optimizer.engines.ruin.state import (
    DRIVE_S,
    FREE_S,
    ON_SITE_S,
    PLACE,
    SLIP_S,
    SPENT,
    STOP,
    TAKEN,
    WAY_S,
    WORST_NOW,
    WORST_S,
)


@njit(cache=True, nogil=True)
def best_way(a, s, shift, stops, leave_s, home_by_s, most_late_s, most_slip_s, goal):
    """The cheapest way through the stops of `walk` for somebody who leaves no earlier than then.

    Returns (cost, home, largest lateness, largest slip, soonest anybody is home, seconds of travel if these vary): cost
    is that of lateness, overtime and a largest lateness beyond the plan's; IMPOSSIBLE, and home NEVER, if there is no
    way. No visit is later than `most_late_s` after it is due, no linked visit than `most_slip_s` after its first
    moment. With a `goal`, the position of a stop, all that costs is its start.
    """
    walk, ways, ahead, shifts, traffic = s.walk, s.ways, s.ahead, a.shifts, varies(a, shift)
    here, found = NOUGHT, _leave_home(a, s, shift, leave_s)
    best, best_home, best_worst, best_slip, best_drive, soonest = IMPOSSIBLE, NEVER, 0, 0, 0, NEVER
    for stop in range(stops + 1):
        there, reached, last_s = 1 - here, NOUGHT, home_by_s
        origin, destination = walk[PLACE, stop], walk[PLACE, stop + 1]
        if stop < stops:
            last_s = s.bounds[walk[STOP, stop], 1] if walk[STOP, stop] >= 0 else NEVER - 1
        for k in range(found):
            begun_s = ways[here, k, FREE_S]
            ahead[0, 0], ahead[0, 1], ahead[0, 2] = begun_s, begun_s + walk[WAY_S, stop], ways[here, k, TAKEN]
            ahead[0, 3], depth = 0, 1
            while depth:
                depth -= 1
                free_s, arrive_s, taken = ahead[depth, 0], ahead[depth, 1], ahead[depth, 2]
                if traffic:
                    arrive_s, _ = shortest(a, shift, origin, destination, begun_s, begun_s, ahead, depth)
                    arrive_s = max(arrive_s, free_s)
                if arrive_s > last_s:
                    continue  # nor after any break
                if stop < stops:
                    reached = _work(
                        a, s, shift, stop, arrive_s, depth, here, k, reached, most_late_s, most_slip_s, goal
                    )
                elif arrive_s <= a.home_by[shifts[shift, HOME_BY] + taken, 0]:
                    soonest = min(soonest, arrive_s)
                    cost = ways[here, k, SPENT]
                    if goal < 0:
                        cost += shifts[shift, OVERTIME] * max(0, arrive_s - shifts[shift, SOFT_END])
                        cost += a.worst_per_s * max(0, ways[here, k, WORST_S] - s.counts[WORST_NOW])
                    if cost < best or (cost == best and arrive_s < best_home):
                        best, best_home, best_drive = cost, arrive_s, ways[here, k, DRIVE_S]
                        best_worst, best_slip = ways[here, k, WORST_S], ways[here, k, SLIP_S]
                        best_drive += _drive(a, s, shift, stop, begun_s, arrive_s, depth)
                depth = _rest(a, shift, ahead, depth, free_s, arrive_s, taken, NEVER)
        if stop < stops and reached == 0:
            return IMPOSSIBLE, NEVER, 0, 0, NEVER, 0
        here, found = there, reached
    return best, best_home, best_worst, best_slip, soonest, best_drive


@njit(cache=True, nogil=True, forceinline=True)
def _leave_home(a, s, shift, leave_s):
    """Sets the first labels: whoever leaves later than they could may have taken breaks before. Returns how many."""
    ways, ahead = s.ways, s.ahead
    earliest_s, found, depth = a.shifts[shift, EARLIEST], NOUGHT, 1
    ahead[0, 0], ahead[0, 1], ahead[0, 2], ahead[0, 3] = earliest_s, earliest_s, 0, 0
    while depth:
        depth -= 1
        free_s, taken = ahead[depth, 0], ahead[depth, 2]
        found = _add(ways, NOUGHT, found, max(free_s, leave_s), NOUGHT, NOUGHT, NOUGHT, taken, NOUGHT)
        depth = _rest(a, shift, ahead, depth, free_s, free_s, taken, leave_s)
    return found


@njit(cache=True, nogil=True, forceinline=True)
def _drive(a, s, shift, stop, free_s, by_s, depth):
    """The seconds of the shortest drive to a stop by then, with the rests in a row of `ahead`; 0 if they never vary."""
    if not varies(a, shift):
        return 0
    _, leg_s = shortest(a, shift, s.walk[PLACE, stop], s.walk[PLACE, stop + 1], free_s, by_s, s.ahead, depth)
    return leg_s if leg_s <= a.shifts[shift, MAX_LEG_S] else NEVER


@njit(cache=True, nogil=True, forceinline=True)
def _rest(a, shift, ahead, depth, free_s, arrive_s, taken, before_s):
    """Puts on `ahead` whoever takes one more break now, if it begins before a moment; returns the new depth.

    Travel goes on while a break's window has not opened. Where its seconds vary, one may rest just when a quicker
    period begins, to have set out in it.
    """
    first, begin, end = a.shifts[shift, PAUSES_FROM], a.shifts[shift, PERIODS_FROM], a.shifts[shift, PERIODS_TO]
    spare, rests = ahead.shape[0] - 1, ahead[depth, 3]
    for column in range(4, 4 + 2 * rests):
        ahead[spare, column] = ahead[depth, column]
    for pause in range(first, a.shifts[shift, PAUSES_TO]):
        if taken >> (pause - first) & 1:
            continue
        tried_s = -NEVER
        for period in range(begin - 1, end):
            from_s = free_s if period < begin else a.periods[period, BEGINS]
            start_s = _rest_start(a, pause, from_s)
            if from_s < free_s or start_s == tried_s or start_s >= before_s:
                continue
            tried_s, length_s = start_s, a.pauses[pause, LENGTH]
            ahead[depth, 0], ahead[depth, 1] = start_s + length_s, max(start_s, arrive_s) + length_s
            ahead[depth, 2], ahead[depth, 3] = taken | 1 << (pause - first), rests + 1
            for column in range(4, 4 + 2 * rests):
                ahead[depth, column] = ahead[spare, column]
            ahead[depth, 4 + 2 * rests], ahead[depth, 5 + 2 * rests] = start_s, start_s + length_s
            depth += 1
    return depth


@njit(cache=True, nogil=True, forceinline=True)
def _rest_start(a, pause, from_s):
    """The first moment from then on at which a break may start; NEVER if there is none."""
    for opening_row in range(a.pauses[pause, OPENINGS_FROM], a.pauses[pause, OPENINGS_TO]):
        if from_s <= a.openings[opening_row, 1]:
            return max(from_s, a.openings[opening_row, 0])
    return NEVER


@njit(cache=True, nogil=True, forceinline=True)
def _work(a, s, shift, stop, arrive_s, depth, here, k, reached, most_late_s, most_slip_s, goal):
    """Adds the label of who arrives at a stop then, coming by a label; returns how many there are."""
    node, ways, start_s = s.walk[STOP, stop], s.ways, arrive_s
    cost, worst_s, slip_s = ways[here, k, SPENT], ways[here, k, WORST_S], ways[here, k, SLIP_S]
    if node >= 0:
        start_s = opening(s.bounds, a.visits, a.windows, node, arrive_s)
        if start_s >= NEVER:
            return reached
        if goal < 0:
            cost += lateness(a.visits, a.late, node, start_s)
        if a.worst_per_s:
            if start_s - a.visits[node, DUE] > most_late_s:
                return reached
            worst_s = max(worst_s, start_s - a.visits[node, DUE])
        if is_linked(a, node):
            if start_s - s.bounds[node, 0] > most_slip_s:
                return reached
            slip_s = max(slip_s, start_s - s.bounds[node, 0])
    if stop == goal:
        cost = start_s
    drive_s = ways[here, k, DRIVE_S] + _drive(a, s, shift, stop, ways[here, k, FREE_S], start_s, depth)
    taken = s.ahead[depth, 2]
    return _add(ways, 1 - here, reached, start_s + s.walk[ON_SITE_S, stop], cost, worst_s, slip_s, taken, drive_s)


@njit(cache=True, nogil=True, forceinline=True)
def _add(ways, row, found, free_s, cost, worst_s, slip_s, taken, drive_s):
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
            for column in range(6):
                ways[row, k, column] = ways[row, found, column]
            continue
        k += 1
    if found == ways.shape[1]:
        return found
    ways[row, found, FREE_S], ways[row, found, SPENT], ways[row, found, TAKEN] = free_s, cost, taken
    ways[row, found, WORST_S], ways[row, found, SLIP_S], ways[row, found, DRIVE_S] = worst_s, slip_s, drive_s
    return found + 1
