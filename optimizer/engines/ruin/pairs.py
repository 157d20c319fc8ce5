"""The cheapest place for a pair of visits, compiled: both on one route, the second some time after the first.

Every gap is tried for the first and from there on every gap for the second, walking the route only once for each gap of
the first; what travel costs at least rules most of them out before. What the first picks up is on the van until then.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,misc,call-arg"
from __future__ import annotations

from numba import njit

from optimizer.engines.ruin.apart import BOOLS, INT, apart
from optimizer.engines.ruin.arrays import (
    DUE,
    MASKS,
    MAX_LEG_S,
    MAX_TRAVEL_M,
    MAX_TRAVEL_S,
    NEVER,
    OPEN_COST,
    PROFILE,
    SETUP,
    WALKED,
    Arrays,
)
from optimizer.engines.ruin.balance import other_has_changed, price_beyond, room_s
from optimizer.engines.ruin.chance import below
from optimizer.engines.ruin.insert import FEW_SHIFTS, NEIGHBOURS_TRIED, NODE, note_worst, shift_to_try
from optimizer.engines.ruin.moments import IMPOSSIBLE, leg_price
from optimizer.engines.ruin.rest import going_on, worst_with
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
    Kept,
    State,
    keep,
)
from optimizer.engines.ruin.timing import extend, insert
from optimizer.engines.ruin.walked_pairs import best_gaps_walked

# Rows of State.walk, by gap of a route: the node before it, what travel costs more with the second visit in it, the
# least of that from this gap on, and whether loads fit if the van carries the first's delivery up to this gap, its
# pickup in this gap, and what the second leaves of it from this gap on
GAP, ADDED, LEAST_ADDED, FITS_UNTIL, FITS_HERE, FITS_FROM = range(6)


@apart(Arrays, State, Kept, INT, BOOLS, INT, INT)
def put_pair(a, s, kept, unit, tried, worth, blink_one_in):
    """Puts both visits of a pair where they cost least, if that is less than `worth`."""
    first, second = a.members[a.units[unit]], a.members[a.units[unit] + 1]
    shift, node, then = _best_place(a, s, first, second, kept.changed, tried, worth, blink_one_in)
    if shift >= 0:
        keep(s, kept, shift)
        insert(a, s, shift, first, node)
        insert(a, s, shift, second, first if then == node else then)


@njit(cache=True, nogil=True)
def _best_place(a, s, first, second, changed, tried, best, blink_one_in):
    """The cheapest insertion below `best`: (shift, node before the first, node before the second in the route as it
    is), shift -1 if there is none. Remembered as `best_place` remembers, the second's node in the second's place.
    """
    cache, version = s.cache, s.version
    found_shift, found_node, found_then = -1, -1, -1
    every = s.length.shape[0] <= FEW_SHIFTS
    of_first = s.length.shape[0] if every else a.near_kinds.shape[1] + min(NEIGHBOURS_TRIED, a.near.shape[1])
    candidates = of_first if every else 2 * of_first
    overlooked = below(s.rng, blink_one_in) if blink_one_in else candidates
    if not every:
        tried[:] = False
    if a.worst_per_s:
        note_worst(s)
    for candidate in range(candidates):
        visit = first if candidate < of_first else second
        shift = shift_to_try(a, s, visit, candidate % of_first, every)
        if shift < 0 or (not every and tried[shift]):
            continue
        tried[shift] = True
        if s.closed[shift] or a.assign[first, shift] + a.assign[second, shift] >= best:
            continue
        if blink_one_in and candidate % blink_one_in == overlooked:
            continue
        known, lasting = cache[first, shift, 1], not changed[shift] and not a.worst_per_s
        lasting = lasting and not (a.busy_per_s and other_has_changed(a, changed, shift))
        cost, node, then = best, NOWHERE, NOWHERE
        if lasting and known >> NODE_BITS == version[shift]:
            cost, node, then = cache[first, shift, 0], known & NODE, cache[second, shift, 1] & NODE
            if cost >= best:
                continue
        if node == NOWHERE:
            cost, node, then = best_gaps(a, s, first, second, shift, best)
        if lasting:
            cache[first, shift, 0], cache[first, shift, 1] = cost, version[shift] << NODE_BITS | node
            cache[second, shift, 1] = version[shift] << NODE_BITS | then
        if cost < best and node != NOWHERE:
            best, found_shift, found_node, found_then = cost, shift, node, then
    return found_shift, found_node, found_then


@njit(cache=True, nogil=True)
def best_gaps(a, s, first, second, shift, best):
    """The cheapest insertion into one route below `best`: (added cost, node before the first, node before the second
    in the route as it is), else (`best`, NOWHERE, NOWHERE).
    """
    visits, shifts, place, label, walk, scratch = a.visits, a.shifts, a.place, s.label, s.walk, s.scratch
    found, found_then = NOWHERE, NOWHERE
    fixed = a.assign[first, shift] + a.assign[second, shift]
    if s.length[shift] == 0:
        fixed += shifts[shift, OPEN_COST]
    work_s, room = a.service_s[first, shift] + a.service_s[second, shift], 0
    if a.busy_per_s:
        room = room_s(a, s, shift)
        fixed += price_beyond(a, room, work_s)
        room -= work_s
    if fixed >= best:
        return best, found, found_then
    if shifts[shift, WALKED]:
        return best_gaps_walked(a, s, first, second, shift, best, fixed)
    legs, end = a.seconds[shifts[shift, PROFILE]], s.where.shape[0] + s.length.shape[0] + shift
    gaps = _set_gaps(a, s, first, second, shift)
    here, there, simple = place[first], place[second], shifts[shift, MASKS] == 1
    between_s = legs[here, there]
    between_price = leg_price(a, shift, here, there, between_s)
    spare_s = shifts[shift, MAX_TRAVEL_S] - s.sums[shift, TRAVEL_S]
    max_leg_s, measured = shifts[shift, MAX_LEG_S], a.metres.shape[0] > 0
    before_s = 0 if s.sums[shift, LATE] == IMPOSSIBLE else s.sums[shift, LATE]
    deadline, ease, now = LEAVE + 2 * a.masks, LEAVE + 3 * a.masks, 2
    for gap in range(gaps):
        if not walk[FITS_UNTIL, gap]:
            break
        node = walk[GAP, gap]
        previous, following = place[node], place[s.following[node]]
        to_s, on_s = legs[previous, here], legs[here, following]
        if to_s > max_leg_s or not walk[FITS_HERE, gap]:
            continue
        to_price = leg_price(a, shift, previous, here, to_s) - label[node, GAP_PRICE] + fixed
        alone = to_price + leg_price(a, shift, here, following, on_s)
        home_s = legs[there, following]
        together = to_price + between_price + leg_price(a, shift, there, following, home_s)
        least = together
        if gap + 1 < gaps:
            least = min(least, alone + walk[LEAST_ADDED, gap + 1])
        if least >= best:
            continue
        on_site_s = a.service_s[first, shift] + (visits[first, SETUP] if previous != here else 0)
        now = 2
        if not extend(
            s.bounds, visits, shifts, a.windows, a.late, shift, first, to_s, on_site_s, label, node, scratch, now
        ):
            if simple and label[node, LEAVE] > s.bounds[first, 1]:
                break  # and nobody leaves later stops earlier
            continue
        worst_s = scratch[now, LEAVE] - on_site_s - visits[first, DUE]
        last, at, way_s = first, gap, to_s - label[node, GAP_S]
        while True:
            origin, after = walk[GAP, at], s.following[walk[GAP, at]]
            previous, following = place[last], place[after]
            second_s, home_s = legs[previous, there], legs[there, following]
            added = together if at == gap else alone + walk[ADDED, at]
            if added < best and walk[FITS_FROM, at] and second_s <= max_leg_s and home_s <= max_leg_s:
                pair_s = way_s + second_s + home_s
                if at > gap:
                    pair_s -= label[origin, GAP_S]
                if a.busy_per_s:
                    added += price_beyond(a, room, pair_s)
                if pair_s <= spare_s and (not measured or _is_near(a, s, shift, first, second, node, origin)):
                    on_site_s = a.service_s[second, shift] + (visits[second, SETUP] if previous != there else 0)
                    if extend(
                        s.bounds, visits, shifts, a.windows, a.late, shift, second, second_s, on_site_s,
                        scratch, now, scratch, 0,
                    ):  # fmt: skip
                        settled = not a.sets_up or after == end or visits[after, SETUP] == 0
                        settled = settled or (place[origin] == following) == (there == following)
                        leave_s = scratch[0, LEAVE]
                        rest = going_on(a, s, shift, second, after, home_s, settled, deadline, ease)
                        if rest != IMPOSSIBLE:
                            added += rest - before_s
                            if a.worst_per_s:
                                late_s = worst_with(a, s, shift, second, leave_s - on_site_s, leave_s, after)
                                added += a.worst_per_s * max(0, max(worst_s, late_s) - s.counts[WORST_NOW])
                            if added < best:
                                best, found, found_then = added, node, origin
            at += 1
            if at == gaps or alone + walk[LEAST_ADDED, at] >= best or not walk[FITS_HERE, at]:
                break
            leg_s = legs[previous, following]
            if leg_s > max_leg_s:
                break
            if at == gap + 1:
                way_s += leg_s
            on_site_s = a.service_s[after, shift] + (visits[after, SETUP] if previous != following else 0)
            if not extend(
                s.bounds, visits, shifts, a.windows, a.late, shift, after, leg_s, on_site_s,
                scratch, now, scratch, 5 - now,
            ):  # fmt: skip
                break
            now, last = 5 - now, after
            worst_s = max(worst_s, scratch[now, LEAVE] - on_site_s - visits[after, DUE])
    return best, found, found_then


@njit(cache=True, nogil=True)
def _set_gaps(a, s, first, second, shift):
    """Sets the rows of `walk` for the gaps of a route; returns how many there are."""
    walk, place, there = s.walk, a.place, a.place[second]
    legs = a.seconds[a.shifts[shift, PROFILE]]
    node, end, gaps = s.where.shape[0] + shift, s.where.shape[0] + s.length.shape[0] + shift, 0
    while node != end:
        previous, following = place[node], place[s.following[node]]
        price = leg_price(a, shift, previous, there, legs[previous, there])
        price += leg_price(a, shift, there, following, legs[there, following])
        walk[GAP, gaps], walk[ADDED, gaps] = node, price - s.label[node, GAP_PRICE]
        walk[FITS_UNTIL, gaps] = walk[FITS_HERE, gaps] = walk[FITS_FROM, gaps] = 1
        gaps, node = gaps + 1, s.following[node]
    least = NEVER
    for gap in range(gaps - 1, -1, -1):
        least = min(least, walk[ADDED, gap])
        walk[LEAST_ADDED, gap] = least
    for kind in range(a.capacity.shape[1]):
        room = a.capacity[shift, kind] - s.load[shift, kind]
        out, taken, given = a.delivery[first, kind], a.pickup[first, kind], a.pickup[second, kind]
        for gap in range(gaps):
            node = walk[GAP, gap]
            if gap:
                room += a.delivery[node, kind] - a.pickup[node, kind]
            walk[FITS_UNTIL, gap] &= room >= out and (gap == 0 or walk[FITS_UNTIL, gap - 1] == 1)
            walk[FITS_HERE, gap] &= room >= taken
            walk[FITS_FROM, gap] &= room >= taken + given
        for gap in range(gaps - 2, -1, -1):
            walk[FITS_FROM, gap] &= walk[FITS_FROM, gap + 1]
    return gaps


@njit(cache=True, nogil=True)
def _is_near(a, s, shift, first, second, node, then):
    """Whether the shift may travel as far as that, in metres, with the first after one node, the second after another
    of the route as it is.
    """
    metres, place = a.metres[a.shifts[shift, PROFILE]], a.place
    here, there, way_m = place[first], place[second], s.sums[shift, TRAVEL_M]
    previous, following = place[node], place[s.following[node]]
    was_m = metres[previous, following] if s.length[shift] else 0
    if node == then:
        way_m += metres[previous, here] + metres[here, there] + metres[there, following] - was_m
    else:
        way_m += metres[previous, here] + metres[here, following] - was_m
        previous, following = place[then], place[s.following[then]]
        way_m += metres[previous, there] + metres[there, following] - metres[previous, following]
    return way_m <= a.shifts[shift, MAX_TRAVEL_M]
