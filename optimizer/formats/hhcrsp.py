"""Home health care routing and scheduling, as JSON of the University of Udine: caregivers, services in twos, tardiness.

The objective is a third of the sum of all travel, all tardiness and the largest tardiness; a service that starts after
its patient's window is tardy. Two services of one patient are by different caregivers: at the same moment
(`simultaneous`), or the second within [least, most] after the start of the first (`sequential`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimizer.faults import Fault, Faults
from optimizer.formats.json_fields import Fields, number
from optimizer.formats.json_text import parse_json
from optimizer.formats.published import Instance, answer_of, must_serve
from optimizer.plan import Plan
from optimizer.problem import Link, Problem, Shift, Visit, Window
from optimizer.travel import Travel

Ints = NDArray[np.int64]

ROOT = ("patients", "services", "caregivers", "central_offices", "distances")
PATIENT = ("id", "time_window", "required_caregivers")
MOST_DECIMALS = 6
"""The finest numbers that are planned with: more would leave too little room for long days."""


@dataclass(frozen=True, slots=True)
class Patient:
    """Who needs which services, when; `lags` are how much later the second one starts, None with one service."""

    id: str
    opens: Decimal
    closes: Decimal
    services: tuple[tuple[str, Decimal], ...]
    lags: tuple[Decimal, Decimal] | None

    @property
    def numbers(self) -> list[Decimal]:
        return [self.opens, self.closes, *(length for _, length in self.services), *(self.lags or ())]


def read(content: bytes | str) -> Instance:
    """Returns the instance in a file's text. Raises `ProblemError` with everything that is wrong with it."""
    faults = Faults()
    root = Fields(parse_json(content), "", faults, ROOT, ("name", "area"))
    offered = _each(root, "services", ("id",), ("default_duration",))
    services = [one.text("id") for one in offered]
    usual = {one.text("id"): one.number("default_duration") for one in offered if "default_duration" in one.raw}
    patients = [
        _patient(one, services, usual) for one in _each(root, "patients", PATIENT, ("location", "synchronization"))
    ]
    caregivers = [_caregiver(one, services) for one in _each(root, "caregivers", ("id", "abilities"))]
    offices = [one.text("id") for one in _each(root, "central_offices", ("id",), ("location",))]
    if len(offices) > 1:
        root.fault(
            "central_offices", f"holds {len(offices)} offices", "give one: caregivers do not say which is theirs"
        )
    _find_doubles(root, "services", services)
    _find_doubles(root, "patients", [one.id for one in patients])
    _find_doubles(root, "caregivers", [name for name, _ in caregivers])
    for key in ("patients", "caregivers", "central_offices"):
        if root.raw.get(key) == []:
            root.fault(key, "is empty", "give at least one")
    table = _table(root, len(offices) + len(patients))
    per_unit = _per_unit(root, [value for row in table for value in row] + [v for one in patients for v in one.numbers])
    faults.raise_if_any()
    legs = np.array([[int(value * per_unit) for value in row] for row in table], dtype=np.int64)
    return Instance(_problem(patients, caregivers, legs, per_unit), per_unit)


def write(instance: Instance, plan: Plan, *, name: str, seconds: float) -> dict[str, Any]:
    """The JSON of a plan that took so many seconds to find. A visit is called `patient/service`."""
    return answer_of(instance, plan, name, seconds, shares=3, id_of=str)


def _each(root: Fields, key: str, required: Sequence[str], optional: Sequence[str] = ()) -> list[Fields]:
    return [
        Fields(value, f"{root.at(key)}[{place}]", root.faults, required, optional)
        for place, value in enumerate(root.items(key))
    ]


def _patient(fields: Fields, known: Sequence[str], usual: Mapping[str, Decimal]) -> Patient:
    opens, closes = fields.span("time_window")
    needs = [_need(one, known, usual) for one in _each(fields, "required_caregivers", ("service",), ("duration",))]
    if "required_caregivers" in fields.raw and not 1 <= len(needs) <= 2:
        fields.fault("required_caregivers", f"holds {len(needs)} services", "give one or two")
    if len(needs) == 2 and needs[0][0] == needs[1][0]:
        fields.fault("required_caregivers", f"asks for {needs[0][0]!r} twice", "ask for two different services")
    lags = None
    if len(needs) == 2:
        lags = _lags(fields)
    elif "synchronization" in fields.raw:
        fields.fault("synchronization", "is given for one service", "take it out, or ask for two services")
    return Patient(fields.text("id"), opens, closes, tuple(needs), lags)


def _lags(fields: Fields) -> tuple[Decimal, Decimal]:
    """How much later the second service starts, at least and at most."""
    nothing = Decimal(0), Decimal(0)
    if "synchronization" not in fields.raw:
        fields.fault("synchronization", "is missing", "say whether the two services are simultaneous or sequential")
        return nothing
    how = Fields(fields.raw["synchronization"], fields.at("synchronization"), fields.faults, ("type",), ("distance",))
    kind = how.text("type")
    if kind == "sequential":
        if "distance" not in how.raw:
            how.fault("distance", "is missing", "say how much later the second starts: [least, most]")
        return how.span("distance")
    if kind == "simultaneous" and "distance" in how.raw:
        how.fault("distance", "is given for services at the same moment", "take it out")
    elif kind not in ("", "simultaneous"):
        how.fault("type", f"is {kind!r}", "use simultaneous or sequential")
    return nothing


def _need(fields: Fields, known: Sequence[str], usual: Mapping[str, Decimal]) -> tuple[str, Decimal]:
    """A service and how long it takes: what is usual for it, if the patient does not say."""
    name = fields.text("service")
    if name and name not in known:
        fields.fault("service", f"is {name!r}, which is not among the services", "name one of them")
    elif "duration" not in fields.raw and name not in usual:
        fields.fault("duration", "is missing", "add it, or a default_duration to the service")
    return name, fields.number("duration") if "duration" in fields.raw else usual.get(name, Decimal(0))


def _caregiver(fields: Fields, known: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """Who, and what they can do."""
    abilities = fields.items("abilities")
    for place, ability in enumerate(abilities):
        if ability not in known:
            fields.fault(f"abilities[{place}]", f"is {ability!r}, which is not among the services", "name one of them")
    return fields.text("id"), tuple(str(ability) for ability in abilities)


def _find_doubles(root: Fields, key: str, ids: Sequence[str]) -> None:
    for double in sorted({one for one in ids if one and ids.count(one) > 1}):
        root.fault(key, f"id {double!r} is given more than once", "give each its own id")


def _table(root: Fields, size: int) -> list[list[Decimal]]:
    """Travel between the office and the patients, in their order."""
    rows = root.items("distances")
    path = root.at("distances")
    if "distances" in root.raw and len(rows) != size:
        root.fault("distances", f"has {len(rows)} rows", f"give {size}: the office, then the patients in order")
    table = []
    for place, row in enumerate(rows):
        where = f"{path}[{place}]"
        if not isinstance(row, list) or len(row) != size:
            root.fault(f"distances[{place}]", "is no row of the table", f"give {size} numbers")
            continue
        table.append([number(value, f"{where}[{column}]", root.faults) for column, value in enumerate(row)])
    return table


def _per_unit(root: Fields, values: Sequence[Decimal]) -> int:
    """The smallest power of ten by which all numbers become whole."""
    decimals = max((-int(value.as_tuple().exponent) for value in values), default=0)
    if decimals > MOST_DECIMALS:
        finest = min(values, key=lambda value: int(value.as_tuple().exponent))
        root.faults.append(Fault("input", f"holds {finest}", f"use at most {MOST_DECIMALS} decimals"))
    return int(10 ** max(0, min(decimals, MOST_DECIMALS)))


def _problem(
    patients: Sequence[Patient], caregivers: Sequence[tuple[str, tuple[str, ...]]], legs: Ints, per_unit: int
) -> Problem:
    # Long enough for one caregiver to do everything, one after the other.
    lengths = [length for one in patients for length in (*(each for _, each in one.services), *(one.lags or ())[1:])]
    latest = max(one.closes for one in patients) + sum(lengths)
    horizon = int(latest * per_unit) + 2 * (len(patients) + 1) * int(legs.max())
    visits = tuple(
        Visit(
            id=f"{patient.id}/{service}",
            location=location,
            service_s=int(length * per_unit),
            skills={service: 1},
            windows=(Window(int(patient.opens * per_unit), horizon),),
            due_s=int(patient.closes * per_unit),
        )
        for location, patient in enumerate(patients, 1)
        for service, length in patient.services
    )
    shifts = tuple(
        Shift(name, name, 0, 0, start_s=0, end_s=horizon, skills=dict.fromkeys(abilities, 1))
        for name, abilities in caregivers
    )
    links = tuple(_links(patients, per_unit))
    policy = must_serve(
        "travel and tardiness",
        worst_cost=(len(visits) + 1) * horizon + 2 * len(visits) * int(legs.max()),
        lateness_per_s=1,
        worst_lateness_per_s=1,
    )
    return Problem(visits, shifts, Travel({"car": legs}, {"car": legs}), policy, links=links)


def _links(patients: Sequence[Patient], per_unit: int) -> Iterator[Link]:
    for patient in patients:
        if patient.lags is not None:
            first, second = (f"{patient.id}/{service}" for service, _ in patient.services)
            least, most = (int(lag * per_unit) for lag in patient.lags)
            yield Link(first, second, min_lag_s=least, max_lag_s=most, technicians="different")
