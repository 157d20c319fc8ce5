"""From parsed JSON to a `Document`: types, ranges, required and unknown keys; all faults at once."""

from __future__ import annotations

from typing import Any

from optimizer.faults import Faults
from optimizer.formats.vroom.checks import find_contradictions
from optimizer.formats.vroom.document import Costs, Document, Pause, Place, Tables, Task, Vehicle
from optimizer.formats.vroom.matrices import parse_matrix
from optimizer.formats.vroom.record import MOST_ID, Record

TASK_KEYS = (
    "id",
    "description",
    "location",
    "location_index",
    "setup",
    "service",
    "setup_per_type",
    "service_per_type",
    "time_windows",
)
JOB_KEYS = (*TASK_KEYS, "delivery", "pickup", "amount", "skills", "priority")
SHIPMENT_KEYS = ("pickup", "delivery", "amount", "skills", "priority")
VEHICLE_KEYS = (
    "id",
    "profile",
    "description",
    "start",
    "start_index",
    "end",
    "end_index",
    "capacity",
    "costs",
    "skills",
    "type",
    "time_window",
    "breaks",
    "speed_factor",
    "max_tasks",
    "max_travel_time",
    "max_distance",
    "steps",
)
BREAK_KEYS = ("id", "time_windows", "service", "description", "max_load")
STEP_KEYS = ("type", "id", "service_at", "service_after", "service_before")
COST_KEYS = ("fixed", "per_hour", "per_km", "per_task_hour")
ROOT_KEYS = ("jobs", "shipments", "vehicles", "matrices", "matrix")
TABLE_KEYS = ("durations", "distances", "costs")
STEP_TYPES = ("start", "job", "pickup", "delivery", "break", "end")


def parse_document(raw: Any) -> Document:
    """Returns the document that parsed JSON holds. Raises `ProblemError` with everything that is wrong with it."""
    faults = Faults()
    root = Record(raw, "", faults, ROOT_KEYS, ("vehicles",))
    tables, broken = _parse_tables(root)
    indexed = root.has("matrices") or root.has("matrix")
    jobs = [_parse_job(job, indexed) for job in _records(root, "jobs", JOB_KEYS, ("id",))]
    shipments = [
        _parse_shipment(one, indexed) for one in _records(root, "shipments", SHIPMENT_KEYS, ("pickup", "delivery"))
    ]
    vehicles = [_parse_vehicle(one, indexed) for one in _records(root, "vehicles", VEHICLE_KEYS, ("id",))]
    if root.fields.get("vehicles") == []:
        root.fault("vehicles", "holds no vehicle", "give at least one")
    if not jobs and not shipments and isinstance(raw, dict):
        root.fault("jobs", "there is nothing to do: neither jobs nor shipments", "give at least one")
    tasks = (*jobs, *(task for shipment in shipments for task in shipment))
    document = Document(tasks, tuple(shipments), tuple(vehicles), tables, indexed)
    faults.extend(find_contradictions(document, broken))
    faults.raise_if_any()
    return document


def _records(parent: Record, key: str, keys: tuple[str, ...], required: tuple[str, ...] = ()) -> list[Record]:
    return [
        Record(value, f"{parent.at(key)}[{index}]", parent.faults, keys, required) for index, value in parent.items(key)
    ]


def _parse_job(job: Record, indexed: bool) -> Task:
    amount, delivery, pickup = (job.integers(key) for key in ("amount", "delivery", "pickup"))
    if amount is not None and (delivery is not None or pickup is not None):
        job.fault("amount", "is given beside delivery or pickup", "keep delivery and pickup: amount is their old name")
    elif amount is not None:
        delivery = amount
    return _parse_task(job, "job", indexed, (delivery, pickup), _parse_needs(job))


def _parse_shipment(shipment: Record, indexed: bool) -> tuple[Task, Task]:
    amount, needs = shipment.integers("amount"), _parse_needs(shipment)
    steps = []
    for kind, loads in (("pickup", (None, amount)), ("delivery", (amount, None))):
        if shipment.has(kind):
            step = Record(shipment.fields[kind], shipment.at(kind), shipment.faults, TASK_KEYS, ("id",))
        else:  # noted already; an empty step keeps the rest going
            step = Record({}, shipment.at(kind), Faults(), TASK_KEYS)
        steps.append(_parse_task(step, kind, indexed, loads, needs))
    return steps[0], steps[1]


def _parse_needs(record: Record) -> tuple[frozenset[int], int]:
    """Skills and priority."""
    return frozenset(record.integers("skills") or ()), record.integer("priority", 0, 100) or 0


def _parse_task(
    task: Record,
    kind: str,
    indexed: bool,
    loads: tuple[tuple[int, ...] | None, tuple[int, ...] | None],
    needs: tuple[frozenset[int], int],
) -> Task:
    """`loads` are what is delivered and picked up, `needs` the skills and the priority."""
    place = _parse_place(task, "location", "location_index", indexed)
    if place is None and task.fields:
        key = "location_index" if indexed else "location"
        task.fault(key, "is missing", "give the row of the matrices" if indexed else "give [longitude, latitude]")
    return Task(
        kind=kind,
        id=task.identifier(),
        path=task.path,
        place=place or Place(None, None),
        description=task.text("description"),
        setup_s=task.integer("setup") or 0,
        service_s=task.integer("service") or 0,
        setup_per_type=task.integer_by_name("setup_per_type"),
        service_per_type=task.integer_by_name("service_per_type"),
        delivery=loads[0],
        pickup=loads[1],
        skills=needs[0],
        priority=needs[1],
        windows=task.spans("time_windows"),
    )


def _parse_place(record: Record, point_key: str, index_key: str, indexed: bool) -> Place | None:
    """Matrices ask for an index, travel sources for coordinates."""
    if not record.has(point_key) and not record.has(index_key):
        return None
    if indexed and not record.has(index_key):
        record.fault(index_key, "is missing", "with matrices, give the row that this place has in them")
    if not indexed and record.has(index_key):
        record.fault(index_key, "is given without matrices", "give matrices too, or take it out")
    if not indexed and not record.has(point_key):
        record.fault(point_key, "is missing", "without matrices, give [longitude, latitude]")
    return Place(record.integer(index_key), record.point(point_key))


def _parse_vehicle(vehicle: Record, indexed: bool) -> Vehicle:
    start = _parse_place(vehicle, "start", "start_index", indexed)
    end = _parse_place(vehicle, "end", "end_index", indexed)
    if vehicle.fields and start is None and end is None:
        vehicle.fault("start", "is missing, and so is end", "say where the vehicle starts, or ends, or both")
    return Vehicle(
        id=vehicle.identifier(),
        path=vehicle.path,
        profile=vehicle.text("profile") or "car",
        description=vehicle.text("description"),
        start=start,
        end=end,
        capacity=vehicle.integers("capacity"),
        costs=_parse_costs(vehicle),
        skills=frozenset(vehicle.integers("skills") or ()),
        type=vehicle.text("type"),
        window=vehicle.span("time_window"),
        breaks=tuple(_parse_break(pause) for pause in _records(vehicle, "breaks", BREAK_KEYS, ("id",))),
        speed_factor=_parse_speed(vehicle),
        max_tasks=vehicle.integer("max_tasks"),
        max_travel_s=vehicle.integer("max_travel_time"),
        max_distance_m=vehicle.integer("max_distance"),
        steps=tuple(_parse_step(step) for step in _records(vehicle, "steps", STEP_KEYS, ("type",))),
    )


def _parse_speed(vehicle: Record) -> float:
    speed = vehicle.number("speed_factor")
    if speed is None:
        return 1.0
    if not 0 < speed <= 5:
        vehicle.fault("speed_factor", f"is {speed:g}", "give a number above 0 and up to 5")
        return 1.0
    if speed < 0.001:
        vehicle.fault("speed_factor", f"is {speed:g}, too slow to reckon with", "give 0.001 or more")
        return 1.0
    return speed


def _parse_costs(vehicle: Record) -> Costs:
    if not vehicle.has("costs"):
        return Costs()
    costs = Record(vehicle.fields["costs"], vehicle.at("costs"), vehicle.faults, COST_KEYS)
    given = {key: amount for key in COST_KEYS if (amount := costs.integer(key)) is not None}
    return Costs(**given)


def _parse_break(pause: Record) -> Pause:
    return Pause(
        id=pause.identifier(),
        path=pause.path,
        windows=pause.spans("time_windows"),
        service_s=pause.integer("service") or 0,
        description=pause.text("description"),
        max_load=pause.integers("max_load"),
    )


def _parse_step(step: Record) -> tuple[str, int]:
    kind = step.text("type")
    if kind is not None and kind not in STEP_TYPES:
        step.fault("type", f"is {kind!r}", f"use one of: {', '.join(STEP_TYPES)}")
    for key in ("service_at", "service_after", "service_before"):
        step.integer(key)
    step_id = step.integer("id", 0, MOST_ID)
    if step_id is None and kind in ("job", "pickup", "delivery", "break") and not step.has("id"):
        step.fault("id", "is missing", f"say which {kind} this is")
    return kind or "", step_id or 0


def _parse_tables(root: Record) -> tuple[dict[str, Tables], dict[str, int]]:
    """The matrices by profile, and the rows of broken ones. The old key `matrix` holds a car's durations."""
    if root.has("matrix"):
        if root.has("matrices"):
            root.fault("matrix", "is given beside matrices", "keep matrices: matrix is their old form")
        durations = parse_matrix(root.fields["matrix"], "matrix", root.faults)
        return ({}, {"car": _rows(root, "matrix")}) if durations is None else ({"car": Tables(durations)}, {})
    value = root.fields.get("matrices", {})
    profiles = Record(value, "matrices", root.faults, tuple(value) if isinstance(value, dict) else ())
    if root.has("matrices") and not profiles.fields:
        root.fault("matrices", "holds no profile", "give durations for each profile, or leave matrices out")
    tables, broken = {}, {}
    for profile in profiles.fields:
        entry = Record(profiles.fields[profile], profiles.at(profile), root.faults, TABLE_KEYS, ("durations",))
        parsed = {
            key: parse_matrix(entry.fields[key], entry.at(key), root.faults) for key in TABLE_KEYS if entry.has(key)
        }
        durations = parsed.get("durations")
        if durations is None or any(matrix is None for matrix in parsed.values()):
            broken[profile] = max((_rows(entry, key) for key in TABLE_KEYS), default=0)
        else:
            tables[profile] = Tables(durations, parsed.get("distances"), parsed.get("costs"))
    return tables, broken


def _rows(record: Record, key: str) -> int:
    """How many rows a matrix has that is perhaps broken otherwise; 0 where it is none at all."""
    value = record.fields.get(key)
    return len(value) if isinstance(value, list) else 0
