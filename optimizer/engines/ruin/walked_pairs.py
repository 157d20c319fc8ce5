"""The cheapest place for a pair of visits on a shift whose routes are walked as a whole, compiled.

Every gap for the first and from there on every gap for the second is tried, unless travel, work and a call at the depot
alone cost too much already: that is never more than a walk finds, whatever the travel times are.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,misc,call-arg"
from __future__ import annotations

from numba import njit

from optimizer.engines.ruin.apart import INT, THREE_INTS, apart
from optimizer.engines.ruin.arrays import DEPOT, DUTY_RATE, PROFILE, SETUP, Arrays
from optimizer.engines.ruin.moments import IMPOSSIBLE, leg_price
from optimizer.engines.ruin.spans import CALL_BEFORE, LATE_COST, PAID, WORK_S, call_cost, carries
from optimizer.engines.ruin.state import LATE, NODE, NOWHERE, State
from optimizer.engines.ruin.walk import cost_of_walk


@apart(Arrays, State, INT, INT, INT, INT, INT, returns=THREE_INTS)
def best_gaps_walked(a, s, first, second, shift, best, fixed):
    """`best_gaps` for such a shift; `fixed` is what the two visits cost there in any gap."""
    found, found_then, empty = NOWHERE, NOWHERE, s.length[shift] == 0
    before = 0 if empty or s.sums[shift, LATE] == IMPOSSIBLE else s.sums[shift, LATE]
    fits, must_call, may_call = (True, True, True) if empty else carries(a, s, shift, first)
    if a.shifts[shift, DEPOT] >= 0 and a.call_first[second, shift]:
        must_call = may_call = True
    node, end = s.where.shape[0] + shift, s.where.shape[0] + s.length.shape[0] + shift
    while fits and node != end:
        then = node
        while then != end:
            limit = best - fixed + before
            if empty or _least_cost(a, s, shift, first, second, node, then, must_call, may_call) < limit:
                cost, _ = cost_of_walk(a, s, shift, _lay_out(s, shift, first, second, node, then), limit)
                if cost < limit:
                    best, found, found_then = fixed + cost - before, node, then
            then = s.following[then]
        node = s.following[node]
    return best, found, found_then


@njit(cache=True, nogil=True)
def _lay_out(s, shift, first, second, node, then):
    """Puts the visits of a route in `walk`, with the two after these nodes of it; returns how many there are."""
    at, end, count = s.where.shape[0] + shift, s.where.shape[0] + s.length.shape[0] + shift, 0
    while at != end:
        if at < s.where.shape[0]:
            s.walk[NODE, count] = at
            count += 1
        if at == node:
            s.walk[NODE, count] = first
            count += 1
        if at == then:
            s.walk[NODE, count] = second
            count += 1
        at = s.following[at]
    return count


@njit(cache=True, nogil=True)
def _least_cost(a, s, shift, first, second, node, then, must_call, may_call):
    """What travel, lateness and duty cost at least with the two visits after these nodes of a route."""
    label, place, after = s.label, a.place, s.following[node]
    end = s.where.shape[0] + s.length.shape[0] + shift
    cost = label[end, PAID] + a.shifts[shift, DUTY_RATE] * label[end, WORK_S] + label[node, LATE_COST]
    cost += _paid_to(a, shift, place[node], first) - _paid_to(a, shift, place[node], after)
    call = call_cost(a, shift, place[node], first) if may_call else 0
    last, onto = first, second
    if then != node:
        last, onto, after = then, after, s.following[then]
        cost += _paid_to(a, shift, place[then], second) - _paid_to(a, shift, place[then], after)
    cost += _paid_to(a, shift, place[first], onto) + _paid_to(a, shift, place[second], after)
    if not may_call:
        return cost
    call = min(call, label[end, CALL_BEFORE], call_cost(a, shift, place[first], onto))
    call = min(call, call_cost(a, shift, place[last], second), call_cost(a, shift, place[second], after))
    return cost + (call if must_call else min(0, call))


@njit(cache=True, nogil=True, forceinline=True)
def _paid_to(a, shift, origin, node):
    """What travel to a node and time on site there cost, without a call on the way."""
    here = a.place[node]
    on_way_s = a.seconds[a.shifts[shift, PROFILE], origin, here]
    price = leg_price(a, shift, origin, here, on_way_s)
    if node < a.visits.shape[0]:
        on_way_s += a.service_s[node, shift] + (a.visits[node, SETUP] if origin != here else 0)
    return price + a.shifts[shift, DUTY_RATE] * on_way_s
