"""Searches for the plan of a day, verified, with no more changes than the budget allows."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import optimizer
from dispatch.errors import PlanRefused
from dispatch.planning.budget import ChangeBudget, towards_few_changes
from dispatch.planning.stages import Listener, PlanProgress
from optimizer.changes import Change, Layouts, Places, Undoing, hold, keep_under_cap, list_changes, places_of

CALM_UNTIL = 0.3
"""When the plan in which nothing moves that could stay is to be there, in shares of the time."""
FREE_UNTIL = 0.8
"""When the plan in which everything may move is; the rest is for planning again around what the cap keeps."""
LEAST_SHARE = 0.05
"""How much of the time each of them has at least, when what comes between them has taken long."""
LEAST_ROUNDS, ROUNDS_PER_VISIT = 500, 40
"""So many rounds are enough for a few visits, and so many more for each that may move."""


class Search:
    """One search: `find_plan` once. `promised` are visits that are not left out to move others; `options` are the
    engine's own.

    `iterations` are the engine's, for each time that it is asked. A `brief` search has as many as the visits that may
    move need, whose number is the same on a fast machine and on a busy one; the time limit still holds.
    """

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
        promised: frozenset[str] = frozenset(),
        brief: bool = False,
        iterations: int | None = None,
        **options: Any,
    ) -> None:
        self.problem, self.published, self.budget = problem, published, budget
        self._time_limit_s, self._tell, self._cancelled = time_limit_s, tell, cancelled
        self._sentence_of, self._promised, self._options = sentence_of, promised, options
        self._brief, self._iterations = brief, iterations
        self._began = time.monotonic()
        self._best_cost: int | None = None

    def find_plan(self) -> optimizer.Plan:
        """The best plan found, within the budget. `problem` is afterwards the one that it was found for.

        First a calm plan is made, in which all that is published and still fits stays where it is. Then everything may
        move. Of that plan moves are undone that save less than the budget asks, or are more than the cap allows; what
        then stays is held, and the rest is planned again around it. It is taken if it is worth its moves and keeps the
        cap, which the calm plan always does: so the cap holds whatever the engine finds. Raises PlanRefused.
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
        calm = self._solve(calm_problem, self.published, CALM_UNTIL)
        towards = towards_few_changes(self.problem, fitting, self.budget)
        free = self._judged(self._solve(towards, calm, FREE_UNTIL))
        moved_problem, moved = self._within_cap(layouts, before, free)
        moves = self._could_stay(layouts, moved)
        too_many = self.budget.most_moved is not None and len(moves) > self.budget.most_moved
        retimed = sum(change.kind == "retimed" for change in moves)  # other technicians have their price in the cost
        breaks = self._left_out(moved) - self._left_out(calm)
        if too_many or breaks or calm.cost <= moved.cost + retimed * self.budget.change_technician:
            moved_problem, moved = calm_problem, calm
        self.problem = moved_problem
        return moved

    def _left_out(self, plan: optimizer.Plan) -> frozenset[str]:
        """What was promised and is in no route."""
        return self._promised & {one.visit for one in plan.unassigned}

    def _within_cap(
        self, layouts: Layouts, before: Places, plan: optimizer.Plan
    ) -> tuple[optimizer.Problem, optimizer.Plan]:
        """A plan made of this one that moves no more than the cap allows, and the problem that it is for.

        Whatever no longer moves is held, and the rest is planned again around it.
        """
        undoing = Undoing(layouts, self._changes(plan), places_of(plan), plan)
        most = len(before) if self.budget.most_moved is None else self.budget.most_moved
        places = keep_under_cap(undoing, before, most, self.budget.change_technician)
        start = layouts.find_plan(places)
        if start is None:
            return self.problem, plan
        moving = {change.visit for change in self._changes(start)}
        stay = [visit for visit in places if visit in before and visit not in moving]
        held = hold(self.problem, places, stay, self.budget.tolerance_s)
        return held, self._solve(held, start, 1.0)

    def _could_stay(self, layouts: Layouts, plan: optimizer.Plan) -> list[Change]:
        """The plan's changes of visits that by themselves could still be where they are published."""
        return [one for one in self._changes(plan) if one.before and layouts.admits(one.visit, one.before)]

    def _changes(self, plan: optimizer.Plan) -> list[Change]:
        before = places_of(self.published) if self.published is not None else {}
        return list_changes(self.problem, before, places_of(plan), self.budget.tolerance_s)

    def _solve(self, problem: optimizer.Problem, start: optimizer.Plan | None, until: float) -> optimizer.Plan:
        """The best plan found until this share of the time is over, verified once more by the referee."""
        left_s = until * self._time_limit_s - (time.monotonic() - self._began)
        try:
            plan = optimizer.solve(
                problem,
                start=start,
                time_limit_s=max(left_s, LEAST_SHARE * self._time_limit_s),
                iterations=self._rounds_for(problem),
                on_progress=self._hear,
                cancelled=self._poll,
                **self._options,
            )
        except optimizer.PlanRefused as error:
            raise PlanRefused(self._sentences(error.plan)) from error
        return self._judged(plan, problem)

    def _rounds_for(self, problem: optimizer.Problem) -> int | None:
        if self._iterations is not None or not self._brief:
            return self._iterations
        return LEAST_ROUNDS + ROUNDS_PER_VISIT * sum(visit.pin is None for visit in problem.visits)

    def _judged(self, plan: optimizer.Plan, problem: optimizer.Problem | None = None) -> optimizer.Plan:
        """The plan as the referee prices it, by the problem asked for if no other is given."""
        judged = optimizer.check(problem or self.problem, plan)
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
