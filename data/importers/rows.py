"""Read the cells of one row, of a file or a form, and note a problem for each that is missing or wrong."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeVar, cast

from shapely.geometry import Point

from data.geocode import SeveralPlaces
from data.importers.columns import Match
from data.importers.numbers import read_latitude, read_location, read_longitude, read_text
from data.importers.result import BadValue, ImportProblem
from data.importers.table import Row, is_blank
from data.records import Location

T = TypeVar("T")
Geocode = Callable[[str], Location | None]
PLACE = frozenset({"latitude", "longitude", "location"})
"""Columns that say the same. What is known of them is known with the address, and stays with it only."""


class RowReader:
    """Reads the cells of one row by field, noting a problem for each that is missing or wrong."""

    def __init__(self, row: Row, match: Match, word: str, unmet_keys: Collection[str] = ()) -> None:
        self.row, self.match, self.word = row, match, word
        self.problems: list[ImportProblem] = []
        self.remarks: list[ImportProblem] = []
        self.unmet_keys = unmet_keys  # columns whose absence has been reported once for the whole file
        self.known: Mapping[str, Any] = {}
        self._hidden: frozenset[str] = frozenset()

    def know(self, cells: Mapping[str, Any], together: Collection[Collection[str]] = ()) -> None:
        """Let columns that the file does not have say what is known; of columns `together` it has all or none."""
        self.known = cells
        told = set(self.match.headings)
        self._hidden = PLACE | frozenset(key for group in together if told & set(group) for key in group)

    def raw(self, key: str) -> Any:
        """The cell as the file has it, or None where it is blank; without such a column what is known, if anything."""
        heading = self.match.headings.get(key)
        if heading is None:
            value = None if key in self._hidden else self.known.get(key)
        else:
            value = self.row.cells.get(heading)
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

    def told(self, key: str, parse: Callable[[Any], T], nothing: Any) -> T | None:
        """The parsed cell, `nothing` where it is blank, and None where neither file nor knowledge has the column."""
        if key not in self.match.headings and key not in self.known:
            return None
        return self.get(key, parse, nothing)

    def refuse(self, what: str, mend: str, key: str | None = None, choices: tuple[str, ...] = ()) -> None:
        """Note an error of this row, at the column of a field if one is meant."""
        column = self.match.headings.get(key, key) if key is not None else None
        where = f"{self.word} {self.row.number}"
        self.problems.append(ImportProblem(where, what, mend, column, self.row.number, choices=choices))

    def remark(self, what: str, mend: str) -> None:
        """Note a warning about the whole file, told once however many rows give rise to it."""
        self.remarks.append(ImportProblem("file", what, mend, severity="warning"))

    def check_known(self, key: str, names: Collection[str], known: Collection[str] | None, what: str) -> None:
        """Refuse names that are not among the known ones, where the caller said which are known."""
        if known is None:
            return
        for name in names:
            if name not in known:
                self.refuse(f"there is no {what} {name!r}", f"Known: {', '.join(sorted(known)) or 'none'}", key)

    def find_location(self, address_key: str, geocode: Geocode | None, *, was_exported: bool = True) -> Location | None:
        """Where the row is: its point on the map, its coordinates, or its address looked up.

        Two statements that differ are refused, and so is an address that cannot be looked up. In a file that
        `was_exported` and edited, the point that is known belongs to the address that is known.
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
        is_old_point = was_exported and bool(stated) and self._is_of_old_address(address_key, stated[0])
        if stated and not is_old_point:
            return stated[0]
        if not stated and self._stays(address_key):
            return self.known["latitude"], self.known["longitude"]
        address = self.raw(address_key)
        if address is None:
            return None
        try:
            found = geocode(read_text(address)) if geocode is not None else None
        except SeveralPlaces as several:
            self.refuse(str(several), several.mend, address_key, several.choices)
            return None
        if found is None and is_old_point:
            self.refuse(
                f"the address is {read_text(address)!r} now, and the coordinates are still those of the old one",
                "Write the new ones; if it is the same place, move them a little, such as by 0.0001",
                address_key,
            )
        elif found is None:
            why = "cannot be found" if geocode is not None else "has no coordinates, and no address search is set up"
            self.refuse(f"the address {read_text(address)!r} {why}", "Add latitude and longitude", address_key)
        return found

    def _stays(self, address_key: str) -> bool:
        """Whether the place is known, and nothing is told of another: the same address, or neither."""
        if self.known.get("latitude") is None:
            return False
        if address_key in self.match.headings:
            address = self.raw(address_key)
            return ("" if address is None else read_text(address)) == (self.known.get(address_key) or "")
        return not PLACE & set(self.match.headings)

    def _is_of_old_address(self, address_key: str, point: Location) -> bool:
        """Whether the point is the known one, beside another address than the known one."""
        known, told = self.known.get(address_key), self.raw(address_key)
        if not known or told is None or self.known.get("latitude") is None:
            return False
        old_point = self.known["latitude"], self.known["longitude"]
        is_same = all(abs(a - b) <= 1e-5 for a, b in zip(point, old_point, strict=True))
        return is_same and _words(told) != _words(known)

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


def _words(address: Any) -> list[str]:
    return read_text(address).casefold().split()
