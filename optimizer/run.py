"""How a plan was found: with the problem, all that is needed to find it again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

RUIN, ROUTING, NONE = "ruin and recreate", "OR-Tools routing", "none"


@dataclass(frozen=True, slots=True)
class Run:
    """One search. Time decides only about its turns and checks, so repeating these repeats the plan.

    `start` has for every shift the visits that the search began with, by position in the problem. `turns` are those of
    ruin and recreate, as its `Turn` has them; `checks` is how often OR-Tools asked whether to stop.
    """

    engine: str
    seed: int
    threads: int
    start: tuple[tuple[int, ...], ...]
    turns: tuple[tuple[Any, ...], ...] = ()
    checks: int = 0

    @property
    def iterations(self) -> int:
        """Rounds of each island of ruin and recreate."""
        return sum(int(turn[0]) for turn in self.turns)
