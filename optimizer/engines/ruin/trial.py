"""One order of stops on trial, compiled: how far it is, when everything happens, how late one may leave for it."""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,misc,call-arg"
from __future__ import annotations

from numba import njit

from optimizer.engines.ruin.arrays import (
    DEPOT,
    DUE,
    LATE_FROM,
    LATE_TO,
    MAX_LEG_S,
    MAX_TRAVEL_M,
    MAX_TRAVEL_S,
    NEVER,
    OVERTIME,
    PAUSES_FROM,
    PAUSES_TO,
    PROFILE,
    SETUP,
    SOFT_END,
)
from optimizer.engines.ruin.moments import (
    IMPOSSIBLE,
    NO_LIMIT,
    NONE,
    NOUGHT,
    closing,
    is_linked,
    lateness,
    leg_price,
    opening,
)
from optimizer.engines.ruin.roads import last_leave, shortest, varies
from optimizer.engines.ruin.state import NODE, ON_SITE_S, PLACE, START_S, STOP, WAY_S, WORST_NOW
from optimizer.engines.ruin.ways import best_way


@njit(cache=True, nogil=True)
def measure(a, s, shift, count, gap):
    """Lays out in `walk` the visits with a call after `gap` of them (-1: none): places, ways, times on site.

    Returns how many stops there are, seconds of travel and work, those of travel, and the price of travel, at the best
    times of day. The seconds are NEVER where a limit of travel is exceeded.
    """
    walk, shifts, profile, measured = s.walk, a.shifts, a.shifts[shift, PROFILE], a.metres.shape[0] > 0
    walk[PLACE, 0] = a.place[s.where.shape[0] + shift]
    price = travel_s = travel_m = busy_s = stops = 0
    for at in range(count + 1):
        if at == gap:
            walk[STOP, stops], walk[PLACE, stops + 1], walk[ON_SITE_S, stops] = -1, shifts[shift, DEPOT], 0
            stops += 1
        if at < count:
            node, previous = walk[NODE, at], walk[PLACE, stops]
            setup_s = a.visits[node, SETUP] if previous != a.place[node] else 0
            walk[STOP, stops], walk[PLACE, stops + 1] = node, a.place[node]
            walk[ON_SITE_S, stops] = a.service_s[node, shift] + setup_s
            busy_s += walk[ON_SITE_S, stops]
            stops += 1
    walk[PLACE, stops + 1] = a.place[s.where.shape[0] + s.length.shape[0] + shift]
    for stop in range(stops + 1):
        previous, here = walk[PLACE, stop], walk[PLACE, stop + 1]
        leg_s = a.seconds[profile, previous, here]
        if leg_s > shifts[shift, MAX_LEG_S]:
            return stops, NEVER, 0, 0
        walk[WAY_S, stop] = leg_s
        travel_s += leg_s
        price += leg_price(a, shift, previous, here, leg_s)
        if measured:
            travel_m += a.metres[profile, previous, here]
    if travel_s > shifts[shift, MAX_TRAVEL_S] or travel_m > shifts[shift, MAX_TRAVEL_M]:
        return stops, NEVER, 0, 0
    return stops, busy_s + travel_s, travel_s, price


@njit(cache=True, nogil=True)
def go(a, s, shift, stops, leave_s, home_by_s):
    """`best_way`; where no break is due there is nothing to choose, and `START_S` of `walk` is set."""
    if a.shifts[shift, PAUSES_FROM] < a.shifts[shift, PAUSES_TO]:
        return best_way(a, s, shift, stops, leave_s, home_by_s, NO_LIMIT, NO_LIMIT, NONE)
    walk, traffic = s.walk, varies(a, shift)
    now_s, cost, worst_s, drive_s = leave_s, 0, 0, 0
    s.ahead[0, 3] = 0  # nobody rests
    for stop in range(stops + 1):
        node = walk[STOP, stop] if stop < stops else -1
        start_s = now_s + walk[WAY_S, stop]
        if traffic:
            start_s, _ = shortest(a, shift, walk[PLACE, stop], walk[PLACE, stop + 1], now_s, now_s, s.ahead, NOUGHT)
        if node >= 0:
            start_s = opening(s.bounds, a.visits, a.windows, node, start_s)
            if start_s >= NEVER:
                return IMPOSSIBLE, NEVER, 0, 0, NEVER, 0
            cost += lateness(a.visits, a.late, node, start_s)
            worst_s = max(worst_s, start_s - a.visits[node, DUE])
        if traffic:
            _, leg_s = shortest(a, shift, walk[PLACE, stop], walk[PLACE, stop + 1], now_s, start_s, s.ahead, NOUGHT)
            drive_s += leg_s if leg_s <= a.shifts[shift, MAX_LEG_S] else NEVER
        walk[START_S, stop] = start_s
        now_s = start_s + (walk[ON_SITE_S, stop] if stop < stops else 0)
    if now_s > home_by_s:
        return IMPOSSIBLE, NEVER, 0, 0, NEVER, 0
    cost += a.shifts[shift, OVERTIME] * max(0, now_s - a.shifts[shift, SOFT_END])
    return cost + a.worst_per_s * max(0, worst_s - s.counts[WORST_NOW]), now_s, worst_s, 0, now_s, drive_s


@njit(cache=True, nogil=True)
def last_leave_home(a, s, shift, stops, home_s, most_late_s, at_no_cost):
    """How late somebody without breaks can leave and still be home then.

    `at_no_cost`: with nothing dearer than in `START_S` of `walk`, nobody waiting any longer for a linked visit than
    they must, and no visit later than `most_late_s` after it is due.
    """
    walk, traffic, by_s = s.walk, varies(a, shift), home_s
    for stop in range(stops, -1, -1):
        node = walk[STOP, stop] if stop < stops else -1
        if stop < stops:
            by_s -= walk[ON_SITE_S, stop]
        if node >= 0 and at_no_cost:
            for slope in range(a.visits[node, LATE_FROM], a.visits[node, LATE_TO]):
                if a.late[slope, 1] > 0:
                    by_s = min(by_s, max(walk[START_S, stop], a.late[slope, 0]))
            if a.worst_per_s:
                by_s = min(by_s, a.visits[node, DUE] + most_late_s)
            if is_linked(a, node):
                by_s = min(by_s, walk[START_S, stop])
        if node >= 0:
            by_s = closing(s.bounds, a.visits, a.windows, node, by_s)
        if traffic:
            by_s = last_leave(a, shift, walk[PLACE, stop], walk[PLACE, stop + 1], by_s)
        else:
            by_s -= walk[WAY_S, stop]
    return by_s
