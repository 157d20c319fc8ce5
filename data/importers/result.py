"""What an import gives back: the records, and every problem with its place, its cause and its cure."""

from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

Record = TypeVar("Record")


class BadValue(ValueError):
    """A cell cannot be read: `what` is wrong and `mend` says what to write instead."""

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(f"{what}: {mend}")
        self.what, self.mend = what, mend


@dataclass(frozen=True)
class ImportProblem:
    """One thing wrong with a file.

    `number` is the line of a text file, the row of a sheet or the feature of a map file, counted from 1 as
    the user's own program counts; None where the whole file is meant. `where` says it in words ("line 7").
    An error keeps its line out; a warning does not. `choices` could be written there instead, where that is known.
    """

    where: str
    what: str
    mend: str
    column: str | None = None
    number: int | None = None
    severity: Literal["error", "warning"] = "error"
    choices: tuple[str, ...] = ()

    def __str__(self) -> str:
        column = f", column {self.column!r}" if self.column is not None else ""
        end = "" if self.mend.endswith("?") else "."
        return f"{self.severity}: {self.where}{column}: {self.what}. {self.mend}{end}"


@dataclass(frozen=True)
class ImportResult(Generic[Record]):
    """The records of a file and all its problems, in the order of the file.

    `good` counts the lines without errors and `total` all lines with content. Unless the caller asked to keep
    the good lines, `records` is empty as soon as there is one error.
    """

    records: tuple[Record, ...]
    problems: tuple[ImportProblem, ...]
    good: int
    total: int

    @property
    def errors(self) -> tuple[ImportProblem, ...]:
        return tuple(problem for problem in self.problems if problem.severity == "error")

    @property
    def warnings(self) -> tuple[ImportProblem, ...]:
        return tuple(problem for problem in self.problems if problem.severity == "warning")

    @property
    def ok(self) -> bool:
        """Whether the whole file was read without an error."""
        return not self.errors
