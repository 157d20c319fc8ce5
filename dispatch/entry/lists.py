"""Lists that a page shows item by item: absences, skills, duties; each item is written as the files write it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from data.importers.cells import plain
from data.importers.lists import split_items

Given = Mapping[str, str]


def _skill(given: Given) -> str:
    until = f"until {given['until']}" if given["until"] else "for good"
    return f"{given['name']}:{given['level'] or 1} {until}"


def _absence(given: Given) -> str:
    return f"{given['from']}..{given['to'] or given['from']} {given['reason']}"


def _special_shift(given: Given) -> str:
    latest = f" ({given['latest']})" if given["latest"] else ""
    return f"{given['on']} {given['starts']}-{given['ends']}{latest}"


def _loan(given: Given) -> str:
    reason = f": {given['reason']}" if given["reason"] else ""
    return f"{given['from']}..{given['to'] or given['from']} {given['territory']}{reason}"


def _on_call(given: Given) -> str:
    from_at, until_at = (given[end].replace("T", " ") for end in ("from", "until"))
    return f"{from_at}..{until_at} {given['territory']}"


def _limit(given: Given) -> str:
    unit = "h" if given["unit"] == "hours" else "visits"
    return f"{given['most']} {unit} a {given['period']}"


LISTS: dict[str, tuple[tuple[str, ...], Callable[[Given], str]]] = {
    "skills": (("name", "level", "until"), _skill),
    "capacity": (("part", "count"), lambda given: f"{given['part']}:{given['count']}"),
    "absences": (("from", "to", "reason"), _absence),
    "special_shifts": (("on", "starts", "ends", "latest"), _special_shift),
    "loans": (("from", "to", "territory", "reason"), _loan),
    "on_call": (("from", "until", "territory"), _on_call),
    "limits": (("most", "unit", "period"), _limit),
    "holidays": (("on", "name"), lambda given: f"{given['on']} {given['name']}"),
}
"""By the key of the list: the fields in which an item is entered, and how they are written as one."""

_NAMED = frozenset({"skills", "capacity"})
"""Lists in which each name stands once: entering it again changes it."""


def list_items(cell: str) -> list[str]:
    """The items of a list's cell."""
    return split_items(cell, ";\n")


def with_item(key: str, items: list[str], given: Given) -> list[str]:
    """The list with what was entered; what is missing in `given` is empty."""
    fields, write = LISTS[key]
    item = write({field: plain(given.get(field, "")) for field in fields})
    if key in _NAMED:
        name = item.partition(":")[0].lower()
        items = [one for one in items if one.partition(":")[0] != name]
    return [*items, item]
