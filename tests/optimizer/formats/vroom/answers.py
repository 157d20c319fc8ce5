"""An independent judge of VROOM answers: reads the two JSON documents and nothing of the optimizer's."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any

Json = dict[str, Any]


def find_breaches(document: Json, answer: Json) -> list[str]:
    """Everything in which an answer goes against the document it answers, one sentence each."""
    return [
        *_roll_call(document, answer),
        *_sums(document, answer),
        *(sentence for route in answer["routes"] for sentence in _Route(document, route).breaches()),
    ]


def tasks_of(document: Json) -> dict[tuple[str, int], Json]:
    """All tasks by type and id, with what a shipment's steps share written into both."""
    found = {("job", job["id"]): job for job in document.get("jobs", [])}
    for shipment in document.get("shipments", []):
        shared = {key: shipment[key] for key in ("skills", "priority", "amount") if key in shipment}
        for kind in ("pickup", "delivery"):
            found[kind, shipment[kind]["id"]] = shipment[kind] | shared
    return found


def _roll_call(document: Json, answer: Json) -> list[str]:
    known = set(tasks_of(document))
    done = [
        (step["type"], step["id"])
        for route in answer["routes"]
        for step in route["steps"]
        if step["type"] in ("job", "pickup", "delivery")
    ]
    left = [(one["type"], one["id"]) for one in answer["unassigned"]]
    vehicles = [route["vehicle"] for route in answer["routes"]]
    sentences = []
    if sorted(done + left) != sorted(known):
        sentences.append(f"tasks done and left are {sorted(done + left)}, given are {sorted(known)}")
    if len(vehicles) != len(set(vehicles)) or not set(vehicles) <= {one["id"] for one in document["vehicles"]}:
        sentences.append(f"routes are for vehicles {vehicles}")
    for shipment in document.get("shipments", []):
        pair = ("pickup", shipment["pickup"]["id"]), ("delivery", shipment["delivery"]["id"])
        if (pair[0] in done) != (pair[1] in done):
            sentences.append(f"half of {pair} is done")
    sentences += [
        f"{one['type']} {one['id']} is left out without a reason" for one in answer["unassigned"] if not one["reason"]
    ]
    return sentences


def _sums(document: Json, answer: Json) -> list[str]:
    summary, routes = answer["summary"], answer["routes"]
    expected: Json = {"routes": len(routes), "unassigned": len(answer["unassigned"])}
    for key in ("cost", "setup", "service", "duration", "waiting_time", "priority"):
        expected[key] = sum(route[key] for route in routes)
    kinds = len(document["vehicles"][0].get("capacity", []))
    for key in ("delivery", "pickup") if kinds else ():
        expected[key] = [sum(route[key][kind] for route in routes) for kind in range(kinds)]
    return [
        f"summary.{key} is {summary[key]}, the routes say {value}"
        for key, value in expected.items()
        if summary[key] != value
    ]


class _Route:
    def __init__(self, document: Json, route: Json) -> None:
        self.document, self.route, self.steps = document, route, route["steps"]
        self.vehicle = next(one for one in document["vehicles"] if one["id"] == route["vehicle"])
        self.tables = document["matrices"][self.vehicle.get("profile", "car")]
        self.tasks = tasks_of(document)
        self.done = [(step["type"], step["id"]) for step in self.steps if step["type"] in ("job", "pickup", "delivery")]
        rows = [self.tasks[one]["location_index"] for one in self.done]
        self.legs = list(
            pairwise([self.vehicle.get("start_index", rows[0]), *rows, self.vehicle.get("end_index", rows[-1])])
        )
        if "start_index" not in self.vehicle:
            self.legs[0] = None
        if "end_index" not in self.vehicle:
            self.legs[-1] = None

    def breaches(self) -> list[str]:
        found = [
            *self._check_times(),
            *self._check_stops(),
            *self._check_breaks(),
            *self._check_loads(),
            *self._check_limits(),
            *self._check_order(),
            *self._check_sums(),
        ]
        return [f"vehicle {self.vehicle['id']}: {sentence}" for sentence in found]

    def _seconds(self, leg: tuple[int, int] | None) -> int:
        if leg is None:
            return 0
        factor = Fraction(int(100 / self.vehicle.get("speed_factor", 1) + 0.5), 100)
        return int(self.tables["durations"][leg[0]][leg[1]] * factor + Fraction(1, 2))

    def _check_times(self) -> list[str]:
        """Every step begins when the one before is over and the travel between them is done."""
        found = []
        for before, after in pairwise(self.steps):
            over = before["arrival"] + before["waiting_time"] + before["setup"] + before["service"]
            travel = after["duration"] - before["duration"]
            if travel < 0 or after["arrival"] != over + travel:
                found.append(
                    f"{after['type']} arrives at {after['arrival']}, {before['type']} is over at {over}, "
                    f"travel is {travel}"
                )
        travelled = [step["duration"] for step in self.steps if step["type"] != "break"]
        expected = [0]
        for leg in self.legs:
            expected.append(expected[-1] + self._seconds(leg))
        if travelled != expected:
            found.append(f"cumulated travel is {travelled}, should be {expected}")
        first, last = self.vehicle.get("time_window", (0, 2**40))
        if self.steps[0]["arrival"] < first or self.steps[-1]["arrival"] > last:
            found.append("works outside its time window")
        if min(step["waiting_time"] for step in self.steps) < 0:
            found.append("waits for less than no time")
        return found

    def _check_stops(self) -> list[str]:
        found = []
        place = self.vehicle.get("start_index")
        for step in self.steps:
            task = self.tasks.get((step["type"], step.get("id")))
            if task is None:
                continue
            kind = self.vehicle.get("type")
            setup = task.get("setup_per_type", {}).get(kind, task.get("setup", 0))
            service = task.get("service_per_type", {}).get(kind, task.get("service", 0))
            if (step["setup"], step["service"]) != (0 if place == task["location_index"] else setup, service):
                found.append(f"{step['type']} {step['id']} takes {step['setup']} + {step['service']} s")
            start = step["arrival"] + step["waiting_time"]
            windows = task.get("time_windows", [[0, 2**40]])
            if not any(opens <= start <= closes for opens, closes in windows):
                found.append(f"{step['type']} {step['id']} starts at {start}, outside its windows")
            if not set(task.get("skills", [])) <= set(self.vehicle.get("skills", [])):
                found.append(f"{step['type']} {step['id']} needs skills that the vehicle lacks")
            place = task["location_index"]
        return found

    def _check_breaks(self) -> list[str]:
        taken = {step["id"]: step for step in self.steps if step["type"] == "break"}
        given = {pause["id"]: pause for pause in self.vehicle.get("breaks", [])}
        if sorted(taken) != sorted(given) or len(taken) != sum(step["type"] == "break" for step in self.steps):
            return [f"takes breaks {sorted(taken)}, should take {sorted(given)}"]
        found = []
        for number, step in taken.items():
            start = step["arrival"] + step["waiting_time"]
            windows = given[number].get("time_windows", [[0, 2**40]])
            if not any(opens <= start <= closes for opens, closes in windows):
                found.append(f"break {number} starts at {start}, outside its windows")
            if step["service"] != given[number].get("service", 0):
                found.append(f"break {number} takes {step['service']} s")
        return found

    def _change(self, one: tuple[str, int], kind: int) -> tuple[int, int]:
        """What a task takes off the vehicle and what it puts on."""
        task = self.tasks[one]
        if one[0] == "job":
            return task.get("delivery", [0] * 9)[kind], task.get("pickup", [0] * 9)[kind]
        amount = task.get("amount", [0] * 9)[kind]
        return (amount, 0) if one[0] == "delivery" else (0, amount)

    def _check_loads(self) -> list[str]:
        found = []
        for kind, capacity in enumerate(self.vehicle.get("capacity", [])):
            load = sum(self._change(one, kind)[0] for one in self.done if one[0] == "job")
            for step in self.steps:
                if step["type"] in ("job", "pickup", "delivery"):
                    out, back = self._change((step["type"], step["id"]), kind)
                    load += back - out
                if step["load"][kind] != load or not 0 <= load <= capacity:
                    found.append(
                        f"carries {step['load'][kind]} of {kind} after {step['type']}, counted {load}, "
                        f"may be {capacity}"
                    )
        return found

    def _check_limits(self) -> list[str]:
        found = []
        if len(self.done) > self.vehicle.get("max_tasks", 10**9):
            found.append(f"does {len(self.done)} tasks")
        if self.route["duration"] > self.vehicle.get("max_travel_time", 2**40):
            found.append(f"travels {self.route['duration']} s")
        if "max_distance" in self.vehicle and self._metres() > self.vehicle["max_distance"]:
            found.append(f"travels {self._metres()} m")
        return found

    def _check_order(self) -> list[str]:
        found = []
        for position, (kind, number) in enumerate(self.done):
            if kind == "delivery":
                pickup = next(
                    ("pickup", one["pickup"]["id"])
                    for one in self.document["shipments"]
                    if one["delivery"]["id"] == number
                )
                if pickup not in self.done[:position]:
                    found.append(f"delivers {number} before it is picked up")
        return found

    def _metres(self) -> int:
        return sum(self.tables["distances"][leg[0]][leg[1]] for leg in self.legs if leg is not None)

    def _check_sums(self) -> list[str]:
        expected: Json = {
            "cost": int(self._cost()),
            "setup": sum(step["setup"] for step in self.steps),
            "service": sum(step["service"] for step in self.steps),
            "waiting_time": sum(step["waiting_time"] for step in self.steps),
            "duration": sum(self._seconds(leg) for leg in self.legs),
            "priority": sum(self.tasks[one].get("priority", 0) for one in self.done),
        }
        if "distances" in self.tables:
            expected["distance"] = self._metres()
        for position, key in enumerate(("delivery", "pickup")):
            if "capacity" in self.vehicle:
                expected[key] = [
                    sum(self._change(one, kind)[position] for one in self.done)
                    for kind in range(len(self.vehicle["capacity"]))
                ]
        return [
            f"{key} is {self.route[key]}, should be {value}"
            for key, value in expected.items()
            if self.route[key] != value
        ]

    def _cost(self) -> Fraction:
        """By the rates. VROOM keeps two digits of an hourly rate divided by the speed, and charges for breaks too."""
        costs = self.vehicle.get("costs", {})
        total = Fraction(costs.get("fixed", 0))
        busy = sum(step["setup"] + step["service"] for step in self.steps)
        total += Fraction(costs.get("per_task_hour", 0) * busy, 3_600)
        hourly = Fraction(int(100 * costs.get("per_hour", 3_600) / self.vehicle.get("speed_factor", 1) + 0.5), 100)
        for leg in self.legs:
            if leg is None:
                continue
            if "costs" in self.tables:
                total += self.tables["costs"][leg[0]][leg[1]]
                continue
            total += hourly * self.tables["durations"][leg[0]][leg[1]] / 3_600
            if costs.get("per_km"):
                total += Fraction(costs["per_km"] * self.tables["distances"][leg[0]][leg[1]], 1_000)
        return total
