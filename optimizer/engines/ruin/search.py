"""One island of ruin and recreate, compiled: remove strings of neighbours, put them back, accept or undo.

Slack induction by string removals with greedy insertion and blinks under simulated annealing: Christiaens and Vanden
Berghe, Slack Induction by String Removals for Vehicle Routing Problems, Transportation Science 54(2), 2020.
Visits are optional here: one goes back only where that costs less than leaving it out.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,misc"

from __future__ import annotations

import numpy as np
from numba import njit

from optimizer.engines.ruin.arrays import DROP, PINNED, PLACE, WINDOWS_FROM, WINDOWS_TO
from optimizer.engines.ruin.insert import best_place
from optimizer.engines.ruin.timing import COST, IMPOSSIBLE, below, random, retime
from optimizer.timing import FAR

MEAN_REMOVED = 10.0
LONGEST_STRING = 10
BLINK = 0.01
"""The chance that a place is overlooked, so that greedy insertion does not always build the same plan."""
ABSENT_TRIED = 3
"""How many of the visits left out are tried again in each round, besides those just removed."""
HOPEFUL = 0.05
"""The share of rounds in which visits may cost more than leaving them out: some pay only together."""
OUT = -1
JUST_REMOVED = -2


@njit(cache=True, nogil=True)
def iterate(a, s, old, best, total, best_total, iterations, hot, cold):
    """Runs a number of rounds while the temperature falls from `hot` to `cold`; returns (total, best total).

    `s` is the plan being changed, `old` keeps its routes for undoing, `best` receives the best plan.
    """
    shifts, visits = s.length.shape[0], s.where.shape[0]
    touched = np.zeros(shifts, np.bool_)
    tried = np.zeros(shifts, np.bool_)
    touched_list = np.empty(shifts, np.int64)
    pool = np.empty(visits, np.int64)
    keys = np.empty(visits, np.float64)
    cooling = (cold / hot) ** (1.0 / max(1, iterations))
    temperature = hot
    for _ in range(iterations):
        temperature *= cooling
        touched[:] = False
        count_touched = _ruin(a, s, old, touched, touched_list)
        count = _collect(s, old, pool, touched_list, count_touched)
        _order(a, s.rng, pool, keys, count)
        hopeful = random(s.rng) < HOPEFUL
        for k in range(count):
            visit = pool[k]
            worth = a.visits[visit, DROP]
            if hopeful:
                worth = int(min(float(FAR), worth / (random(s.rng) + 1e-9)))
            _, shift, gap = best_place(a, s, visit, tried, worth, BLINK)
            if shift >= 0:
                if not touched[shift]:
                    count_touched = _keep(s, old, touched, touched_list, count_touched, shift)
                _insert(a, s, shift, gap, visit)
        possible, change = _change(a, s, old, touched_list, count_touched)
        if possible and change < -temperature * np.log(random(s.rng) + 1e-300):
            total += change
            if total < best_total:
                best_total = total
                copy_plan(s, best)
        else:
            _undo(a, s, old, touched_list, count_touched)
    return total, best_total


@njit(cache=True, nogil=True)
def copy_plan(source, target):
    """Copies the routes of a plan, without what is computed from them."""
    for shift in range(source.length.shape[0]):
        target.length[shift] = source.length[shift]
        for k in range(source.length[shift]):
            target.route[shift, k] = source.route[shift, k]


@njit(cache=True, nogil=True)
def price_all(a, s):
    """Recomputes a whole plan from its routes; returns its cost, visits left out included."""
    s.where[:] = OUT
    total = 0
    for shift in range(s.length.shape[0]):
        for k in range(s.length[shift]):
            s.where[s.route[shift, k]] = shift
        retime(a, s, shift)
        total += s.summary[shift, COST]
    for visit in range(s.where.shape[0]):
        if s.where[visit] < 0:
            total += a.visits[visit, DROP]
    return total


@njit(cache=True, nogil=True)
def _keep(s, old, touched, touched_list, count, shift):
    """Notes a route as it is before its first change."""
    touched[shift] = True
    touched_list[count] = shift
    old.length[shift], old.summary[shift, COST] = s.length[shift], s.summary[shift, COST]
    for k in range(s.length[shift]):
        old.route[shift, k] = s.route[shift, k]
    return count + 1


@njit(cache=True, nogil=True)
def _undo(a, s, old, touched_list, count):
    for i in range(count):
        shift = touched_list[i]
        for k in range(s.length[shift]):
            s.where[s.route[shift, k]] = OUT
    for i in range(count):
        shift = touched_list[i]
        s.length[shift] = old.length[shift]
        for k in range(old.length[shift]):
            s.route[shift, k] = old.route[shift, k]
            s.where[s.route[shift, k]] = shift
        retime(a, s, shift)


@njit(cache=True, nogil=True)
def _change(a, s, old, touched_list, count):
    """Whether all changed routes are possible, and what the change costs; what was dropped or picked up included."""
    change = 0
    for i in range(count):
        shift = touched_list[i]
        if s.summary[shift, COST] == IMPOSSIBLE:
            return False, 0
        change += s.summary[shift, COST] - old.summary[shift, COST]
        for k in range(old.length[shift]):
            change += a.visits[old.route[shift, k], DROP]
        for k in range(s.length[shift]):
            change -= a.visits[s.route[shift, k], DROP]
    return True, change


@njit(cache=True, nogil=True)
def _insert(a, s, shift, gap, visit):
    for k in range(s.length[shift], gap, -1):
        s.route[shift, k] = s.route[shift, k - 1]
    s.route[shift, gap] = visit
    s.length[shift] += 1
    s.where[visit] = shift
    retime(a, s, shift)


@njit(cache=True, nogil=True)
def _ruin(a, s, old, touched, touched_list):
    """Removes a string of visits from each of some routes around a random visit; returns how many were touched."""
    visits, shifts = s.where.shape[0], s.length.shape[0]
    planned = routes = 0
    for shift in range(shifts):
        planned += s.length[shift]
        routes += s.length[shift] > 0
    if routes == 0:
        return 0
    longest = min(LONGEST_STRING, max(1.0, planned / routes))
    strings = int(random(s.rng) * (4.0 * MEAN_REMOVED / (1.0 + longest) - 1.0)) + 1
    seed = below(s.rng, visits)
    count = 0
    for k in range(-1, a.near.shape[1]):
        visit = seed if k < 0 else a.near[seed, k]
        shift = s.where[visit]
        if shift < 0 or touched[shift]:
            continue
        count = _keep(s, old, touched, touched_list, count, shift)
        _remove_string(a, s, shift, visit, longest)
        if count >= strings:
            break
    return count


@njit(cache=True, nogil=True)
def _remove_string(a, s, shift, visit, longest):
    """Removes up to `longest` visits in a row around one of them, half the time sparing a few in the middle."""
    n = s.length[shift]
    size = 1 + below(s.rng, int(min(n, longest)))
    at = 0
    while s.route[shift, at] != visit:
        at += 1
    spared = 0
    if size > 1 and random(s.rng) < 0.5:
        while size + spared < n and random(s.rng) > 0.5:
            spared += 1
    span = size + spared
    lowest, highest = max(0, at - span + 1), min(at, n - span)
    first = lowest + below(s.rng, highest - lowest + 1)
    spare_from = first + (below(s.rng, size) if spared else 0)
    kept = 0
    for k in range(n):
        one = s.route[shift, k]
        goes = first <= k < first + span and not (spare_from <= k < spare_from + spared) and a.visits[one, PINNED] == 0
        if goes:
            s.where[one] = OUT
        else:
            s.route[shift, kept] = one
            kept += 1
    s.length[shift] = kept
    retime(a, s, shift)


@njit(cache=True, nogil=True)
def _collect(s, old, pool, touched_list, count_touched):
    """Gathers the visits just removed and, from a random one on, some of those left out before."""
    count = 0
    for i in range(count_touched):
        shift = touched_list[i]
        for k in range(old.length[shift]):
            if s.where[old.route[shift, k]] == OUT:
                pool[count] = old.route[shift, k]
                s.where[pool[count]] = JUST_REMOVED
                count += 1
    removed, visits = count, s.where.shape[0]
    offset = below(s.rng, visits)
    for k in range(visits):
        visit = offset + k if offset + k < visits else offset + k - visits
        if s.where[visit] == OUT and count < removed + ABSENT_TRIED:
            pool[count] = visit
            count += 1
    for k in range(removed):
        s.where[pool[k]] = OUT
    return count


@njit(cache=True, nogil=True)
def build(a, s, order):
    """Puts every visit of `order` that is left out where it costs least, if that is less than leaving it out."""
    tried = np.zeros(s.length.shape[0], np.bool_)
    for k in range(order.shape[0]):
        visit = order[k]
        if s.where[visit] == OUT:
            _, shift, gap = best_place(a, s, visit, tried, a.visits[visit, DROP], BLINK)
            if shift >= 0:
                _insert(a, s, shift, gap, visit)


@njit(cache=True, nogil=True)
def _order(a, rng, pool, keys, count):
    """Sorts the pool by one of several ideas of who should go first, drawn at random."""
    kind = below(rng, 8)
    for k in range(count):
        visit = pool[k]
        if kind < 3:
            keys[k] = random(rng)
        elif kind < 5:
            keys[k] = -a.visits[visit, DROP] * (0.8 + 0.4 * random(rng))
        elif kind == 5:
            keys[k] = -a.service_s[visit, 0]
        elif kind == 6:
            first, last = a.visits[visit, WINDOWS_FROM], a.visits[visit, WINDOWS_TO]
            keys[k] = a.windows[last - 1, 1] - a.windows[first, 0] if first < last else 2.0**50
        else:
            keys[k] = -a.seconds[0, a.visits[visit, PLACE], a.visits[pool[0], PLACE]]
    for k in range(1, count):  # few, so insertion sort
        key, visit, hole = keys[k], pool[k], k
        while hole > 0 and keys[hole - 1] > key:
            keys[hole], pool[hole] = keys[hole - 1], pool[hole - 1]
            hole -= 1
        keys[hole], pool[hole] = key, visit
