"""One island of ruin and recreate, compiled: remove some visits, put them back, accept or undo.

Slack induction by string removals with greedy insertion and blinks under simulated annealing: Christiaens and Vanden
Berghe, Slack Induction by String Removals for Vehicle Routing Problems, Transportation Science 54(2), 2020.
Visits are optional here: one goes back only where that costs less than leaving it out.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,misc,call-arg"

from __future__ import annotations

import numpy as np
from numba import njit

from optimizer.engines.ruin.arrays import DROP, UNIT, WINDOWS_FROM, WINDOWS_TO
from optimizer.engines.ruin.balance import change_beyond, new_versions
from optimizer.engines.ruin.borrow import lent
from optimizer.engines.ruin.bounds import settle
from optimizer.engines.ruin.chance import below, random
from optimizer.engines.ruin.insert import BLINK_ONE_IN, best_place, note_worst
from optimizer.engines.ruin.links import put_linked, remove_partners
from optimizer.engines.ruin.moments import IMPOSSIBLE, NOUGHT
from optimizer.engines.ruin.pairs import put_pair
from optimizer.engines.ruin.remove import ruin
from optimizer.engines.ruin.state import (
    ABSENT,
    LATE,
    OUT,
    PRICE,
    WORST,
    WORST_NOW,
    forget,
    is_other,
    keep,
    set_absent,
    undo,
)
from optimizer.engines.ruin.timing import insert
from optimizer.engines.ruin.whole import cost_of
from optimizer.timing import FAR

HOPEFUL = 0.05
"""The share of rounds in which visits may cost more than leaving them out: some pay only together."""


@njit(cache=True, nogil=True)
def iterate(a, s, kept, best, bounds, total, best_total, iterations, hot, cold):
    """Runs a number of rounds while the temperature falls from `hot` to `cold`; returns (total, best total).

    `s` is the plan being changed, `kept` its routes for undoing; `best` receives what follows what in the best plan,
    `bounds` between which moments its linked visits start.
    """
    a, s, kept = lent(a), lent(s), lent(kept)
    tried = np.zeros(s.length.shape[0], np.bool_)
    pool = np.empty(s.where.shape[0], np.int64)
    keys = np.empty(s.where.shape[0], np.float64)
    asked = np.zeros(a.units.shape[0] - 1, np.bool_)
    tied, linked = a.members.shape[0] > 0, a.links.shape[0] > 0
    cooling = (cold / hot) ** (1.0 / max(1, iterations))
    temperature = hot
    for _ in range(iterations):
        temperature *= cooling
        forget(kept)
        removed, seed = ruin(a, s, kept, pool)
        if tied:
            removed = remove_partners(a, s, kept, pool, removed)
        count = _draw_absent(a, s, pool, removed, seed)
        _order(a, s.rng, pool, keys, count)
        hopeful = random(s.rng) < HOPEFUL
        asked[:] = False
        for k in range(count):
            visit = pool[k]
            unit = a.visits[visit, UNIT]
            worth = a.visits[visit, DROP] if unit < 0 else _worth(a, unit)
            if hopeful:
                worth = int(min(float(FAR), worth / (random(s.rng) + 1e-9)))
            if unit >= 0:
                if not asked[unit]:
                    _put_unit(a, s, kept, unit, tried, worth, BLINK_ONE_IN)
                asked[unit] = True
                continue
            _, shift, node = best_place(a, s, visit, kept.changed, tried, worth, BLINK_ONE_IN)
            if shift >= 0:
                keep(s, kept, shift)
                insert(a, s, shift, visit, node)
        if linked:
            settle(a, s, kept)
        possible, change = _change(a, s, kept, pool, count)
        if a.busy_per_s and possible:
            change += change_beyond(a, s, kept)
        if a.worst_per_s:
            note_worst(s)
            change += a.worst_per_s * (s.counts[WORST_NOW] - s.counts[WORST])
        if possible and change < -temperature * np.log(random(s.rng) + 1e-300):
            total += change
            s.counts[WORST] = s.counts[WORST_NOW]
            for k in range(count):
                set_absent(s, pool[k], s.where[pool[k]] == OUT)
            for number in range(kept.routes[0]):
                if is_other(s, kept, number):
                    new_versions(a, s, kept.shifts[number])
            if total < best_total:
                best_total = total
                best[:] = s.following
                if linked:
                    bounds[:] = s.bounds
        else:
            undo(a, s, kept)
    return total, best_total


@njit(cache=True, nogil=True)
def build(a, s, kept, order):
    """Puts every visit of `order` that is left out where it costs least, if that is less than leaving it out."""
    a, s, kept = lent(a), lent(s), lent(kept)
    tried = np.zeros(s.length.shape[0], np.bool_)
    for k in range(order.shape[0]):
        visit = order[k]
        if s.where[visit] != OUT:
            continue
        forget(kept)
        unit = a.visits[visit, UNIT]
        if unit >= 0:
            _put_unit(a, s, kept, unit, tried, _worth(a, unit), NOUGHT)
            settle(a, s, kept)
            if not _change(a, s, kept, order, 0)[0]:
                undo(a, s, kept)
        else:
            _, shift, node = best_place(a, s, visit, kept.changed, tried, a.visits[visit, DROP], NOUGHT)
            if shift >= 0:
                keep(s, kept, shift)
                insert(a, s, shift, visit, node)
        for number in range(kept.routes[0]):
            new_versions(a, s, kept.shifts[number])
    forget(kept)
    for k in range(order.shape[0]):
        set_absent(s, order[k], s.where[order[k]] == OUT)


@njit(cache=True, nogil=True)
def _put_unit(a, s, kept, unit, tried, worth, blink_one_in):
    """Puts visits that are planned together or not at all where they cost least, if that is less than `worth`."""
    if a.is_pair[unit]:
        put_pair(a, s, kept, unit, tried, worth, blink_one_in)
    else:
        put_linked(a, s, kept, unit, worth)


@njit(cache=True, nogil=True)
def _worth(a, unit):
    """What leaving out a whole unit costs."""
    worth = 0
    for member in range(a.units[unit], a.units[unit + 1]):
        worth += a.visits[a.members[member], DROP]
    return worth


@njit(cache=True, nogil=True, forceinline=True)
def _change(a, s, kept, pool, count):
    """Whether all changed routes are possible, and what the change costs; what was dropped or picked up included."""
    change = 0
    for number in range(kept.routes[0]):
        shift = kept.shifts[number]
        cost = cost_of(s, shift)
        if cost == IMPOSSIBLE:
            return False, 0
        change += cost
        if kept.first[number + 1] > kept.first[number]:
            change -= kept.sums[shift, PRICE] + kept.sums[shift, LATE]
    for k in range(count):
        was_out, is_out = s.absent_at[pool[k]] >= 0, s.where[pool[k]] == OUT
        if is_out and not was_out:
            change += a.visits[pool[k], DROP]
        elif was_out and not is_out:
            change -= a.visits[pool[k], DROP]
    return True, change


@njit(cache=True, nogil=True)
def _draw_absent(a, s, pool, count, seed):
    """Adds two visits left out before to the pool, the nearest to one visit and a random one; returns how many it has.

    What is planned together with them comes with them.
    """
    removed = count
    if s.counts[ABSENT] == 0:
        return count
    for k in range(-1, a.near.shape[1]):
        visit = seed if k < 0 else a.near[seed, k]
        if s.absent_at[visit] >= 0:
            count = _add_absent(a, pool, removed, count, visit)
            break
    return _add_absent(a, pool, removed, count, s.absent[below(s.rng, s.counts[ABSENT])])


@njit(cache=True, nogil=True)
def _add_absent(a, pool, removed, count, visit):
    """Adds a visit and the rest of its unit to the pool, if they are not among those from `removed` on."""
    for at in range(removed, count):
        if pool[at] == visit:
            return count
    unit = a.visits[visit, UNIT]
    if unit < 0:
        pool[count] = visit
        return count + 1
    for member in range(a.units[unit], a.units[unit + 1]):
        pool[count] = a.members[member]
        count += 1
    return count


@njit(cache=True, nogil=True, forceinline=True)
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
            keys[k] = -a.seconds[0, a.place[visit], a.place[pool[0]]]
    for k in range(1, count):  # few, so insertion sort
        key, visit, hole = keys[k], pool[k], k
        while hole > 0 and keys[hole - 1] > key:
            keys[hole], pool[hole] = keys[hole - 1], pool[hole - 1]
            hole -= 1
        keys[hole], pool[hole] = key, visit
