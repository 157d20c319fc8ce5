"""Errands of two stops: fetch something here, bring it there."""

from __future__ import annotations

from collections.abc import Iterator

from optimizer.plan import Plan, Violation
from optimizer.primitives import Primitives
from optimizer.problem import Problem, Shift, Visit
from optimizer.rules.base import Rule


class Pairs(Rule):
    """Both visits of a pair are on one shift in their order, or neither is planned."""

    name = "pairs"

    def lower(self, problem: Problem, primitives: Primitives) -> None:
        index = problem.visit_index
        primitives.pairs = [(index[pair.first], index[pair.second]) for pair in problem.pairs]
        for pair in problem.pairs:
            if _is_impossible(problem.get_visit(pair.first), problem.get_visit(pair.second)):
                for visit in (index[pair.first], index[pair.second]):
                    primitives.allowed[visit] = False

    def check(self, problem: Problem, plan: Plan) -> Iterator[Violation]:
        place = {
            stop.visit: (route.shift, position) for route in plan.routes for position, stop in enumerate(route.stops)
        }
        for pair in problem.pairs:
            first, second = place.get(pair.first), place.get(pair.second)
            if (first is None) != (second is None):
                sentence = "one of two visits that belong together is left out"
            elif first is not None and second is not None and first[0] != second[0]:
                sentence = "two visits that belong together are on different shifts"
            elif first is not None and second is not None and first[1] > second[1]:
                sentence = "two visits that belong together are in the wrong order"
            else:
                continue
            yield Violation(self.name, sentence, pair.second)

    def why_not(self, problem: Problem, visit: Visit, shift: Shift) -> str | None:
        pair = next((pair for pair in problem.pairs if visit.id in (pair.first, pair.second)), None)
        if pair is None or not _is_impossible(problem.get_visit(pair.first), problem.get_visit(pair.second)):
            return None
        return f"cannot do {pair.second} after {pair.first}: its last window closes before that one's first opens"


def _is_impossible(first: Visit, second: Visit) -> bool:
    """True when the second visit's windows are over before the first visit may start."""
    return bool(first.windows and second.windows and second.windows[-1].close_s < first.windows[0].open_s)
