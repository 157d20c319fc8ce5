"""From a plan to the JSON of VROOM's answer, priced exactly by the rates of the document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

from optimizer.formats.vroom.document import Place, Task, Vehicle
from optimizer.formats.vroom.objective import FINE
from optimizer.formats.vroom.reading import VroomProblem
from optimizer.formats.vroom.timeline import Event, tell
from optimizer.plan import Plan, Route, Unassigned

TOTALS = ("cost", "setup", "service", "duration", "waiting_time", "priority")
LOADS = ("delivery", "amount", "pickup")

NO_TIME_LEFT = (
    "It would have fitted in, but the search ended before it was put anywhere: give it more time or more iterations."
)
"""With VROOM's objective nothing that fits is left out for its price."""


def write(vroom: VroomProblem, plan: Plan, computing_ms: Mapping[str, int] | None = None) -> dict[str, Any]:
    """Returns VROOM's answer for a plan of this problem.

    `computing_ms` (loading, solving, routing) is left out where None: the answer is then the same whenever the plan
    is. Unassigned tasks have two keys of our own: `rule` and `reason`.
    """
    routes = [_RouteWriter(vroom, route).write() for route in plan.routes]
    left_out = {one.visit: one for one in plan.unassigned}
    unassigned = [
        _write_unassigned(task, left_out[task.name]) for task in vroom.document.tasks if task.name in left_out
    ]
    summary: dict[str, Any] = {"cost": 0, "routes": len(routes), "unassigned": len(unassigned)}
    if vroom.document.loads:
        for key in LOADS:
            summary[key] = _sum_loads((route[key] for route in routes), vroom.document.loads)
    for key in TOTALS:
        summary[key] = sum(route[key] for route in routes)
    if all(vroom.tables[vehicle.profile].distances is not None for vehicle in vroom.document.vehicles):
        summary["distance"] = sum(route["distance"] for route in routes)
    summary["violations"] = []
    if computing_ms is not None:
        summary["computing_times"] = dict(computing_ms)
    return {"code": 0, "summary": summary, "unassigned": unassigned, "routes": routes}


def _write_unassigned(task: Task, reason: Unassigned) -> dict[str, Any]:
    sentence = NO_TIME_LEFT if reason.rule == "leaving out" else reason.sentence
    described = {} if task.description is None else {"description": task.description}
    return {
        "id": task.id,
        "type": task.kind,
        **_write_place(task.place),
        **described,
        "rule": reason.rule,
        "reason": sentence,
    }


def _write_place(place: Place) -> dict[str, Any]:
    written: dict[str, Any] = {}
    if place.point is not None:
        written["location"] = list(place.point)
    if place.index is not None:
        written["location_index"] = place.index
    return written


def _sum_loads(loads: Iterable[Iterable[int]], count: int) -> list[int]:
    return [sum(kind) for kind in zip(*loads, strict=True)] or [0] * count


class _RouteWriter:
    """One route: its steps, and what they add up to."""

    def __init__(self, vroom: VroomProblem, route: Route) -> None:
        self.vroom, self.route = vroom, route
        self.vehicle: Vehicle = vroom.document.vehicles[vroom.problem.shift_index[route.shift]]
        self.tasks = [vroom.document.tasks[vroom.problem.visit_index[stop.visit]] for stop in route.stops]
        self.tables = vroom.tables[self.vehicle.profile]
        self.start = self.vehicle.start or self.tasks[0].place
        self.end = self.vehicle.end or self.tasks[-1].place
        kinds = vroom.document.loads
        self.delivered = [_padded(task.delivery, kinds) for task in self.tasks]
        self.picked_up = [_padded(task.pickup, kinds) for task in self.tasks]
        jobs = [loads for task, loads in zip(self.tasks, self.delivered, strict=True) if task.kind == "job"]
        self.load = _sum_loads(jobs, kinds)
        """What is on the vehicle after the step written last."""

    def write(self) -> dict[str, Any]:
        steps = [self._write_step(event) for event in tell(self.route)]
        written: dict[str, Any] = {"vehicle": self.vehicle.id, "cost": self._cost(steps) // FINE}
        if self.vehicle.description is not None:
            written["description"] = self.vehicle.description
        if self.vroom.document.loads:
            written["delivery"] = _sum_loads(self.delivered, len(self.load))
            written["amount"] = written["delivery"]
            written["pickup"] = _sum_loads(self.picked_up, len(self.load))
        written |= {
            "setup": sum(step["setup"] for step in steps),
            "service": sum(step["service"] for step in steps),
            "duration": steps[-1]["duration"],
            "waiting_time": sum(step["waiting_time"] for step in steps),
            "priority": sum(task.priority for task in self.tasks),
        }
        if self.tables.distances is not None:
            written["distance"] = steps[-1]["distance"]
        return {**written, "steps": steps, "violations": []}

    def _write_step(self, event: Event) -> dict[str, Any]:
        setup_s = service_s = 0
        if event.stop is not None:
            step = self._write_stop(event.stop)
            setup_s, service_s = self._on_site_s(event.stop)
        elif event.rest is not None:
            step, service_s = self._write_break(event.rest)
        else:
            step = {"type": event.kind, **_write_place(self.start if event.kind == "start" else self.end)}
        step |= {"setup": setup_s, "service": service_s, "waiting_time": event.wait_s}
        if event.stop is not None and self.tasks[event.stop].kind == "job":
            step["job"] = self.tasks[event.stop].id
        if self.vroom.document.loads:
            step["load"] = list(self.load)
        step |= {"arrival": event.arrive_s, "duration": event.travelled_s, "violations": []}
        if self.tables.distances is not None:
            step["distance"] = event.travelled_m
        return step

    def _write_stop(self, position: int) -> dict[str, Any]:
        task = self.tasks[position]
        self.load = [
            load - out + back
            for load, out, back in zip(self.load, self.delivered[position], self.picked_up[position], strict=True)
        ]
        described = {} if task.description is None else {"description": task.description}
        return {"type": task.kind, **described, **_write_place(task.place), "id": task.id}

    def _write_break(self, rest: int) -> tuple[dict[str, Any], int]:
        taken = self.route.rests[rest]
        pause = next(one for one in self.vehicle.breaks if f"break {one.id}" == taken.break_id)
        described = {} if pause.description is None else {"description": pause.description}
        return {"type": "break", **described, "id": pause.id}, taken.end_s - taken.start_s

    def _on_site_s(self, position: int) -> tuple[int, int]:
        """Set-up, which is paid only on coming from elsewhere, and service."""
        task, before = self.tasks[position], self.tasks[position - 1].place if position else self.vehicle.start
        arrived = before is None or self.vroom.location(before) != self.vroom.location(task.place)
        setup_s = task.setup_for(self.vehicle.type) if arrived else 0
        return setup_s, task.service_for(self.vehicle.type)

    def _cost(self, steps: list[dict[str, Any]]) -> int:
        """The exact cost of the route, in fine units."""
        rates = self.vroom.rates[self.vehicle.name]
        places = [self.start, *(task.place for task in self.tasks), self.end]
        if self.vehicle.start is None:
            places = places[1:]
        if self.vehicle.end is None:
            places = places[:-1]
        rows = [self.vroom.location(place) for place in places]
        on_site_s: int = sum(step["setup"] + step["service"] for step in steps if step["type"] != "break")
        travel = sum(rates.leg(self.tables, *leg) for leg in pairwise(rows))
        return rates.fixed + travel + rates.per_task_s * on_site_s


def _padded(loads: tuple[int, ...] | None, count: int) -> list[int]:
    return list(loads or [0] * count)
