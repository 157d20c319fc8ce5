"""Keeps the best plan that the routing model and the referee have both accepted, and tells of any that they refuse."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from optimizer.assemble import assemble
from optimizer.link_windows import Bounds
from optimizer.plan import Plan
from optimizer.primitives import Primitives
from optimizer.problem import Problem
from optimizer.referee import check
from optimizer.rules import RULES, Rule, lower
from optimizer.verify import Sequences, list_refused

LOG = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Refused:
    """A plan of an engine that must not be used: for every shift its visits, by position, and why.

    Since an engine must be wrong, this is worth keeping: `optimizer.why_refused` judges the same plan once more.
    """

    problem: Problem
    sequences: tuple[tuple[int, ...], ...]
    reason: str


class PlanRefused(RuntimeError):
    """Not even the plan that a search begins with is accepted: a fault of ours, so there is nothing to hand out."""

    def __init__(self, plan: Plan, reason: str = "") -> None:
        self.plan = plan
        broken = [violation for violation in plan.violations if not violation.excused]
        told = [f"{one.rule}: {one.visit or one.shift}: {one.sentence}" for one in broken]
        super().__init__("; ".join(told) or reason)


class Ledger:
    """The best verified plan of one search. `offer` any plan; what is not better or not accepted changes nothing."""

    def __init__(
        self,
        problem: Problem,
        primitives: Primitives,
        rules: Sequence[Rule],
        on_refused: Callable[[Refused], None] | None = None,
    ) -> None:
        self.problem, self.primitives, self.rules, self.on_refused = problem, primitives, tuple(rules), on_refused
        self.best: Plan | None = None
        self.sequences: Sequences = []
        """Those of the best plan."""
        self.took_s = 0.0
        """How long the slowest verification took so far."""
        self.refused_last = False
        """Whether the plan offered last was refused."""
        self._refused: tuple[Plan, str] | None = None

    def offer(self, sequences: Sequences, bounds: Bounds | None = None) -> bool:
        """Verifies a plan and keeps it if it is better; returns whether it is accepted.

        `bounds` are those of linked visits' starts with which an engine found it.
        """
        began = time.monotonic()
        plan, reason = judge(self.problem, self.primitives, self.rules, sequences, self.sequences or None, bounds)
        self.took_s = max(self.took_s, time.monotonic() - began)
        self.refused_last = bool(reason)
        if reason:
            LOG.error("A plan is refused and not used, so an engine must be wrong: %s", reason)
            self._refused = plan, reason
            if self.on_refused:
                self.on_refused(Refused(self.problem, tuple(map(tuple, sequences)), reason))
            return False
        if self.best is None or plan.cost < self.best.cost:
            self.best, self.sequences = plan, [list(sequence) for sequence in sequences]
        return True

    def get_best(self) -> Plan:
        """The best plan accepted; raises `PlanRefused` when none was."""
        if self.best is None:
            assert self._refused is not None, "a plan is offered before one is asked for"
            raise PlanRefused(*self._refused)
        return self.best


def judge(
    problem: Problem,
    primitives: Primitives,
    rules: Sequence[Rule],
    sequences: Sequences,
    accepted: Sequences | None = None,
    bounds: Bounds | None = None,
) -> tuple[Plan, str]:
    """The plan as the referee prices it, and why it is refused; nothing where it is accepted.

    `accepted` is a plan that was: the routing model reads only what has changed. `bounds` as `Ledger.offer` has them.
    """
    plan = assemble(problem, primitives, sequences, bounds)
    if plan is None:
        return Plan((), ()), "there are no possible times for it"
    judged = check(problem, plan, rules)
    if not judged.is_valid:
        return judged, f"the referee finds: {PlanRefused(judged)}"
    try:
        refused = list_refused(primitives, sequences, accepted, bounds)
    except ValueError as error:
        return judged, str(error)
    if refused:
        names = ", ".join(problem.shifts[shift].id for group in refused for shift in group)
        return judged, f"the routing model refuses the routes of {names}"
    return judged, ""


def why_refused(problem: Problem, sequences: Sequence[Sequence[int]], rules: Sequence[Rule] = RULES) -> str:
    """Why a plan with these visits of each shift, by position, is refused; nothing where it is accepted."""
    return judge(problem, lower(problem, tuple(rules)), rules, [list(sequence) for sequence in sequences])[1]
