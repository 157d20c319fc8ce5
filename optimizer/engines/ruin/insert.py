"""The cheapest place for one visit, compiled: in every route that comes into question."""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,misc"
from __future__ import annotations

from numba import njit

from optimizer.engines.ruin.arrays import (
    BREAKS,
    END,
    MAX_LEG_S,
    MAX_TRAVEL_M,
    MAX_TRAVEL_S,
    OPEN_COST,
    PLACE,
    PRICES,
    PROFILE,
    SETUP,
    START,
    WINDOWS_FROM,
    WINDOWS_TO,
)
from optimizer.engines.ruin.timing import (
    IMPOSSIBLE,
    LATE,
    NEVER,
    TRAVEL_M,
    TRAVEL_S,
    come_home,
    extend,
    random,
    through,
)

FEW_SHIFTS = 40
"""Up to here every shift is tried for an insertion; beyond, those that serve a neighbour or begin near."""
NEIGHBOURS_TRIED = 30


@njit(cache=True, nogil=True)
def best_place(a, s, visit, tried, best, blink):
    """The cheapest insertion below `best`: (added cost, shift, gap), shift -1 if there is none.

    `tried` is scratch, one flag a shift; `blink` is the chance that a place is overlooked. The
    arrays are taken out of their tuples once, since that costs.
    """
    visits, shifts, windows, late, allowed = a.visits, a.shifts, a.windows, a.late, a.allowed
    route, length, summary, leave, spent = s.route, s.length, s.summary, s.leave, s.spent
    deadline, ease, scratch, rng = s.deadline, s.ease, s.scratch, s.rng
    seconds, prices, metres = a.seconds, a.prices, a.metres
    loads, near, near_shifts, where = a.capacity.shape[1], a.near, a.near_shifts, s.where
    here = visits[visit, PLACE]
    measured = metres.shape[1] > 1
    opens, closes = -NEVER, NEVER
    if visits[visit, WINDOWS_FROM] < visits[visit, WINDOWS_TO]:
        opens, closes = windows[visits[visit, WINDOWS_FROM], 0], windows[visits[visit, WINDOWS_TO] - 1, 1]
    found_shift, found_gap = -1, -1
    every, begins_near = length.shape[0] <= FEW_SHIFTS, near_shifts.shape[1]
    candidates = length.shape[0] if every else begins_near + min(NEIGHBOURS_TRIED, near.shape[1])
    if not every:
        tried[:] = False
    for candidate in range(candidates):
        if every:
            shift = candidate
        else:
            neighbour = candidate - begins_near
            shift = near_shifts[visit, candidate] if neighbour < 0 else where[near[visit, neighbour]]
            if shift < 0 or tried[shift]:
                continue
            tried[shift] = True
        if not allowed[visit, shift]:
            continue
        n = length[shift]
        fixed = a.assignment_cost[visit, shift] + (shifts[shift, OPEN_COST] if n == 0 else 0)
        if fixed >= best or (loads and not a.picks_up and not _carries(a, s, shift, visit, 0)):
            continue
        profile, priced = shifts[shift, PROFILE], shifts[shift, PRICES]
        spare_s = shifts[shift, MAX_TRAVEL_S] - summary[shift, TRAVEL_S]
        max_leg_s, masks = shifts[shift, MAX_LEG_S], 1 << shifts[shift, BREAKS]
        lateness = 0 if summary[shift, LATE] == IMPOSSIBLE else summary[shift, LATE]
        before = shifts[shift, START]
        for gap in range(n + 1):
            after = shifts[shift, END] if gap == n else visits[route[shift, gap], PLACE]
            added = fixed + prices[priced, before, here] + prices[priced, here, after]
            if n:
                added -= prices[priced, before, after]
            previous, before = before, after
            if added >= best or random(rng) < blink:
                continue
            to_s, from_s = seconds[profile, previous, here], seconds[profile, here, after]
            saved_s = seconds[profile, previous, after] if n else 0
            if to_s > max_leg_s or from_s > max_leg_s or to_s + from_s - saved_s > spare_s:
                continue
            if measured:
                way_m = metres[profile, previous, here] + metres[profile, here, after]
                way_m -= metres[profile, previous, after] if n else 0
                if summary[shift, TRAVEL_M] + way_m > shifts[shift, MAX_TRAVEL_M]:
                    continue
            on_site_s = a.service_s[visit, shift] + (visits[visit, SETUP] if previous != here else 0)
            soonest = leave[shift, gap, 0]
            for mask in range(1, masks):
                soonest = min(soonest, leave[shift, gap, mask])
            soonest += to_s
            settled = gap == n or visits[route[shift, gap], SETUP] == 0
            if soonest > closes:
                continue
            if settled and max(soonest, opens) + on_site_s + from_s > deadline[shift, gap, masks - 1]:
                continue
            if a.picks_up and not _carries(a, s, shift, visit, gap):
                continue
            if not extend(
                visits,
                shifts,
                windows,
                late,
                shift,
                visit,
                to_s,
                on_site_s,
                leave[shift],
                spent[shift],
                gap,
                scratch,
                scratch[2:],
                0,
            ):
                continue
            in_time, easy = not settled, False
            cheapest = IMPOSSIBLE
            for mask in range(masks):
                if settled and scratch[0, mask] < NEVER:
                    for then in range(mask, masks):
                        if then & mask == mask:
                            arrival = through(shifts, shift, scratch[0, mask], from_s, then ^ mask)
                            in_time |= arrival <= deadline[shift, gap, then]
                            if arrival <= ease[shift, gap, then]:
                                easy, cheapest = True, min(cheapest, scratch[2, mask])
            if not in_time:
                continue
            if not easy:
                cheapest = _finish(a, s, shift, visit, gap)
                if cheapest == IMPOSSIBLE:
                    continue
            added += cheapest - lateness
            if added < best:
                best, found_shift, found_gap = added, shift, gap
    return best, found_shift, found_gap


@njit(cache=True, nogil=True)
def _finish(a, s, shift, visit, gap):
    """Lateness and overtime of a route that goes on from the labels in scratch row 0, which stand after `visit`."""
    visits, shifts, legs = a.visits, a.shifts, a.seconds[a.shifts[shift, PROFILE]]
    route, scratch, n, now = s.route[shift], s.scratch, s.length[shift], 0
    before = visits[visit, PLACE]
    for k in range(gap, n):
        following = route[k]
        here = visits[following, PLACE]
        on_site_s = a.service_s[following, shift] + (visits[following, SETUP] if before != here else 0)
        if not extend(
            visits,
            shifts,
            a.windows,
            a.late,
            shift,
            following,
            legs[before, here],
            on_site_s,
            scratch,
            scratch[2:],
            now,
            scratch,
            scratch[2:],
            1 - now,
        ):
            return IMPOSSIBLE
        before, now = here, 1 - now
    return come_home(shifts, shift, legs[before, shifts[shift, END]], scratch, scratch[2:], now)


@njit(cache=True, nogil=True)
def _carries(a, s, shift, visit, gap):
    """Whether the van never holds too much if `visit` comes after `gap` stops."""
    route, n = s.route[shift], s.length[shift]
    for k in range(a.capacity.shape[1]):
        load = a.delivery[visit, k]
        for stop in range(n):
            load += a.delivery[route[stop], k]
        peak = load
        if a.picks_up:
            for stop in range(n + 1):
                if stop == gap:
                    load += a.pickup[visit, k] - a.delivery[visit, k]
                    peak = max(peak, load)
                if stop < n:
                    load += a.pickup[route[stop], k] - a.delivery[route[stop], k]
                    peak = max(peak, load)
        if peak > a.capacity[shift, k]:
            return False
    return True
