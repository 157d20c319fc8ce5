"""The lines of a draft in the order and groups in which somebody wants to decide about them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Line = Mapping[str, Any]


@dataclass(frozen=True)
class Group:
    """Lines that are looked at, and may be accepted or refused, together."""

    title: str
    lines: list[Line]

    @property
    def ids(self) -> str:
        """Of what can be decided about, with commas; what was moved by hand has been."""
        free = (one for one in self.lines if one["kind"] != "gone" and one["decision"] != "edited")
        return ",".join(str(line["id"]) for line in free)


ORDERS = {"technician": "Technician", "reason": "Reason", "cost": "What undoing costs"}
"""How the list can be grouped, in the words of the page; the first is how it opens."""


def group_lines(lines: list[Line], by: str) -> list[Group]:
    """By whom it goes to, by why, or all in one with what is dearest to undo first. `by` is one of ORDERS."""
    if by == "cost":
        dearest_first = sorted(lines, key=lambda line: (line["gain"] is None, -(line["gain"] or 0), line["number"]))
        return [Group("Dearest to undo first", dearest_first)]
    title_of: Callable[[Line], str] = _whose if by == "technician" else _why
    groups: dict[str, list[Line]] = {}
    for line in sorted(lines, key=_start):
        groups.setdefault(title_of(line), []).append(line)
    return [Group(title, groups[title]) for title in sorted(groups)]


def _whose(line: Line) -> str:
    place = line["to"] or line["from"]
    return str(place["technician"])


def _why(line: Line) -> str:
    """Savings differ from line to line and are one reason; all else is as it is said."""
    return "It saves something" if line["reason"].startswith("Saves ") else str(line["reason"] or "Moved by hand")


def _start(line: Line) -> str:
    place = line["to"] or line["from"]
    return str(place["start_at"])
