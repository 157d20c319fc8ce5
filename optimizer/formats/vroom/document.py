"""A VROOM document as typed values: what was asked, in VROOM's own words and units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimizer.formats.vroom.record import Point, Span

Matrix = NDArray[np.int64]

DEFAULT_PER_HOUR = 3600
"""One unit of cost for each second of travel."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is: a row of the matrices, coordinates, or both."""

    index: int | None
    point: Point | None


@dataclass(frozen=True, slots=True)
class Task:
    """A job, or one of the two steps of a shipment: `kind` is job, pickup or delivery. `path` is where it stands."""

    kind: str
    id: int
    path: str
    place: Place
    description: str | None
    setup_s: int
    service_s: int
    setup_per_type: Mapping[str, int]
    service_per_type: Mapping[str, int]
    delivery: tuple[int, ...] | None
    pickup: tuple[int, ...] | None
    skills: frozenset[int]
    priority: int
    windows: tuple[Span, ...]

    @property
    def name(self) -> str:
        """Unique among all tasks: ids are only so within a kind."""
        return f"{self.kind} {self.id}"

    def setup_for(self, vehicle_type: str | None) -> int:
        """Seconds of set-up for a type of vehicle."""
        return self.setup_s if vehicle_type is None else self.setup_per_type.get(vehicle_type, self.setup_s)

    def service_for(self, vehicle_type: str | None) -> int:
        """Seconds of service for a type of vehicle."""
        return self.service_s if vehicle_type is None else self.service_per_type.get(vehicle_type, self.service_s)


@dataclass(frozen=True, slots=True)
class Pause:
    """A break; no windows means any time."""

    id: int
    path: str
    windows: tuple[Span, ...]
    service_s: int
    description: str | None
    max_load: tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class Costs:
    fixed: int = 0
    per_hour: int = DEFAULT_PER_HOUR
    per_km: int = 0
    per_task_hour: int = 0


@dataclass(frozen=True, slots=True)
class Vehicle:
    id: int
    path: str
    profile: str
    description: str | None
    start: Place | None
    end: Place | None
    capacity: tuple[int, ...] | None
    costs: Costs
    skills: frozenset[int]
    type: str | None
    window: Span | None
    breaks: tuple[Pause, ...]
    speed_factor: float
    max_tasks: int | None
    max_travel_s: int | None
    max_distance_m: int | None
    steps: tuple[tuple[str, int], ...]

    @property
    def name(self) -> str:
        return f"vehicle {self.id}"

    @property
    def speed_hundredths(self) -> int:
        """What VROOM multiplies durations by, in hundredths: it keeps two digits of the inverse of the speed."""
        return int(100 / self.speed_factor + 0.5)


@dataclass(frozen=True, slots=True, eq=False)
class Tables:
    """The matrices of one profile, `int64[N, N]`; only durations are always there."""

    durations: Matrix
    distances: Matrix | None = None
    costs: Matrix | None = None


@dataclass(frozen=True, eq=False)
class Document:
    """Everything in the input. Without `tables`, travel has to be worked out between coordinates."""

    tasks: tuple[Task, ...]
    shipments: tuple[tuple[Task, Task], ...]
    vehicles: tuple[Vehicle, ...]
    tables: Mapping[str, Tables]
    has_matrices: bool

    @property
    def loads(self) -> int:
        """How many kinds of load there are."""
        return len(self.vehicles[0].capacity or ())
