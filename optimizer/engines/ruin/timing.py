"""Times of a route, compiled: labels forward, deadlines backward, so that an insertion is checked in a moment.

A label is the earliest leave after a stop for one set of breaks already taken; a deadline is the latest arrival at a
stop from which the rest of the route still works out, or works out without lateness and overtime ("ease"). Labels
are exact for what is possible; where a break is better taken later to save lateness, the final timing finds that out.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,misc,call-arg"
from __future__ import annotations

from numba import njit

from optimizer.engines.ruin.apart import INT, apart
from optimizer.engines.ruin.arrays import (
    DUE,
    EARLIEST,
    FIRST_BREAK,
    HARD_END,
    LATE_FROM,
    LATE_TO,
    MASKS,
    NEVER,
    OPEN_COST,
    OVERTIME,
    PROFILE,
    SETUP,
    SOFT_END,
    WALKED,
    Arrays,
)
from optimizer.engines.ruin.moments import IMPOSSIBLE, closing, lateness, leg_price, opening
from optimizer.engines.ruin.state import (
    GAP_PRICE,
    GAP_S,
    LATE,
    LEAVE,
    PRICE,
    TRAVEL_M,
    TRAVEL_S,
    WORK_S,
    State,
    set_length,
)
from optimizer.engines.ruin.walk import settle


@njit(cache=True, nogil=True, forceinline=True)
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


@njit(cache=True, nogil=True, forceinline=True)
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
def extend(bounds, visits, shifts, windows, late, shift, visit, leg_s, on_site_s, source, row, target, to):
    """Extends the labels in a row of `source` over a leg to a visit, into one of `target`; False if it is too late."""
    masks, spent = shifts[shift, MASKS], LEAVE + (source.shape[1] - LEAVE) // 4
    possible = False
    for mask in range(masks):
        arrival_s, cost = NEVER, 0
        for origin in range(mask + 1):
            if origin & mask == origin and source[row, LEAVE + origin] < NEVER:
                reached_s = through(shifts, shift, source[row, LEAVE + origin], leg_s, mask ^ origin)
                if reached_s < arrival_s or (reached_s == arrival_s and source[row, spent + origin] < cost):
                    arrival_s, cost = reached_s, source[row, spent + origin]
        start_s = opening(bounds, visits, windows, visit, arrival_s)
        if start_s >= NEVER:
            target[to, LEAVE + mask], target[to, spent + mask] = NEVER, 0
            continue
        target[to, LEAVE + mask] = start_s + on_site_s
        target[to, spent + mask] = cost + lateness(visits, late, visit, start_s)
        possible = True
    return possible


@njit(cache=True, nogil=True)
def come_home(shifts, shift, leg_s, label, row):
    """Lateness and overtime of a route that ends after the labels in a row; IMPOSSIBLE if home cannot be in time."""
    masks, spent = shifts[shift, MASKS], LEAVE + (label.shape[1] - LEAVE) // 4
    best = IMPOSSIBLE
    for origin in range(masks):
        leave_s = label[row, LEAVE + origin]
        if leave_s >= NEVER:
            continue
        for mask in range(masks):
            if origin & mask != origin:
                continue
            home_s = through(shifts, shift, leave_s, leg_s, mask ^ origin)
            if home_s > shifts[shift, HARD_END] or through(shifts, shift, home_s, 0, (masks - 1) ^ mask) >= NEVER:
                continue
            over = shifts[shift, OVERTIME] * max(0, home_s - shifts[shift, SOFT_END])
            best = min(best, label[row, spent + origin] + over)
    return best


@apart(Arrays, State, INT)
def retime(a, s, shift):
    """Recomputes everything kept about one route, from what follows what."""
    shifts, label, sums = a.shifts, s.label, s.sums
    start, end = s.where.shape[0] + shift, s.where.shape[0] + s.length.shape[0] + shift
    spent = LEAVE + a.masks
    for mask in range(shifts[shift, MASKS]):
        label[start, LEAVE + mask], label[start, spent + mask] = NEVER, 0
    label[start, LEAVE] = shifts[shift, EARLIEST]
    for column in range(sums.shape[1]):
        sums[shift, column] = 0
    for kind in range(s.load.shape[1]):
        s.load[shift, kind] = 0
    s.worst[shift] = 0
    if s.length[shift] == 0:
        label[start, GAP_S] = label[start, GAP_PRICE] = 0
        set_deadlines(a, s, shift, end)
        return
    node = s.following[start]
    sums[shift, PRICE] = shifts[shift, OPEN_COST]
    while node != end:
        sums[shift, PRICE] += a.assign[node, shift]
        sums[shift, WORK_S] += a.service_s[node, shift]
        for kind in range(s.load.shape[1]):
            s.load[shift, kind] += a.delivery[node, kind]
        node = s.following[node]
    node = start
    while node != end:
        _set_gap(a, s, shift, node)
        sums[shift, PRICE] += label[node, GAP_PRICE]
        sums[shift, TRAVEL_S] += label[node, GAP_S]
        if a.metres.shape[0]:
            sums[shift, TRAVEL_M] += a.metres[shifts[shift, PROFILE], a.place[node], a.place[s.following[node]]]
        node = s.following[node]
    if shifts[shift, WALKED]:
        settle(a, s, shift)
        return
    set_labels(a, s, shift, s.following[start])
    set_deadlines(a, s, shift, end)


@njit(cache=True, nogil=True)
def insert(a, s, shift, visit, node):
    """Puts a visit after a node of a route and brings up to date what is kept about the route."""
    label, sums, measured = s.label, s.sums, a.metres.shape[0] > 0
    following = s.following[node]
    if s.length[shift] == 0:
        sums[shift, PRICE] += a.shifts[shift, OPEN_COST]
    else:
        sums[shift, PRICE] -= label[node, GAP_PRICE]
        sums[shift, TRAVEL_S] -= label[node, GAP_S]
        if measured:
            sums[shift, TRAVEL_M] -= a.metres[a.shifts[shift, PROFILE], a.place[node], a.place[following]]
    s.following[node], s.before[visit], s.following[visit], s.before[following] = visit, node, following, visit
    s.where[visit] = shift
    set_length(a, s, shift, s.length[shift] + 1)
    sums[shift, PRICE] += a.assign[visit, shift]
    sums[shift, WORK_S] += a.service_s[visit, shift]
    for kind in range(s.load.shape[1]):
        s.load[shift, kind] += a.delivery[visit, kind]
    for origin in (node, visit):
        _set_gap(a, s, shift, origin)
        sums[shift, PRICE] += label[origin, GAP_PRICE]
        sums[shift, TRAVEL_S] += label[origin, GAP_S]
        if measured:
            sums[shift, TRAVEL_M] += a.metres[a.shifts[shift, PROFILE], a.place[origin], a.place[s.following[origin]]]
    if a.shifts[shift, WALKED]:
        settle(a, s, shift)
        return
    set_labels(a, s, shift, visit)
    set_deadlines(a, s, shift, following)


@njit(cache=True, nogil=True, forceinline=True)
def _set_gap(a, s, shift, node):
    here, there = a.place[node], a.place[s.following[node]]
    leg_s = a.seconds[a.shifts[shift, PROFILE], here, there]
    s.label[node, GAP_S] = leg_s
    s.label[node, GAP_PRICE] = leg_price(a, shift, here, there, leg_s)


@njit(cache=True, nogil=True, forceinline=True)
def set_labels(a, s, shift, node):
    """Sets the labels from a node on, those before being right, and what lateness and overtime cost."""
    visits, shifts, windows, late, place, label = a.visits, a.shifts, a.windows, a.late, a.place, s.label
    end = s.where.shape[0] + s.length.shape[0] + shift
    spent = LEAVE + a.masks
    simple = shifts[shift, MASKS] == 1
    while node != end:
        previous = s.before[node]
        on_site_s = a.service_s[node, shift]
        if visits[node, SETUP] and place[previous] != place[node]:
            on_site_s += visits[node, SETUP]
        leg_s = label[previous, GAP_S]
        if simple:
            start_s = opening(s.bounds, visits, windows, node, min(NEVER, label[previous, LEAVE] + leg_s))
            label[node, LEAVE] = min(NEVER, start_s + on_site_s)
            label[node, spent] = label[previous, spent] + lateness(visits, late, node, start_s)
        else:
            extend(s.bounds, visits, shifts, windows, late, shift, node, leg_s, on_site_s, label, previous, label, node)
        node = s.following[node]
    last = s.before[end]
    if a.worst_per_s:
        _set_worst(a, s, shift)
    s.sums[shift, LATE] = come_home(shifts, shift, label[last, GAP_S], label, last)


@njit(cache=True, nogil=True)
def _set_worst(a, s, shift):
    """Notes the largest lateness on a route."""
    s.worst[shift], node = 0, s.following[s.where.shape[0] + shift]
    while node < s.where.shape[0]:
        arrival_s = s.label[s.before[node], LEAVE] + s.label[s.before[node], GAP_S]
        start_s = opening(s.bounds, a.visits, a.windows, node, arrival_s)
        s.worst[shift] = max(s.worst[shift], start_s - a.visits[node, DUE])
        node = s.following[node]


@njit(cache=True, nogil=True, forceinline=True)
def set_deadlines(a, s, shift, node):
    """Sets latest arrivals from a node back to the first, those after being right; "ease": nothing is late or over."""
    visits, shifts, label = a.visits, a.shifts, s.label
    start, end = s.where.shape[0] + shift, s.where.shape[0] + s.length.shape[0] + shift
    masks = shifts[shift, MASKS]
    deadline, ease = LEAVE + 2 * a.masks, LEAVE + 3 * a.masks
    if node == end:
        end_s = shifts[shift, HARD_END]
        soft_s = min(end_s, shifts[shift, SOFT_END]) if shifts[shift, OVERTIME] > 0 else end_s
        for mask in range(masks):
            rest = (masks - 1) ^ mask  # what is left is taken at home, which may then not be too late for it
            latest_s = NEVER if rest == 0 else _back_through(shifts, shift, NEVER, 0, rest)
            label[end, deadline + mask], label[end, ease + mask] = min(end_s, latest_s), min(soft_s, latest_s)
        if s.length[shift] == 0:
            return
        node = s.before[end]
    while node != start:
        following, leg_s = s.following[node], label[node, GAP_S]
        on_site_s = a.service_s[node, shift]
        if visits[node, SETUP] and a.place[s.before[node]] != a.place[node]:
            on_site_s += visits[node, SETUP]
        easy_start_s = visits[node, DUE] if a.worst_per_s else NEVER
        for slope in range(visits[node, LATE_FROM], visits[node, LATE_TO]):
            easy_start_s = min(easy_start_s, a.late[slope, 0])
        for mask in range(masks):
            latest_s, easy_s = -NEVER, -NEVER
            for then in range(mask, masks):
                if then & mask == mask:
                    taken = then ^ mask
                    latest_s = max(
                        latest_s, _back_through(shifts, shift, label[following, deadline + then], leg_s, taken)
                    )
                    easy_s = max(easy_s, _back_through(shifts, shift, label[following, ease + then], leg_s, taken))
            label[node, deadline + mask] = closing(s.bounds, visits, a.windows, node, latest_s - on_site_s)
            label[node, ease + mask] = closing(s.bounds, visits, a.windows, node, min(easy_start_s, easy_s - on_site_s))
        node = s.before[node]
