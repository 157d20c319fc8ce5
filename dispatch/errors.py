"""What can go wrong in the business, one exception each, with a sentence that a person can act on."""

from __future__ import annotations

from collections.abc import Sequence


class DispatchError(Exception):
    """The base of all: `str(error)` is a sentence for the person who asked."""


class NotFound(DispatchError):
    """What was asked for does not exist (HTTP 404)."""


class Forbidden(DispatchError):
    """This user may not do this (HTTP 403)."""


class Conflict(DispatchError):
    """The stored state does not allow it, or has changed meanwhile (HTTP 409)."""


class Stale(Conflict):
    """Somebody has changed it since the person who asks has seen it (HTTP 409; 412 where a request named a version)."""


class TooMany(DispatchError):
    """More was asked for than is allowed at a time (HTTP 429); `wait_s` says when to ask again."""

    def __init__(self, sentence: str, wait_s: int) -> None:
        self.wait_s = wait_s
        super().__init__(sentence)


class DraftOutdated(Conflict):
    """The day has changed since a draft was made, so that it cannot be published as decided; it must be made again."""


class SettingsError(DispatchError):
    """A setting of the installation is wrong; the sentence names it and says how to mend it."""


class Fault(str):
    """A sentence about a field, with what could be written there instead, where that is known."""

    choices: tuple[str, ...]

    def __new__(cls, sentence: str, choices: tuple[str, ...] = ()) -> Fault:
        """Text that pages show as any other."""
        fault = super().__new__(cls, sentence)
        fault.choices = choices
        return fault


class InvalidInput(DispatchError):
    """Input is wrong (HTTP 400). `problems` holds all of it, each a sentence saying where and what."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class WrongParameter(InvalidInput):
    """What is said beside the body of a request is wrong: a key, a cursor. Sentences begin with its name, a colon."""


class WrongRecords(InvalidInput):
    """Some records cannot be stored. `faults` holds the number of each, as `word` is known by, and what is wrong."""

    def __init__(self, word: str, faults: Sequence[tuple[str, str]]) -> None:
        self.word, self.faults = word, tuple(faults)
        super().__init__([f"{word} {number}: {sentence}" for number, sentence in faults])


class WrongDocument(InvalidInput):
    """A document of another program is wrong. `faults` holds where (its path), what, and how to mend it, for each."""

    def __init__(self, faults: Sequence[tuple[str, str, str]]) -> None:
        self.faults = tuple(faults)
        super().__init__([f"{where}: {what}; {mend}" for where, what, mend in faults])


class PlanRefused(DispatchError):
    """A computed plan breaks hard rules that no pin excuses, so it was not stored.

    `violations` holds one sentence per broken rule.
    """

    def __init__(self, violations: Sequence[str]) -> None:
        self.violations = tuple(violations)
        super().__init__(
            f"The computed plan breaks {len(self.violations)} hard rule(s) and was not stored: "
            + "; ".join(self.violations)
        )


class PlanCancelled(DispatchError):
    """Someone cancelled the run before a plan was stored."""


def describe_fault(unexpected: Exception) -> str:
    """What is told of a fault that nobody foresaw, where the scheduler goes on without what it befell."""
    return f"Unexpected fault ({type(unexpected).__name__}: {unexpected}). The log of the scheduler has more."
