"""How long and how far it is between locations, by travel profile and, where that matters, by time of day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from optimizer.setting_out import Steps
from optimizer.timing import FAR

UNREACHABLE = -1
"""Marks a leg that no road leads along, in seconds and in metres."""


@dataclass(frozen=True, slots=True)
class Period:
    """A time of day: legs begun at `from_s` or later take the seconds of this traffic, until the next period begins.

    Without a name, they take the profile's own seconds again.
    """

    from_s: int
    traffic: str | None = None


@dataclass(frozen=True, eq=False)
class Travel:
    """Seconds and metres between locations, `int64[N, N]` for every profile; `UNREACHABLE` where no road leads.

    `tolls`, in cost units, are added to a leg's price. `traffic` are seconds at other times of day, by a name of the
    caller's choice; `periods` say for each profile that has any when which of them hold. How long a leg takes depends
    on when it is begun, breaks on the way or not, and whoever is free earlier may wait for a quicker period.
    """

    seconds: Mapping[str, NDArray[np.int64]]
    metres: Mapping[str, NDArray[np.int64]]
    tolls: Mapping[str, NDArray[np.int64]] = field(default_factory=dict)
    traffic: Mapping[str, NDArray[np.int64]] = field(default_factory=dict)
    periods: Mapping[str, tuple[Period, ...]] = field(default_factory=dict)

    @cached_property
    def by_time(self) -> dict[str, tuple[tuple[int, NDArray[np.int64]], ...]]:
        """(from_s, seconds) of each profile that has periods, the first from before any time of a plan."""
        return {
            profile: (
                (-FAR, self.seconds[profile]),
                *(
                    (one.from_s, self.seconds[profile] if one.traffic is None else self.traffic[one.traffic])
                    for one in periods
                ),
            )
            for profile, periods in self.periods.items()
            if periods
        }

    @cached_property
    def least_s(self) -> dict[str, NDArray[np.int64]]:
        """The seconds of each profile at the best time of day for each leg."""
        quickest = {
            profile: np.minimum.reduce([seconds for _, seconds in steps]) for profile, steps in self.by_time.items()
        }
        return {**self.seconds, **quickest}

    def leg_s(self, profile: str, origin: int | None, destination: int | None, leave_s: int | None = None) -> int:
        """Seconds of one leg that is begun at `leave_s`, by default at the best time of day; 0 where an end is open."""
        if origin is None or destination is None:
            return 0
        if leave_s is None or profile not in self.by_time:
            return int(self.least_s[profile][origin, destination])
        seconds = next(seconds for from_s, seconds in reversed(self.by_time[profile]) if from_s <= leave_s)
        return int(seconds[origin, destination])

    def steps(self, profile: str, origin: int | None, destination: int | None) -> Steps:
        """(from_s, seconds) of one leg of a profile that has periods; 0 where an end is open."""
        if origin is None or destination is None:
            return ((-FAR, 0),)
        return tuple((from_s, int(seconds[origin, destination])) for from_s, seconds in self.by_time[profile])

    def leg_m(self, profile: str, origin: int | None, destination: int | None) -> int:
        """Metres of one leg; 0 where an end is open."""
        return 0 if origin is None or destination is None else int(self.metres[profile][origin, destination])

    def leg_toll(self, profile: str, origin: int | None, destination: int | None) -> int:
        """Toll of one leg; 0 where there is none or an end is open."""
        if origin is None or destination is None or profile not in self.tolls:
            return 0
        return int(self.tolls[profile][origin, destination])
