"""The cheapest place for one visit, compiled: in every route that comes into question.

What is found for a route is remembered until the route changes: of one round's ten insertions into dozens of routes,
only those into the few routes that the round has changed are computed.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,misc,call-arg"
from __future__ import annotations

import numpy as np
from numba import njit

from optimizer.engines.ruin.apart import BOOLS, INT, THREE_INTS, apart
from optimizer.engines.ruin.arrays import (
    DUE,
    EXTRA,
    KIND,
    LATE_FROM,
    LATE_TO,
    MASKS,
    MAX_LEG_S,
    MAX_TRAVEL_M,
    MAX_TRAVEL_S,
    NEVER,
    OPEN_COST,
    PROFILE,
    RATE,
    SETUP,
    WALKED,
    WINDOWS_FROM,
    WINDOWS_TO,
    Arrays,
)
from optimizer.engines.ruin.balance import other_has_changed, price_beyond, room_s
from optimizer.engines.ruin.borrow import lent
from optimizer.engines.ruin.chance import below
from optimizer.engines.ruin.moments import IMPOSSIBLE, lateness, opening
from optimizer.engines.ruin.rest import finish, going_on, worst_with
from optimizer.engines.ruin.state import (
    GAP_PRICE,
    GAP_S,
    LATE,
    LEAVE,
    NODE_BITS,
    NOWHERE,
    TRAVEL_M,
    TRAVEL_S,
    WORST_NOW,
    State,
)
from optimizer.engines.ruin.timing import extend
from optimizer.engines.ruin.walk import best_gap_walked

FEW_SHIFTS = 80
"""Up to here every shift is tried for an insertion; beyond, those that serve a neighbour or begin near."""
NEIGHBOURS_TRIED = 40
BLINK_ONE_IN = np.int64(100)
"""One route of so many is overlooked, so that greedy insertion does not always build the same plan; 0: none."""
NODE = (1 << NODE_BITS) - 1


@apart(Arrays, State, INT, BOOLS, BOOLS, INT, INT, returns=THREE_INTS)
def best_place(a, s, visit, changed, tried, best, blink_one_in):
    """The cheapest insertion below `best`: (added cost, shift, node before), shift -1 if there is none.

    `changed` marks routes whose insertions are not to be remembered; `tried` is scratch, one flag a shift.
    """
    assign, length, cache, version = a.assign, s.length, s.cache, s.version
    found_shift, found_node = -1, -1
    every = length.shape[0] <= FEW_SHIFTS
    candidates = length.shape[0] if every else a.near_kinds.shape[1] + min(NEIGHBOURS_TRIED, a.near.shape[1])
    overlooked = below(s.rng, blink_one_in) if blink_one_in else candidates
    if not every:
        tried[:] = False
    if a.worst_per_s:
        note_worst(s)
    for candidate in range(candidates):
        shift = shift_to_try(a, s, visit, candidate, every)
        if shift < 0 or (not every and tried[shift]):
            continue
        tried[shift] = True
        if s.closed[shift]:
            continue
        fixed = assign[visit, shift]
        if fixed >= best or (blink_one_in and candidate % blink_one_in == overlooked):
            continue
        known, lasting = cache[visit, shift, 1], not changed[shift] and not a.worst_per_s
        lasting = lasting and not (a.busy_per_s and other_has_changed(a, changed, shift))
        if lasting and known >> NODE_BITS == version[shift]:
            cost, node = cache[visit, shift, 0], known & NODE
            if cost >= best:
                continue
            if node == NOWHERE:  # there was none below a lower cost then
                cost, node = best_gap(a, s, visit, shift, best)
        else:
            cost, node = best_gap(a, s, visit, shift, best)
        if lasting:
            cache[visit, shift, 0], cache[visit, shift, 1] = cost, version[shift] << NODE_BITS | node
        if cost < best and node != NOWHERE:
            best, found_shift, found_node = cost, shift, node
    return best, found_shift, found_node


@njit(cache=True, nogil=True, forceinline=True)
def shift_to_try(a, s, visit, candidate, every):
    """The shift that a number stands for, or -1: any shift, or else those that begin near or serve a neighbour."""
    if every:
        stands = s.length[candidate] or s.empty[a.kind_from[a.shifts[candidate, KIND]]] == candidate
        return candidate if stands else -1  # of empty ones that are alike, one stands for all
    kinds = a.near_kinds.shape[1]
    if candidate >= kinds:
        return s.where[a.near[visit, candidate - kinds]]
    kind = a.near_kinds[visit, candidate]
    return s.empty[a.kind_from[kind]] if kind >= 0 and s.empties[kind] else -1


@njit(cache=True, nogil=True)
def fits(a, s, visit, shift):
    """Whether a visit fits into a route somewhere, at any cost; for callers outside the kernel."""
    _, node = best_gap(lent(a), lent(s), visit, shift, NEVER)
    return node != NOWHERE


@njit(cache=True, nogil=True)
def best_gap(a, s, visit, shift, best):
    """The cheapest insertion into one route below `best`: (added cost, node before), else (`best`, NOWHERE)."""
    visits, shifts, place, label, following = a.visits, a.shifts, a.place, s.label, s.following
    seconds, sums, profile = a.seconds, s.sums, shifts[shift, PROFILE]
    start, end = s.where.shape[0] + shift, s.where.shape[0] + s.length.shape[0] + shift
    found = NOWHERE
    fixed = a.assign[visit, shift]
    if s.length[shift] == 0:
        fixed += shifts[shift, OPEN_COST]
    busy, room = a.busy_per_s > 0, 0
    if busy:
        room = room_s(a, s, shift)
        fixed += price_beyond(a, room, a.service_s[visit, shift])
        room -= a.service_s[visit, shift]
    if fixed >= best:
        return best, found
    if shifts[shift, WALKED]:
        return best_gap_walked(a, s, visit, shift, best, fixed)
    if not _carries(a, s, shift, visit):
        return best, found
    here, opens_s, closes_s = place[visit], s.bounds[visit, 0], s.bounds[visit, 1]
    service_s, setup_s = a.service_s[visit, shift], visits[visit, SETUP]
    one_window = visits[visit, WINDOWS_TO] - visits[visit, WINDOWS_FROM] <= 1
    dear = visits[visit, LATE_FROM] < visits[visit, LATE_TO]
    rate, extra, simple = shifts[shift, RATE], shifts[shift, EXTRA], shifts[shift, MASKS] == 1
    spare_s = shifts[shift, MAX_TRAVEL_S] - sums[shift, TRAVEL_S]
    spare_m = shifts[shift, MAX_TRAVEL_M] - sums[shift, TRAVEL_M]
    max_leg_s, measured = shifts[shift, MAX_LEG_S], a.metres.shape[0] > 0
    before_s = 0 if sums[shift, LATE] == IMPOSSIBLE else sums[shift, LATE]
    late_so_far, deadline, ease = LEAVE + a.masks, LEAVE + 2 * a.masks, LEAVE + 3 * a.masks
    node = start
    while node != end:
        after = following[node]
        previous, there = place[node], place[after]
        to_s, from_s = seconds[profile, previous, here], seconds[profile, here, there]
        added = fixed + rate * (to_s + from_s) - label[node, GAP_PRICE]
        if extra >= 0:
            added += a.extra[extra, previous, here] + a.extra[extra, here, there]
        if busy:
            added += price_beyond(a, room, to_s + from_s - label[node, GAP_S])
        this, node = node, after
        if added >= best:
            continue
        if to_s > max_leg_s or from_s > max_leg_s or to_s + from_s - label[this, GAP_S] > spare_s:
            continue
        if measured:
            way_m = a.metres[profile, previous, here] + a.metres[profile, here, there]
            if s.length[shift]:
                way_m -= a.metres[profile, previous, there]
            if way_m > spare_m:
                continue
        on_site_s = service_s + (setup_s if previous != here else 0)
        settled = not a.sets_up or after == end or visits[after, SETUP] == 0
        settled = settled or (previous == there) == (here == there)
        if simple:
            start_s = label[this, LEAVE] + to_s
            if start_s > closes_s:
                if label[this, LEAVE] > closes_s:
                    break  # and nobody leaves later stops earlier
                continue
            start_s = max(start_s, opens_s) if one_window else opening(s.bounds, visits, a.windows, visit, start_s)
            leave_s = start_s + on_site_s
            if settled and leave_s + from_s > label[after, deadline]:
                continue
            spent = label[this, late_so_far]
            if dear:
                spent += lateness(visits, a.late, visit, start_s)
            if added + spent - before_s >= best:
                continue
            timely = a.worst_per_s == 0 or start_s <= visits[visit, DUE]
            if settled and timely and leave_s + from_s <= label[after, ease]:
                added += spent - before_s
            else:
                s.scratch[0, LEAVE], s.scratch[0, late_so_far] = leave_s, spent
                rest = finish(a, s, shift, visit, after)
                if rest == IMPOSSIBLE:
                    continue
                added += rest - before_s
                if a.worst_per_s:
                    worst_s = worst_with(a, s, shift, visit, start_s, leave_s, after)
                    added += a.worst_per_s * max(0, worst_s - s.counts[WORST_NOW])
        else:
            rest = _with_breaks(a, s, shift, visit, this, to_s, from_s, on_site_s, settled, deadline, ease)
            if rest == IMPOSSIBLE:
                continue
            added += rest - before_s
        if added < best and _carries_from(a, s, shift, visit, this):
            best, found = added, this
    return best, found


@njit(cache=True, nogil=True)
def _with_breaks(a, s, shift, visit, node, to_s, from_s, on_site_s, settled, deadline, ease):
    """Lateness and overtime of the route with the visit after a node, where the shift has breaks; or IMPOSSIBLE."""
    visits, shifts, windows, late = a.visits, a.shifts, a.windows, a.late
    if not extend(s.bounds, visits, shifts, windows, late, shift, visit, to_s, on_site_s, s.label, node, s.scratch, 0):
        return IMPOSSIBLE
    return going_on(a, s, shift, visit, s.following[node], from_s, settled, deadline, ease)


@njit(cache=True, nogil=True, forceinline=True)
def note_worst(s):
    """Notes the largest lateness of the plan as it is now: only what exceeds it costs more."""
    s.counts[WORST_NOW] = 0
    for shift in range(s.length.shape[0]):
        s.counts[WORST_NOW] = max(s.counts[WORST_NOW], s.worst[shift])


@njit(cache=True, nogil=True, forceinline=True)
def _carries(a, s, shift, visit):
    """Whether the van holds all that is delivered, with this visit."""
    for kind in range(a.capacity.shape[1]):
        if s.load[shift, kind] + a.delivery[visit, kind] > a.capacity[shift, kind]:
            return False
    return True


@njit(cache=True, nogil=True, forceinline=True)
def _carries_from(a, s, shift, visit, node):
    """Whether the van never holds too much of what is picked up on the way if `visit` comes after `node`."""
    if not a.picks_up:
        return True
    start, end = s.where.shape[0] + shift, s.where.shape[0] + s.length.shape[0] + shift
    for kind in range(a.capacity.shape[1]):
        load = s.load[shift, kind] + a.delivery[visit, kind]
        at = start
        while at != end:
            if at != start:
                load += a.pickup[at, kind] - a.delivery[at, kind]
            if load > a.capacity[shift, kind]:
                return False
            if at == node:
                load += a.pickup[visit, kind] - a.delivery[visit, kind]
                if load > a.capacity[shift, kind]:
                    return False
            at = s.following[at]
    return True
