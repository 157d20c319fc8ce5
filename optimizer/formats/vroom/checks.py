"""What cannot be true of a document as a whole: ids, sizes, indices, matrices, breaks, and what is not supported."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from optimizer.faults import Fault
from optimizer.formats.vroom.document import DEFAULT_PER_HOUR, Document, Pause, Place, Vehicle
from optimizer.formats.vroom.record import MOST, join


def find_contradictions(document: Document, broken: Mapping[str, int]) -> Iterator[Fault]:
    """Yields what the parts of a document say against each other.

    `broken` are the rows of matrices that have been reported already, by profile.
    """
    sizes = [*(tables.durations.shape[0] for tables in document.tables.values()), *broken.values()]
    size = min((size for size in sizes if size), default=MOST + 1)
    for kind in ("job", "pickup", "delivery"):
        yield from _doubles((task.id, f"{task.path}.id") for task in document.tasks if task.kind == kind)
    yield from _doubles((vehicle.id, f"{vehicle.path}.id") for vehicle in document.vehicles)
    yield from _load_faults(document)
    yield from _matrix_faults(document)
    for task in document.tasks:
        yield from _index_faults(size, task.place, f"{task.path}.location_index")
    for vehicle in document.vehicles:
        yield from _index_faults(size, vehicle.start, f"{vehicle.path}.start_index")
        yield from _index_faults(size, vehicle.end, f"{vehicle.path}.end_index")
        if document.has_matrices and vehicle.profile not in broken:
            yield from _profile_faults(document, vehicle)
        yield from _break_faults(vehicle)
    yield from _step_faults(document)


def _doubles(ids: Iterable[tuple[int, str]]) -> Iterator[Fault]:
    first: dict[int, str] = {}
    for number, path in ids:
        if number in first:
            yield Fault(path, f"{number} is taken already by {first[number]}", "give each its own id")
        elif number >= 0:
            first[number] = path


def _load_faults(document: Document) -> Iterator[Fault]:
    """VROOM takes the number of loads from the first vehicle, and so do we."""
    if not document.vehicles:
        return
    count = document.loads
    amounts = [(f"{vehicle.path}.capacity", vehicle.capacity or ()) for vehicle in document.vehicles[1:]]
    for task in document.tasks:
        for key, loads in (("delivery", task.delivery), ("pickup", task.pickup)):
            if loads is not None and (task.kind == "job" or key == task.kind):
                path = f"{task.path}.{key}" if task.kind == "job" else task.path.removesuffix(task.kind) + "amount"
                if task.kind != "delivery":  # a shipment's amount stands in one place
                    amounts.append((path, loads))
    amounts += [
        (f"{pause.path}.max_load", pause.max_load)
        for vehicle in document.vehicles
        for pause in vehicle.breaks
        if pause.max_load is not None
    ]
    for path, loads in amounts:
        if len(loads) != count:
            yield Fault(
                path,
                f"names {len(loads)} amounts, {document.vehicles[0].path}.capacity names {count}",
                "name as many in each, 0 where there is nothing",
            )


def _matrix_faults(document: Document) -> Iterator[Fault]:
    sizes = {
        f"{join('matrices', profile)}.{key}": matrix.shape[0]
        for profile, tables in document.tables.items()
        for key, matrix in (("durations", tables.durations), ("distances", tables.distances), ("costs", tables.costs))
        if matrix is not None
    }
    for path, size in sizes.items():
        first_path, first = next(iter(sizes.items()))
        if size != first:
            yield Fault(path, f"has {size} rows, {first_path} has {first}", "let every matrix cover the same places")


def _index_faults(size: int, place: Place | None, path: str) -> Iterator[Fault]:
    if place is not None and place.index is not None and place.index >= size:
        yield Fault(path, f"is {place.index}, outside the matrices", f"use 0 to {size - 1}")


def _profile_faults(document: Document, vehicle: Vehicle) -> Iterator[Fault]:
    tables, costs = document.tables.get(vehicle.profile), vehicle.costs
    if tables is None:
        known = ", ".join(document.tables) or "none"
        yield Fault(
            f"{vehicle.path}.profile",
            f'"{vehicle.profile}" has no matrices',
            f"give {join('matrices', vehicle.profile)}.durations, or use one of: {known}",
        )
        return
    distances = f"{join('matrices', vehicle.profile)}.distances"
    if tables.distances is None and costs.per_km:
        yield Fault(f"{vehicle.path}.costs.per_km", f"needs {distances}", "add them, or leave per_km out")
    if tables.distances is None and vehicle.max_distance_m is not None:
        yield Fault(f"{vehicle.path}.max_distance", f"needs {distances}", "add them, or leave max_distance out")
    for key, given, usual in (("per_hour", costs.per_hour, DEFAULT_PER_HOUR), ("per_km", costs.per_km, 0)):
        if tables.costs is not None and given != usual:
            yield Fault(
                f"{vehicle.path}.costs.{key}",
                f"goes against {join('matrices', vehicle.profile)}.costs",
                "price travel by the matrix or by the rate, not by both",
            )
    slowest_s = int(tables.durations.max()) * vehicle.speed_hundredths // 100
    if slowest_s > MOST:
        yield Fault(f"{vehicle.path}.speed_factor", f"makes a leg last {slowest_s} s", f"let none pass {MOST} s")


def _break_faults(vehicle: Vehicle) -> Iterator[Fault]:
    yield from _doubles((pause.id, f"{pause.path}.id") for pause in vehicle.breaks)
    for pause in vehicle.breaks:
        if vehicle.window is not None and not inside(pause, vehicle):
            yield Fault(
                pause.path,
                f"cannot be taken between {vehicle.window[0]} and {vehicle.window[1]}, when the vehicle works",
                "move its time_windows, or make it shorter",
            )
        limits = zip(pause.max_load or (), vehicle.capacity or (), strict=False)
        if any(most < held for most, held in limits):
            yield Fault(
                f"{pause.path}.max_load",
                "is less than the capacity, which is not supported",
                "leave it out, or raise it to the capacity",
            )


def inside(pause: Pause, vehicle: Vehicle) -> tuple[tuple[int, int], ...]:
    """When a break may start so that it lies within the vehicle's working hours."""
    if vehicle.window is None:
        return pause.windows
    first, last = vehicle.window[0], vehicle.window[1] - pause.service_s
    windows = pause.windows or (vehicle.window,)
    clipped = ((max(first, start), min(last, end)) for start, end in windows)
    return tuple((start, end) for start, end in clipped if start <= end)


def _step_faults(document: Document) -> Iterator[Fault]:
    known = {(task.kind, task.id) for task in document.tasks}
    first: dict[tuple[str, int], str] = {}
    for vehicle in document.vehicles:
        breaks = {("break", pause.id) for pause in vehicle.breaks}
        for index, step in enumerate(vehicle.steps):
            path = f"{vehicle.path}.steps[{index}]"
            if step[0] not in ("job", "pickup", "delivery", "break") or step[1] < 0:
                continue
            if step not in known | breaks:
                yield Fault(path, f"there is no {step[0]} {step[1]}", "name one that is given")
            elif step in first and step[0] != "break":
                yield Fault(path, f"{step[0]} {step[1]} is in {first[step]} already", "let each be done once")
            else:
                first[step] = path
