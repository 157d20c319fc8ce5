"""A part of the primitives: some shifts and some visits with the locations they need, as a problem of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from optimizer.primitives import OPEN, Primitives

BY_VISIT_AND_SHIFT = ("allowed", "assignment_cost", "service_s", "call_first")
BY_VISIT = ("setup_s", "drop_cost", "delivery", "pickup", "windows", "time_cost", "due_s")
BY_SHIFT = (
    "capacity",
    "open_cost",
    "travel_cost_per_s",
    "travel_cost_per_m",
    "overtime_per_s",
    "earliest_s",
    "soft_end_s",
    "hard_end_s",
    "max_travel_s",
    "max_travel_m",
    "max_leg_s",
    "max_duty_s",
    "duty_per_s",
    "person",
    "breaks",
    "profile",
)
PLACES_BY_VISIT = ("visit_location",)
PLACES_BY_SHIFT = ("start_location", "end_location", "depot")
BY_PLACE = ("seconds", "metres", "tolls")
RELATIONS = ("pairs", "links")
WHOLE = ("toll_factor", "refilled", "worst_late_per_s", "busy_per_s", "fair_s")


def take_part(primitives: Primitives, visits: Sequence[int], shifts: Sequence[int]) -> Primitives:
    """The primitives of these visits and shifts alone, numbered anew in the order given.

    Pairs and links stay where both visits are in the part. A visit pinned to one of the shifts must be in it
    (else KeyError). Only what is taken is copied, so small parts of a large problem are cheap.
    """
    rows, columns = np.asarray(visits, dtype=np.int64), np.asarray(shifts, dtype=np.int64)
    number = {int(visit): position for position, visit in enumerate(visits)}
    locations = {name: getattr(primitives, name)[rows] for name in PLACES_BY_VISIT}
    locations |= {name: getattr(primitives, name)[columns] for name in PLACES_BY_SHIFT}
    places = np.unique(np.concatenate([np.array([OPEN], dtype=np.int64), *locations.values()]))[1:]
    profiles = {primitives.profile[shift] for shift in shifts}
    parts: dict[str, Any] = {name: getattr(primitives, name) for name in WHOLE}
    parts |= {name: getattr(primitives, name)[np.ix_(rows, columns)] for name in BY_VISIT_AND_SHIFT}
    parts |= {name: _pick(getattr(primitives, name), rows) for name in BY_VISIT}
    parts |= {name: _pick(getattr(primitives, name), columns) for name in BY_SHIFT}
    parts |= {
        name: np.where(values == OPEN, OPEN, np.searchsorted(places, values)) for name, values in locations.items()
    }
    parts |= {
        name: {
            one: table[np.ix_(places, places)] for one, table in getattr(primitives, name).items() if one in profiles
        }
        for name in BY_PLACE
    }
    parts |= {
        name: [
            (number[first], number[second], *rest)
            for first, second, *rest in getattr(primitives, name)
            if first in number and second in number
        ]
        for name in RELATIONS
    }
    parts["by_time"] = {
        one: tuple((from_s, seconds[np.ix_(places, places)]) for from_s, seconds in tables)
        for one, tables in primitives.by_time.items()
        if one in profiles
    }
    parts["pinned_order"] = [tuple(number[visit] for visit in primitives.pinned_order[shift]) for shift in shifts]
    return Primitives(**parts)


def _pick(values: Any, chosen: Any) -> Any:
    return values[chosen] if isinstance(values, np.ndarray) else [values[one] for one in chosen]
