"""Linked visits, compiled: crews who start together, work that follows other work, on routes that are planned apart.

While a group is planned its members are decoupled: each has bounds for its start such that any starts inside them
satisfy every link. So everything else goes into their routes without asking about partners. Bounds are set around the
starts at which the group is put in, and set anew around the earliest starts whenever one of its routes has changed.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,misc,call-arg"
from __future__ import annotations

import numpy as np
from numba import njit

from optimizer.engines.ruin.arrays import (
    CLOSES,
    FIRST,
    GROUP,
    KIND_OF_LINK,
    LEAST,
    MASKS,
    MOST,
    NEVER,
    OPENS,
    PROFILE,
    SECOND,
)
from optimizer.engines.ruin.insert import best_gap, note_worst
from optimizer.engines.ruin.moments import opening
from optimizer.engines.ruin.state import LEAVE, NOWHERE, OUT, forget, keep, set_length
from optimizer.engines.ruin.timing import insert, retime
from optimizer.primitives import DIFFERENT, SAME

ANCHORS = 4
"""Routes tried for the member of a group that is put in first."""
SWEEPS = 8
"""How often bounds are drawn in after a round: those of one group may let another start sooner."""


@njit(cache=True, nogil=True)
def put_group(a, s, kept, group, worth):
    """Puts all members of a group where together they cost least, if that is less than `worth`.

    Each member in turn is put in first, on one of its cheapest routes; the others follow within what that leaves them.
    Where members may share a route, each is put in for a trial before the next one looks for its place.
    """
    if a.worst_per_s:
        note_worst(s)
    first, size = a.groups[group, 0], a.groups[group + 1, 0] - a.groups[group, 0]
    trial, best_trial = np.empty((size, 4), np.int64), np.empty((size, 4), np.int64)  # visit, shift, node, start
    anchors = np.empty((ANCHORS, 3), np.int64)
    found, best = False, worth
    for turn in range(size):
        if kept.changes[0] + 8 * ANCHORS * size > kept.bounds.shape[0]:
            break
        for k in range(size):
            trial[k, 0] = a.members[first + (turn + k) % size]
        for number in range(_anchors(a, s, trial[0, 0], anchors, best)):
            total, shift, node = anchors[number, 0], anchors[number, 1], anchors[number, 2]
            if total >= best:
                break
            placed = inserted = 0
            while shift >= 0:
                visit = trial[placed, 0]
                low, _ = _room(a, group, trial, placed, visit)
                trial[placed, 1], trial[placed, 2] = shift, node
                trial[placed, 3] = _start(a, s, visit, shift, node, max(low, a.visits[visit, OPENS]))
                placed += 1
                if placed == size:
                    break
                if not a.apart[group]:
                    _put(a, s, kept, visit, shift, node, trial[placed - 1, 3])
                    inserted += 1
                cost, shift, node = _next_place(a, s, group, trial, placed, best - total)
                total += cost
            if placed == size and total < best:
                best, found = total, True
                best_trial[:] = trial
            for k in range(inserted - 1, -1, -1):
                _take_out(a, s, kept, trial[k, 0])
    if found:
        for k in range(size):
            _put(a, s, kept, best_trial[k, 0], best_trial[k, 1], best_trial[k, 2], best_trial[k, 3])
        loosen(a, s, kept, group, True)


@njit(cache=True, nogil=True)
def _put(a, s, kept, visit, shift, node, start_s):
    """Puts a visit after a node, to start at a given moment."""
    keep(s, kept, shift)
    _fix(s, kept, visit, start_s, start_s)
    insert(a, s, shift, visit, node)


@njit(cache=True, nogil=True)
def _take_out(a, s, kept, visit):
    """Removes one visit from its route and frees its bounds."""
    shift, previous, after = s.where[visit], s.before[visit], s.following[visit]
    keep(s, kept, shift)
    s.following[previous], s.before[after] = after, previous
    s.where[visit] = OUT
    set_length(a, s, shift, s.length[shift] - 1)
    _free(a, s, kept, visit)
    retime(a, s, shift)


@njit(cache=True, nogil=True)
def remove_partners(a, s, kept, pool, count):
    """Removes all partners of the visits in the pool, into the pool; returns how many are in it then."""
    removed = count
    for k in range(removed):
        group = a.visits[pool[k], GROUP]
        if group < 0:
            continue
        _free(a, s, kept, pool[k])
        for member in range(a.groups[group, 0], a.groups[group + 1, 0]):
            if s.where[a.members[member]] != OUT:
                _take_out(a, s, kept, a.members[member])
                pool[count] = a.members[member]
                count += 1
    return count


@njit(cache=True, nogil=True)
def settle(a, s, kept):
    """Draws the bounds of linked visits on changed routes around the earliest starts that there can be now."""
    visits, shifts = s.where.shape[0], s.length.shape[0]
    for _ in range(SWEEPS):
        moved = False
        for number in range(kept.routes[0]):
            shift = kept.shifts[number]
            node, end = s.following[visits + shift], visits + shifts + shift
            while node != end:
                if a.visits[node, GROUP] >= 0 and kept.changes[0] + visits < kept.bounds.shape[0]:
                    moved |= loosen(a, s, kept, a.visits[node, GROUP], True)
                node = s.following[node]
        if not moved:
            return


@njit(cache=True, nogil=True)
def settle_all(a, s, kept):
    """Sets the bounds of every planned group anew, from what follows what alone."""
    for visit in range(s.where.shape[0]):
        s.bounds[visit, 0], s.bounds[visit, 1] = a.visits[visit, OPENS], a.visits[visit, CLOSES]
    for shift in range(s.length.shape[0]):
        retime(a, s, shift)
    closed, sweeps = False, 0
    while True:
        moved, sweeps = False, sweeps + 1
        for group in range(a.groups.shape[0] - 1):
            if s.where[a.members[a.groups[group, 0]]] != OUT:
                moved |= loosen(a, s, kept, group, closed)
            kept.changes[0] = 0
        if closed:
            break
        closed = not moved or sweeps > s.where.shape[0]
    forget(kept)


@njit(cache=True, nogil=True)
def loosen(a, s, kept, group, closed):
    """Sets the bounds of a planned group around its earliest starts; says whether one of them has moved.

    Not `closed`: no member has a last moment yet, since starts before it may still have to move.
    """
    first, size = a.groups[group, 0], a.groups[group + 1, 0] - a.groups[group, 0]
    starts_s = np.empty(size, np.int64)
    for k in range(size):
        visit = a.members[first + k]
        starts_s[k] = _start(a, s, visit, s.where[visit], s.before[visit], a.visits[visit, OPENS])
    rising = True
    while rising:
        rising = False
        for row in range(a.groups[group, 1], a.groups[group + 1, 1]):
            one, other = _member(a, group, a.links[row, FIRST]), _member(a, group, a.links[row, SECOND])
            if starts_s[one] >= NEVER or starts_s[other] >= NEVER:
                return False
            if starts_s[other] < starts_s[one] + a.links[row, LEAST]:
                starts_s[other], rising = starts_s[one] + a.links[row, LEAST], True
            if starts_s[one] < starts_s[other] - a.links[row, MOST]:
                starts_s[one], rising = starts_s[other] - a.links[row, MOST], True
    moved = False
    for k in range(size):
        visit = a.members[first + k]
        high = a.visits[visit, CLOSES]
        for row in range(a.groups[group, 1], a.groups[group + 1, 1]):
            if closed and a.links[row, FIRST] == visit:
                high = min(high, starts_s[_member(a, group, a.links[row, SECOND])] - a.links[row, LEAST])
            elif closed and a.links[row, SECOND] == visit:
                high = min(high, starts_s[_member(a, group, a.links[row, FIRST])] + a.links[row, MOST])
        if s.bounds[visit, 0] != starts_s[k] or s.bounds[visit, 1] != high:
            shift = s.where[visit]
            keep(s, kept, shift)
            moved |= s.bounds[visit, 0] != starts_s[k]
            _fix(s, kept, visit, starts_s[k], high)
            kept.moved[shift] = True
            retime(a, s, shift)
    return moved


@njit(cache=True, nogil=True)
def _free(a, s, kept, visit):
    """Lets a visit start whenever its windows say so."""
    _fix(s, kept, visit, a.visits[visit, OPENS], a.visits[visit, CLOSES])


@njit(cache=True, nogil=True)
def _fix(s, kept, visit, low, high):
    """Sets the bounds of a visit's start, noting what they were."""
    if s.bounds[visit, 0] != low or s.bounds[visit, 1] != high:
        change = kept.changes[0]
        kept.bounds[change, 0] = visit
        kept.bounds[change, 1], kept.bounds[change, 2] = s.bounds[visit, 0], s.bounds[visit, 1]
        kept.changes[0] += 1
        s.bounds[visit, 0], s.bounds[visit, 1] = low, high


@njit(cache=True, nogil=True)
def _start(a, s, visit, shift, node, low):
    """When work at a visit starts if it comes after a node, but not before `low`; NEVER if that is too late."""
    leave_s = s.label[node, LEAVE]
    for mask in range(1, a.shifts[shift, MASKS]):
        leave_s = min(leave_s, s.label[node, LEAVE + mask])
    leg_s = a.seconds[a.shifts[shift, PROFILE], a.place[node], a.place[visit]]
    was_low, was_high = s.bounds[visit, 0], s.bounds[visit, 1]
    s.bounds[visit, 0], s.bounds[visit, 1] = low, a.visits[visit, CLOSES]
    start_s = opening(s.bounds, a.visits, a.windows, visit, leave_s + leg_s)
    s.bounds[visit, 0], s.bounds[visit, 1] = was_low, was_high
    return start_s


@njit(cache=True, nogil=True)
def _member(a, group, visit):
    """Which member of its group a visit is."""
    k = 0
    while a.members[a.groups[group, 0] + k] != visit:
        k += 1
    return k


@njit(cache=True, nogil=True)
def _anchors(a, s, visit, anchors, best):
    """The cheapest gap of each of the cheapest routes for one visit: rows of cost, shift, node; returns how many."""
    count = 0
    for shift in range(s.length.shape[0]):
        if a.assign[visit, shift] >= NEVER:
            continue
        cost, node = best_gap(a, s, visit, shift, best if count < ANCHORS else anchors[ANCHORS - 1, 0])
        if node == NOWHERE:
            continue
        count = min(ANCHORS, count + 1)
        at = count - 1
        while at > 0 and anchors[at - 1, 0] > cost:
            anchors[at] = anchors[at - 1]
            at -= 1
        anchors[at, 0], anchors[at, 1], anchors[at, 2] = cost, shift, node
    return count


@njit(cache=True, nogil=True)
def _next_place(a, s, group, trial, placed, best):
    """The cheapest place for the next member, given the starts of those placed: (cost, shift or -1, node)."""
    visit = trial[placed, 0]
    low, high = _room(a, group, trial, placed, visit)
    own_low, own_high = s.bounds[visit, 0], s.bounds[visit, 1]
    s.bounds[visit, 0], s.bounds[visit, 1] = max(low, own_low), min(high, own_high)
    found_shift, found_node = -1, NOWHERE
    if s.bounds[visit, 0] <= s.bounds[visit, 1]:
        for shift in range(s.length.shape[0]):
            if a.assign[visit, shift] < NEVER and _people_fit(a, group, trial, placed, visit, shift):
                cost, node = best_gap(a, s, visit, shift, best)
                if node != NOWHERE:
                    best, found_shift, found_node = cost, shift, node
    s.bounds[visit, 0], s.bounds[visit, 1] = own_low, own_high
    return best, found_shift, found_node


@njit(cache=True, nogil=True)
def _room(a, group, trial, placed, visit):
    """Between which moments a visit must start, given the starts of the members placed."""
    low, high = -NEVER, NEVER
    for row in range(a.groups[group, 1], a.groups[group + 1, 1]):
        for k in range(placed):
            if a.links[row, FIRST] == trial[k, 0] and a.links[row, SECOND] == visit:
                low, high = max(low, trial[k, 3] + a.links[row, LEAST]), min(high, trial[k, 3] + a.links[row, MOST])
            elif a.links[row, SECOND] == trial[k, 0] and a.links[row, FIRST] == visit:
                low, high = max(low, trial[k, 3] - a.links[row, MOST]), min(high, trial[k, 3] - a.links[row, LEAST])
    return low, high


@njit(cache=True, nogil=True)
def _people_fit(a, group, trial, placed, visit, shift):
    """Whether a shift's technician may come, given the shifts of the members placed."""
    for row in range(a.groups[group, 1], a.groups[group + 1, 1]):
        kind = a.links[row, KIND_OF_LINK]
        if kind != SAME and kind != DIFFERENT:
            continue
        for k in range(placed):
            here, there = a.links[row, FIRST], a.links[row, SECOND]
            linked = (here == visit and there == trial[k, 0]) or (there == visit and here == trial[k, 0])
            if linked and (a.person[trial[k, 1]] == a.person[shift]) != (kind == SAME):
                return False
    return True
