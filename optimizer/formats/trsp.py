"""Technician routing and scheduling of Pillac, Guéret and Medaglia: skills, tools, spare parts, one call at the depot.

The objective is the time on duty of all technicians together; every request must be served. Distances are straight
lines, not rounded: for planning they are rounded up in the fourth decimal, so that what is planned is possible, and the
answer tells the exact times.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimizer.faults import Fault, Faults
from optimizer.formats.published import Instance, Line, Numbers, answer, distances, lines_of, must_serve
from optimizer.plan import Plan, Route
from optimizer.problem import Problem, Shift, Visit, Window
from optimizer.travel import Travel

PER_UNIT = 10_000
DEPOT = "depot"
"""What a call at the depot is called among the visits of an answer."""
ROW = re.compile(r"((?:\S+\s+){5}\S+)\s*\[([^\[\]]*)\]\s*\[([^\[\]]*)\]\s*\[([^\[\]]*)\]")
COLUMNS = "number, x, y, start and end of the window, service, [skills], [tools], [spare parts]"


@dataclass(frozen=True, slots=True)
class TrspInstance(Instance):
    """An instance with the exact coordinates of each location, and the exact windows and service of each request."""

    points: tuple[tuple[Decimal, Decimal], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """The depot, a technician's home or a request; times in ten-thousandths."""

    id: int
    line: Line
    point: tuple[Decimal, Decimal]
    opens: int
    closes: int
    service: int
    skills: frozenset[int]
    tools: frozenset[int]
    parts: tuple[int, ...]


def read(content: bytes | str) -> TrspInstance:
    """Returns the instance in a file's text. Raises `ProblemError` with everything that is wrong with it."""
    faults = Faults()
    lines = lines_of(content)
    counts, table = _sections(lines, faults)
    faults.raise_if_any()
    numbers = Numbers(faults, PER_UNIT)
    crew, skills, tools, parts = _counts(counts, numbers)
    rows = [row for line in table if (row := _row(line, numbers)) is not None]
    _find_contradictions(rows, crew, (skills, tools, parts), faults)
    faults.raise_if_any()
    technicians, requests = rows[1 : crew + 1], rows[crew + 1 :]
    points = tuple(row.point for row in rows)
    legs = distances(points, PER_UNIT, _up)
    visits = tuple(_visit(row, location) for location, row in enumerate(requests, crew + 1))
    shifts = tuple(_shift(row, location) for location, row in enumerate(technicians, 1))
    longest = max(shift.end_s - shift.start_s for shift in shifts)
    policy = must_serve("time on duty", worst_cost=len(shifts) * longest)
    names = tuple(f"spare part {kind}" for kind in range(parts))
    problem = Problem(visits, shifts, Travel({"car": legs}, {"car": legs}), policy, load_names=names)
    return TrspInstance(problem, PER_UNIT, points)


def write(instance: TrspInstance, plan: Plan, *, name: str, seconds: float) -> dict[str, Any]:
    """The JSON of a plan that took so many seconds to find, with its exact times."""
    duties = [_exact_duty(instance, route) for route in plan.routes]
    routes = [
        {"resource": int(route.shift), "visits": visits, "starts": starts}
        for route, (visits, starts, _) in zip(plan.routes, duties, strict=True)
    ]
    left_out = [int(one.visit) for one in plan.unassigned]
    return answer(name, seconds, math.fsum(length for _, _, length in duties), routes, left_out)


def _up(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.ceil(values)


def _visit(row: Row, location: int) -> Visit:
    return Visit(
        id=str(row.id),
        location=location,
        service_s=row.service,
        skills={str(skill): 1 for skill in row.skills},
        windows=(Window(row.opens, row.closes),),
        delivery=row.parts,
        tools=frozenset(str(tool) for tool in row.tools),
    )


def _shift(row: Row, location: int) -> Shift:
    return Shift(
        id=str(row.id),
        technician=str(row.id),
        start_location=location,
        end_location=location,
        start_s=row.opens,
        end_s=row.closes,
        skills={str(skill): 1 for skill in row.skills},
        capacity=row.parts,
        travel_cost_per_s=0,
        duty_cost_per_s=1,
        tools=frozenset(str(tool) for tool in row.tools),
        depot=0,
    )


def _exact_duty(instance: TrspInstance, route: Route) -> tuple[list[int | str], list[float], float]:
    """What a technician does in which order, when each begins, and how long all takes, in the file's unit.

    Leaves as late as the earliest possible return allows.
    """
    problem, shift = instance.problem, instance.problem.get_shift(route.shift)
    visits = [problem.get_visit(stop.visit) for stop in route.stops]
    names: list[int | str] = [int(visit.id) for visit in visits]
    places = [visit.location for visit in visits]
    spans = [(visit.windows[0].open_s, visit.windows[0].close_s, visit.service_s) for visit in visits]
    if route.call is not None and shift.depot is not None:
        names.insert(route.call.after, DEPOT)
        places.insert(route.call.after, shift.depot)
        spans.insert(route.call.after, (shift.start_s, shift.end_s, 0))
    homes = [0 if home is None else home for home in (shift.start_location, shift.end_location)]
    legs = [
        math.dist(*(map(float, instance.points[end]) for end in leg)) for leg in pairwise([homes[0], *places, homes[1]])
    ]
    rows = [(opens / PER_UNIT, closes / PER_UNIT, length / PER_UNIT) for opens, closes, length in spans]
    earliest = _forward(rows, legs, shift.start_s / PER_UNIT)
    latest = earliest[-1]
    for (_, closes, length), leg in zip(reversed(rows), reversed(legs[1:]), strict=True):
        latest = min(closes, latest - leg - length)
    leave = latest - legs[0]
    return names, _forward(rows, legs, leave)[:-1], earliest[-1] - leave


def _forward(rows: Sequence[tuple[float, float, float]], legs: Sequence[float], leave: float) -> list[float]:
    """The earliest start of each stop when leaving then, and the return."""
    starts, free = [], leave
    for (opens, _, length), leg in zip(rows, legs, strict=False):
        starts.append(max(opens, free + leg))
        free = starts[-1] + length
    return [*starts, free + legs[-1]]


def _sections(lines: Sequence[Line], faults: Faults) -> tuple[list[Line], list[Line]]:
    """The lines with the counts, and those with the rows; headings are left out."""
    heads = {line.text.upper(): place for place, line in enumerate(lines)}
    for head in ("INFO", "DEPOT TECHNICIANS AND REQUESTS"):
        if head not in heads:
            faults.append(Fault("input", f"has no section {head}", f"add a line {head} and what belongs below it"))
    if faults:
        return [], []
    begin, middle = heads["INFO"], heads["DEPOT TECHNICIANS AND REQUESTS"]
    counts = [line for line in lines[begin + 1 : middle] if not line.text.upper().startswith("CREW")]
    table = [line for line in lines[middle + 1 :] if not line.text.upper().startswith("ID")]
    if len(counts) != 1:
        what = f"INFO holds {len(counts)} lines of numbers"
        faults.append(Fault(lines[begin].where, what, "give one: technicians, skills, tools, spare parts"))
    return counts, table


def _counts(lines: Sequence[Line], numbers: Numbers) -> list[int]:
    """How many technicians, skills, tools and kinds of spare parts there are."""
    words, where = lines[0].words, lines[0].where
    if len(words) != 4:
        mend = "give 4: technicians, skills, tools, spare parts"
        numbers.faults.append(Fault(where, f"has {len(words)} numbers", mend))
        return [1, 0, 0, 0]
    whats = ("the crew", "the skills", "the tools", "the spare parts")
    return [numbers.whole(word, where, what, least=what == "the crew") for word, what in zip(words, whats, strict=True)]


def _row(line: Line, numbers: Numbers) -> Row | None:
    where, found = line.where, ROW.fullmatch(line.text)
    if found is None:
        numbers.faults.append(Fault(where, f"is {line.text!r}", f"give {COLUMNS}"))
        return None
    words = found[1].split()
    opens, closes = numbers.window(words[3:5], where)
    skills, tools, parts = (
        [numbers.whole(word, where, what) for word in found[group].replace(",", " ").split()]
        for group, what in ((2, "a skill"), (3, "a tool"), (4, "a number of spare parts"))
    )
    point = numbers.exact(words[1], where, "x"), numbers.exact(words[2], where, "y")
    return Row(
        id=numbers.whole(words[0], where, "the number"),
        line=line,
        point=point,
        opens=opens,
        closes=closes,
        service=numbers.scaled(words[5], where, "the service time"),
        skills=frozenset(skills),
        tools=frozenset(tools),
        parts=tuple(parts),
    )


def _find_contradictions(rows: Sequence[Row], crew: int, kinds: tuple[int, int, int], faults: Faults) -> None:
    if len(rows) < crew + 2:
        what = f"has {len(rows)} rows that can be read"
        faults.append(Fault("input", what, f"give the depot, {crew} technicians and at least one request"))
        return
    for expected, row in enumerate(rows):
        where = row.line.where
        if row.id != expected:
            faults.append(Fault(where, f"is row {expected}, but has number {row.id}", "count the rows from 0 on"))
        for name, ids, most in (("skill", row.skills, kinds[0]), ("tool", row.tools, kinds[1])):
            for one in sorted(one for one in ids if one >= most):
                faults.append(Fault(where, f"names {name} {one}, of {most} there are", f"use 0 to {most - 1}"))
        if expected and len(row.parts) != kinds[2]:
            faults.append(Fault(where, f"names {len(row.parts)} spare parts", f"give a number for each of {kinds[2]}"))
        if expected <= crew and row.service:
            faults.append(Fault(where, "has a service time, but is no request", "use 0"))
    depot = rows[0]
    for row in rows[1 : crew + 1]:
        if row.opens < depot.opens or row.closes > depot.closes:
            faults.append(Fault(row.line.where, "works when the depot is shut", "let the depot's window hold this one"))
