"""A row of a table as a form: opened with the version that the person sees, saved if nobody has changed it since."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from data.importers import ImportProblem
from data.importers.moments import FIRST_YEAR as FIRST_YEAR  # of days and moments, for whoever shows forms
from data.importers.moments import LAST_YEAR as LAST_YEAR
from dispatch.entry.lists import LISTS, list_items, with_item
from dispatch.entry.saving import save_record
from dispatch.entry.tables import TABLES, Table, get_world
from dispatch.errors import Conflict, Fault, InvalidInput, NotFound, Stale

Cells = Mapping[str, str]


@dataclass(frozen=True)
class OpenForm:
    """What a form shows: every cell as text, and the version of the row; `row_id` is None for something new."""

    table: str
    word: str
    cells: dict[str, str]
    version: int
    row_id: int | None


class WrongFields(InvalidInput):
    """What was entered is wrong. `fields` has the sentences by field; "" those about the whole."""

    def __init__(self, problems: Sequence[ImportProblem]) -> None:
        self.fields: dict[str, list[Fault]] = {}
        for one in problems:
            sentence = f"{one.what[:1].upper()}{one.what[1:]}. {one.mend}" + ("" if one.mend.endswith("?") else ".")
            self.fields.setdefault(one.column or "", []).append(Fault(sentence, one.choices))
        said = [f"{key}: {words}" if key else words for key, told in self.fields.items() for words in told]
        super().__init__(said)


def open_form(session: Session, table_name: str, row_id: int | None) -> OpenForm:
    """The form of a row, or an empty one. Raises NotFound."""
    table = _get_table(table_name)
    if row_id is None:
        return OpenForm(table_name, table.word, {}, 0, None)
    row = table.get_row(session, row_id)
    return OpenForm(table_name, table.word, list_cells(table, row), row.version, row_id)


def list_cells(table: Table, row: Any) -> dict[str, str]:
    """The cells of a row as text."""
    cells = table.sheet.cells(table.record(row))
    return {key: "" if value is None else str(value) for key, value in cells.items()}


def save_form(
    session: Session,
    table_name: str,
    row_id: int | None,
    cells: Cells,
    seen_version: int,
    now: datetime,
    by_user_id: int | None,
    reason: str = "",
) -> Any:
    """Store what a form says and return the row; what the form does not ask stays.

    Raises NotFound, WrongFields with all that is wrong, Stale, Conflict (somebody else enters the same).
    """
    table = _get_table(table_name)
    row = None if row_id is None else table.get_row(session, row_id)
    if row is not None and row.version != seen_version:
        raise Stale(
            f"This {table.word} has been changed since you opened it (version {seen_version}, now {row.version})."
        )
    return _save(session, table, row, cells, now, by_user_id, reason)


def _save(
    session: Session, table: Table, row: Any, cells: Cells, now: datetime, by_user_id: int | None, reason: str
) -> Any:
    own = None if row is None else table.record(row)
    others = [table.record(one) for one in table.list_rows(session) if one is not row] if table.sheet.uniques else []
    customer = cells.get("customer_id", "") or str(getattr(own, "customer_id", ""))
    world = get_world(session, customer_ids=[int(customer)] if customer.isdecimal() else [], now=now)
    record, problems = table.sheet.read_form(cells, world, own, others)
    if problems:
        raise WrongFields(problems)
    if own is not None:  # whatever a form says, it is this row that it changes
        record = replace(record, **{table.key: getattr(own, table.key)})
    try:
        return save_record(session, table, row, record, now, by_user_id, reason)[0]
    except IntegrityError as error:
        raise Conflict(f"Somebody else has entered the same {table.word} at this moment: look for it first.") from error


def add_item(
    session: Session, table_name: str, row_id: int, key: str, given: Cells, now: datetime, by_user_id: int | None
) -> Any:
    """Put an item into a list of the row as it is now, such as an absence; returns the row.

    Raises NotFound (the row, the list), WrongFields.
    """
    return _change_list(session, table_name, row_id, key, lambda items: with_item(key, items, given), now, by_user_id)


def remove_item(
    session: Session, table_name: str, row_id: int, key: str, item: str, now: datetime, by_user_id: int | None
) -> Any:
    """Take an item out of a list of the row as it is now; returns the row.

    Raises NotFound (the row, the list), Conflict (it is there no more).
    """

    def leave_out(items: list[str]) -> list[str]:
        if item not in items:
            raise Conflict("Somebody else has changed or removed this already: look at it as it is now.")
        return [one for one in items if one != item]

    return _change_list(session, table_name, row_id, key, leave_out, now, by_user_id)


def _change_list(
    session: Session,
    table_name: str,
    row_id: int,
    key: str,
    change: Callable[[list[str]], list[str]],
    now: datetime,
    by_user_id: int | None,
) -> Any:
    table = _get_table(table_name)
    row = table.get_row(session, row_id)
    cells = list_cells(table, row)
    if key not in LISTS or key not in cells:
        raise NotFound(f"A {table.word} has no list of {key!r}.")
    items = change(list_items(cells[key]))
    return _save(session, table, row, {key: "\n".join(items)}, now, by_user_id, "")


def _get_table(name: str) -> Table:
    if name not in TABLES:
        raise NotFound(f"There is nothing to enter that is called {name!r}.")
    return TABLES[name]
