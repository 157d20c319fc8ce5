"""Read the first sheet of an Excel workbook, with the row numbers that Excel shows."""

import zlib
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from data.importers.result import ImportProblem
from data.importers.table import Row, Table, UnreadableFile, is_blank, name_headings

_NO_RESULT = "#formula without a stored result"
_UNREADABLE = (
    *(InvalidFileException, BadZipFile, zlib.error, OSError, EOFError, RuntimeError),
    *(SyntaxError, LookupError, ValueError, TypeError, AttributeError),
)
"""How files that are no sound workbooks end: no such archive, another program's, damaged, locked; XML that is none
(a SyntaxError), or that says something else than workbooks say."""


def read_xlsx(path: Path, sheet: str | None = None) -> Table:
    """Read one sheet (the first one with content unless `sheet` names it); the other sheets are reported."""
    sheets = _load_shown(path)
    filled = [name for name, rows in sheets.items() if any(not is_blank(cell) for row in rows for cell in row)]
    if sheet is not None and sheet not in sheets:
        raise UnreadableFile(f"there is no sheet {sheet!r}", f"Choose one of {', '.join(map(repr, sheets))}")
    if not filled:
        raise UnreadableFile("the workbook is empty", "Export it again")
    chosen = sheet if sheet is not None else filled[0]
    table = Table("row")
    others = [name for name in filled if name != chosen]
    if others:
        table.problems.append(
            ImportProblem(
                "file",
                f"sheet {chosen!r} was read, and not {', '.join(map(repr, others))}",
                "Import other sheets by their names, if they are wanted",
                severity="warning",
            )
        )
    for number, row in enumerate(sheets[chosen], start=1):
        if all(is_blank(cell) for cell in row):
            continue
        if not table.headings:
            while is_blank(row[-1]):
                row.pop()
            table.headings, table.heading_number = name_headings(row), number
        else:
            _add_row(table, number, row)
    return table


def _add_row(table: Table, number: int, cells: list[Any]) -> None:
    width = len(table.headings)
    if any(not is_blank(cell) for cell in cells[width:]):
        table.refuse_row(
            number,
            f"it has a value to the right of the last heading ({width} headings)",
            "Give its column a heading",
        )
        return
    cells = (cells + [None] * width)[:width]
    for heading, cell in zip(table.headings, cells, strict=True):
        if isinstance(cell, str) and cell.startswith("#") and (cell == _NO_RESULT or cell in _EXCEL_ERRORS):
            table.refuse_row(number, f"{heading!r} holds {cell}", "Mend the formula, recalculate in Excel and save")
            return
    table.rows.append(Row(number, dict(zip(reversed(table.headings), reversed(cells), strict=True))))


_EXCEL_ERRORS = {"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"}


def _load_shown(path: Path) -> dict[str, list[list[Any]]]:
    """What each cell of each sheet shows: the results of formulas, and `_NO_RESULT` where none is stored."""
    values, formulas = _load(path, data_only=True), _load(path, data_only=False)
    return {
        name: [
            [_shown(value, source) for value, source in zip(cells, sources, strict=True)]
            for cells, sources in zip(rows, formulas[name], strict=True)
        ]
        for name, rows in values.items()
    }


def _shown(value: Any, source: Any) -> Any:
    if value.value is not None or source.value is None:
        return value.value
    return "" if value.data_type == "str" else _NO_RESULT  # a result that is a text, and an empty one


def _load(path: Path, data_only: bool) -> dict[str, list[tuple[Any, ...]]]:
    try:
        with path.open("rb") as file:  # by its name openpyxl would judge what it is
            workbook = load_workbook(file, read_only=False, data_only=data_only)
    except _UNREADABLE as error:
        raise UnreadableFile(
            f"this is not a readable .xlsx workbook ({error})", "Save it again as .xlsx or .csv"
        ) from None
    try:
        return {sheet.title: list(sheet.iter_rows()) for sheet in workbook.worksheets}
    finally:
        workbook.close()
