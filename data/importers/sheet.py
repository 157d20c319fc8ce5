"""A kind of table, defined once: read from a file or a form, and written so that it can be edited and brought back."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Generic, TypeVar

from data.business_records import CustomerRecord
from data.importers.columns import Column, Match
from data.importers.known import Identity, Known
from data.importers.reading import import_file
from data.importers.result import ImportProblem, ImportResult
from data.importers.rows import Geocode, RowReader
from data.importers.table import Row
from data.importers.times import DateOrder
from data.importers.writing import Line, flat, write_lines

Record = TypeVar("Record")


@dataclass(frozen=True)
class World:
    """What rows may refer to. None means that nobody knows, so that every name is good.

    `zone` (IANA) is that of wall clocks; `territories` are names with their zones, `technicians` codes. `geocode`
    looks up addresses without coordinates. `holidays` are days by the name of their territory; hours of days before
    `today` are past, and who has overlapping ones is not asked.
    """

    zone: str
    territories: Mapping[str, str] | None = None
    technicians: Collection[str] | None = None
    customers: Sequence[CustomerRecord] = ()
    date_order: DateOrder | None = None
    geocode: Geocode | None = None
    holidays: Mapping[str, Collection[date]] = field(default_factory=dict)
    today: date | None = None


@dataclass(frozen=True)
class Sheet(Generic[Record]):
    """One kind of row. `needs`, `identities`, `together`, `uniques` and `alike` are what `import_file` and `Known`
    say."""

    columns: tuple[Column, ...]
    needs: tuple[tuple[str, ...], ...]
    identities: tuple[Identity, ...]
    read_row: Callable[[RowReader, World], Record]
    line: Callable[[Record], Line]
    together: tuple[frozenset[str], ...] = ()
    uniques: tuple[Identity, ...] = ()
    alike: Mapping[str, Callable[[Any], str]] = field(default_factory=dict)

    def read_file(
        self,
        path: str | Path,
        world: World,
        known: Sequence[Record] = (),
        *,
        keep_good: bool = False,
        sheet: str | None = None,
    ) -> ImportResult[Record]:
        """All rows of a file. What is `known` and has no column in the file stays as it is."""
        return import_file(
            path,
            self.columns,
            self.needs,
            lambda reader: self.read_row(reader, world),
            Known(self.identities, [self.cells(record) for record in known], self.uniques, self.alike),
            keep_good,
            sheet,
            self.together,
        )

    def read_form(
        self, cells: Mapping[str, str], world: World, own: Record | None, others: Sequence[Record] = ()
    ) -> tuple[Record, list[ImportProblem]]:
        """One row whose cells stand under the columns' own keys, and what is wrong with it.

        What the form does not ask stays as in `own`, or is empty for something new; what `others` have is taken.
        """
        reader = RowReader(Row(1, dict(cells)), Match({key: key for key in cells}), "form")
        if own is not None:
            reader.know(self.cells(own), self.together)
        Known((), [self.cells(record) for record in others], self.uniques, self.alike).refuse_taken(reader, None)
        return self.read_row(reader, world), reader.problems

    def cells(self, record: Record) -> dict[str, Any]:
        """The cells of a table, by the columns' own keys."""
        return flat(self.line(record))

    def write(self, path: str | Path, records: Sequence[Record]) -> None:
        """Write a .csv, .xlsx, .geojson or .gpkg file, as the extension says. Raises ValueError, OSError."""
        write_lines(Path(path), [self.line(record) for record in records])
