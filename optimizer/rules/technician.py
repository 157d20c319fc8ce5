"""Who the customer or the office asks for, and who must not come."""

from __future__ import annotations

from collections.abc import Hashable

from optimizer.problem import Problem, Shift, Visit
from optimizer.rules.base import Eligibility, Preference


class NamedTechnician(Eligibility):
    """A required technician must come, an excluded one must not."""

    name = "technician"

    def visit_key(self, visit: Visit) -> Hashable:
        return visit.required, visit.excluded

    def shift_key(self, shift: Shift) -> Hashable:
        return shift.technician

    def why_not(self, problem: Problem, visit: Visit, shift: Shift) -> str | None:
        if visit.required and shift.technician not in visit.required:
            return "is not the technician required"
        if shift.technician in visit.excluded:
            return "is excluded from this customer"
        return None


class PreferredTechnician(Preference):
    """A preferred technician comes if that is worth it."""

    name = "preferred technician"

    def visit_key(self, visit: Visit) -> Hashable:
        return visit.preferred

    def shift_key(self, shift: Shift) -> Hashable:
        return shift.technician

    def price(self, problem: Problem, visit: Visit, shift: Shift) -> int:
        return problem.policy.not_preferred if visit.preferred and shift.technician not in visit.preferred else 0
