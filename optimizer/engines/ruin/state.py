"""A plan that is being changed, compiled: routes as chains of nodes, with all that is kept about each.

Nodes are the visits 0 to V - 1, then the start of every shift, then the end of every shift; so a gap in a route is
named by the node before it. What is kept about a node stands in one row, in one stretch of memory.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,misc,call-arg"
from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from optimizer.engines.ruin.apart import connect
from optimizer.engines.ruin.arrays import CLOSES, KIND, OPENS, Arrays, Ints
from optimizer.engines.ruin.pauses import MOST_IN_ORDER

OUT = -1
"""Where a visit is that is on no route."""
NODE_BITS = 24
"""Bits of a remembered insertion that name the node; the others are the route's version."""
NOWHERE = (1 << NODE_BITS) - 1
"""The node of a remembered insertion when there is none below the cost remembered."""

# Columns of State.label; then the earliest leave, the lateness until then, the deadline and the ease by breaks taken.
GAP_S, GAP_PRICE, LEAVE = range(3)
# Columns of State.sums
PRICE, LATE, TRAVEL_S, TRAVEL_M, WORK_S = range(5)
# Rows of State.walk: by visit NODE, REST_S and what follows, by stop the others; of places the start is the first
NODE, STOP, PLACE, START_S, WAY_S, ON_SITE_S, REST_S, REST_FROM, REST_TO, LEAST = range(10)
# Columns of State.ways
FREE_S, SPENT, WORST_S, SLIP_S, TAKEN, DRIVE_S = range(6)
MOST_WAYS = 256
"""Labels at one stop of a route that is walked as a whole; most have fewer than ten."""
# Places of State.counts
VERSIONS, PLANNED, USED, ABSENT, WORST, WORST_NOW = range(6)


class State(NamedTuple):
    """V visits, S shifts, K loads, M sets of breaks taken. `leave`, `spent`, `deadline`, `ease` are first columns."""

    following: Ints  # [V + 2S] node after each
    before: Ints  # [V + 2S] node before each
    where: Ints  # [V] shift, or OUT
    length: Ints  # [S] visits on each route
    bounds: Ints  # [V, 2] first and last moment of a start: of the windows, or what partners leave of them
    worst: Ints  # [S] largest lateness on each route, in seconds, where that has a price
    label: Ints  # [V + 2S, 2 + 4M] leg after the node in seconds and cost; then M of leave, spent, deadline, ease
    sums: Ints  # [S, 5] cost but for lateness and overtime, these, seconds and metres of travel, seconds of service
    load: Ints  # [S, K] what is delivered on each route
    version: Ints  # [S] another number after each change of a route that is kept; 0 before it is first timed
    closed: NDArray[np.bool_]  # [S] whether a route is left as it is
    cache: Ints  # [V, S, 2] cheapest insertion: its cost, and the route's version with the node before the gap
    empty: Ints  # [S] shifts without visits, those of one kind side by side
    empty_at: Ints  # [S] where in `empty` each shift is
    empties: Ints  # [kinds] how many there are
    absent: Ints  # [V] visits on no route
    absent_at: Ints  # [V] where in `absent` each is, or -1
    counts: Ints  # [6] see the places above
    scratch: Ints  # [4, 2 + 4M] labels on trial
    walk: Ints  # [10, V + 3] a route on trial: visits, then stops with a call at the depot; see `trial` and `depot`
    ways: Ints  # [2, MOST_WAYS, 6] labels at one stop of it and at the next
    ahead: Ints  # [., 20] breaks on trial within one leg: when free, arrival, breaks taken, how many here, from, to
    rng: NDArray[np.uint64]  # [1]


class Kept(NamedTuple):
    """Routes as they were before a round changed them, for undoing."""

    changed: NDArray[np.bool_]  # [S] whether this round has changed a route
    shifts: Ints  # [S] which, in order
    routes: Ints  # [1] how many
    first: Ints  # [S + 1] where each one's visits begin in `visits`
    visits: Ints  # [V]
    label: Ints  # [V + 2S, .]
    sums: Ints  # [S, 5]
    load: Ints  # [S, K]
    worst: Ints  # [S]
    moved: NDArray[np.bool_]  # [S] whether bounds of a visit on it have changed
    bounds: Ints  # [V, 3] visit and its bounds as they were before the round, in the order of changes
    changes: Ints  # [1] how many visits have other bounds
    noted: NDArray[np.bool_]  # [V] which of them are in `bounds`


def begin(arrays: Arrays, seed: int) -> tuple[State, Kept]:
    """A plan without any visit planned, and room to keep its routes."""
    state = _make_state(arrays, seed)
    kept = _make_kept(state)
    connect(arrays, state, kept)
    return state, kept


def _make_state(arrays: Arrays, seed: int) -> State:
    visits, shifts = arrays.assign.shape
    nodes, width = visits + 2 * shifts, 2 + 4 * arrays.masks
    kinds = arrays.shifts[:, KIND]

    def ints(*shape: int) -> Ints:
        return np.zeros(shape, dtype=np.int64)

    order = np.argsort(kinds, kind="stable")
    empty_at = np.empty_like(order)
    empty_at[order] = np.arange(shifts)
    return State(
        following=_empty_routes(visits, shifts),
        before=ints(nodes),
        where=np.full(visits, OUT, dtype=np.int64),
        length=ints(shifts),
        bounds=arrays.visits[:, [OPENS, CLOSES]].copy(),
        worst=ints(shifts),
        label=ints(nodes, width),
        sums=ints(shifts, 5),
        load=ints(shifts, arrays.capacity.shape[1]),
        version=ints(shifts),
        closed=np.zeros(shifts, dtype=np.bool_),
        cache=np.full((visits, shifts, 2), -1, dtype=np.int64),
        empty=order.astype(np.int64),
        empty_at=empty_at.astype(np.int64),
        empties=np.bincount(kinds).astype(np.int64),
        absent=np.arange(visits, dtype=np.int64),
        absent_at=np.arange(visits, dtype=np.int64),
        counts=np.array([0, 0, 0, visits, 0, 0], dtype=np.int64),
        scratch=ints(4, width),
        walk=ints(10, visits + 3),
        ways=ints(2, MOST_WAYS, 6),
        ahead=ints(MOST_IN_ORDER * MOST_IN_ORDER * (1 + len(arrays.periods)) + 2, 4 + 2 * MOST_IN_ORDER),
        rng=np.random.SeedSequence(seed).generate_state(1, np.uint64) | np.uint64(1),
    )


def _empty_routes(visits: int, shifts: int) -> Ints:
    following = np.zeros(visits + 2 * shifts, dtype=np.int64)
    following[visits : visits + shifts] = np.arange(visits + shifts, visits + 2 * shifts)
    return following


def _make_kept(state: State) -> Kept:
    shifts = len(state.length)
    return Kept(
        changed=np.zeros(shifts, dtype=np.bool_),
        shifts=np.zeros(shifts, dtype=np.int64),
        routes=np.zeros(1, dtype=np.int64),
        first=np.zeros(shifts + 1, dtype=np.int64),
        visits=np.zeros_like(state.where),
        label=np.zeros_like(state.label),
        sums=np.zeros_like(state.sums),
        load=np.zeros_like(state.load),
        worst=np.zeros_like(state.worst),
        moved=np.zeros(shifts, dtype=np.bool_),
        bounds=np.zeros((len(state.where), 3), dtype=np.int64),
        changes=np.zeros(1, dtype=np.int64),
        noted=np.zeros(len(state.where), dtype=np.bool_),
    )


@njit(cache=True, nogil=True, forceinline=True)
def forget(kept):
    """Begins a new round: nothing has changed yet."""
    for number in range(kept.routes[0]):
        kept.changed[kept.shifts[number]] = kept.moved[kept.shifts[number]] = False
    for change in range(kept.changes[0]):
        kept.noted[kept.bounds[change, 0]] = False
    kept.routes[0] = kept.changes[0] = 0


@njit(cache=True, nogil=True)
def keep(s, kept, shift):
    """Notes a route as it is, before its first change in this round."""
    if kept.changed[shift]:
        return
    kept.changed[shift] = True
    number = kept.routes[0]
    kept.shifts[number] = shift
    kept.routes[0] += 1
    at, visits, width = kept.first[number], s.where.shape[0], s.label.shape[1]
    start, end = visits + shift, visits + s.length.shape[0] + shift
    node = start
    while True:
        for column in range(width):
            kept.label[node, column] = s.label[node, column]
        if node == end:
            break
        node = s.following[node]
        if node != end:
            kept.visits[at] = node
            at += 1
    kept.first[number + 1] = at
    for column in range(s.sums.shape[1]):
        kept.sums[shift, column] = s.sums[shift, column]
    for column in range(s.load.shape[1]):
        kept.load[shift, column] = s.load[shift, column]
    kept.worst[shift] = s.worst[shift]


@njit(cache=True, nogil=True, forceinline=True)
def is_other(s, kept, number):
    """Whether a route of this round has other visits now, or others first, or must keep other times."""
    shift, first = kept.shifts[number], kept.first[number]
    if kept.moved[shift] or kept.first[number + 1] - first != s.length[shift]:
        return True
    node = s.following[s.where.shape[0] + shift]
    for at in range(first, first + s.length[shift]):
        if kept.visits[at] != node:
            return True
        node = s.following[node]
    return False


@njit(cache=True, nogil=True, forceinline=True)
def undo(a, s, kept):
    """Puts every route back that this round has changed."""
    visits, shifts, width = s.where.shape[0], s.length.shape[0], s.label.shape[1]
    for number in range(kept.routes[0]):
        shift = kept.shifts[number]
        node, end = s.following[visits + shift], visits + shifts + shift
        while node != end:
            s.where[node] = OUT
            node = s.following[node]
    for number in range(kept.routes[0]):
        shift = kept.shifts[number]
        node, end = visits + shift, visits + shifts + shift
        first, last = kept.first[number], kept.first[number + 1]
        for at in range(first, last + 1):
            for column in range(width):
                s.label[node, column] = kept.label[node, column]
            after = kept.visits[at] if at < last else end
            s.following[node], s.before[after] = after, node
            if at < last:
                s.where[after] = shift
            node = after
        for column in range(width):
            s.label[end, column] = kept.label[end, column]
        set_length(a, s, shift, last - first)
        for column in range(s.sums.shape[1]):
            s.sums[shift, column] = kept.sums[shift, column]
        for column in range(s.load.shape[1]):
            s.load[shift, column] = kept.load[shift, column]
        s.worst[shift] = kept.worst[shift]
    for change in range(kept.changes[0]):
        visit = kept.bounds[change, 0]
        s.bounds[visit, 0], s.bounds[visit, 1] = kept.bounds[change, 1], kept.bounds[change, 2]


@njit(cache=True, nogil=True, forceinline=True)
def set_length(a, s, shift, length):
    """Sets how many visits a route has, and the counts and lists that follow from it."""
    was = s.length[shift]
    s.counts[PLANNED] += length - was
    s.length[shift] = length
    if (was == 0) == (length == 0):
        return
    kind, at = a.shifts[shift, KIND], s.empty_at[shift]
    if length:
        s.empties[kind] -= 1
    other_at = a.kind_from[kind] + s.empties[kind]
    if not length:
        s.empties[kind] += 1
    other = s.empty[other_at]
    s.empty[at], s.empty[other_at] = other, shift
    s.empty_at[other], s.empty_at[shift] = at, other_at
    s.counts[USED] += 1 if length else -1


@njit(cache=True, nogil=True, forceinline=True)
def new_version(s, shift):
    """Marks a route as changed."""
    s.counts[VERSIONS] += 1
    s.version[shift] = s.counts[VERSIONS]


@njit(cache=True, nogil=True, forceinline=True)
def set_absent(s, visit, is_absent):
    """Keeps the list of the visits on no route."""
    at = s.absent_at[visit]
    if is_absent and at < 0:
        s.absent_at[visit] = s.counts[ABSENT]
        s.absent[s.counts[ABSENT]] = visit
        s.counts[ABSENT] += 1
    elif not is_absent and at >= 0:
        s.counts[ABSENT] -= 1
        last = s.absent[s.counts[ABSENT]]
        s.absent[at], s.absent_at[last], s.absent_at[visit] = last, at, -1
