"""Routes of shifts that are paid or limited on duty, or may call at a depot, compiled: walked as a whole each time.

Such a shift has no breaks here. Everything happens as early as it can for somebody who leaves no earlier than the limit
on duty asks for; then they leave as late as delays nothing. A call is made only where tools or loads need one, and
where travel, time and duty together cost least. Of such a route, `LATE` holds all that is not a price of assignment.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,misc,call-arg"
from __future__ import annotations

import numpy as np
from numba import njit

from optimizer.engines.ruin.arrays import (
    DEPOT,
    DUTY_RATE,
    EARLIEST,
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
    PROFILE,
    SETUP,
    SOFT_END,
)
from optimizer.engines.ruin.moments import IMPOSSIBLE, closing, lateness, leg_price, opening
from optimizer.engines.ruin.spans import carries, join, least_cost, least_on_site, set_spans
from optimizer.engines.ruin.state import LATE, NOWHERE, PRICE

# Rows of State.walk; REST and LEAST are those of `_bound_calls`
NODE, START_S, WAY_S, ON_SITE_S, REST_S, REST_FROM, REST_TO, LEAST = range(8)


@njit(cache=True, nogil=True)
def settle(a, s, shift):
    """Sets what a route costs that is not empty."""
    node, end = s.following[s.where.shape[0] + shift], s.where.shape[0] + s.length.shape[0] + shift
    s.sums[shift, PRICE] = a.shifts[shift, OPEN_COST]
    while node != end:
        s.sums[shift, PRICE] += a.assign[node, shift]
        node = s.following[node]
    s.sums[shift, LATE] = cost_with(a, s, shift, -1, -1, IMPOSSIBLE)
    set_spans(a, s, shift)


@njit(cache=True, nogil=True)
def best_gap_of_workday(a, s, visit, shift, best, fixed):
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
            cost = cost_with(a, s, shift, visit, node, limit)
            if cost < limit:
                best, found = fixed + cost - before, node
        node = s.following[node]
    return best, found


@njit(cache=True, nogil=True)
def cost_with(a, s, shift, visit, after, below):
    """Travel, lateness, overtime and duty of a route with a visit after a node (-1: as it is); IMPOSSIBLE if none.

    Where that is not less than `below`, any other cost that is not is as good.
    """
    node, end = s.where.shape[0] + shift, s.where.shape[0] + s.length.shape[0] + shift
    count = 0
    while node != end:
        if node < s.where.shape[0]:
            s.walk[NODE, count] = node
            count += 1
        if node == after:
            s.walk[NODE, count] = visit
            count += 1
        node = s.following[node]
    latest = _latest_call(a, s, shift, count)
    if latest < 0:
        return IMPOSSIBLE
    if latest == count:
        return _walk(a, s, shift, count, -1)
    _bound_calls(a, s, shift, count, latest)
    best = IMPOSSIBLE
    while True:  # walks where it costs least at least, first
        gap = np.argmin(s.walk[LEAST, : latest + 1])
        if s.walk[LEAST, gap] >= min(best, below):
            return best
        s.walk[LEAST, gap] = IMPOSSIBLE
        best = min(best, _walk(a, s, shift, count, gap))


@njit(cache=True, nogil=True)
def _bound_calls(a, s, shift, count, latest):
    """Sets what the visits of `walk` cost at least with a call after so many of them, up to `latest`; see `spans`."""
    walk, shifts, legs = s.walk, a.shifts, a.seconds[a.shifts[shift, PROFILE]]
    first, last = s.where.shape[0] + shift, s.where.shape[0] + s.length.shape[0] + shift
    depot, opens_s, closes_s = shifts[shift, DEPOT], shifts[shift, EARLIEST], shifts[shift, HARD_END]
    walk[REST_S, count], walk[REST_FROM, count], walk[REST_TO, count] = 0, opens_s, closes_s
    here, paid = a.place[last], 0
    for at in range(count - 1, -2, -1):
        node = walk[NODE, at] if at >= 0 else first
        there, here = here, a.place[node]
        leg_s = legs[here, there]
        paid += leg_price(a, shift, here, there, leg_s)
        walk[WAY_S, at + 1] = leg_s
        if at >= 0:
            origin = a.place[walk[NODE, at - 1]] if at else a.place[first]
            rest_s, rest_from, rest_to = walk[REST_S, at + 1], walk[REST_FROM, at + 1], walk[REST_TO, at + 1]
            on_site_s = least_on_site(a, shift, origin, node)
            walk[REST_S, at], walk[REST_FROM, at], walk[REST_TO, at] = join(
                on_site_s, s.bounds[node, 0], s.bounds[node, 1], leg_s, rest_s, rest_from, rest_to
            )
    span_s, span_from, span_to, here = 0, opens_s, closes_s, a.place[first]
    for gap in range(latest + 1):
        node = walk[NODE, gap] if gap < count else last
        there = a.place[node]
        to_s, from_s = legs[here, depot], legs[depot, there]
        all_s, all_from, _ = join(
            span_s, span_from, span_to, to_s + from_s, walk[REST_S, gap], walk[REST_FROM, gap], walk[REST_TO, gap]
        )
        walk[LEAST, gap] = IMPOSSIBLE
        if all_s < NEVER and all_s <= shifts[shift, MAX_DUTY]:
            cost = paid + leg_price(a, shift, here, depot, to_s) + leg_price(a, shift, depot, there, from_s)
            cost += shifts[shift, DUTY_RATE] * all_s - leg_price(a, shift, here, there, walk[WAY_S, gap])
            over_s = max(0, all_from + all_s - shifts[shift, SOFT_END])
            walk[LEAST, gap] = cost + shifts[shift, OVERTIME] * over_s
        if gap < count:
            on_site_s = least_on_site(a, shift, here, node)
            span_s, span_from, span_to = join(
                span_s, span_from, span_to, walk[WAY_S, gap], on_site_s, s.bounds[node, 0], s.bounds[node, 1]
            )
        here = there


@njit(cache=True, nogil=True, forceinline=True)
def _latest_call(a, s, shift, count):
    """After how many visits of `walk` the shift must call at the latest; `count` if it need not, -1 if none helps.

    See `optimizer.calls.loads_fit` for what is on the van when.
    """
    calls, latest = a.shifts[shift, DEPOT] >= 0, count
    if calls:
        for at in range(count):
            if a.call_first[s.walk[NODE, at], shift]:
                latest = at
                break
    for kind in range(a.capacity.shape[1]):
        room, fits = a.capacity[shift, kind], True
        delivered = collected = most_collected = most_more = 0
        for at in range(count + 1):
            if delivered + most_more > room and fits:
                fits = False
                if not calls or not a.refilled[kind]:
                    return -1
                latest = min(latest, at - 1)
            if at < count:
                delivered += a.delivery[s.walk[NODE, at], kind]
                collected += a.pickup[s.walk[NODE, at], kind]
                most_collected = max(most_collected, collected)
                most_more = max(most_more, collected - delivered)
        if most_collected > room:
            return -1
    return latest


@njit(cache=True, nogil=True, forceinline=True)
def _walk(a, s, shift, count, gap):
    """What the visits of `walk` cost, with a call after `gap` of them (-1: none); IMPOSSIBLE if they cannot be."""
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
                return IMPOSSIBLE
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
        return IMPOSSIBLE
    most_s, leave_s = shifts[shift, MAX_DUTY], shifts[shift, EARLIEST]
    if busy_s + travel_s > most_s:
        return IMPOSSIBLE
    while True:
        home_s, late = _forward(a, s, count, leave_s)
        if home_s > shifts[shift, HARD_END]:
            return IMPOSSIBLE
        if home_s - leave_s <= most_s:
            break
        leave_s = home_s - most_s  # who leaves sooner is not home sooner
    cost = price + late + shifts[shift, OVERTIME] * max(0, home_s - shifts[shift, SOFT_END])
    if shifts[shift, DUTY_RATE]:
        cost += shifts[shift, DUTY_RATE] * (home_s - _last_leave(a, s, count, home_s))
    return cost


@njit(cache=True, nogil=True, forceinline=True)
def _forward(a, s, count, leave_s):
    """When somebody is home who leaves then, NEVER if it is too late for a visit, and what lateness costs."""
    now_s, late = leave_s, 0
    for at in range(count):
        node = s.walk[NODE, at]
        start_s = opening(s.bounds, a.visits, a.windows, node, now_s + s.walk[WAY_S, at])
        if start_s >= NEVER:
            return NEVER, 0
        s.walk[START_S, at] = start_s
        late += lateness(a.visits, a.late, node, start_s)
        now_s = start_s + s.walk[ON_SITE_S, at]
    return now_s + s.walk[WAY_S, count], late


@njit(cache=True, nogil=True, forceinline=True)
def _last_leave(a, s, count, home_s):
    """How late they can leave and still be home then, with nothing dearer."""
    by_s = home_s - s.walk[WAY_S, count]
    for at in range(count - 1, -1, -1):
        node = s.walk[NODE, at]
        by_s -= s.walk[ON_SITE_S, at]
        for slope in range(a.visits[node, LATE_FROM], a.visits[node, LATE_TO]):
            if a.late[slope, 1] > 0:
                by_s = min(by_s, max(s.walk[START_S, at], a.late[slope, 0]))
        by_s = closing(s.bounds, a.visits, a.windows, node, by_s) - s.walk[WAY_S, at]
    return by_s
