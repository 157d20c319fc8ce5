"""Primitives packed for the compiled search: few plain arrays, an open end as one more location at no distance."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimizer.engines.ruin.groups import first_and_last, knows_ties, pack_groups, shifts_of_people
from optimizer.engines.ruin.near import near_kinds, near_visits
from optimizer.engines.ruin.pauses import are_few, has_simple_breaks, pack_simple, pack_walked
from optimizer.engines.ruin.tables import NARROW, NO_ROAD_S, framed, pack_extra, pack_periods
from optimizer.primitives import KEEP, OPEN, Primitives
from optimizer.timing import FAR

Ints = NDArray[np.int64]
NEVER = 2**50
"""A time that never comes, and the cost of giving a visit to a shift that may not have it."""
WALKED_MASKS = 3
"""Sets of breaks in the room of which labels hold what is kept for shifts whose routes are walked as a whole."""

# Columns of Arrays.shifts
PROFILE, EXTRA, RATE, EARLIEST, SOFT_END, HARD_END, OVERTIME, OPEN_COST = range(8)
MAX_TRAVEL_S, MAX_TRAVEL_M, MAX_LEG_S, MAX_DUTY, DUTY_RATE, DEPOT, WALKED, KIND = range(8, 16)
PAUSES_FROM, PAUSES_TO, HOME_BY, PERIODS_FROM, PERIODS_TO, MASKS, FIRST_BREAK = range(16, 23)
# DEPOT is -1 without one; WALKED says whether routes are walked as a whole: pauses are listed for those shifts alone.
# Columns of Arrays.visits
SETUP, DROP, PINNED, OPENS, CLOSES, WINDOWS_FROM, WINDOWS_TO, LATE_FROM, LATE_TO, DUE, GROUP, UNIT = range(12)
# Columns of Arrays.links
FIRST, SECOND, LEAST, MOST, KIND_OF_LINK = range(5)


class Arrays(NamedTuple):
    """One problem for the kernel. V visits, S shifts, N locations, K loads; seconds and cost units.

    Shifts of one kind are the same in everything: of those that are empty, one stands for all.
    """

    place: Ints  # [V + 2S] location of each node: visits, starts of shifts, ends of shifts
    visits: Ints  # [V, 12] see the columns above; OPENS and CLOSES are the first and last moment to start
    shifts: Ints  # [S, 28]; a leg costs RATE for each second, and what the price list EXTRA says, if there is one
    windows: Ints  # [., 2] opens, closes; rows of a visit: WINDOWS_FROM to WINDOWS_TO
    pauses: Ints  # [., 3] length, where its openings begin and end; rows of a shift: PAUSES_FROM to PAUSES_TO
    openings: Ints  # [., 2] opens, closes: when a pause may start
    home_by: Ints  # [., 2] for each set of pauses taken, from HOME_BY on: when to be home to take the others, seconds
    late: Ints  # [., 2] after_s, cost_per_s; rows of a visit: LATE_FROM to LATE_TO
    seconds: NDArray[np.int32]  # [profile, N + 1, N + 1], NO_ROAD_S where no road leads
    periods: Ints  # [., 2] begins, which traffic; rows of a shift: PERIODS_FROM to PERIODS_TO, none if nothing varies
    traffic: NDArray[np.int32]  # [., N + 1, N + 1] seconds at one time of day; `seconds` are the least of those
    extra: Ints  # [price list, N + 1, N + 1] what metres and tolls cost; no list if they cost nothing
    metres: NDArray[np.int32]  # [profile, N + 1, N + 1]; no profile if nothing limits metres
    assign: Ints  # [V, S] cost, NEVER if not allowed
    service_s: NDArray[np.int32]  # [V, S]
    delivery: Ints  # [V, K] what is on the van from the start until the visit
    pickup: Ints  # [V, K] what is on it from the visit on; negative for what a pair hands over
    capacity: Ints  # [S, K]
    links: Ints  # [., 5] first, second, least and most seconds between their starts, kind; ordered by group
    groups: Ints  # [groups + 1, 2] where the members and the links of each group of linked visits begin; see `groups`
    units: Ints  # [units + 1] where the members of each unit begin
    members: Ints  # [.] visits, ordered by group and unit; then pairs
    apart: NDArray[np.bool_]  # [units] whether no two members may have the same technician
    is_pair: NDArray[np.bool_]  # [units] whether its two members are a pair, in their order
    person: Ints  # [S]
    person_from: Ints  # [P + 1] where the shifts of each person begin in
    person_shifts: Ints  # [S]
    fair_s: Ints  # [P] driving and work after which every second costs
    refilled: NDArray[np.bool_]  # [K] which loads never run out after a call at the depot
    call_first: NDArray[np.bool_]  # [V, S] which visits need that call before
    near: NDArray[np.int32]  # [V, neighbours]: other visits, nearest first
    near_kinds: NDArray[np.int32]  # [V, few]: kinds of shifts that may serve the visit, nearest first, then -1
    kind_from: Ints  # [kinds]: where the shifts of each kind begin, when ordered by kind
    masks: int  # sets of breaks taken that labels have room for: 2 to the power of the most breaks of a shift, or more
    busy_per_s: int  # price of every second beyond
    worst_per_s: int  # price of every second of the largest lateness of all
    picks_up: bool  # whether anything is ever put on a van
    sets_up: bool  # whether any visit has a set-up


def supports(primitives: Primitives) -> bool:
    """Whether the compiled search knows everything that this problem asks for; if not, OR-Tools plans it."""
    few = all(are_few(pauses) for pauses in primitives.breaks)
    alike = not primitives.by_time and bool((primitives.depot == OPEN).all())
    counted = not primitives.busy_per_s or alike  # the way to a depot is not, nor what drives take longer than at best
    return few and counted and knows_ties(primitives) and primitives.shifts > 0


def pack(primitives: Primitives) -> Arrays:
    """Packs primitives that `supports` says yes to. The layout never varies, so the kernel is compiled once."""
    profiles = sorted(set(primitives.profile))
    size = next(iter(primitives.seconds.values())).shape[0]
    seconds = np.stack([framed(primitives.seconds[one], NO_ROAD_S) for one in profiles])
    limited = bool((primitives.max_travel_m < FAR).any())
    metres = [framed(primitives.metres[one], 0) for one in profiles] if limited else []
    start, end = (np.where(ends == OPEN, size, ends) for ends in (primitives.start_location, primitives.end_location))
    price_list, extra = pack_extra(primitives, size)
    walked = _walked(primitives)
    pause_columns, pauses, openings, home_by = pack_walked(primitives, walked)
    period_columns, periods, traffic = pack_periods(primitives, size)
    person_from, person_shifts = shifts_of_people(primitives)
    shifts = np.column_stack(
        [
            [profiles.index(one) for one in primitives.profile],
            price_list,
            primitives.travel_cost_per_s,
            primitives.earliest_s,
            primitives.soft_end_s,
            primitives.hard_end_s,
            primitives.overtime_per_s,
            primitives.open_cost,
            primitives.max_travel_s,
            primitives.max_travel_m,
            np.minimum(primitives.max_leg_s, NO_ROAD_S - 1),
            primitives.max_duty_s,
            primitives.duty_per_s,
            primitives.depot,
            walked,
            np.zeros(primitives.shifts, dtype=np.int64),
            pause_columns,
            period_columns,
            pack_simple(primitives, walked),
        ]
    ).astype(np.int64)
    assign = np.where(primitives.allowed, primitives.assignment_cost, NEVER)
    shifts[:, KIND] = _kinds(shifts, start, end, primitives, assign)
    windows_from, windows = _rows(primitives.windows)
    late_from, late = _rows(primitives.time_cost)
    ties = pack_groups(primitives)
    visits = _visits(primitives, windows_from, late_from, ties.group, ties.unit)
    place, handed_over = primitives.visit_location, _handed_over(primitives)
    return Arrays(
        place=_ints(np.concatenate([place, start, end])),
        visits=visits,
        shifts=_ints(shifts),
        windows=_ints(windows),
        pauses=pauses,
        openings=openings,
        home_by=home_by,
        late=_ints(late),
        seconds=seconds,
        periods=periods,
        traffic=traffic,
        extra=extra,
        metres=np.stack(metres) if limited else np.zeros((0, 1, 1), dtype=NARROW),
        assign=_ints(assign),
        service_s=np.ascontiguousarray(primitives.service_s, dtype=NARROW),
        delivery=_ints(primitives.delivery - handed_over),
        pickup=_ints(primitives.pickup - handed_over),
        capacity=_ints(primitives.capacity),
        links=ties.links,
        groups=ties.groups,
        units=ties.units,
        members=ties.members,
        apart=ties.apart,
        is_pair=ties.is_pair,
        person=_ints(primitives.person),
        person_from=person_from,
        person_shifts=person_shifts,
        fair_s=_ints(primitives.fair_s),
        refilled=np.array(primitives.refilled, dtype=np.bool_),
        call_first=np.ascontiguousarray(primitives.call_first),
        near=near_visits(seconds[0], place, primitives.allowed),
        near_kinds=near_kinds(shifts[:, KIND], primitives.allowed, seconds[0], place, start),
        kind_from=_ints(np.cumsum(np.concatenate([[0], np.bincount(shifts[:, KIND])[:-1]]))),
        masks=max(int(shifts[:, MASKS].max()), WALKED_MASKS if walked.any() else 1),
        busy_per_s=int(primitives.busy_per_s),
        worst_per_s=int(primitives.worst_late_per_s),
        picks_up=bool(primitives.pickup.any()),
        sets_up=bool(primitives.setup_s.any()),
    )


def _walked(primitives: Primitives) -> NDArray[np.bool_]:
    """Which shifts' routes are walked as a whole: a depot, duty, breaks that are not simple, travel that varies."""
    simple = np.array([has_simple_breaks(primitives, shift) for shift in range(primitives.shifts)], dtype=np.bool_)
    simple &= np.array([not (primitives.worst_late_per_s and pauses) for pauses in primitives.breaks], dtype=np.bool_)
    simple &= np.array([profile not in primitives.by_time for profile in primitives.profile], dtype=np.bool_)
    on_duty = (primitives.duty_per_s > 0) | (primitives.max_duty_s < FAR)
    return np.asarray(on_duty | (primitives.depot != OPEN) | ~simple, dtype=np.bool_)


def _handed_over(primitives: Primitives) -> Ints:
    """What each visit delivers that was picked up on the way, by load."""
    seconds = [second for _, second in primitives.pairs]
    handed_over = np.zeros_like(primitives.delivery)
    handed_over[seconds] = primitives.delivery[seconds]
    return handed_over


def _ints(array: NDArray[np.generic]) -> Ints:
    return np.ascontiguousarray(array, dtype=np.int64)


def _visits(primitives: Primitives, windows_from: Ints, late_from: Ints, group: Ints, unit: Ints) -> Ints:
    keep = primitives.drop_cost == KEEP
    opens, closes = first_and_last(primitives, NEVER)
    one_moment = np.array([len(one) == 1 and one[0][0] == one[0][1] for one in primitives.windows], dtype=np.bool_)
    return _ints(
        np.column_stack(
            [
                primitives.setup_s,
                np.where(keep, FAR, primitives.drop_cost),
                keep & one_moment,
                opens,
                closes,
                windows_from[:-1],
                windows_from[1:],
                late_from[:-1],
                late_from[1:],
                primitives.due_s,
                group,
                unit,
            ]
        ).reshape(primitives.visits, 12)
    )


def _kinds(shifts: Ints, start: Ints, end: Ints, primitives: Primitives, assign: Ints) -> Ints:
    """A number for each shift, the same for shifts that differ in nothing; numbered as they first appear."""
    numbers: dict[bytes, int] = {}
    facts = np.column_stack([shifts, start, end, primitives.capacity])
    if primitives.busy_per_s:  # whoever has several shifts is unlike anybody else
        alone = np.bincount(primitives.person)[primitives.person] == 1
        facts = np.column_stack([facts, primitives.fair_s[primitives.person], np.where(alone, -1, primitives.person)])
    by_visit = (assign, primitives.service_s, primitives.call_first)
    for_visits = (np.ascontiguousarray(one.T) for one in by_visit)
    keys = (
        hashlib.blake2b(b"".join(part.tobytes() for part in parts)).digest()
        for parts in zip(facts, *for_visits, strict=True)
    )
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys], dtype=np.int64)


def _rows(lists: list[tuple[tuple[int, int], ...]]) -> tuple[Ints, Ints]:
    """Lists of pairs as one table, and the row at which each list begins."""
    starts = np.cumsum([0, *(len(one) for one in lists)]).astype(np.int64)
    return starts, np.array([pair for one in lists for pair in one], dtype=np.int64).reshape(-1, 2)
