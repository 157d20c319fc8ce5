"""How long it takes to drive on one day, hour by hour where the installation says so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import numpy as np

from data.travel import ByHour, Point, TravelSource, at_percent
from dispatch import clock
from dispatch.planning.facts import DayFacts
from optimizer import Period, Travel

PROFILE = "car"
USUAL_PERCENT = 100


def build_travel(source: TravelSource, points: Sequence[Point], facts: DayFacts) -> Travel:
    """Between these points; the hours of a table are those on the wall of the head office's zone."""
    none = np.zeros((0, 0), dtype=np.int64)
    seconds, metres = source.matrix(points, facts.day_start_at) if points else (none, none)
    if not isinstance(source, ByHour):
        return Travel({PROFILE: seconds}, {PROFILE: metres})
    traffic = {str(hour.percent): at_percent(seconds, hour.percent) for hour in source.hours}
    traffic.pop(str(USUAL_PERCENT), None)
    return Travel({PROFILE: seconds}, {PROFILE: metres}, {}, traffic, {PROFILE: _periods(source, facts)})


def _periods(source: ByHour, facts: DayFacts) -> tuple[Period, ...]:
    """When each hour of the table begins, from the day before, whose last hour still holds at midnight, to the day
    after, on which shifts may end. An hour that the clocks skip gives way to the one after it."""
    begins = {}
    for day in (-1, 0, 1):
        for hour in source.hours:
            at = clock.at_wall_clock(facts.on + timedelta(days=day), hour.at, facts.zone)
            begins[clock.seconds_between(facts.day_start_at, at)] = hour.percent
    return tuple(
        Period(from_s, None if percent == USUAL_PERCENT else str(percent)) for from_s, percent in sorted(begins.items())
    )
