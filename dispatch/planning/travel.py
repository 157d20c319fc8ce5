"""How long it takes to drive on one day: hour by hour where the installation says so, and around closed roads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from data.travel import UNREACHABLE, ByHour, Point, TravelSource, at_percent
from dispatch import clock
from dispatch.planning.facts import DayFacts
from dispatch.planning.hindrances import Closure
from optimizer import Period, Travel

PROFILE = "car"
USUAL_PERCENT = 100


@dataclass(frozen=True)
class _Phase:
    """From then on drives take so many percent of the usual time, around the areas of these closures."""

    from_s: int
    percent: int
    closures: tuple[Closure, ...]


def build_travel(source: TravelSource, points: Sequence[Point], facts: DayFacts) -> Travel:
    """Between these points; the hours of a table are those on the wall of the head office's zone.

    Whoever sets out while a road is closed drives around it, where the source knows roads. Metres stay the usual ones.
    """
    none = np.zeros((0, 0), dtype=np.int64)
    seconds, metres = source.matrix(points, facts.day_start_at) if points else (none, none)
    around: dict[tuple[Closure, ...], np.ndarray] = {(): seconds}
    traffic, periods = {}, []
    for phase in _list_phases(source, facts):
        if phase.closures not in around:
            around[phase.closures] = _seconds_around(source, points, seconds, phase.closures, facts)
        is_usual = np.array_equal(around[phase.closures], seconds)  # also where no way leads through what is closed
        name = None if is_usual and phase.percent == USUAL_PERCENT else str(phase.percent)
        if name is not None and not is_usual:
            name += f" % around {list(around).index(phase.closures)}"
        if name is not None and name not in traffic:
            traffic[name] = at_percent(around[phase.closures], phase.percent)
        periods.append(Period(phase.from_s, name))
    return Travel({PROFILE: seconds}, {PROFILE: metres}, {}, traffic, {PROFILE: tuple(periods)} if traffic else {})


def _seconds_around(
    source: TravelSource, points: Sequence[Point], usual: np.ndarray, closures: Sequence[Closure], facts: DayFacts
) -> np.ndarray:
    """What legs take that are begun while these hold. From and to places in what is closed they take the usual
    seconds: work there waits by itself, and who is there gets out. Where no other way leads, legs take as long as it is
    closed on top, so that nobody sets out before it is open."""
    roads = source.around([one.area for one in closures]) if closures and points else None
    if roads is None:
        return usual
    seconds, _ = roads.matrix(points, facts.day_start_at)
    ends_at = max(one.opens_at(facts.over_at) for one in closures)
    wait_s = clock.seconds_between(min(one.from_at for one in closures), ends_at)
    is_inside = np.array([any(one.area.holds(point) for one in closures) for point in points])
    seconds = np.where(seconds == UNREACHABLE, usual + wait_s, seconds)
    return np.where((usual == UNREACHABLE) | is_inside[:, None] | is_inside[None, :], usual, seconds)


def _list_phases(source: TravelSource, facts: DayFacts) -> Iterator[_Phase]:
    """In order of time; none where drives take the usual seconds at all times."""
    percent_from = dict(_list_hours(source, facts)) if isinstance(source, ByHour) else {}
    closed = {
        one: (_second(one.from_at, facts), _second(one.opens_at(facts.over_at), facts))
        for one in facts.hindrances.closures
        if one.opens_at(facts.over_at) > max(facts.not_before_at, one.from_at)
    }
    percent = USUAL_PERCENT
    for from_s in sorted({*percent_from, *(second for span in closed.values() for second in span)}):
        percent = percent_from.get(from_s, percent)
        holding = tuple(one for one, (begins_s, ends_s) in closed.items() if begins_s <= from_s < ends_s)
        yield _Phase(from_s, percent, holding)


def _list_hours(source: ByHour, facts: DayFacts) -> Iterator[tuple[int, int]]:
    """When each hour of the table begins, from the day before, whose last hour still holds at midnight, to the day
    after, on which shifts may end. An hour that the clocks skip gives way to the one after it."""
    first = -1 if facts.day_start_at >= clock.day_start(facts.on, facts.zone) else -2  # far east of the head office
    for day in range(first, 2):
        for hour in source.hours:
            at = clock.at_wall_clock(facts.on + timedelta(days=day), hour.at, facts.zone)
            yield clock.seconds_between(facts.day_start_at, at), hour.percent


def _second(at: datetime, facts: DayFacts) -> int:
    return clock.seconds_between(facts.day_start_at, at)
