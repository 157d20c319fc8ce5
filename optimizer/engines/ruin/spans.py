"""How long routes of shifts that are walked as a whole take at least, compiled: so that few gaps need a walk.

For what comes before a gap and for what comes after it a span says how long it takes at least, and when it begins
then; spans are joined in a moment, as time windows of segments are in Vidal, Crainic, Gendreau and Prins, A hybrid
genetic algorithm with adaptive diversity management for vehicle routing problems with time windows, Computers &
Operations Research 40(1), 2013. Nothing here is ever more than a walk finds, whatever the travel times are: where a
shift may call at a depot each leg counts as no longer than the way by the depot, and several windows count as one.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,misc,call-arg"
from __future__ import annotations

from numba import njit

from optimizer.engines.ruin.arrays import (
    DEPOT,
    DUTY_RATE,
    EARLIEST,
    EXTRA,
    HARD_END,
    HOME_BY,
    MAX_DUTY,
    MAX_LEG_S,
    MAX_TRAVEL_M,
    MAX_TRAVEL_S,
    NEVER,
    OVERTIME,
    PAUSES_FROM,
    PAUSES_TO,
    PROFILE,
    RATE,
    SETUP,
    SOFT_END,
)
from optimizer.engines.ruin.moments import lateness, leg_price
from optimizer.engines.ruin.state import GAP_PRICE, GAP_S, LEAVE, TRAVEL_M, TRAVEL_S

# Columns of State.label for such shifts, where others have what depends on breaks. From leaving home to the end of
# each stop: how long that takes at least, the first and the last leave at which it does, cost of travel, work and
# travel, cost of lateness at least, visits that need a call, the cheapest call on a leg so far.
SPAN_S, SPAN_FROM, SPAN_TO, PAID, WORK_S, LATE_COST, CALLS, CALL_BEFORE = range(LEAVE, LEAVE + 8)
# From each stop until home: the same, and the cheapest call on a leg from then on.
REST_S, REST_FROM, REST_TO, CALL_AFTER = range(LEAVE + 8, LEAVE + 12)


@njit(cache=True, nogil=True, forceinline=True)
def join(first_s, first_from, first_to, leg_s, second_s, second_from, second_to):
    """One span from two with a leg between them; the first number is NEVER if the second cannot be reached in time."""
    until_s = first_s + leg_s
    if first_s >= NEVER or second_s >= NEVER or first_from + until_s > second_to:
        return NEVER, 0, 0
    wait_s = max(0, second_from - until_s - first_to)
    soonest = max(second_from - until_s, first_from) - wait_s
    return until_s + wait_s + second_s, soonest, min(second_to - until_s, first_to)


@njit(cache=True, nogil=True, forceinline=True)
def _least_leg(a, shift, origin, destination):
    """The seconds of a leg, or of the way by the depot where that is shorter."""
    leg_s, depot = a.seconds[a.shifts[shift, PROFILE], origin, destination], a.shifts[shift, DEPOT]
    if depot < 0:
        return leg_s
    legs = a.seconds[a.shifts[shift, PROFILE]]
    return min(leg_s, legs[origin, depot] + legs[depot, destination])


@njit(cache=True, nogil=True, forceinline=True)
def least_on_site(a, shift, origin, node):
    """The seconds of a visit that one comes to from a place, if need be by way of the depot."""
    here = a.place[node]
    sets_up = origin != here and a.shifts[shift, DEPOT] != here
    return a.service_s[node, shift] + (a.visits[node, SETUP] if sets_up else 0)


@njit(cache=True, nogil=True, forceinline=True)
def call_cost(a, shift, origin, node):
    """What a call between a place and a node adds to travel, and to duty but for waiting."""
    there, depot, legs = a.place[node], a.shifts[shift, DEPOT], a.seconds[a.shifts[shift, PROFILE]]
    leg_s, to_s, from_s = legs[origin, there], legs[origin, depot], legs[depot, there]
    cost = leg_price(a, shift, origin, depot, to_s) + leg_price(a, shift, depot, there, from_s)
    more_s = to_s + from_s - leg_s
    if a.sets_up and node < a.visits.shape[0]:
        more_s += a.visits[node, SETUP] * (int(depot != there) - int(origin != there))
    return cost - leg_price(a, shift, origin, there, leg_s) + a.shifts[shift, DUTY_RATE] * more_s


@njit(cache=True, nogil=True)
def set_spans(a, s, shift):
    """Sets the spans of a route that is not empty; its legs are set."""
    label, shifts, place = s.label, a.shifts, a.place
    start, end = s.where.shape[0] + shift, s.where.shape[0] + s.length.shape[0] + shift
    calls = shifts[shift, DEPOT] >= 0
    for column in range(SPAN_S, CALL_AFTER + 1):
        label[start, column] = label[end, column] = 0
    label[start, SPAN_FROM] = label[end, REST_FROM] = shifts[shift, EARLIEST]
    label[start, SPAN_TO] = label[end, REST_TO] = shifts[shift, HARD_END]
    label[start, CALL_BEFORE] = label[end, CALL_AFTER] = NEVER
    before, node = start, s.following[start]
    while True:
        here, on_site_s, least_s = place[node], 0, 0
        opens_s, closes_s = shifts[shift, EARLIEST], shifts[shift, HARD_END]
        if node != end:
            on_site_s = a.service_s[node, shift] + (a.visits[node, SETUP] if place[before] != here else 0)
            least_s = least_on_site(a, shift, place[before], node)
            opens_s, closes_s = s.bounds[node, 0], s.bounds[node, 1]
        span_s, span_from, span_to = join(
            label[before, SPAN_S],
            label[before, SPAN_FROM],
            label[before, SPAN_TO],
            _least_leg(a, shift, place[before], here),
            least_s,
            opens_s,
            closes_s,
        )
        label[node, SPAN_S], label[node, SPAN_FROM], label[node, SPAN_TO] = span_s, span_from, span_to
        label[node, PAID] = label[before, PAID] + label[before, GAP_PRICE]
        label[node, WORK_S] = label[before, WORK_S] + label[before, GAP_S] + on_site_s
        label[node, CALL_BEFORE] = label[before, CALL_BEFORE]
        if calls:
            label[node, CALL_BEFORE] = min(label[node, CALL_BEFORE], call_cost(a, shift, place[before], node))
        label[node, CALLS], label[node, LATE_COST] = label[before, CALLS], label[before, LATE_COST]
        if node == end:
            break
        label[node, CALLS] += a.call_first[node, shift]
        if span_s < NEVER:
            label[node, LATE_COST] += lateness(a.visits, a.late, node, span_from + span_s - least_s)
        before, node = node, s.following[node]
    node = s.before[end]
    while node != start:
        after = s.following[node]
        span_s, span_from, span_to = join(
            least_on_site(a, shift, place[s.before[node]], node),
            s.bounds[node, 0],
            s.bounds[node, 1],
            _least_leg(a, shift, place[node], place[after]),
            label[after, REST_S],
            label[after, REST_FROM],
            label[after, REST_TO],
        )
        label[node, REST_S], label[node, REST_FROM], label[node, REST_TO] = span_s, span_from, span_to
        label[node, CALL_AFTER] = label[after, CALL_AFTER]
        if calls:
            label[node, CALL_AFTER] = min(label[node, CALL_AFTER], call_cost(a, shift, place[node], after))
        node = s.before[node]


@njit(cache=True, nogil=True, forceinline=True)
def carries(a, s, shift, visit):
    """(Whether the van may carry a visit as well, whether it must call at the depot then, whether it might).

    What is picked up may ask for a call too, which only a walk finds out.
    """
    end = s.where.shape[0] + s.length.shape[0] + shift
    calls = a.shifts[shift, DEPOT] >= 0
    must = calls and (a.call_first[visit, shift] or s.label[end, CALLS] > 0)
    for kind in range(a.capacity.shape[1]):
        if s.load[shift, kind] + a.delivery[visit, kind] > a.capacity[shift, kind]:
            if not calls or not a.refilled[kind]:
                return False, False, False
            must = True
    return True, must, must or (calls and a.picks_up)


@njit(cache=True, nogil=True, forceinline=True)
def _soonest_home(a, shift, work_s):
    """When somebody with breaks is home at the soonest after so much work and travel; NEVER if that is too late.

    Breaks not taken before must all be taken at home.
    """
    begun_s, home_s, first = a.shifts[shift, EARLIEST] + work_s, NEVER, a.shifts[shift, HOME_BY]
    for taken in range(1 << (a.shifts[shift, PAUSES_TO] - a.shifts[shift, PAUSES_FROM])):
        if begun_s + a.home_by[first + taken, 1] <= a.home_by[first + taken, 0]:
            home_s = min(home_s, begun_s + a.home_by[first + taken, 1])
    return home_s if home_s <= a.shifts[shift, HARD_END] else NEVER


@njit(cache=True, nogil=True, forceinline=True)
def least_cost(a, s, shift, visit, node, must_call, may_call, below):
    """What travel, lateness, overtime and duty cost at least with a visit after a node; `below` if no less."""
    label, shifts, place = s.label, a.shifts, a.place
    end, after = s.where.shape[0] + s.length.shape[0] + shift, s.following[node]
    previous, here, there, rate = place[node], place[visit], place[after], shifts[shift, DUTY_RATE]
    legs = a.seconds[shifts[shift, PROFILE]]
    to_s, from_s = legs[previous, here], legs[here, there]
    on_site_s = a.service_s[visit, shift] + (a.visits[visit, SETUP] if previous != here else 0)
    more_s = to_s + from_s - label[node, GAP_S]
    if a.sets_up and after != end:
        more_s += a.visits[after, SETUP] * (int(here != there) - int(previous != there))
    paid = label[end, PAID] - label[node, GAP_PRICE]
    paid += leg_price(a, shift, previous, here, to_s) + leg_price(a, shift, here, there, from_s)
    work_s = label[end, WORK_S] + on_site_s + more_s
    cost, home_s = paid + rate * work_s, -NEVER
    if may_call:
        call = min(label[node, CALL_BEFORE], label[after, CALL_AFTER])
        call = min(call, call_cost(a, shift, previous, visit), call_cost(a, shift, here, after))
        cost += call if must_call else min(0, call)
    else:
        way_s = s.sums[shift, TRAVEL_S] + to_s + from_s - label[node, GAP_S]
        if max(to_s, from_s) > shifts[shift, MAX_LEG_S] or way_s > shifts[shift, MAX_TRAVEL_S]:
            return below
        if work_s > shifts[shift, MAX_DUTY]:
            return below
        if shifts[shift, PAUSES_FROM] < shifts[shift, PAUSES_TO]:
            home_s = _soonest_home(a, shift, work_s)
            if home_s >= NEVER:
                return below
        if a.metres.shape[0]:
            metres = a.metres[shifts[shift, PROFILE]]
            way_m = s.sums[shift, TRAVEL_M] + metres[previous, here] + metres[here, there] - metres[previous, there]
            if way_m > shifts[shift, MAX_TRAVEL_M]:
                return below
    if cost >= below:
        return below
    least_s = on_site_s
    if may_call:
        to_s, from_s = _least_leg(a, shift, previous, here), _least_leg(a, shift, here, there)
        least_s = least_on_site(a, shift, previous, visit)
    span_s, span_from, span_to = join(
        label[node, SPAN_S],
        label[node, SPAN_FROM],
        label[node, SPAN_TO],
        to_s,
        least_s,
        s.bounds[visit, 0],
        s.bounds[visit, 1],
    )
    if span_s >= NEVER:
        return below
    late = label[node, LATE_COST] + lateness(a.visits, a.late, visit, span_from + span_s - least_s)
    if a.sets_up and after != end and a.visits[after, SETUP] and (previous == there) != (here == there):
        return cost + late  # the rest takes another time than its span says
    span_s, span_from, span_to = join(
        span_s, span_from, span_to, from_s, label[after, REST_S], label[after, REST_FROM], label[after, REST_TO]
    )
    if span_s >= NEVER or span_s > shifts[shift, MAX_DUTY]:
        return below
    if not may_call or (shifts[shift, RATE] == 0 and shifts[shift, EXTRA] < 0):  # then a call costs nothing but duty
        cost = max(cost, paid + rate * span_s)
    return cost + late + shifts[shift, OVERTIME] * max(0, max(home_s, span_from + span_s) - shifts[shift, SOFT_END])
