"""Bounds of linked visits' starts, compiled: any starts inside them satisfy every link.

So everything else goes into their routes without asking about partners. Bounds are set around the starts at which a
group is put in, and set anew around the earliest starts whenever one of its routes has changed.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,misc,call-arg"
from __future__ import annotations

import numpy as np
from numba import njit

from optimizer.engines.ruin.apart import BOOL, INT, apart
from optimizer.engines.ruin.arrays import (
    CLOSES,
    FIRST,
    GROUP,
    LEAST,
    MASKS,
    MOST,
    NEVER,
    OPENS,
    PROFILE,
    SECOND,
    SETUP,
    WALKED,
    Arrays,
)
from optimizer.engines.ruin.moments import opening
from optimizer.engines.ruin.state import LEAVE, OUT, Kept, State, keep
from optimizer.engines.ruin.timing import extend, retime, through
from optimizer.engines.ruin.walk import start_walked

LEFT_OUT = -NEVER
"""The start of a member that is on no route."""
CLOSED = np.bool_(True)
"""Members have last moments; a bool of numpy, since for a plain one the function would be compiled once more."""
SWEEPS = 8
"""How often bounds are drawn in after a round: those of one group may let another start sooner."""


@apart(Arrays, State, Kept)
def settle(a, s, kept):
    """Draws the bounds of linked visits on changed routes around the earliest starts that there can be now."""
    visits, shifts = s.where.shape[0], s.length.shape[0]
    for _ in range(SWEEPS):
        moved = False
        for number in range(kept.routes[0]):
            shift = kept.shifts[number]
            node, end = s.following[visits + shift], visits + shifts + shift
            while node != end:
                group = a.visits[node, GROUP]
                if group >= 0:
                    moved |= loosen(a, s, kept, group, CLOSED)
                node = s.following[node]
        if not moved:
            return


@apart(Arrays, State, Kept, INT, BOOL, returns=BOOL)
def loosen(a, s, kept, group, closed):
    """Sets the bounds of what is planned of a group around the earliest starts; says whether one of them has moved.

    Not `closed`: no member has a last moment yet, since starts before it may still have to move.
    """
    first, size = a.groups[group, 0], a.groups[group + 1, 0] - a.groups[group, 0]
    starts_s = np.empty(size, np.int64)
    for k in range(size):
        visit = a.members[first + k]
        if s.where[visit] == OUT:
            starts_s[k] = LEFT_OUT
            continue
        starts_s[k] = _start_from(a, s, visit, a.visits[visit, OPENS])
    rising = True
    while rising:
        rising = False
        for row in range(a.groups[group, 1], a.groups[group + 1, 1]):
            one, other = _member(a, group, a.links[row, FIRST]), _member(a, group, a.links[row, SECOND])
            if starts_s[one] == LEFT_OUT or starts_s[other] == LEFT_OUT:
                continue
            if starts_s[one] >= NEVER or starts_s[other] >= NEVER:
                return False
            if starts_s[other] < starts_s[one] + a.links[row, LEAST]:
                starts_s[other] = _start_from(a, s, a.links[row, SECOND], starts_s[one] + a.links[row, LEAST])
                rising = True
            if starts_s[one] < starts_s[other] - a.links[row, MOST]:
                starts_s[one] = _start_from(a, s, a.links[row, FIRST], starts_s[other] - a.links[row, MOST])
                rising = True
    moved = False
    for k in range(size):
        visit = a.members[first + k]
        if starts_s[k] == LEFT_OUT:
            continue
        high = a.visits[visit, CLOSES]
        for row in range(a.groups[group, 1], a.groups[group + 1, 1]):
            one, other = _member(a, group, a.links[row, FIRST]), _member(a, group, a.links[row, SECOND])
            if not closed or starts_s[one] == LEFT_OUT or starts_s[other] == LEFT_OUT:
                continue
            if one == k:
                high = min(high, starts_s[other] - a.links[row, LEAST])
            elif other == k:
                high = min(high, starts_s[one] + a.links[row, MOST])
        if s.bounds[visit, 0] != starts_s[k] or s.bounds[visit, 1] != high:
            shift = s.where[visit]
            keep(s, kept, shift)
            moved |= s.bounds[visit, 0] != starts_s[k]
            fix(s, kept, visit, starts_s[k], high)
            kept.moved[shift] = True
            retime(a, s, shift)
    return moved


@njit(cache=True, nogil=True)
def free(a, s, kept, visit):
    """Lets a visit start whenever its windows say so."""
    fix(s, kept, visit, a.visits[visit, OPENS], a.visits[visit, CLOSES])


@njit(cache=True, nogil=True)
def fix(s, kept, visit, low, high):
    """Sets the bounds of a visit's start, noting what they were before this round."""
    if s.bounds[visit, 0] != low or s.bounds[visit, 1] != high:
        if not kept.noted[visit]:
            change = kept.changes[0]
            kept.bounds[change, 0] = visit
            kept.bounds[change, 1], kept.bounds[change, 2] = s.bounds[visit, 0], s.bounds[visit, 1]
            kept.changes[0], kept.noted[visit] = change + 1, True
        s.bounds[visit, 0], s.bounds[visit, 1] = low, high


@njit(cache=True, nogil=True, forceinline=True)
def _start_from(a, s, visit, low):
    """When a planned visit starts, but not before `low`; NEVER if that is too late."""
    return start_of(a, s, visit, s.where[visit], s.before[visit], low)


@apart(Arrays, State, INT, INT, INT, INT, returns=INT)
def start_of(a, s, visit, shift, node, low):
    """When work at a visit starts if it comes after a node, but not before `low`; NEVER if that is too late."""
    was_low, was_high = s.bounds[visit, 0], s.bounds[visit, 1]
    s.bounds[visit, 0], s.bounds[visit, 1] = low, a.visits[visit, CLOSES]
    if a.shifts[shift, WALKED]:
        start_s = start_walked(a, s, visit, shift, node)
    elif a.shifts[shift, MASKS] > 1:
        start_s = _start_between_breaks(a, s, visit, shift, node)
    else:
        leg_s = a.seconds[a.shifts[shift, PROFILE], a.place[node], a.place[visit]]
        start_s = opening(s.bounds, a.visits, a.windows, visit, s.label[node, LEAVE] + leg_s)
    s.bounds[visit, 0], s.bounds[visit, 1] = was_low, was_high
    return start_s


@njit(cache=True, nogil=True)
def _start_between_breaks(a, s, visit, shift, node):
    """`start_of` where breaks are simple: the earliest start after which what is left of them still fits."""
    label, scratch, legs = s.label, s.scratch, a.seconds[a.shifts[shift, PROFILE]]
    after = s.following[visit] if s.where[visit] == shift else s.following[node]
    previous, here, there = a.place[node], a.place[visit], a.place[after]
    on_site_s = a.service_s[visit, shift] + (a.visits[visit, SETUP] if previous != here else 0)
    leg_s, deadline, start_s = legs[here, there], LEAVE + 2 * a.masks, NEVER
    extend(
        s.bounds, a.visits, a.shifts, a.windows, a.late, shift, visit, legs[previous, here], on_site_s, label, node,
        scratch, 0,
    )  # fmt: skip
    for mask in range(a.shifts[shift, MASKS]):
        leave_s = scratch[0, LEAVE + mask]
        for then in range(mask, a.shifts[shift, MASKS]):
            if leave_s >= NEVER or then & mask != mask:
                continue
            if through(a.shifts, shift, leave_s, leg_s, then ^ mask) <= label[after, deadline + then]:
                start_s = min(start_s, leave_s - on_site_s)
    return start_s


@njit(cache=True, nogil=True)
def _member(a, group, visit):
    """Which member of its group a visit is."""
    k = 0
    while a.members[a.groups[group, 0] + k] != visit:
        k += 1
    return k
