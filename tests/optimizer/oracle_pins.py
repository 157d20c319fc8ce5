"""The oracle's view of pins: how the day goes with the pinned visits alone, which is how far they widen limits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from optimizer import Shift, Visit
from tests.optimizer.oracle_day import NEVER, Day, Leg, Stay, all_days
from tests.optimizer.oracle_roads import seconds_on


@dataclass(frozen=True)
class Needs:
    """What the pinned visits of a shift take by themselves; `ambiguous` when equally good days widen differently."""

    starts_s: dict[str, int]
    rests_s: dict[str, int]
    earliest_s: int
    home_s: int
    travel_s: int
    travel_m: int
    longest_leg_s: int
    duty_s: int
    ambiguous: bool


def find_needs(
    pinned: Sequence[Visit],
    shift: Shift,
    leg: Callable[[Shift, int | None, int | None], tuple[int, int, int]],
    road: Callable[[Shift, int | None, int | None], Leg],
    work_s: Callable[[Visit, Shift], int],
) -> Needs:
    """Puts the pinned visits in the order of their moments, as little late as possible; for that, breaks give way."""

    def moment(visit: Visit) -> int:
        if visit.pin and visit.pin.start_s is not None:
            return visit.pin.start_s
        if visit.planned and visit.planned.shift == shift.id:
            return visit.planned.start_s
        if visit.windows:
            return visit.windows[-1].close_s
        return shift.end_s if shift.latest_end_s is None else shift.latest_end_s

    order = sorted(sorted(pinned, key=lambda visit: visit.id), key=moment)
    places = [shift.start_location, *(visit.location for visit in order), shift.end_location]
    legs = [leg(shift, *ends) for ends in pairwise(places)]
    roads = [road(shift, *ends) for ends in pairwise(places)]
    stays, promised_s = [], []
    for visit, before, there in zip(order, places, roads, strict=False):
        windows = [(w.open_s, w.close_s) for w in visit.windows]
        if visit.pin and visit.pin.start_s is not None:
            windows = [(visit.pin.start_s, visit.pin.start_s)]
        promised_s.append(windows[-1][1] if windows else NEVER)
        if windows:
            windows[-1] = (windows[-1][0], NEVER)
        length_s = work_s(visit, shift) + (visit.setup_s if visit.location != before else 0)
        stays.append(Stay(there, length_s, tuple(windows)))
    first = order[0].pin
    earliest_s = shift.start_s
    if first and first.start_s is not None:
        leave_s = first.start_s - legs[0][0]
        while not isinstance(roads[0], int) and leave_s + seconds_on(roads[0], leave_s) > first.start_s:
            leave_s -= 1
        earliest_s = min(earliest_s, leave_s)

    def late_s(day: Day) -> int:
        return sum(max(0, start - promised) for start, promised in zip(day.starts_s, promised_s, strict=True))

    due = [one for one in shift.breaks if max(w.close_s for w in one.windows) >= earliest_s]
    strict = {one.id: (one.length_s, tuple((w.open_s, w.close_s) for w in one.windows)) for one in due}
    loose = {name: (length_s, (*windows[:-1], (windows[-1][0], NEVER))) for name, (length_s, windows) in strict.items()}
    days = list(all_days(stays, roads[-1], loose, earliest_s))
    in_time = list(all_days(stays, roads[-1], strict, earliest_s))
    forced = not in_time or min(map(late_s, in_time)) > min(map(late_s, days))
    if not forced:
        days = in_time
    least = min((late_s(day), day.home_s) for day in days)
    best = [day for day in days if (late_s(day), day.home_s) == least]
    drives_s = best[0].drives_s or tuple(one[0] for one in legs)
    changing = bool(best[0].drives_s)
    duties_s = (
        [_duty_s(day, legs[0][0], {one.id: one.length_s for one in due}) for day in best] if not changing else [0]
    )
    moved = len({(day.starts_s, frozenset(day.rests_s)) for day in best}) > 1
    return Needs(
        starts_s={visit.id: start for visit, start in zip(order, best[0].starts_s, strict=True)},
        rests_s=dict(best[0].rests_s),
        earliest_s=earliest_s,
        home_s=best[0].home_s,
        travel_s=sum(drives_s),
        travel_m=sum(one[1] for one in legs),
        longest_leg_s=max(drives_s),
        duty_s=duties_s[0],
        ambiguous=((forced or least[0] > 0) and moved)
        or (shift.max_duty_s is not None and (changing or len(set(duties_s)) > 1))
        or len({day.drives_s for day in best}) > 1,
    )


def _duty_s(day: Day, leg_s: int, lengths_s: dict[str, int]) -> int:
    """From the last moment to leave for the first stop, resting on the way where a break falls there, to home."""
    rests = [(start_s, start_s + lengths_s[name]) for name, start_s in day.rests_s]
    leave_s = day.starts_s[0]
    while True:
        now_s, left_s = leave_s, leg_s
        while left_s:
            left_s -= not any(start_s <= now_s < end_s for start_s, end_s in rests)
            now_s += 1
        if now_s <= day.starts_s[0] and not any(start_s < leave_s < end_s for start_s, end_s in rests):
            return day.home_s - leave_s
        leave_s -= 1
