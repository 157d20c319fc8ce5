"""A file as rows of named cells, before anybody asks what they mean; and the kind of a file."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shapely.geometry.base import BaseGeometry

from data.importers.result import ImportProblem


@dataclass(frozen=True)
class Row:
    """A line, sheet row or map feature: its number as users count, its cells by heading, its geometry."""

    number: int
    cells: dict[str, Any]
    geometry: BaseGeometry | None = None


@dataclass
class Table:
    """Headings and rows. `word` is what a row is called ("line", "row", "feature").

    A row that could not be read at all is in `problems` and counted in `unreadable`.
    """

    word: str
    headings: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    problems: list[ImportProblem] = field(default_factory=list)
    heading_number: int | None = None
    unreadable: int = 0

    @property
    def heading_place(self) -> str:
        return "file" if self.heading_number is None else f"{self.word} {self.heading_number}"

    def refuse_row(self, number: int, what: str, mend: str) -> None:
        """Report a row that cannot be read at all."""
        self.problems.append(ImportProblem(f"{self.word} {number}", what, mend, number=number))
        self.unreadable += 1


class UnreadableFile(ValueError):
    """The file as a whole cannot be read: `what` is wrong and `mend` says what to do."""

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(f"{what}: {mend}")
        self.what, self.mend = what, mend


def is_blank(value: Any) -> bool:
    """Whether a cell holds nothing."""
    return value is None or (isinstance(value, str) and not value.strip())


def name_headings(cells: list[Any]) -> list[str]:
    """Heading texts; a column without a heading is named after its place, so that it can be reported."""
    return [f"(column {place})" if is_blank(cell) else str(cell).strip() for place, cell in enumerate(cells, start=1)]


def sniff_kind(path: Path) -> str:
    """The kind of a file by its first bytes, since extensions lie: "csv", "xlsx", "geojson" or "gpkg"."""
    with path.open("rb") as file:
        head = file.read(4096)
    if not head.strip():
        raise UnreadableFile("the file is empty", "Export it again")
    if head.startswith(b"PK\x03\x04"):
        return "xlsx"
    if head.startswith(b"SQLite format 3\x00"):
        return "gpkg"
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableFile("this is an old .xls workbook", "Save it as .xlsx or .csv")
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        return "geojson"
    if head.startswith((b"%PDF", b"\x89PNG", b"\x1f\x8b")):
        raise UnreadableFile("this is not a table", "Give a CSV, XLSX, GeoJSON or GeoPackage file")
    return "csv"
