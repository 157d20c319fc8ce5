"""Ruins, compiled: which visits a round takes out of their routes."""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,misc"
from __future__ import annotations

from numba import njit

from optimizer.engines.ruin.arrays import PINNED
from optimizer.engines.ruin.chance import below, random
from optimizer.engines.ruin.moments import NOUGHT
from optimizer.engines.ruin.state import OUT, PLANNED, USED, keep, set_length
from optimizer.engines.ruin.timing import retime

MEAN_REMOVED = 10.0
LONGEST_STRING = 10
DRAWS = 50
"""How often at most a visit is drawn that is on a route which may be changed."""


@njit(cache=True, nogil=True, forceinline=True)
def ruin(a, s, kept, pool):
    """Removes a string of visits from each of some routes around a random visit into `pool`.

    Returns how many, and the visit, which may be one that is left out.
    """
    seed = _draw(s)
    if s.counts[USED] == 0:
        return 0, seed
    longest = min(LONGEST_STRING, max(1.0, s.counts[PLANNED] / s.counts[USED]))
    strings = int(random(s.rng) * (4.0 * MEAN_REMOVED / (1.0 + longest) - 1.0)) + 1
    count = NOUGHT
    for k in range(-1, a.near.shape[1]):
        visit = seed if k < 0 else a.near[seed, k]
        shift = s.where[visit]
        if shift < 0 or kept.changed[shift] or s.closed[shift]:
            continue
        keep(s, kept, shift)
        count = _remove_string(a, s, shift, visit, longest, pool, count)
        if kept.routes[0] >= strings:
            break
    return count, seed


@njit(cache=True, nogil=True, forceinline=True)
def _draw(s):
    """A random visit, of the routes that may be changed or of those left out, as far as some tries find one."""
    visit = 0
    for _ in range(DRAWS):
        visit = below(s.rng, s.where.shape[0])
        if s.absent_at[visit] >= 0 or (s.where[visit] >= 0 and not s.closed[s.where[visit]]):
            break
    return visit


@njit(cache=True, nogil=True, forceinline=True)
def _remove_string(a, s, shift, visit, longest, pool, count):
    """Removes up to `longest` visits in a row around one of them, half the time sparing a few in the middle."""
    n = s.length[shift]
    size = 1 + below(s.rng, int(min(n, longest)))
    spared = 0
    if size > 1 and random(s.rng) < 0.5:
        while size + spared < n and random(s.rng) > 0.5:
            spared += 1
    span = size + spared
    at, node = 0, s.before[visit]
    while node < s.where.shape[0]:
        at, node = at + 1, s.before[node]
    lowest, highest = max(0, at - span + 1), min(at, n - span)
    first = lowest + below(s.rng, highest - lowest + 1)
    spare_from = first + (below(s.rng, size) if spared else 0)
    node = s.following[s.where.shape[0] + shift]
    for _ in range(first):
        node = s.following[node]
    was = count
    for k in range(first, first + span):
        after = s.following[node]
        if not spare_from <= k < spare_from + spared and a.visits[node, PINNED] == 0:
            previous = s.before[node]
            s.following[previous], s.before[after] = after, previous
            s.where[node] = OUT
            pool[count] = node
            count += 1
        node = after
    set_length(a, s, shift, n - (count - was))
    retime(a, s, shift)
    return count
