"""Travel to one location more than the matrices have, without a copy of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from optimizer.faults import Fault, Faults
from optimizer.travel import UNREACHABLE, Travel

Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class NewPlace:
    """A location that the travel matrices do not have: its legs to and from all that they have, in their order.

    `int64[N]` for every profile, in seconds, metres and, where the profile has tolls, cost units; `UNREACHABLE` where
    no road leads; for every traffic that travel has, in seconds. The location of a visit there is N, one more than the
    last.
    """

    to_s: Mapping[str, Ints]
    from_s: Mapping[str, Ints]
    to_m: Mapping[str, Ints]
    from_m: Mapping[str, Ints]
    to_tolls: Mapping[str, Ints] = field(default_factory=dict)
    from_tolls: Mapping[str, Ints] = field(default_factory=dict)
    to_traffic: Mapping[str, Ints] = field(default_factory=dict)
    from_traffic: Mapping[str, Ints] = field(default_factory=dict)

    def beside(self, travel: Travel) -> Travel:
        """The same travel with this location as the last. Raises ProblemError when the legs do not match it."""
        Faults(self._faults(travel)).raise_if_any()
        grown = replace(
            travel,
            seconds=_bordered(travel.seconds, self.to_s, self.from_s),
            metres=_bordered(travel.metres, self.to_m, self.from_m),
            tolls=_bordered(travel.tolls, self.to_tolls, self.from_tolls),
            traffic=_bordered(travel.traffic, self.to_traffic, self.from_traffic),
        )
        least = [_least(travel, *legs) for legs in ((self.to_s, self.to_traffic), (self.from_s, self.from_traffic))]
        grown.__dict__["least_s"] = _bordered(travel.least_s, *least)  # else all of the matrices would be looked at
        return grown

    def _faults(self, travel: Travel) -> Iterator[Fault]:
        wanted = {"s": travel.seconds, "m": travel.metres, "tolls": travel.tolls, "traffic": travel.traffic}
        for kind, tables in wanted.items():
            for name in (f"to_{kind}", f"from_{kind}"):
                given = getattr(self, name)
                if set(given) != set(tables):
                    known = ", ".join(sorted(tables)) or "none"
                    yield Fault(
                        name, f"has the profiles {', '.join(sorted(given)) or 'none'}", f"give those of: {known}"
                    )
                for profile in sorted(set(given) & set(tables)):
                    yield from _leg_faults(f"{name}[{profile!r}]", given[profile], len(tables[profile]), kind)
        for seconds, metres, name in ((self.to_s, self.to_m, "to"), (self.from_s, self.from_m, "from")):
            for profile in sorted(set(seconds) & set(metres)):
                if not np.array_equal(seconds[profile] == UNREACHABLE, metres[profile] == UNREACHABLE):
                    what = f"seconds and metres of {profile!r} disagree about where roads lead"
                    yield Fault(f"{name}_s, {name}_m", what, f"use {UNREACHABLE} in both for a leg without a road")
        for profile, busy in ((one, two) for one in sorted(travel.seconds) for two in _traffic_of(travel, one)):
            for seconds, traffic, name in (
                (self.to_s, self.to_traffic, "to"),
                (self.from_s, self.from_traffic, "from"),
            ):
                usual, slow = seconds.get(profile), traffic.get(busy)
                if usual is None or slow is None or np.array_equal(usual == UNREACHABLE, slow == UNREACHABLE):
                    continue
                what = f"seconds of {profile!r} and of traffic {busy!r} disagree about where roads lead"
                yield Fault(f"{name}_s, {name}_traffic", what, f"use {UNREACHABLE} in both for a leg without a road")


def _traffic_of(travel: Travel, profile: str) -> list[str]:
    """The names of all traffic that a profile is ever in."""
    return sorted({one.traffic for one in travel.periods.get(profile, ()) if one.traffic is not None})


def _least(travel: Travel, usual: Mapping[str, Ints], traffic: Mapping[str, Ints]) -> dict[str, Ints]:
    """The seconds of legs at the best time of day, by profile."""
    return {
        profile: np.minimum.reduce([legs, *(traffic[name] for name in _traffic_of(travel, profile))])
        for profile, legs in usual.items()
    }


def _leg_faults(where: str, legs: Ints, size: int, kind: str) -> Iterator[Fault]:
    if legs.shape != (size,) or legs.dtype.kind != "i":
        yield Fault(where, f"is {legs.dtype}{list(legs.shape)}", f"give int64[{size}], a leg for every location")
    elif size and int(legs.min()) < (0 if kind == "tolls" else UNREACHABLE):
        yield Fault(where, "holds negative numbers", f"use {UNREACHABLE} only, for legs without a road")


class _Bordered:
    """A matrix with one more row and column. It answers to `[origin, destination]`, arrays of them too, and its shape;
    to nothing else that arrays do. The new location may be asked for alone, not within an array."""

    def __init__(self, matrix: Ints, to: Ints, onward: Ints) -> None:
        self._matrix, self._to, self._onward, self._last = matrix, to, onward, len(matrix)
        self.shape = (self._last + 1, self._last + 1)

    def __getitem__(self, leg: tuple[Any, Any]) -> Any:
        origin, destination = leg
        if isinstance(destination, int) and destination == self._last:
            return 0 if isinstance(origin, int) and origin == self._last else self._to[origin]
        if isinstance(origin, int) and origin == self._last:
            return self._onward[destination]
        return self._matrix[origin, destination]


def _bordered(tables: Mapping[str, Ints], to: Mapping[str, Ints], onward: Mapping[str, Ints]) -> dict[str, Ints]:
    return {profile: cast(Ints, _Bordered(table, to[profile], onward[profile])) for profile, table in tables.items()}
