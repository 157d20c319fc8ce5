"""Balance between people, compiled: what people drive and work beyond their share costs, all their shifts together.

What an insertion costs therefore depends on the person's other shifts: when one changes, what is remembered about the
others is no longer true.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,misc,call-arg"
from __future__ import annotations

from numba import njit

from optimizer.engines.ruin.state import TRAVEL_S, WORK_S, new_version


@njit(cache=True, nogil=True, forceinline=True)
def busy_s(a, s, person):
    """How long somebody drives and works."""
    total = 0
    for at in range(a.person_from[person], a.person_from[person + 1]):
        shift = a.person_shifts[at]
        total += s.sums[shift, TRAVEL_S] + s.sums[shift, WORK_S]
    return total


@njit(cache=True, nogil=True, forceinline=True)
def room_s(a, s, shift):
    """How much more a shift's person may do before it costs; below 0 if it costs already."""
    return a.fair_s[a.person[shift]] - busy_s(a, s, a.person[shift])


@njit(cache=True, nogil=True, forceinline=True)
def price_beyond(a, room_s, more_s):
    """What it adds to the cost that somebody with so much room does so much more, or less."""
    return a.busy_per_s * (max(0, more_s - room_s) - max(0, -room_s))


@njit(cache=True, nogil=True)
def total_beyond(a, s):
    """What all people drive and work beyond their shares costs."""
    total = 0
    for person in range(a.fair_s.shape[0]):
        total += max(0, busy_s(a, s, person) - a.fair_s[person])
    return a.busy_per_s * total


@njit(cache=True, nogil=True)
def change_beyond(a, s, kept):
    """What the routes that a round has changed add to that cost."""
    change = 0
    for number in range(kept.routes[0]):
        person = a.person[kept.shifts[number]]
        now_s, first = busy_s(a, s, person), True
        was_s = now_s
        for other in range(kept.routes[0]):
            shift = kept.shifts[other]
            if a.person[shift] == person:
                first &= other >= number
                was_s += kept.sums[shift, TRAVEL_S] + kept.sums[shift, WORK_S]
                was_s -= s.sums[shift, TRAVEL_S] + s.sums[shift, WORK_S]
        if first:
            change += max(0, now_s - a.fair_s[person]) - max(0, was_s - a.fair_s[person])
    return a.busy_per_s * change


@njit(cache=True, nogil=True, forceinline=True)
def other_has_changed(a, changed, shift):
    """Whether this round has changed another shift of the same person."""
    person = a.person[shift]
    found = False
    for at in range(a.person_from[person], a.person_from[person + 1]):
        found |= changed[a.person_shifts[at]]
    return found


@njit(cache=True, nogil=True, forceinline=True)
def new_versions(a, s, shift):
    """Marks a route as changed, and with it those of the same person, whose prices depend on it."""
    if a.busy_per_s == 0:
        new_version(s, shift)
        return
    person = a.person[shift]
    for at in range(a.person_from[person], a.person_from[person + 1]):
        new_version(s, a.person_shifts[at])
