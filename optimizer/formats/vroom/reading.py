"""From a document to a `Problem`: tasks become visits, vehicles become shifts, matrices become travel."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from optimizer.faults import LONGEST_LEG_S, Fault, Faults
from optimizer.formats.vroom.checks import inside
from optimizer.formats.vroom.document import Document, Matrix, Place, Tables, Task, Vehicle
from optimizer.formats.vroom.objective import FINE, Demand, Prices, Rates, build_prices, rates_of
from optimizer.formats.vroom.record import Point
from optimizer.problem import Break, Pair, Problem, Shift, Visit, Window
from optimizer.travel import UNREACHABLE, Travel

LATEST_S = 2**39
"""Later than any time that may be written in a document, and earlier than what the optimizer takes for never."""


@dataclass(frozen=True, eq=False)
class VroomProblem:
    """A problem together with the document it was read from, which is needed to write the answer.

    `tables` are the matrices by profile, whether given or worked out; `warnings` are what the user must hear;
    one unit of the problem's costs is `unit` fine units of VROOM's.
    """

    document: Document
    problem: Problem
    tables: Mapping[str, Tables]
    rates: Mapping[str, Rates]
    warnings: tuple[str, ...]
    unit: int
    points: Mapping[Point, int]

    def location(self, place: Place) -> int:
        """The row of a place in the matrices."""
        return _location(place, self.points)


def needed_points(document: Document) -> list[tuple[float, float]]:
    """The points as (latitude, longitude) between which travel has to be worked out: none where matrices are given.

    `read` expects seconds and metres between exactly these points, in this order.
    """
    return [] if document.has_matrices else [(lat, lon) for lon, lat in _points(document)]


def read(document: Document, seconds: Matrix | None = None, metres: Matrix | None = None) -> VroomProblem:
    """Returns the problem that a document describes.

    Without matrices in the document, `seconds` and `metres`, `int64[N, N]`, say how it is to travel between
    `needed_points`; -1 is where no road leads. Raises `ProblemError` for what is not supported.
    """
    points = {} if document.has_matrices else {point: row for row, point in enumerate(_points(document))}
    tables: Mapping[str, Tables] = document.tables
    if not document.has_matrices:
        if seconds is None or metres is None:
            raise ValueError("the document has no matrices: give seconds and metres between its needed points")
        tables = {vehicle.profile: Tables(seconds, metres) for vehicle in document.vehicles}
    rates = {vehicle.name: rates_of(vehicle, tables[vehicle.profile]) for vehicle in document.vehicles}
    shared = _shared(document, points)
    _refuse_unsupported(document, shared)
    prices = _prices(document, tables, rates, points)
    travel = _travel(document, tables, rates, prices)
    latest_s = _latest_s(document, travel)
    problem = Problem(
        visits=tuple(_visit(task, document, points, task.name in shared) for task in document.tasks),
        shifts=tuple(
            _shift(vehicle, position, document, points, prices, rates[vehicle.name], latest_s)
            for position, vehicle in enumerate(document.vehicles)
        ),
        travel=travel,
        policy=prices.policy,
        pairs=tuple(Pair(pickup.name, delivery.name) for pickup, delivery in document.shipments),
    )
    warnings = _warnings(document, tables, prices, shared)
    return VroomProblem(document, problem, tables, rates, warnings, prices.unit, points)


def _points(document: Document) -> list[Point]:
    places = [task.place for task in document.tasks]
    places += [place for vehicle in document.vehicles for place in (vehicle.start, vehicle.end) if place]
    return list(dict.fromkeys(place.point for place in places if place.point is not None))


def _location(place: Place, points: Mapping[Point, int]) -> int:
    if place.point is not None and points:
        return points[place.point]
    assert place.index is not None, "a document with matrices gives every place an index"
    return place.index


def _visit(task: Task, document: Document, points: Mapping[Point, int], shared: bool) -> Visit:
    """Set-up that is paid whatever comes before is part of the service, which may differ by vehicle."""
    setup_s = task.setup_s if shared else 0
    usual_s = task.service_s + task.setup_s - setup_s
    by_vehicle = {
        vehicle.name: task.service_for(vehicle.type) + (0 if shared else task.setup_for(vehicle.type))
        for vehicle in document.vehicles
    }
    return Visit(
        id=task.name,
        location=_location(task.place, points),
        service_s=usual_s,
        service_by_technician_s={name: length_s for name, length_s in by_vehicle.items() if length_s != usual_s},
        setup_s=setup_s,
        skills={f"skill {skill}": 0 for skill in sorted(task.skills)},
        windows=_windows(task.windows),
        priority=task.priority,
        delivery=task.delivery or (),
        pickup=task.pickup or (),
    )


def _shift(
    vehicle: Vehicle,
    position: int,
    document: Document,
    points: Mapping[Point, int],
    prices: Prices,
    rates: Rates,
    latest_s: int,
) -> Shift:
    start_s, end_s = vehicle.window or (0, latest_s)
    return Shift(
        id=vehicle.name,
        technician=vehicle.name,
        start_location=None if vehicle.start is None else _location(vehicle.start, points),
        end_location=None if vehicle.end is None else _location(vehicle.end, points),
        start_s=start_s,
        end_s=end_s,
        skills={f"skill {skill}": 0 for skill in sorted(vehicle.skills)},
        breaks=tuple(
            Break(f"break {pause.id}", pause.service_s, _windows(inside(pause, vehicle) or ((start_s, end_s),)))
            for pause in vehicle.breaks
        ),
        capacity=vehicle.capacity or (),
        max_visits=vehicle.max_tasks,
        max_travel_s=vehicle.max_travel_s,
        max_travel_m=vehicle.max_distance_m,
        fixed_cost=prices.fixed[position],
        travel_cost_per_s=0,
        work_cost_per_s=prices.per_task_s[position],
        profile=_variant(vehicle, rates),
    )


def _windows(spans: tuple[tuple[int, int], ...]) -> tuple[Window, ...]:
    return tuple(Window(start, end) for start, end in spans)


def _variant(vehicle: Vehicle, rates: Rates) -> str:
    """Vehicles of one profile share their travel if speed and rates are the same too."""
    return f"{vehicle.profile}, speed {vehicle.speed_hundredths}, {rates.per_s} per s, {rates.per_m} per m"


def _prices(
    document: Document, tables: Mapping[str, Tables], rates: Mapping[str, Rates], points: Mapping[Point, int]
) -> Prices:
    vehicles = document.vehicles
    types = {vehicle.type for vehicle in vehicles}
    variants = [_variant(vehicle, rates[vehicle.name]) for vehicle in vehicles]
    return build_prices(
        [rates[vehicle.name] for vehicle in vehicles],
        variants,
        [None if vehicle.end is None else _location(vehicle.end, points) for vehicle in vehicles],
        {variant: tables[vehicle.profile] for variant, vehicle in zip(variants, vehicles, strict=True)},
        [
            Demand(
                _location(task.place, points),
                task.priority,
                max(task.setup_for(one) + task.service_for(one) for one in types),
            )
            for task in document.tasks
        ],
    )


def _travel(document: Document, tables: Mapping[str, Tables], rates: Mapping[str, Rates], prices: Prices) -> Travel:
    seconds, metres = {}, {}
    for vehicle in document.vehicles:
        given, variant = tables[vehicle.profile], _variant(vehicle, rates[vehicle.name])
        long = scaled(given.durations, vehicle.speed_hundredths)
        is_road = (long >= 0) & (long <= LONGEST_LEG_S)
        seconds[variant] = np.where(is_road, long, UNREACHABLE)
        metres[variant] = np.where(is_road, 0 if given.distances is None else given.distances, UNREACHABLE)
    return Travel(seconds, metres, dict(prices.tolls))


def scaled(durations: Matrix, hundredths: int) -> Matrix:
    """Durations at another speed, rounded to whole seconds leg by leg; VROOM carries the hundredths along."""
    if hundredths == 100:
        return durations
    return np.where(durations < 0, durations, (durations * hundredths + 50) // 100)


def _shared(document: Document, points: Mapping[Point, int]) -> set[str]:
    """The tasks that are not always reached from elsewhere, so that their set-up is not always paid."""
    places = [task.place for task in document.tasks]
    places += [vehicle.start for vehicle in document.vehicles if vehicle.start]
    counts = Counter(_location(place, points) for place in places)
    starts = {_location(vehicle.start, points) for vehicle in document.vehicles if vehicle.start}
    return {
        task.name
        for task in document.tasks
        if counts[_location(task.place, points)] > 1 or _location(task.place, points) in starts
    }


def _refuse_unsupported(document: Document, shared: set[str]) -> None:
    types = {vehicle.type for vehicle in document.vehicles}
    faults = Faults(
        Fault(
            f"{task.path}.setup_per_type",
            "differs between vehicles at a place with other tasks or a start, which is not supported",
            "give one setup for all, or the task a place of its own",
        )
        for task in document.tasks
        if task.name in shared and any(task.setup_for(one) != task.setup_s for one in types)
    )
    faults.raise_if_any()


def _latest_s(document: Document, travel: Travel) -> int:
    """When everything is done at the latest if it is done one after the other: the end of an open time window."""
    types = {vehicle.type for vehicle in document.vehicles}
    spans = [span for task in document.tasks for span in task.windows]
    spans += [span for vehicle in document.vehicles for pause in vehicle.breaks for span in pause.windows]
    spans += [vehicle.window for vehicle in document.vehicles if vehicle.window]
    longest_leg_s = max(int(matrix.max()) for matrix in travel.seconds.values())
    busy_s = sum(max(task.setup_for(one) + task.service_for(one) for one in types) for task in document.tasks)
    rests_s = sum(pause.service_s for vehicle in document.vehicles for pause in vehicle.breaks)
    latest_s = max((end for _, end in spans), default=0) + busy_s + rests_s
    return min(LATEST_S, latest_s + longest_leg_s * (len(document.tasks) + 1))


def _warnings(document: Document, tables: Mapping[str, Tables], prices: Prices, shared: set[str]) -> tuple[str, ...]:
    found = []
    for vehicle in document.vehicles:
        if (scaled(tables[vehicle.profile].durations, vehicle.speed_hundredths) > LONGEST_LEG_S).any():
            found.append(f"{vehicle.path}: legs of more than {LONGEST_LEG_S:,} seconds count as no road")
        if vehicle.steps:
            found.append(f"{vehicle.path}.steps: read and checked, but the search does not start from them")
    if not document.has_matrices:
        found += [
            f'profile "{profile}": travels as a car does, the travel source knows no other'
            for profile in sorted({vehicle.profile for vehicle in document.vehicles} - {"car"})
        ]
    if prices.coarse > 1:
        found.append(
            f"costs: rounded to {prices.unit / FINE:g} while searching, as priorities, tasks and exact costs "
            "together do not fit into 64 bits; the costs written are exact"
        )
    if any(vehicle.costs.per_task_hour for vehicle in document.vehicles) and any(
        task.setup_s for task in document.tasks if task.name in shared
    ):
        found.append(
            "costs.per_task_hour: the search leaves set-up at places with several tasks or a start out of "
            "account; the costs written include it"
        )
    return tuple(found)
