"""A whole plan at once, compiled: what an island takes over, and what that costs."""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,misc,call-arg"
from __future__ import annotations

import numpy as np
from numba import njit

from optimizer.engines.ruin.arrays import CLOSES, DROP, FIRST, KIND, LEAST, MOST, NEVER, OPENS, SECOND
from optimizer.engines.ruin.balance import new_versions, total_beyond
from optimizer.engines.ruin.borrow import lent
from optimizer.engines.ruin.bounds import CLOSED, loosen
from optimizer.engines.ruin.insert import note_worst
from optimizer.engines.ruin.links import take_out
from optimizer.engines.ruin.moments import IMPOSSIBLE
from optimizer.engines.ruin.state import (
    LATE,
    OUT,
    PLANNED,
    PRICE,
    USED,
    WORST,
    WORST_NOW,
    forget,
    set_absent,
    undo,
)
from optimizer.engines.ruin.timing import retime
from optimizer.timing import FAR


@njit(cache=True, nogil=True)
def take_over(a, s, kept, following, bounds, part, own):
    """Takes over a plan, given by what follows what and the bounds of linked visits; returns its cost, visits left out
    included.

    A route that is the same keeps what is known about it, unless links change the bounds of its visits. `part` says
    whose every visit and shift is: the routes of others than `own` are closed, and visits they left out are not tried.
    """
    a, s, kept = lent(a), lent(s), lent(kept)
    visits, shifts = s.where.shape[0], s.length.shape[0]
    forget(kept)
    if a.links.shape[0]:
        s.bounds[:] = bounds
    for shift in range(shifts):
        if a.links.shape[0] or s.version[shift] == 0 or not _is_route(s, shift, following):
            kept.changed[shift] = True
            kept.shifts[kept.routes[0]] = shift
            kept.routes[0] += 1
            node, end = s.following[visits + shift], visits + shifts + shift
            while node != end:
                s.where[node] = OUT
                node = s.following[node]
    for number in range(kept.routes[0]):
        shift = kept.shifts[number]
        node, end, length = visits + shift, visits + shifts + shift, 0
        while node != end:
            after = following[node]
            s.following[node], s.before[after] = after, node
            if after != end:
                s.where[after] = shift
                length += 1
            node = after
        s.length[shift] = length  # the lists that follow from it are made anew below
        retime(a, s, shift)
        new_versions(a, s, shift)
    forget(kept)
    note_worst(s)
    s.counts[WORST], total = s.counts[WORST_NOW], 0
    for shift in range(shifts):
        total += cost_of(s, shift)
    for visit in range(visits):
        set_absent(s, visit, s.where[visit] == OUT and part[visit] == own)
        if s.where[visit] == OUT:
            total += a.visits[visit, DROP]
    _close(a, s, part, own)
    if a.busy_per_s:
        total += total_beyond(a, s)
    return total + a.worst_per_s * s.counts[WORST]


@njit(cache=True, nogil=True)
def settle_all(a, s, kept, given):
    """Draws the bounds of linked visits around the earliest starts, group by group in order of time.

    `given`: bounds that satisfy every link, and stay where closer ones are not possible; else they are found here, and
    a group whose links cannot be kept is taken out, but for what must stay.
    """
    a, s, kept = lent(a), lent(s), lent(kept)
    if not given:
        _open_all(a, s, kept)
    groups = a.groups.shape[0] - 1
    begins_s = np.full(groups, NEVER)
    for group in range(groups):
        for member in range(a.groups[group, 0], a.groups[group + 1, 0]):
            visit = a.members[member]
            if s.where[visit] != OUT:
                begins_s[group] = min(begins_s[group], s.bounds[visit, 0])
    for group in np.argsort(begins_s, kind="mergesort"):
        forget(kept)
        loosen(a, s, kept, group, CLOSED)
        if _holds(a, s, group):
            continue
        undo(a, s, kept)
        if given and _holds(a, s, group):
            continue
        forget(kept)
        for member in range(a.groups[group, 0], a.groups[group + 1, 0]):
            visit = a.members[member]
            if s.where[visit] != OUT and a.visits[visit, DROP] < FAR:
                take_out(a, s, kept, visit)
        loosen(a, s, kept, group, CLOSED)
    forget(kept)


@njit(cache=True, nogil=True)
def _open_all(a, s, kept):
    """Lets linked visits start as early as what comes before and their partners allow, and as late as their windows."""
    for visit in range(s.where.shape[0]):
        s.bounds[visit, 0], s.bounds[visit, 1] = a.visits[visit, OPENS], a.visits[visit, CLOSES]
    for shift in range(s.length.shape[0]):
        retime(a, s, shift)
    moved, sweeps = True, 0
    while moved and sweeps <= s.where.shape[0]:
        moved, sweeps = False, sweeps + 1
        for group in range(a.groups.shape[0] - 1):
            moved |= loosen(a, s, kept, group, not CLOSED)


@njit(cache=True, nogil=True)
def _holds(a, s, group):
    """Whether any starts within bounds satisfy a group's links, and its routes are possible with them."""
    for row in range(a.groups[group, 1], a.groups[group + 1, 1]):
        one, other = a.links[row, FIRST], a.links[row, SECOND]
        if s.where[one] == OUT or s.where[other] == OUT:
            continue
        if s.bounds[other, 0] - s.bounds[one, 1] < a.links[row, LEAST]:
            return False
        if s.bounds[other, 1] - s.bounds[one, 0] > a.links[row, MOST]:
            return False
    for member in range(a.groups[group, 0], a.groups[group + 1, 0]):
        shift = s.where[a.members[member]]
        if shift != OUT and cost_of(s, shift) == IMPOSSIBLE:
            return False
    return True


@njit(cache=True, nogil=True, forceinline=True)
def _is_route(s, shift, following):
    """Whether a shift has the same visits in the same order."""
    node, end = s.where.shape[0] + shift, s.where.shape[0] + s.length.shape[0] + shift
    while node != end:
        if s.following[node] != following[node]:
            return False
        node = following[node]
    return True


@njit(cache=True, nogil=True, forceinline=True)
def _close(a, s, part, own):
    """Closes the shifts of other parts; only those of this part are counted, and offered where they are empty."""
    visits, shifts = s.where.shape[0], s.length.shape[0]
    s.empties[:] = 0
    s.counts[USED] = s.counts[PLANNED] = 0
    for at in range(shifts):
        shift = s.empty[at]
        s.closed[shift] = part[visits + shift] != own
        if s.closed[shift]:
            continue
        if s.length[shift]:
            s.counts[USED] += 1
            s.counts[PLANNED] += s.length[shift]
            continue
        kind = a.shifts[shift, KIND]
        other_at = a.kind_from[kind] + s.empties[kind]
        other = s.empty[other_at]
        s.empty[at], s.empty[other_at] = other, shift
        s.empty_at[other], s.empty_at[shift] = at, other_at
        s.empties[kind] += 1


@njit(cache=True, nogil=True, forceinline=True)
def cost_of(s, shift):
    """What one route costs; IMPOSSIBLE if it cannot be kept."""
    if s.length[shift] == 0:
        return 0
    return IMPOSSIBLE if s.sums[shift, LATE] == IMPOSSIBLE else s.sums[shift, PRICE] + s.sums[shift, LATE]
