"""The steps that every import shares: open the file, match its columns, read rows, collect problems."""

from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import TypeVar

from data.importers.columns import Column, describe_match, describe_missing, list_unmet, match_columns
from data.importers.csv_file import read_csv
from data.importers.known import Known
from data.importers.map_file import read_geojson, read_gpkg
from data.importers.result import ImportProblem, ImportResult
from data.importers.rows import RowReader
from data.importers.table import Table, UnreadableFile, sniff_kind
from data.importers.xlsx_file import read_xlsx

Record = TypeVar("Record")


def open_table(path: Path, columns: Sequence[Column], sheet: str | None = None) -> Table:
    """Read a file of any kind into a table. `sheet` names a workbook's sheet or a GeoPackage's layer."""
    if not path.is_file():
        raise UnreadableFile(f"there is no file {path}", "Check the name")
    kind = sniff_kind(path)
    if kind == "xlsx":
        return read_xlsx(path, sheet)
    if kind == "gpkg":
        return read_gpkg(path, sheet)
    return read_geojson(path) if kind == "geojson" else read_csv(path, columns)


def import_file(
    path: str | Path,
    columns: Sequence[Column],
    needs: Sequence[Sequence[str]],
    read_row: Callable[[RowReader], Record],
    known: Known,
    keep_good: bool,
    sheet: str | None = None,
    together: Collection[Collection[str]] = (),
) -> ImportResult[Record]:
    """Read a whole file into records.

    `needs` lists choices of columns of which one must be there ("a+b" means both, "geometry" a map's shapes).
    `read_row` builds a record; what it returns counts only if its RowReader noted no problem. `known` says which
    fields no two rows may share, and what is known already: a column that the file does not have changes nothing
    there. Of columns `together`, such as two that say the same, the file has all or none.
    """
    try:
        table = open_table(Path(path), columns, sheet)
    except UnreadableFile as error:
        return ImportResult((), (ImportProblem("file", error.what, error.mend),), 0, 0)
    match = match_columns(table.headings, columns)
    has_shapes = any(row.geometry is not None for row in table.rows)
    unmet = [keys for keys in list_unmet(match, needs) if not (has_shapes and "geometry" in keys)]
    heading_problems = describe_match(match, columns, table.heading_place)
    heading_problems += describe_missing(unmet, columns, table.headings, table.heading_place)
    records, problems = [], list(table.problems)
    remarks: dict[ImportProblem, None] = {}
    unmet_keys = {key for keys in unmet for key in keys}
    for row in table.rows:
        reader = RowReader(row, match, table.word, unmet_keys)
        known.know(reader, together)
        record = read_row(reader)
        problems += reader.problems
        remarks |= dict.fromkeys(reader.remarks)
        if not reader.problems:
            records.append(record)
    # Problems of the headings come first, then those of the rows, all in the order of the file.
    places = {heading: place for place, heading in enumerate(table.headings)}
    problems.sort(key=lambda problem: (problem.number or 0, places.get(problem.column or "", -1)))
    problems = [*remarks, *heading_problems, *problems]
    total = len(table.rows) + table.unreadable
    if total == 0:
        problems.append(ImportProblem("file", f"there is no {table.word} below the headings", "Export it again"))
    structural = any(p.severity == "error" and p.number is None for p in problems)
    bad = any(problem.severity == "error" for problem in problems)
    good = 0 if structural else len(records)
    return ImportResult(() if structural or (bad and not keep_good) else tuple(records), tuple(problems), good, total)
