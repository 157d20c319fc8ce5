"""Linked visits, compiled: crews who start together, work that follows other work, on routes that are planned apart."""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,misc,call-arg"
from __future__ import annotations

import numpy as np
from numba import njit

from optimizer.engines.ruin.apart import INT, INTS, apart
from optimizer.engines.ruin.arrays import (
    FIRST,
    GROUP,
    KIND_OF_LINK,
    LEAST,
    MOST,
    NEVER,
    OPENS,
    PINNED,
    SECOND,
    UNIT,
    Arrays,
)
from optimizer.engines.ruin.bounds import CLOSED, fix, free, loosen, start_of
from optimizer.engines.ruin.insert import best_gap, note_worst
from optimizer.engines.ruin.moments import IMPOSSIBLE, NOUGHT
from optimizer.engines.ruin.state import LATE, NOWHERE, OUT, Kept, State, keep, set_length
from optimizer.engines.ruin.timing import insert, retime
from optimizer.primitives import DIFFERENT, SAME

ANCHORS = 4
"""Routes tried for the member of a group that is put in first."""


@apart(Arrays, State, Kept, INT, INT)
def put_linked(a, s, kept, unit, worth):
    """Puts all visits of a unit where together they cost least, if that is less than `worth`.

    Each in turn is put in first, on one of its cheapest routes; the others follow within what that leaves them. What
    is planned of their group already keeps its starts or, if nobody can come so soon, waits for them. Where visits may
    share a route, each is put in for a trial before the next one looks for its place.
    """
    if a.worst_per_s:
        note_worst(s)
    first, group = a.units[unit], a.visits[a.members[a.units[unit]], GROUP]
    size = a.groups[group + 1, 0] - a.groups[group, 0]
    trial, best_trial = np.empty((size, 4), np.int64), np.empty((size, 4), np.int64)  # visit, shift, node, start
    anchors = np.empty((ANCHORS, 3), np.int64)
    given = _fix_planned(a, s, kept, group, trial)
    own = a.units[unit + 1] - first
    size = given + own
    found, best, waiting = False, worth, NOUGHT
    for turn in range(2 * own if given else own):
        if turn == own:
            if found:
                break
            waiting += given
        for k in range(own):
            trial[given + k, 0] = a.members[first + (turn + k) % own]
        for number in range(_anchors(a, s, group, trial, given, anchors, best, waiting)):
            total, shift, node = anchors[number, 0], anchors[number, 1], anchors[number, 2]
            if total >= best:
                break
            placed, inserted = given, 0
            while shift >= 0:
                visit = trial[placed, 0]
                low, _ = _room(a, group, trial, placed, visit, waiting)
                trial[placed, 1], trial[placed, 2] = shift, node
                trial[placed, 3] = start_of(a, s, visit, shift, node, max(low, a.visits[visit, OPENS]))
                placed += 1
                if placed == size:
                    break
                if not a.apart[unit]:
                    _put(a, s, kept, visit, shift, node, trial[placed - 1, 3])
                    inserted += 1
                cost, shift, node = _next_place(a, s, group, trial, placed, best - total, waiting)
                total += cost
            for k in range(inserted - 1, -1, -1):
                take_out(a, s, kept, trial[given + k, 0])
            if placed == size and total < best:
                if waiting:
                    if _wait_for(a, s, kept, group, trial, given, size):
                        return
                    continue
                best, found = total, True
                best_trial[:] = trial
    if found:
        for k in range(given, size):
            _put(a, s, kept, best_trial[k, 0], best_trial[k, 1], best_trial[k, 2], best_trial[k, 3])
    if found or given:
        loosen(a, s, kept, group, CLOSED)


@njit(cache=True, nogil=True)
def _wait_for(a, s, kept, group, trial, given, size):
    """Puts a whole group where `trial` says, those given starting as late as that takes; False, and nothing is put, if
    its links cannot be kept then or a route is not possible any more.
    """
    for k in range(given, size):
        _put(a, s, kept, trial[k, 0], trial[k, 1], trial[k, 2], trial[k, 3])
    loosen(a, s, kept, group, CLOSED)
    works = True
    for row in range(a.groups[group, 1], a.groups[group + 1, 1]):
        one, other = a.links[row, FIRST], a.links[row, SECOND]
        if s.where[one] != OUT and s.where[other] != OUT:
            works &= a.links[row, LEAST] <= s.bounds[other, 0] - s.bounds[one, 0] <= a.links[row, MOST]
    for number in range(kept.routes[0]):
        works &= s.sums[kept.shifts[number], LATE] != IMPOSSIBLE
    if not works:
        for k in range(size - 1, given - 1, -1):
            take_out(a, s, kept, trial[k, 0])
        loosen(a, s, kept, group, CLOSED)
    return works


@njit(cache=True, nogil=True)
def _fix_planned(a, s, kept, group, trial):
    """Lets what is planned of a group start when it does now; writes it to the first rows of `trial`, returns how many.

    Of several on one route those that come later do not start sooner for it.
    """
    count = 0
    for member in range(a.groups[group, 0], a.groups[group + 1, 0]):
        visit = a.members[member]
        shift = s.where[visit]
        if shift == OUT:
            continue
        start_s = start_of(a, s, visit, shift, s.before[visit], s.bounds[visit, 0])
        trial[count, 0], trial[count, 1], trial[count, 2], trial[count, 3] = visit, shift, s.before[visit], start_s
        if s.bounds[visit, 0] != start_s or s.bounds[visit, 1] != start_s:
            keep(s, kept, shift)
            fix(s, kept, visit, start_s, start_s)
            retime(a, s, shift)
        count += 1
    return count


@njit(cache=True, nogil=True)
def _put(a, s, kept, visit, shift, node, start_s):
    """Puts a visit after a node, to start at a given moment."""
    keep(s, kept, shift)
    fix(s, kept, visit, start_s, start_s)
    insert(a, s, shift, visit, node)


@njit(cache=True, nogil=True)
def take_out(a, s, kept, visit):
    """Removes one visit from its route and frees its bounds."""
    shift, previous, after = s.where[visit], s.before[visit], s.following[visit]
    keep(s, kept, shift)
    s.following[previous], s.before[after] = after, previous
    s.where[visit] = OUT
    set_length(a, s, shift, s.length[shift] - 1)
    free(a, s, kept, visit)
    retime(a, s, shift)


@apart(Arrays, State, Kept, INTS, INT, returns=INT)
def remove_partners(a, s, kept, pool, count):
    """Removes all that is tied to the visits in the pool, into the pool; returns how many are in it then."""
    removed, visits, shifts = count, s.where.shape[0], s.length.shape[0]
    for k in range(removed):
        group, unit = a.visits[pool[k], GROUP], a.visits[pool[k], UNIT]
        if unit < 0:
            continue
        free(a, s, kept, pool[k])
        first, last = a.units[unit], a.units[unit + 1]
        if group >= 0:
            first, last = a.groups[group, 0], a.groups[group + 1, 0]
        for member in range(first, last):
            visit = a.members[member]
            if s.where[visit] == OUT or a.visits[visit, PINNED]:
                continue
            keep(s, kept, s.where[visit])
            previous, after = s.before[visit], s.following[visit]
            s.following[previous], s.before[after], s.where[visit] = after, previous, OUT
            free(a, s, kept, visit)
            pool[count] = visit
            count += 1
    for number in range(kept.routes[0] if count > removed else 0):
        shift, length = kept.shifts[number], 0
        node, end = s.following[visits + shift], visits + shifts + shift
        while node != end:
            length, node = length + 1, s.following[node]
        if length != s.length[shift]:
            set_length(a, s, shift, length)
            retime(a, s, shift)
    return count


@njit(cache=True, nogil=True)
def _anchors(a, s, group, trial, given, anchors, best, waiting):
    """The cheapest gap of each of the cheapest routes for the first visit that is not given: rows of cost, shift, node.

    Returns how many.
    """
    visit, count = trial[given, 0], 0
    own_low, own_high = s.bounds[visit, 0], s.bounds[visit, 1]
    low, high = _room(a, group, trial, given, visit, waiting)
    s.bounds[visit, 0], s.bounds[visit, 1] = max(low, own_low), min(high, own_high)
    possible = s.bounds[visit, 0] <= s.bounds[visit, 1]
    for shift in range(s.length.shape[0] if possible else 0):
        if a.assign[visit, shift] >= NEVER or not _people_fit(a, group, trial, given, visit, shift):
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
    s.bounds[visit, 0], s.bounds[visit, 1] = own_low, own_high
    return count


@njit(cache=True, nogil=True)
def _next_place(a, s, group, trial, placed, best, waiting):
    """The cheapest place for the next member, given the starts of those placed: (cost, shift or -1, node)."""
    visit = trial[placed, 0]
    low, high = _room(a, group, trial, placed, visit, waiting)
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
def _room(a, group, trial, placed, visit, waiting):
    """Between which moments a visit must start, given the starts of the members placed; the first `waiting` of them
    may start later.
    """
    low, high = -NEVER, NEVER
    for row in range(a.groups[group, 1], a.groups[group + 1, 1]):
        for k in range(placed):
            if a.links[row, FIRST] == trial[k, 0] and a.links[row, SECOND] == visit:
                least_s, most_s = a.links[row, LEAST], a.links[row, MOST]
            elif a.links[row, SECOND] == trial[k, 0] and a.links[row, FIRST] == visit:
                least_s, most_s = -a.links[row, MOST], -a.links[row, LEAST]
            else:
                continue
            low = max(low, trial[k, 3] + least_s)
            if k >= waiting:
                high = min(high, trial[k, 3] + most_s)
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
