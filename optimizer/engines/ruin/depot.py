"""Where routes that are walked as a whole may call at their depot, compiled, and what that costs at least."""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,misc,call-arg"
from __future__ import annotations

from numba import njit

from optimizer.engines.ruin.arrays import (
    DEPOT,
    DUTY_RATE,
    EARLIEST,
    HARD_END,
    MAX_DUTY,
    NEVER,
    OVERTIME,
    PROFILE,
    SOFT_END,
)
from optimizer.engines.ruin.moments import IMPOSSIBLE, leg_price
from optimizer.engines.ruin.spans import join, least_on_site
from optimizer.engines.ruin.state import LEAST, NODE, REST_FROM, REST_S, REST_TO, WAY_S


@njit(cache=True, nogil=True)
def bound_calls(a, s, shift, count, latest):
    """Sets what the visits of `walk` cost at least with a call after so many of them, up to `latest`; see `spans`."""
    walk, shifts, legs = s.walk, a.shifts, a.seconds[a.shifts[shift, PROFILE]]
    first, last = s.where.shape[0] + shift, s.where.shape[0] + s.length.shape[0] + shift
    depot, opens_s, closes_s = shifts[shift, DEPOT], shifts[shift, EARLIEST], shifts[shift, HARD_END]
    walk[REST_S, count], walk[REST_FROM, count], walk[REST_TO, count] = 0, opens_s, closes_s
    here, paid = a.place[last], 0
    for at in range(count - 1, -2, -1):
        node = walk[NODE, at] if at >= 0 else first
        there, here = here, a.place[node]
        leg_s = legs[here, there]
        paid += leg_price(a, shift, here, there, leg_s)
        walk[WAY_S, at + 1] = leg_s
        if at >= 0:
            origin = a.place[walk[NODE, at - 1]] if at else a.place[first]
            rest_s, rest_from, rest_to = walk[REST_S, at + 1], walk[REST_FROM, at + 1], walk[REST_TO, at + 1]
            on_site_s = least_on_site(a, shift, origin, node)
            walk[REST_S, at], walk[REST_FROM, at], walk[REST_TO, at] = join(
                on_site_s, s.bounds[node, 0], s.bounds[node, 1], leg_s, rest_s, rest_from, rest_to
            )
    span_s, span_from, span_to, here = 0, opens_s, closes_s, a.place[first]
    for gap in range(latest + 1):
        node = walk[NODE, gap] if gap < count else last
        there = a.place[node]
        to_s, from_s = legs[here, depot], legs[depot, there]
        all_s, all_from, _ = join(
            span_s, span_from, span_to, to_s + from_s, walk[REST_S, gap], walk[REST_FROM, gap], walk[REST_TO, gap]
        )
        walk[LEAST, gap] = IMPOSSIBLE
        if all_s < NEVER and all_s <= shifts[shift, MAX_DUTY]:
            cost = paid + leg_price(a, shift, here, depot, to_s) + leg_price(a, shift, depot, there, from_s)
            cost += shifts[shift, DUTY_RATE] * all_s - leg_price(a, shift, here, there, walk[WAY_S, gap])
            over_s = max(0, all_from + all_s - shifts[shift, SOFT_END])
            walk[LEAST, gap] = cost + shifts[shift, OVERTIME] * over_s
        if gap < count:
            on_site_s = least_on_site(a, shift, here, node)
            span_s, span_from, span_to = join(
                span_s, span_from, span_to, walk[WAY_S, gap], on_site_s, s.bounds[node, 0], s.bounds[node, 1]
            )
        here = there


@njit(cache=True, nogil=True, forceinline=True)
def latest_call(a, s, shift, count):
    """After how many visits of `walk` the shift must call at the latest; `count` if it need not, -1 if none helps.

    See `optimizer.calls.loads_fit` for what is on the van when.
    """
    calls, latest = a.shifts[shift, DEPOT] >= 0, count
    if calls:
        for at in range(count):
            if a.call_first[s.walk[NODE, at], shift]:
                latest = at
                break
    for kind in range(a.capacity.shape[1]):
        room, fits = a.capacity[shift, kind], True
        delivered = collected = most_collected = most_more = 0
        for at in range(count + 1):
            if delivered + most_more > room and fits:
                fits = False
                if not calls or not a.refilled[kind]:
                    return -1
                latest = min(latest, at - 1)
            if at < count:
                delivered += a.delivery[s.walk[NODE, at], kind]
                collected += a.pickup[s.walk[NODE, at], kind]
                most_collected = max(most_collected, collected)
                most_more = max(most_more, collected - delivered)
        if most_collected > room:
            return -1
    return latest
