"""Match the headings of a file to the fields we know, whatever their case, spelling or language."""

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from data.importers.numbers import fold, read_text
from data.importers.result import ImportProblem
from data.importers.times import UNITS

_BRACKETS = re.compile(r"[(\[{].*?[)\]}]")


@dataclass(frozen=True)
class Column:
    """A field of a record: its own heading `key` and the `others` that people use for it.

    A `length` column may state its unit in the heading: "Duration (h)", "service_s", "Dauer in Minuten".
    """

    key: str
    others: tuple[str, ...] = ()
    length: bool = False


@dataclass
class Match:
    """Which heading stands for which field. `units` holds the units that headings of length columns state."""

    headings: dict[str, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    doubled: list[tuple[str, str, str]] = field(default_factory=list)


def _compact(heading: str) -> str:
    return fold(heading).replace(" ", "")


def match_columns(headings: Sequence[str], columns: Sequence[Column]) -> Match:
    """Match headings to columns; what is unknown or doubled is listed, never dropped in silence."""
    known = {_compact(name): column for column in columns for name in (column.key, *column.others)}
    match = Match()
    for heading in headings:
        column, unit = _find(heading, known)
        if column is None:
            match.unknown.append(heading)
        elif column.key in match.headings:
            match.doubled.append((column.key, match.headings[column.key], heading))
        else:
            match.headings[column.key] = heading
            if unit is not None:
                match.units[column.key] = unit
    return match


def _find(heading: str, known: dict[str, Column]) -> tuple[Column | None, str | None]:
    without_brackets = _BRACKETS.sub(" ", heading)
    words = fold(without_brackets).split()
    inside = " ".join(part[1:-1] for part in _BRACKETS.findall(heading))
    unit = UNITS.get(read_text(inside).lower())
    column = known.get("".join(words))
    if column is None and len(words) > 1 and words[-1] in UNITS:
        unit = UNITS[words[-1]]
        column = known.get("".join(words[:-2] if words[-2] in ("in", "en") else words[:-1]))
        if column is not None and not column.length:
            return None, None
    return column, unit if column is not None and column.length else None


def describe_match(match: Match, columns: Sequence[Column], where: str) -> list[ImportProblem]:
    """Warnings for headings that nobody reads and errors for two headings that mean the same field."""
    names = {_compact(name): column.key for column in columns for name in (column.key, *column.others)}
    problems = []
    for heading in match.unknown:
        close = difflib.get_close_matches(_compact(heading), names, n=1, cutoff=0.75)
        advice = (
            f"If {names[close[0]]!r} is meant, rename it"
            if close
            else "Known headings: " + ", ".join(c.key for c in columns)
        )
        problems.append(
            ImportProblem(
                where, "this column is not known and was not read", advice, column=heading, severity="warning"
            )
        )
    for key, first, second in match.doubled:
        problems.append(
            ImportProblem(
                where,
                f"{first!r} and {second!r} both mean {key!r}",
                "Remove or rename one of them",
                column=second,
            )
        )
    return problems


def list_unmet(match: Match, needs: Sequence[Sequence[str]]) -> list[Sequence[str]]:
    """The needs without a column. A need is a choice of keys of which one is enough; "a+b" means both."""
    return [keys for keys in needs if not any(set(key.split("+")) <= set(match.headings) for key in keys)]


def describe_missing(
    unmet: Sequence[Sequence[str]], columns: Sequence[Column], headings: Sequence[str], where: str
) -> list[ImportProblem]:
    """An error for each unmet need, with what was found and what is understood."""
    by_key = {column.key: column for column in columns}
    problems = []
    for keys in unmet:
        wanted = " or ".join(repr(key.replace("+", " and ")) for key in keys)
        also = [other for key in keys if key in by_key for other in by_key[key].others[:4]]
        problems.append(
            ImportProblem(
                where,
                f"there is no column {wanted}; found {', '.join(map(repr, headings)) or 'no headings'}",
                f"Add one{' (also understood: ' + ', '.join(also) + ')' if also else ''}",
            )
        )
    return problems
