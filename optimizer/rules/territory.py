"""Territories: where a technician works, and where only if need be."""

from __future__ import annotations

from collections.abc import Hashable

from optimizer.primitives import Primitives
from optimizer.problem import Problem, Shift, Visit
from optimizer.rules.base import Eligibility, Preference


class Territory(Eligibility, Preference):
    """The visit lies in one of the technician's territories; a secondary one comes at a cost."""

    name = "territory"

    def visit_key(self, visit: Visit) -> Hashable:
        return visit.territory

    def shift_key(self, shift: Shift) -> Hashable:
        return shift.territories, shift.secondary_territories

    def why_not(self, problem: Problem, visit: Visit, shift: Shift) -> str | None:
        if not shift.territories or visit.territory is None:
            return None
        if visit.territory in shift.territories | shift.secondary_territories:
            return None
        return f"does not work in {visit.territory}"

    def price(self, problem: Problem, visit: Visit, shift: Shift) -> int:
        secondary = visit.territory in shift.secondary_territories and visit.territory not in shift.territories
        return problem.policy.secondary_territory if secondary else 0

    def lower(self, problem: Problem, primitives: Primitives) -> None:
        Eligibility.lower(self, problem, primitives)
        Preference.lower(self, problem, primitives)
