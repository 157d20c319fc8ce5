"""What every checker of a published set says, and the roll call that is the same in all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

CLOSE = 1e-6
"""How far apart two numbers may be that were reckoned in floats and mean the same."""


@dataclass(frozen=True)
class Verdict:
    """The cost as recomputed, in the set's own unit, how many are left out, and everything that is wrong."""

    cost: float
    left_out: int
    faults: tuple[str, ...]


def roll_call(answer: dict[str, Any], visits: Iterable[Any], resources: Iterable[Any]) -> Iterator[str]:
    """Every visit is on one route or left out, every resource has one route at most, with a start for each visit."""
    known, seen = set(visits), Counter(answer["unassigned"])
    for route in answer["routes"]:
        seen.update(visit for visit in route["visits"] if visit != "depot")
        if len(route["visits"]) != len(route["starts"]):
            yield f"{route['resource']}: {len(route['visits'])} visits, but {len(route['starts'])} starts"
        if not route["visits"]:
            yield f"{route['resource']}: a route without visits"
    yield from (f"{visit}: no visit of the file" for visit in seen if visit not in known)
    yield from (f"{visit}: {seen[visit]} times planned or left out" for visit in known if seen[visit] != 1)
    used = Counter(route["resource"] for route in answer["routes"])
    yield from (f"{name}: no resource of the file" for name in used if name not in set(resources))
    yield from (f"{name}: {count} routes" for name, count in used.items() if count > 1)


def verdict(answer: dict[str, Any], cost: float, faults: Iterable[str], close: float = CLOSE) -> Verdict:
    """The verdict, with a fault more if the answer claims another cost."""
    found = list(faults)
    if abs(cost - answer["cost"]) > close:
        found.append(f"the cost is {cost}, not {answer['cost']} as it says")
    return Verdict(cost, len(answer["unassigned"]), tuple(found))
