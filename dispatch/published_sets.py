"""Published sets of instances: which files they are, how they are read and answered, what is the best known."""

from __future__ import annotations

import csv
import importlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from data.travel import TravelSource
    from optimizer.plan import Plan
    from optimizer.problem import Problem

SOLUTION_MARK = "_sol"
"""Files whose name ends so hold a solution, not an instance."""
COST_LINE = re.compile(r"^\s*Cost\s*:?\s*([0-9.]+)\s*$", re.MULTILINE)
THOUSANDTHS = 1000


@dataclass(frozen=True, slots=True)
class PublishedSet:
    """A set by name: the ending of its files, and where its best known values stand: a file beside, and its column."""

    name: str
    ending: str
    best_file: str | None = None
    best_column: str = ""

    def list_files(self, folder: Path, pattern: str) -> list[Path]:
        """The instances in a folder whose name, with or without its ending, fits the pattern; in order of name."""
        return [
            path
            for path in sorted(folder.iterdir())
            if path.is_file()
            and path.suffix.lower() == self.ending
            and not path.stem.endswith(SOLUTION_MARK)
            and (path.match(pattern) or Path(path.stem).match(pattern))
        ]

    def read(self, content: bytes, open_source: Callable[[], TravelSource], warn: Callable[[str], None]) -> Loaded:
        """Returns what a file holds; `warn` hears what is estimated or odd. Raises `ProblemError` with all its faults.

        `open_source` gives a travel source where a VROOM document has no matrices.
        """
        if self.name == "vroom":
            return _read_vroom(content, open_source, warn)
        module = importlib.import_module(f"optimizer.formats.{self.name}")
        instance = module.read(content)

        def write(plan: Plan, name: str, seconds: float) -> dict[str, Any]:
            return dict(module.write(instance, plan, name=name, seconds=seconds))

        return Loaded(instance.problem, write, instance.per_unit)

    def find_best(self, path: Path, loaded: Loaded) -> float | None:
        """The best known cost of an instance, in the set's own unit; None where nothing beside it says."""
        solution = path.with_suffix(".sol")
        if self.name == "vrplib" and solution.is_file():
            found = COST_LINE.search(solution.read_text(encoding="utf-8"))
            # Solutions of the site-dependent files count thousandths.
            return float(found[1]) / (THOUSANDTHS if loaded.per_unit == THOUSANDTHS else 1) if found else None
        table = path.parent / self.best_file if self.best_file else None
        if table is None or not table.is_file():
            return None
        with table.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                if row.get("instance") in (path.name, path.stem) and row.get(self.best_column):
                    return float(row[self.best_column])
        return None


@dataclass(frozen=True, slots=True)
class Loaded:
    """An instance that has been read; `write(plan, name, seconds)` gives its answer."""

    problem: Problem
    write: Callable[[Plan, str, float], dict[str, Any]]
    per_unit: int = 1


SETS = {
    one.name: one
    for one in (
        PublishedSet("solomon", ".txt", "best_known.csv", "distance_truncated_to_0.1"),
        PublishedSet("vrplib", ".vrp"),
        PublishedSet("trsp", ".txt", "published_2012.csv", "total_working_time"),
        PublishedSet("hhcrsp", ".json", "best.csv", "best_cost"),
        PublishedSet("vroom", ".json"),
    )
}


def _read_vroom(content: bytes, open_source: Callable[[], TravelSource], warn: Callable[[str], None]) -> Loaded:
    from dispatch.vroom_documents import read_problem
    from optimizer.formats import vroom

    read = read_problem(vroom.parse(content), open_source, warn)

    def write(plan: Plan, name: str, seconds: float) -> dict[str, Any]:
        written = vroom.write(read, plan, None)
        routes = [_vroom_route(route) for route in written["routes"]]
        return {
            "instance": name,
            "seconds": round(seconds, 3),
            "cost": written["summary"]["cost"],
            "routes": routes,
            "unassigned": [_vroom_id(one) for one in written["unassigned"]],
        }

    return Loaded(read.problem, write)


def _vroom_route(route: dict[str, Any]) -> dict[str, Any]:
    stops = [step for step in route["steps"] if step["type"] in ("job", "pickup", "delivery")]
    return {
        "resource": route["vehicle"],
        "visits": [_vroom_id(step) for step in stops],
        "starts": [step["arrival"] + step["waiting_time"] for step in stops],
    }


def _vroom_id(task: dict[str, Any]) -> int | str:
    """A job's number as it stands; both ends of a shipment by what is done there, since numbers may be the same."""
    return int(task["id"]) if task["type"] == "job" else f"{task['type']}/{task['id']}"
