"""Searches for the plan of a day, verified, with no more changes than the budget allows."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import optimizer
from dispatch.errors import PlanRefused
from dispatch.planning.budget import ChangeBudget
from optimizer.changes import Layouts, Undoing, hold, list_changes, places_of

POLISHING_SHARE = 0.3
"""How much of the time is kept for planning again around what the cap has kept in its place."""


@dataclass(frozen=True)
class PlanProgress:
    """How far planning is: share done (0..1), what is being done, the cost of the best plan so far."""

    share: float
    message: str
    best_cost: int | None = None


Listener = Callable[[PlanProgress], None]


class Search:
    """One search: `find_plan` once. `options` are the engine's own."""

    def __init__(
        self,
        problem: optimizer.Problem,
        published: optimizer.Plan | None,
        budget: ChangeBudget,
        *,
        time_limit_s: float,
        tell: Listener,
        cancelled: Callable[[], bool],
        sentence_of: Callable[[optimizer.Violation], str],
        **options: Any,
    ) -> None:
        self.problem, self.published, self.budget = problem, published, budget
        self._time_limit_s, self._tell, self._cancelled = time_limit_s, tell, cancelled
        self._sentence_of, self._options = sentence_of, options
        self._began = time.monotonic()
        self._best_cost: int | None = None

    def find_plan(self, start: optimizer.Plan | None) -> optimizer.Plan:
        """The best plan found from `start`, within the cap. `problem` is afterwards the one that it was found for.

        Where too many visits have moved, the least valuable moves are undone, what then stays is held, and the rest is
        planned again around it: so the cap holds whatever the engine finds. Raises PlanRefused.
        """
        if self.published is None or not self._can_break_the_cap():
            return self._solve(self.problem, start, self._time_limit_s)
        plan = self._solve(self.problem, start, self._time_limit_s * (1 - POLISHING_SHARE))
        tolerance_s, before, after = self.budget.tolerance_s, places_of(self.published), places_of(plan)
        layouts = Layouts(self.problem, tolerance_s)
        changes = list_changes(self.problem, before, after, tolerance_s)
        undoing = Undoing(layouts, changes, after, plan)
        undone = undoing.choose_undone(self.budget.most_moved or 0)
        if not undone:
            return plan
        places = undoing.places_without(undone)
        within = layouts.find_plan(places)
        assert within is not None, "what is chosen to be undone can be"
        moved = {change.visit for change in changes} - undone
        stay = [visit for visit in places if visit in before and visit not in moved]
        self.problem = hold(self.problem, places, stay, tolerance_s)
        return self._solve(self.problem, within, self._time_limit_s * POLISHING_SHARE)

    def _can_break_the_cap(self) -> bool:
        most = self.budget.most_moved
        known = len(places_of(self.published)) if self.published is not None else 0
        return most is not None and most < known

    def _solve(self, problem: optimizer.Problem, start: optimizer.Plan | None, time_limit_s: float) -> optimizer.Plan:
        """The best plan found, verified once more by the referee."""
        try:
            plan = optimizer.solve(
                problem,
                start=start,
                time_limit_s=time_limit_s,
                on_progress=self._hear,
                cancelled=self._poll,
                **self._options,
            )
        except optimizer.PlanRefused as error:
            raise PlanRefused(self._sentences(error.plan)) from error
        judged = optimizer.check(problem, plan)
        if not judged.is_valid:
            raise PlanRefused(self._sentences(judged))
        return replace(judged, unassigned=plan.unassigned)

    def _sentences(self, plan: optimizer.Plan) -> list[str]:
        return [self._sentence_of(one) for one in plan.violations if not one.excused]

    def _hear(self, progress: optimizer.Progress) -> None:
        self._best_cost = progress.cost
        self._tell_share()

    def _poll(self) -> bool:
        self._tell_share()
        return self._cancelled()

    def _tell_share(self) -> None:
        share = min(1.0, (time.monotonic() - self._began) / self._time_limit_s)
        self._tell(PlanProgress(0.1 + 0.85 * share, "Searching for better routes", self._best_cost))
