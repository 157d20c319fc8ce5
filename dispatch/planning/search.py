"""Searches for the plan of a day, verified, with no more changes than the budget allows."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import optimizer
from dispatch.errors import PlanRefused
from dispatch.planning.budget import ChangeBudget
from optimizer.changes import Change, Layouts, Undoing, hold, list_changes, places_of

CALM_SHARE = 0.3
"""How much of the time goes to the plan in which nothing moves that could stay."""
POLISHING_SHARE = 0.2
"""How much of it is kept for planning again around what the cap has kept in its place."""


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

    def find_plan(self) -> optimizer.Plan:
        """The best plan found, within the budget. `problem` is afterwards the one that it was found for.

        First a calm plan is made, in which all that is published and still fits stays where it is. Then everything may
        move, and that plan is taken only if each move that could have been spared saves what the budget asks. Where it
        moves more than the cap allows, the least valuable moves are undone, what then stays is held, and the rest is
        planned again around it: so the cap holds whatever the engine finds. Raises PlanRefused.
        """
        if self.published is None:
            return self._solve(self.problem, None, 1.0)
        layouts = Layouts(self.problem, self.budget.tolerance_s)
        before = places_of(self.published)
        misfits = set(layouts.list_misfits(before))
        fitting = [visit for visit in before if visit in self.problem.visit_index and visit not in misfits]
        if not fitting:
            return self._solve(self.problem, self.published, 1.0)
        calm_problem = hold(self.problem, before, fitting, self.budget.tolerance_s)
        calm = self._solve(calm_problem, self.published, CALM_SHARE)
        moved_problem, moved = self._within_cap(layouts, self._solve(self.problem, calm, 1 - CALM_SHARE))
        if self._price(layouts, calm) <= self._price(layouts, moved):
            moved_problem, moved = calm_problem, calm
        self.problem = moved_problem
        return moved

    def _within_cap(self, layouts: Layouts, plan: optimizer.Plan) -> tuple[optimizer.Problem, optimizer.Plan]:
        """The plan, or one made of it that moves no more than the cap allows, and the problem that it is for."""
        if self.budget.most_moved is None:
            return self.problem, plan
        changes, after = self._changes(plan), places_of(plan)
        undoing = Undoing(layouts, changes, after, plan)
        undone = undoing.choose_undone(self.budget.most_moved)
        if not undone:
            return self.problem, plan
        places = undoing.places_without(undone)
        start = layouts.find_plan(places)
        moving = {change.visit for change in changes} - undone
        before = places_of(self.published) if self.published is not None else {}
        stay = [visit for visit in places if visit in before and visit not in moving]
        held = hold(self.problem, places, stay, self.budget.tolerance_s)
        return held, self._solve(held, start, POLISHING_SHARE)

    def _price(self, layouts: Layouts, plan: optimizer.Plan) -> int:
        """What the plan costs, with the price of a change for every visit that moves in time though it could stay.

        Those that change their technician have it in their cost.
        """
        retimed = sum(
            change.kind == "retimed" and change.before is not None and layouts.admits(change.visit, change.before)
            for change in self._changes(plan)
        )
        return plan.cost + retimed * self.budget.change_technician

    def _changes(self, plan: optimizer.Plan) -> list[Change]:
        before = places_of(self.published) if self.published is not None else {}
        return list_changes(self.problem, before, places_of(plan), self.budget.tolerance_s)

    def _solve(self, problem: optimizer.Problem, start: optimizer.Plan | None, share: float) -> optimizer.Plan:
        """The best plan found in a share of the time, verified once more by the referee."""
        try:
            plan = optimizer.solve(
                problem,
                start=start,
                time_limit_s=self._time_limit_s * share,
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
