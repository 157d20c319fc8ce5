"""VROOM's objective as whole numbers: most priority served, then most tasks, then least cost, in one sum of int64.

Costs are first exact, in 1/360,000 of VROOM's unit: there a second, a metre and an hour's rate are all whole. What the
search uses is divided by the greatest number that divides every rate, so that with VROOM's usual costs one unit of
the search is one second of travel. What leaving a task out costs follows from bounds on what any plan can cost.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimizer.formats.vroom.document import Matrix, Tables, Vehicle
from optimizer.policy import Policy

FINE = 360_000
"""Fine units of cost in one of VROOM's: 3,600 seconds in an hour times the hundredths of a speed factor."""
ROOM = 2**49
"""What all prices together must stay below: what costs `NEVER` or more, 2**50, the search takes for forbidden."""


@dataclass(frozen=True, slots=True)
class Rates:
    """What one vehicle costs, in fine units: per second of unscaled duration, metre, unit of the costs matrix, second
    of set-up and service, and for being used at all."""

    per_s: int
    per_m: int
    per_toll: int
    per_task_s: int
    fixed: int

    def leg(self, tables: Tables, origin: int, destination: int) -> int:
        """The exact price of one leg."""
        price = self.per_s * int(tables.durations[origin, destination])
        if tables.distances is not None:
            price += self.per_m * int(tables.distances[origin, destination])
        if tables.costs is not None:
            price += self.per_toll * int(tables.costs[origin, destination])
        return price


@dataclass(frozen=True, slots=True)
class Prices:
    """The objective as the search sees it. `coarse` is how often rounder its costs are than exact ones."""

    tolls: Mapping[str, Matrix]
    fixed: tuple[int, ...]
    per_task_s: tuple[int, ...]
    policy: Policy
    unit: int
    coarse: int


@dataclass(frozen=True, slots=True)
class Demand:
    """What the bounds need to know about a task: where it is, its priority and its longest time on site."""

    location: int
    priority: int
    on_site_s: int


def rates_of(vehicle: Vehicle, tables: Tables) -> Rates:
    """The vehicle's rates; where there is a costs matrix it alone prices travel.

    VROOM charges `per_task_hour` for breaks too. They are taken whenever the vehicle is used, so they are fixed.
    """
    priced = tables.costs is not None
    per_task_s = FINE // 3600 * vehicle.costs.per_task_hour
    return Rates(
        per_s=0 if priced else int(100 * vehicle.costs.per_hour / vehicle.speed_factor + 0.5),
        per_m=0 if priced else FINE // 1000 * vehicle.costs.per_km,
        per_toll=FINE if priced else 0,
        per_task_s=per_task_s,
        fixed=FINE * vehicle.costs.fixed + per_task_s * sum(pause.service_s for pause in vehicle.breaks),
    )


def build_prices(
    rates: Sequence[Rates],
    variants: Sequence[str],
    ends: Sequence[int | None],
    tables: Mapping[str, Tables],
    demands: Sequence[Demand],
) -> Prices:
    """The prices for vehicles with these rates, travel variants and ends; the same variant means the same rates."""
    by_variant = dict(zip(variants, rates, strict=True))
    exact = (
        math.gcd(
            *(amount for one in rates for amount in (one.per_s, one.per_m, one.per_toll, one.per_task_s, one.fixed))
        )
        or 1
    )
    coarse = 1
    while True:
        unit = exact * coarse
        tolls = {name: _tolls(tables[name], by_variant[name], unit) for name in by_variant}
        fixed = tuple(_rounded(one.fixed, unit) for one in rates)
        per_task_s = tuple(_rounded(one.per_task_s, unit) for one in rates)
        most = (
            sum(fixed)
            + sum(
                max(int(toll[:, one.location].max()) for toll in tolls.values()) + max(per_task_s) * one.on_site_s
                for one in demands
            )
            + sum(int(tolls[name][:, end].max()) for name, end in zip(variants, ends, strict=True) if end is not None)
        )
        per_task = most + 1
        step = math.gcd(*(one.priority for one in demands)) or 1
        per_priority = -(-(len(demands) * per_task + most + 1) // step)
        total = per_priority * sum(one.priority for one in demands) + len(demands) * per_task + most
        if total < ROOM:
            policy = Policy(
                "vroom",
                unassigned=per_task,
                unassigned_per_priority=per_priority,
                lateness_per_s=0,
                overtime_per_s=0,
                secondary_territory=0,
                not_preferred=0,
            )
            small = {name: toll.astype(np.int64) for name, toll in tolls.items()}
            return Prices(small, fixed, per_task_s, policy, unit, coarse)
        coarse = coarse * 2 if coarse > 1 else -(-total // ROOM)


def _tolls(tables: Tables, rates: Rates, unit: int) -> NDArray[Any]:
    """The price of every leg in search units; legs that no road leads along are free, and never taken.

    Python's own numbers, which have no end, take over where int64 would not do.
    """
    terms = [(rates.per_s, tables.durations), (rates.per_m, tables.distances), (rates.per_toll, tables.costs)]
    used = [(rate, matrix) for rate, matrix in terms if rate and matrix is not None]
    highest = sum(rate * int(matrix.max()) for rate, matrix in used)
    kind = np.dtype(np.int64) if highest + unit < 2**62 else np.dtype(object)
    price = sum((rate * matrix.astype(kind) for rate, matrix in used), np.zeros(tables.durations.shape, kind))
    return np.where(tables.durations < 0, 0, (price + unit // 2) // unit)


def _rounded(amount: int, unit: int) -> int:
    return (amount + unit // 2) // unit
