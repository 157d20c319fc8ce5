"""Skills with levels."""

from __future__ import annotations

from collections.abc import Hashable

from optimizer.problem import Problem, Shift, Visit
from optimizer.rules.base import Eligibility


class Skills(Eligibility):
    """The technician holds every skill the visit requires, at the level required or higher."""

    name = "skills"

    def visit_key(self, visit: Visit) -> Hashable:
        return frozenset(visit.skills.items())

    def shift_key(self, shift: Shift) -> Hashable:
        return frozenset(shift.skills.items())

    def why_not(self, problem: Problem, visit: Visit, shift: Shift) -> str | None:
        lacks = [skill for skill in sorted(visit.skills) if skill not in shift.skills]
        if lacks:
            return f"lacks {' and '.join(lacks)}"
        low = [
            f"{skill} at level {shift.skills[skill]}, level {level} is required"
            for skill, level in sorted(visit.skills.items())
            if shift.skills[skill] < level
        ]
        return f"holds {' and '.join(low)}" if low else None
