"""What the rest of a route costs once something has been put into it, compiled."""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,misc"
from __future__ import annotations

from numba import njit

from optimizer.engines.ruin.arrays import DUE, MASKS, NEVER, PROFILE, SETUP
from optimizer.engines.ruin.moments import IMPOSSIBLE, opening
from optimizer.engines.ruin.state import LEAVE
from optimizer.engines.ruin.timing import come_home, extend, through


@njit(cache=True, nogil=True)
def going_on(a, s, shift, visit, after, leg_s, settled, deadline, ease):
    """Lateness and overtime of a route that goes on to a node from the labels in scratch row 0, after `visit`.

    IMPOSSIBLE if it cannot. `settled`: the node's time on site is as it was; `deadline` and `ease` are first columns.
    """
    label, scratch, masks, spent = s.label, s.scratch, a.shifts[shift, MASKS], LEAVE + a.masks
    in_time, easy, cheapest = not settled, False, IMPOSSIBLE
    if settled:
        for mask in range(masks):
            if scratch[0, LEAVE + mask] >= NEVER:
                continue
            for then in range(mask, masks):
                if then & mask == mask:
                    arrival_s = through(a.shifts, shift, scratch[0, LEAVE + mask], leg_s, then ^ mask)
                    in_time |= arrival_s <= label[after, deadline + then]
                    if arrival_s <= label[after, ease + then]:
                        easy, cheapest = True, min(cheapest, scratch[0, spent + mask])
    if not in_time:
        return IMPOSSIBLE
    return cheapest if easy else finish(a, s, shift, visit, after)


@njit(cache=True, nogil=True)
def finish(a, s, shift, visit, node):
    """The same, walking to the end of the route."""
    visits, shifts, scratch, place = a.visits, a.shifts, s.scratch, a.place
    legs, end = a.seconds[shifts[shift, PROFILE]], s.where.shape[0] + s.length.shape[0] + shift
    previous, now = place[visit], 0
    while node != end:
        here = place[node]
        on_site_s = a.service_s[node, shift] + (visits[node, SETUP] if previous != here else 0)
        leg_s = legs[previous, here]
        if not extend(
            s.bounds, visits, shifts, a.windows, a.late, shift, node, leg_s, on_site_s, scratch, now, scratch, 1 - now
        ):
            return IMPOSSIBLE
        previous, now, node = here, 1 - now, s.following[node]
    return come_home(shifts, shift, legs[previous, place[end]], scratch, now)


@njit(cache=True, nogil=True)
def worst_with(a, s, shift, visit, start_s, leave_s, node):
    """The largest lateness from a visit on that starts and is left then, if the route goes on to a node."""
    worst_s, previous, profile = start_s - a.visits[visit, DUE], a.place[visit], a.shifts[shift, PROFILE]
    while node < s.where.shape[0]:
        here = a.place[node]
        start_s = opening(s.bounds, a.visits, a.windows, node, leave_s + a.seconds[profile, previous, here])
        worst_s = max(worst_s, start_s - a.visits[node, DUE])
        leave_s = start_s + a.service_s[node, shift] + (a.visits[node, SETUP] if previous != here else 0)
        previous, node = here, s.following[node]
    return worst_s
