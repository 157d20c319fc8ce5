"""The steps that every import shares: open the file, match its columns, read rows, collect problems."""

from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any, TypeVar, cast

from shapely.geometry import Point

from data.importers.columns import Column, Match, describe_match, describe_missing, list_unmet, match_columns
from data.importers.csv_file import read_csv
from data.importers.map_file import read_geojson, read_gpkg
from data.importers.numbers import read_latitude, read_location, read_longitude, read_text
from data.importers.result import BadValue, ImportProblem, ImportResult
from data.importers.table import Row, Table, UnreadableFile, is_blank, sniff_kind
from data.importers.xlsx_file import read_xlsx
from data.records import Location

T = TypeVar("T")
Record = TypeVar("Record")
Geocode = Callable[[str], Location | None]


class RowReader:
    """Reads the cells of one row by field, noting a problem for each that is missing or wrong."""

    def __init__(self, row: Row, match: Match, word: str, unmet_keys: Collection[str]) -> None:
        self.row, self.match, self.word = row, match, word
        self.problems: list[ImportProblem] = []
        self.unmet_keys = unmet_keys  # columns whose absence has been reported once for the whole file

    def raw(self, key: str) -> Any:
        """The cell as the file has it, or None where it is blank or the file has no such column."""
        value = self.row.cells.get(self.match.headings.get(key, ""))
        return None if is_blank(value) else value

    def find(self, key: str, parse: Callable[[Any], T]) -> T | None:
        """The parsed cell, or None where it is blank or wrong; a wrong one is noted."""
        value = self.raw(key)
        if value is None:
            return None
        try:
            return parse(value)
        except BadValue as bad:
            self.refuse(bad.what, bad.mend, key)
            return None

    def get(self, key: str, parse: Callable[[Any], T], default: Any) -> T:
        """The parsed cell, or `default` where it is blank (or wrong, which is noted)."""
        found = self.find(key, parse)
        return cast(T, default) if found is None else found

    def need(self, key: str, parse: Callable[[Any], T]) -> T | None:
        """The parsed cell; a blank one is noted as missing, unless the whole column has been."""
        if self.raw(key) is None and key not in self.unmet_keys:
            self.refuse("it is empty", "Fill it in", key)
        return self.find(key, parse)

    def refuse(self, what: str, mend: str, key: str | None = None) -> None:
        """Note an error of this row, at the column of a field if one is meant."""
        column = self.match.headings.get(key, key) if key is not None else None
        self.problems.append(ImportProblem(f"{self.word} {self.row.number}", what, mend, column, self.row.number))

    def check_known(self, key: str, names: Collection[str], known: Collection[str] | None, what: str) -> None:
        """Refuse names that are not among the known ones, where the caller said which are known."""
        if known is None:
            return
        for name in names:
            if name not in known:
                self.refuse(f"there is no {what} {name!r}", f"Known: {', '.join(sorted(known)) or 'none'}", key)

    def find_location(self, address_key: str, geocode: Geocode | None) -> Location | None:
        """Where the row is: its point on the map, its coordinates, or its address looked up.

        Two statements that differ are refused, and so is an address that cannot be looked up.
        """
        if self.row.geometry is not None and not isinstance(self.row.geometry, Point):
            self.refuse(f"its geometry is a {self.row.geometry.geom_type}", "Give it a Point")
        before = len(self.problems)
        stated = [
            place
            for place in (
                self._from_geometry(),
                self._from_two_columns(),
                self.find("location", read_location),
            )
            if place
        ]
        if len(self.problems) > before:
            return None
        for place in stated:
            if any(abs(a - b) > 1e-5 for a, b in zip(place, stated[0], strict=True)):
                self.refuse(f"it is in two places, {stated[0]} and {place}", "Keep one of them")
                return None
            if place == (0.0, 0.0):
                self.refuse(
                    "0, 0 is in the sea off Africa",
                    "Fill in the coordinates, or leave them empty",
                    "latitude",
                )
                return None
        if stated:
            return stated[0]
        address = self.raw(address_key)
        if address is None:
            return None
        found = geocode(read_text(address)) if geocode is not None else None
        if found is None:
            why = "cannot be found" if geocode is not None else "has no coordinates, and no address search is set up"
            self.refuse(f"the address {read_text(address)!r} {why}", "Add latitude and longitude", address_key)
        return found

    def _from_geometry(self) -> Location | None:
        point = self.row.geometry
        if not isinstance(point, Point) or point.is_empty:
            return None
        if not (abs(point.y) <= 90 and abs(point.x) <= 180):
            self.refuse("its coordinates are not degrees", "Write longitude then latitude in WGS 84")
            return None
        return point.y, point.x

    def _from_two_columns(self) -> Location | None:
        latitude, longitude = self.find("latitude", read_latitude), self.find("longitude", read_longitude)
        if (self.raw("latitude") is None) != (self.raw("longitude") is None):
            missing = "latitude" if self.raw("latitude") is None else "longitude"
            self.refuse("only one of latitude and longitude is filled in", "Fill in both or neither", missing)
        return (latitude, longitude) if latitude is not None and longitude is not None else None


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
    unique: str,
    keep_good: bool,
    sheet: str | None = None,
    key_of: Callable[[str], str] = str,
) -> ImportResult[Record]:
    """Read a whole file into records.

    `needs` lists choices of columns of which one must be there ("a+b" means both, "geometry" a map's shapes).
    `read_row` builds a record; what it returns counts only if its RowReader noted no problem. `unique` is the
    field that no two rows may share.
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
    unmet_keys = {key for keys in unmet for key in keys}
    first_seen: dict[str, int] = {}
    for row in table.rows:
        reader = RowReader(row, match, table.word, unmet_keys)
        record = read_row(reader)
        _check_unique(reader, unique, key_of, first_seen)
        problems += reader.problems
        if not reader.problems:
            records.append(record)
    # Problems of the headings come first, then those of the rows, all in the order of the file.
    places = {heading: place for place, heading in enumerate(table.headings)}
    problems.sort(key=lambda problem: (problem.number or 0, places.get(problem.column or "", -1)))
    problems = heading_problems + problems
    total = len(table.rows) + table.unreadable
    if total == 0:
        problems.append(ImportProblem("file", f"there is no {table.word} below the headings", "Export it again"))
    structural = any(p.severity == "error" and p.number is None for p in problems)
    bad = any(problem.severity == "error" for problem in problems)
    good = 0 if structural else len(records)
    return ImportResult(() if structural or (bad and not keep_good) else tuple(records), tuple(problems), good, total)


def _check_unique(reader: RowReader, unique: str, key_of: Callable[[str], str], first_seen: dict[str, int]) -> None:
    value = reader.raw(unique)
    if value is None:
        return
    key = key_of(read_text(value))
    if key in first_seen:
        reader.refuse(
            f"{read_text(value)!r} is already on {reader.word} {first_seen[key]}", "Give each its own", unique
        )
    else:
        first_seen[key] = reader.row.number
