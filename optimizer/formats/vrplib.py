"""VRPLIB files with time windows: Gehring's and Homberger's (VRPTW), and site-dependent ones (SDVRPTW).

The objective of both is distance. VRPTW: cut off after one decimal, as the DIMACS challenge does. SDVRPTW: rounded to
three decimals; vans differ in capacity, in the customers that they may serve, and no route takes longer than
VEHICLES_MAX_DURATION from leaving the depot to returning, waiting and service included.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from optimizer.faults import Fault, Faults
from optimizer.formats.fleet import Customer, Van, fleet_instance
from optimizer.formats.published import Instance, Line, Numbers, ToWhole, answer_of, cut_off, lines_of, nearest
from optimizer.plan import Plan

KEYS = (
    "NAME",
    "COMMENT",
    "TYPE",
    "DIMENSION",
    "VEHICLES",
    "CAPACITY",
    "SERVICE_TIME",
    "VEHICLES_MAX_DURATION",
    "EDGE_WEIGHT_TYPE",
)
SECTIONS = {
    "NODE_COORD_SECTION": 3,
    "DEMAND_SECTION": 2,
    "TIME_WINDOW_SECTION": 3,
    "SERVICE_TIME_SECTION": 2,
    "CAPACITY_SECTION": 2,
    "VEHICLES_ALLOWED_CLIENTS_SECTION": None,
    "DEPOT_SECTION": 1,
}
"""Every section that is understood, and how many numbers each of its lines has; None: as many as there are."""
PER_UNIT = {"VRPTW": 10, "SDVRPTW": 1000}
ROUNDING: dict[str, ToWhole] = {"VRPTW": cut_off, "SDVRPTW": nearest}


@dataclass
class Document:
    """The file as it stands: each key with its line and value, each section with its lines by their first number."""

    keys: dict[str, tuple[Line, str]] = field(default_factory=dict)
    sections: dict[str, tuple[Line, dict[int, Line]]] = field(default_factory=dict)

    def value(self, key: str, default: str = "") -> str:
        return self.keys[key][1] if key in self.keys else default

    def rows(self, section: str) -> dict[int, Line]:
        return self.sections[section][1] if section in self.sections else {}


def read(content: bytes | str) -> Instance:
    """Returns the instance in a file's text. Raises `ProblemError` with everything that is wrong with it."""
    faults = Faults()
    document = _parse(lines_of(content), faults)
    _find_missing(document, faults)
    faults.raise_if_any()
    kind = document.value("TYPE")
    numbers = Numbers(faults, PER_UNIT[kind])
    rows = _customers(document, numbers)
    if "DIMENSION" in document.keys:
        line, value = document.keys["DIMENSION"]
        if numbers.whole(value, line.where, "DIMENSION") != len(rows):
            faults.append(Fault(line.where, f"is {value}, there are {len(rows)} nodes", "let both be the same"))
    depot_id = _depot(document, numbers)
    vans = _vans(document, numbers, set(rows) - {depot_id})
    faults.raise_if_any()
    depot = rows.pop(depot_id)
    return fleet_instance(depot, list(rows.values()), vans, PER_UNIT[kind], ROUNDING[kind])


def write(instance: Instance, plan: Plan, *, name: str, seconds: float) -> dict[str, Any]:
    """The JSON of a plan that took so many seconds to find. Customers have the numbers of their nodes in the file."""
    return answer_of(instance, plan, name, seconds)


def _parse(lines: Sequence[Line], faults: Faults) -> Document:
    document, rows = Document(), None
    for line in lines:
        if line.text == "EOF":
            break
        key, colon, value = (part.strip() for part in line.text.partition(":"))
        if key.endswith("_SECTION"):
            rows = _open_section(document, key, line, faults)
        elif colon:
            _add_key(document, key, value, line, faults)
        elif rows is None:
            faults.append(Fault(line.where, f"{line.text!r} belongs to no section", "write KEY : VALUE, or a section"))
        else:
            section = next(reversed(document.sections))
            _add_row(rows, section, line, faults)
    return document


def _open_section(document: Document, name: str, line: Line, faults: Faults) -> dict[int, Line]:
    rows: dict[int, Line] = {}
    if name not in SECTIONS:
        faults.append(Fault(line.where, f"{name} is not understood", f"use only: {', '.join(SECTIONS)}"))
    elif name in document.sections:
        first = document.sections[name][0].where
        faults.append(Fault(line.where, f"{name} is on {first} already", "give each section once"))
    document.sections.pop(name, None)
    document.sections[name] = line, rows
    return rows


def _add_key(document: Document, key: str, value: str, line: Line, faults: Faults) -> None:
    if key not in KEYS:
        faults.append(Fault(line.where, f"{key} is not understood", f"use only: {', '.join(KEYS)}"))
    elif key in document.keys:
        first = document.keys[key][0].where
        faults.append(Fault(line.where, f"{key} is on {first} already", "give each key once"))
    else:
        document.keys[key] = line, value


def _add_row(rows: dict[int, Line], section: str, line: Line, faults: Faults) -> None:
    if section == "DEPOT_SECTION" and line.text == "-1":  # the end of the list of depots
        return
    width = SECTIONS.get(section)
    if width is not None and len(line.words) != width:
        faults.append(Fault(line.where, f"has {len(line.words)} numbers", f"give {width}: this is {section}"))
    elif not line.words[0].isdecimal():
        faults.append(Fault(line.where, f"begins with {line.words[0]!r}", "begin with a number from 1 on"))
    elif int(line.words[0]) in rows:
        first = rows[int(line.words[0])].where
        faults.append(Fault(line.where, f"{line.words[0]} is on {first} already", "give each number one line"))
    else:
        rows[int(line.words[0])] = line


def _find_missing(document: Document, faults: Faults) -> None:
    for key in ("TYPE", "EDGE_WEIGHT_TYPE"):
        if key not in document.keys:
            faults.append(Fault("input", f"has no {key}", f"add a line {key} : VALUE"))
    for key, known in (("TYPE", tuple(PER_UNIT)), ("EDGE_WEIGHT_TYPE", ("EUC_2D",))):
        if key in document.keys and document.value(key) not in known:
            line, value = document.keys[key]
            faults.append(Fault(line.where, f"{key} is {value}", f"only {' and '.join(known)} are understood"))
    for section in ("NODE_COORD_SECTION", "DEMAND_SECTION", "TIME_WINDOW_SECTION"):
        if section not in document.sections:
            faults.append(Fault("input", f"has no {section}", "add it with a line for each node"))
    for key, section in (("CAPACITY", "CAPACITY_SECTION"), ("SERVICE_TIME", "SERVICE_TIME_SECTION")):
        if (key in document.keys) == (section in document.sections):
            what = f"has both {key} and {section}" if key in document.keys else f"has neither {key} nor {section}"
            faults.append(Fault("input", what, "give one of them"))
    nodes = set(document.rows("NODE_COORD_SECTION"))
    for section in ("DEMAND_SECTION", "TIME_WINDOW_SECTION", "SERVICE_TIME_SECTION"):
        if section in document.sections:
            line, rows = document.sections[section]
            for node in sorted(nodes ^ set(rows)):
                what = f"{section} has no line for node {node}" if node in nodes else f"node {node} has no coordinates"
                where = line.where if node in nodes else rows[node].where
                faults.append(Fault(where, what, "give each node one line in every section"))
    if "NODE_COORD_SECTION" in document.sections and len(nodes) < 2:
        where = document.sections["NODE_COORD_SECTION"][0].where
        faults.append(Fault(where, f"holds {len(nodes)} nodes", "give the depot and at least one customer"))


def _customers(document: Document, numbers: Numbers) -> dict[int, Customer]:
    """Every node by its number, the depot among them."""
    rows = {}
    if "SERVICE_TIME" in document.keys:
        line, value = document.keys["SERVICE_TIME"]
        for_all = numbers.scaled(value, line.where, "SERVICE_TIME")
    for node, at in document.rows("NODE_COORD_SECTION").items():
        demand, times = document.rows("DEMAND_SECTION")[node], document.rows("TIME_WINDOW_SECTION")[node]
        service = document.rows("SERVICE_TIME_SECTION").get(node)
        opens, closes = numbers.window(times.words[1:], times.where)
        rows[node] = Customer(
            id=node,
            x=numbers.exact(at.words[1], at.where, "x"),
            y=numbers.exact(at.words[2], at.where, "y"),
            demand=numbers.whole(demand.words[1], demand.where, "the demand"),
            opens=opens,
            closes=closes,
            service=numbers.scaled(service.words[1], service.where, "the service time") if service else for_all,
        )
    return rows


def _depot(document: Document, numbers: Numbers) -> int:
    """The node that is the depot: the one named, else the first."""
    nodes = document.rows("NODE_COORD_SECTION")
    named = document.rows("DEPOT_SECTION")
    if len(named) > 1:
        where = document.sections["DEPOT_SECTION"][0].where
        numbers.faults.append(Fault(where, f"names {len(named)} depots", "name one"))
    for node, line in named.items():
        if node not in nodes:
            numbers.faults.append(Fault(line.where, f"the depot {node} has no coordinates", "name one of the nodes"))
            return min(nodes)
        return node
    return min(nodes)


def _vans(document: Document, numbers: Numbers, customers: set[int]) -> list[Van]:
    """The fleet; vans that the file does not count are as many as there are customers."""
    duty = None
    if "VEHICLES_MAX_DURATION" in document.keys:
        line, value = document.keys["VEHICLES_MAX_DURATION"]
        duty = numbers.scaled(value, line.where, "VEHICLES_MAX_DURATION")
    count = len(customers)
    if "VEHICLES" in document.keys:
        line, value = document.keys["VEHICLES"]
        count = numbers.whole(value, line.where, "VEHICLES", least=1)
    if "CAPACITY" in document.keys:
        line, value = document.keys["CAPACITY"]
        capacity = numbers.whole(value, line.where, "CAPACITY")
    allowed = _allowed(document, numbers, customers)
    own = document.rows("CAPACITY_SECTION")
    if not own and not allowed:  # more equal vans than customers are never needed
        return [Van(number, capacity, max_duty=duty) for number in range(1, min(count, len(customers)) + 1)]
    known = set(range(1, min(count, max(len(own), len(allowed))) + 1))
    for section, rows in (("CAPACITY_SECTION", own), ("VEHICLES_ALLOWED_CLIENTS_SECTION", allowed)):
        if rows and (set(rows) != known or len(known) != count):
            where = document.sections[section][0].where
            mend = "give each vehicle from 1 to VEHICLES one line"
            numbers.faults.append(Fault(where, f"{section} holds {len(rows)} vehicles, VEHICLES is {count}", mend))
    numbers.faults.raise_if_any()
    return [
        Van(
            van,
            numbers.whole(own[van].words[1], own[van].where, "the capacity") if own else capacity,
            allowed[van] if allowed else None,
            duty,
        )
        for van in sorted(known)
    ]


def _allowed(document: Document, numbers: Numbers, customers: set[int]) -> dict[int, frozenset[int]]:
    """The customers that each vehicle may serve; empty where the file does not say."""
    allowed = {}
    for van, line in document.rows("VEHICLES_ALLOWED_CLIENTS_SECTION").items():
        named = {numbers.whole(word, line.where, "a customer") for word in line.words[1:]}
        for stranger in sorted(named - customers):
            numbers.faults.append(Fault(line.where, f"{stranger} is no customer", "name nodes other than the depot"))
        allowed[van] = frozenset(named & customers)
    if allowed:
        where = document.sections["VEHICLES_ALLOWED_CLIENTS_SECTION"][0].where
        for node in sorted(customers.difference(*allowed.values())):
            numbers.faults.append(Fault(where, f"no vehicle may serve node {node}", "let at least one"))
    return allowed
