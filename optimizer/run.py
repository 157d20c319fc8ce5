"""How a plan was found: with the problem, all that is needed to find it again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # a plan says how it was found
    from optimizer.plan import Plan
    from optimizer.problem import Problem

RUIN, ROUTING, NONE = "ruin and recreate", "OR-Tools routing", "none"


@dataclass(frozen=True, slots=True)
class Run:
    """One search. Time decides only about its turns and checks, so repeating these repeats the plan.

    `start` has for every shift the visits that the search began with, by position in the problem, and `starts_s` when
    some of them began then, as pairs. `turns` are those of ruin and recreate, as its `Turn` has them; `checks` is how
    often OR-Tools asked whether to stop. `built` is for how many visits ruin and recreate had time to look for a place
    before its first turn; None, in old records, for all.
    """

    engine: str
    seed: int
    threads: int
    start: tuple[tuple[int, ...], ...]
    turns: tuple[tuple[Any, ...], ...] = ()
    checks: int = 0
    starts_s: tuple[tuple[int, int], ...] = ()
    built: int | None = None

    @classmethod
    def laid_out(cls, problem: Problem, plan: Plan) -> Run:
        """The run that searches for nothing: repeating it lays the plan out, and verifies it."""
        routes = {route.shift: route for route in plan.routes}
        stops = [routes[shift.id].stops if shift.id in routes else () for shift in problem.shifts]
        start = tuple(tuple(problem.visit_index[stop.visit] for stop in some) for some in stops)
        linked = {visit for link in problem.links for visit in (link.first, link.second)}
        starts_s = [
            (problem.visit_index[stop.visit], stop.start_s) for some in stops for stop in some if stop.visit in linked
        ]
        return cls(NONE, 0, 1, start, starts_s=tuple(starts_s))

    @property
    def iterations(self) -> int:
        """Rounds of each island of ruin and recreate."""
        return sum(int(turn[0]) for turn in self.turns)
