"""Solomon's text files, Gehring's and Homberger's too: one depot, a fleet of equal vans, customers with windows.

The objective is distance; distances and travel times are cut off after one decimal, as the DIMACS challenge does.
"""

from __future__ import annotations

from typing import Any

from optimizer.faults import Fault, Faults
from optimizer.formats.fleet import Customer, Van, fleet_instance
from optimizer.formats.published import Instance, Line, Numbers, answer_of, cut_off, lines_of
from optimizer.plan import Plan

PER_UNIT = 10
COLUMNS = ("the number", "x", "y", "the demand", "the ready time", "the due time", "the service time")


def read(content: bytes | str) -> Instance:
    """Returns the instance in a file's text. Raises `ProblemError` with everything that is wrong with it."""
    faults = Faults()
    lines = lines_of(content)
    fleet, table = _sections(lines, faults)
    faults.raise_if_any()
    numbers = Numbers(faults, PER_UNIT)
    count, capacity = _fleet(fleet, numbers)
    rows = [(line, row) for line in table if (row := _customer(line, numbers)) is not None]
    _find_contradictions(rows, faults)
    faults.raise_if_any()
    depot, *customers = (row for _, row in rows)
    # More equal vans than customers are never needed.
    vans = [Van(number, capacity) for number in range(1, min(count, len(customers)) + 1)]
    return fleet_instance(depot, customers, vans, PER_UNIT, cut_off)


def write(instance: Instance, plan: Plan, *, name: str, seconds: float) -> dict[str, Any]:
    """The JSON of a plan that took so many seconds to find."""
    return answer_of(instance, plan, name, seconds)


def _sections(lines: list[Line], faults: Faults) -> tuple[list[Line], list[Line]]:
    """The lines with the fleet, and those with the customers; headings are left out."""
    heads = {line.text.upper(): place for place, line in enumerate(lines)}
    for head in ("VEHICLE", "CUSTOMER"):
        if head not in heads:
            faults.append(Fault("input", f"has no section {head}", f"add a line {head} and what belongs below it"))
    if faults:
        return [], []
    begin, middle = heads["VEHICLE"], heads["CUSTOMER"]
    fleet = [line for line in lines[begin + 1 : middle] if not _is_heading(line)]
    table = [line for line in lines[middle + 1 :] if not _is_heading(line)]
    if len(fleet) != 1:
        where = lines[begin].where
        faults.append(Fault(where, f"VEHICLE holds {len(fleet)} lines of numbers", "give one: vans and their capacity"))
    if len(table) < 2:
        where = lines[middle].where
        faults.append(Fault(where, f"CUSTOMER holds {len(table)} rows", "give the depot and at least one customer"))
    return fleet, table


def _is_heading(line: Line) -> bool:
    """Whether a line says what the columns below it are."""
    return line.text.upper().startswith(("NUMBER", "CUST"))


def _fleet(lines: list[Line], numbers: Numbers) -> tuple[int, int]:
    """How many vans, and what each holds."""
    line = lines[0]
    if len(line.words) != 2:
        numbers.faults.append(Fault(line.where, f"has {len(line.words)} numbers", "give 2: vans and their capacity"))
        return 0, 0
    count, capacity = line.words
    return numbers.whole(count, line.where, "the fleet", least=1), numbers.whole(capacity, line.where, "the capacity")


def _customer(line: Line, numbers: Numbers) -> Customer | None:
    words, where = line.words, line.where
    if len(words) != len(COLUMNS):
        what = f"has {len(words)} columns"
        numbers.faults.append(Fault(where, what, f"give {len(COLUMNS)}: {', '.join(COLUMNS)}"))
        return None
    opens, closes = numbers.window(words[4:6], where)
    return Customer(
        id=numbers.whole(words[0], where, COLUMNS[0]),
        x=numbers.exact(words[1], where, COLUMNS[1]),
        y=numbers.exact(words[2], where, COLUMNS[2]),
        demand=numbers.whole(words[3], where, COLUMNS[3]),
        opens=opens,
        closes=closes,
        service=numbers.scaled(words[6], where, COLUMNS[6]),
    )


def _find_contradictions(rows: list[tuple[Line, Customer]], faults: Faults) -> None:
    seen: dict[int, str] = {}
    for line, row in rows:
        if row.id in seen:
            faults.append(Fault(line.where, f"customer {row.id} is on {seen[row.id]} already", "number each but once"))
        seen.setdefault(row.id, line.where)
    if rows and rows[0][1].id != 0:
        where = rows[0][0].where
        faults.append(Fault(where, f"the first row is customer {rows[0][1].id}", "begin with the depot, number 0"))
