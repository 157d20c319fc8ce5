"""Read a text table: any common encoding, any common separator, and true line numbers."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from data.importers.columns import Column, match_columns
from data.importers.result import ImportProblem
from data.importers.table import Row, Table, UnreadableFile, is_blank, name_headings

SEPARATORS = (",", ";", "\t", "|")
LONGEST_CELL = 10_000_000
"""Signs in a cell, as of an outline that follows a coast."""


def decode(raw: bytes) -> tuple[str, str]:
    """The text and the name of its encoding: what a byte order mark says, else UTF-8, else Windows-1252."""
    encodings: tuple[str, ...] = ("utf-8-sig", "cp1252")
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ("utf-16",)
    elif b"\x00" in raw[:1000]:
        encodings = ("utf-16-le" if raw[1:2] == b"\x00" else "utf-16-be",)
    for encoding in encodings:
        try:
            return raw.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise UnreadableFile("the text is in an encoding we do not know", "Save it as UTF-8")


def read_csv(path: Path, columns: Sequence[Column]) -> Table:
    """Read a text table; the separator is the one under which most headings are `columns` we know."""
    table = Table("line")
    text, encoding = decode(path.read_bytes())
    if encoding == "cp1252":
        table.problems.append(
            ImportProblem(
                "file",
                "the text is not UTF-8 and was read as Windows-1252",
                "Check the accents, or save it as UTF-8",
                severity="warning",
            )
        )
    separator = _choose_separator(text, columns)
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True, skipinitialspace=True)
    while True:
        number = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            table.refuse_row(
                number,
                f"the quotation marks do not match ({error})",
                "Close each quotation mark; what follows up to the next one was not read",
            )
            continue
        if all(is_blank(cell) for cell in cells):
            continue
        if not table.headings:
            table.headings, table.heading_number = name_headings(list(cells)), number
        else:
            _add_row(table, number, cells)
    if not table.headings:
        raise UnreadableFile("the file has no headings", "Put the names of the columns into the first line")
    return table


def _add_row(table: Table, number: int, cells: list[str]) -> None:
    width = len(table.headings)
    while len(cells) > width and is_blank(cells[-1]):
        cells.pop()
    if len(cells) != width:
        table.refuse_row(
            number,
            f"it has {len(cells)} cells where the headings are {width}",
            "Check for a missing separator, or put quotation marks around a text that has one in it",
        )
        return
    # The first of two equal headings wins here; the doubled heading itself is reported as an error.
    table.rows.append(Row(number, dict(zip(reversed(table.headings), reversed(cells), strict=True))))


def _choose_separator(text: str, columns: Sequence[Column]) -> str:
    first_line = next((line for line in text.splitlines() if line.strip()), "")

    def quality(separator: str) -> tuple[int, int]:
        cells = first_line.split(separator)
        return len(match_columns([cell.strip(' "') for cell in cells], columns).headings), len(cells)

    return max(SEPARATORS, key=quality)
