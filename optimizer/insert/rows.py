"""One more row in the primitives of a problem, for a visit that is only being asked about."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import fields, replace
from typing import Any

import numpy as np

from optimizer.faults import Faults, visit_faults
from optimizer.primitives import Primitives, of_visits
from optimizer.problem import Problem, Visit
from optimizer.rules import Rule, lower
from optimizer.travel import Travel

TABLES = ("allowed", "assignment_cost", "service_s", "call_first")
COLUMNS = ("setup_s", "drop_cost", "visit_location", "delivery", "pickup", "due_s")
LISTS = ("windows", "time_cost")


def with_spare_row(primitives: Primitives) -> Primitives:
    """Primitives with a blank last visit, to be filled by `fill_row`."""
    grown: dict[str, Any] = {name: _with_blank(getattr(primitives, name)) for name in (*TABLES, *COLUMNS)}
    grown |= {name: [*getattr(primitives, name), ()] for name in LISTS}
    return replace(primitives, **grown)


def fill_row(
    primitives: Primitives, blank_shifts: Primitives, problem: Problem, rules: Sequence[Rule], visit: Visit
) -> None:
    """Writes a visit of this problem's town into the last row. Its pin, pairs and links are not looked at.

    `blank_shifts` are blank primitives of the problem. Raises ProblemError when the visit makes no sense.
    """
    faults = Faults(visit_faults(problem, visit, f"visit {visit.id}"))
    faults.raise_if_any()
    alone = derived(problem, (replace(visit, pin=None),))
    row = lower(alone, tuple(rule for rule in rules if not rule.of_shifts), _copied(blank_shifts, of_visits(alone)))
    for name in (*TABLES, *COLUMNS, *LISTS):
        getattr(primitives, name)[-1] = getattr(row, name)[0]


def _copied(blank_shifts: Primitives, visits: dict[str, Any]) -> Primitives:
    """Blank primitives with these visits, which no rule can spoil for the next one."""
    kept = {field.name: getattr(blank_shifts, field.name) for field in fields(Primitives)}
    return Primitives(**{name: copy(value) for name, value in kept.items() if name not in visits}, **visits)


def derived(problem: Problem, visits: tuple[Visit, ...], travel: Travel | None = None) -> Problem:
    """The same town with these visits and nothing between them, and with other travel if given.

    They are not looked at again for faults, since that takes longer than all the rest; so they must be visits of this
    problem or found to be in order, and with no other kinds of load.
    """
    one = object.__new__(Problem)
    for field in fields(Problem):
        object.__setattr__(one, field.name, getattr(problem, field.name))
    for name, value in (("visits", visits), ("pairs", ()), ("links", ()), ("travel", travel or problem.travel)):
        object.__setattr__(one, name, value)
    known = ["shift_groups", "shift_index", "last_end_s", "load_kinds"]  # what is known of these stays true
    if problem.policy.balance_per_s:
        known.append("fair_s")  # a share of the day as it stands
    for name in known:
        object.__setattr__(one, name, getattr(problem, name))
    return one


def _with_blank(array: np.ndarray) -> np.ndarray:
    return np.concatenate([array, np.zeros((1, *array.shape[1:]), dtype=array.dtype)])
