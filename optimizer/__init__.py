"""Plans a field service team's days: a `Problem` in, a `Plan` out. Pure: no clock, no files, no database, no network.

Heavy parts (OR-Tools) are imported when a plan is first asked for, so that importing the package stays quick.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from optimizer.faults import Fault, ProblemError
from optimizer.plan import DepotCall, Plan, Rest, Route, ShiftReason, Stop, Unassigned, Violation
from optimizer.policy import POLICIES, Policy
from optimizer.problem import Break, Link, Pair, Pin, Planned, Problem, Shift, Visit, Window
from optimizer.referee import check
from optimizer.rules import RULES, without
from optimizer.run import Run
from optimizer.travel import UNREACHABLE, Period, Travel

if TYPE_CHECKING:
    from optimizer.pipeline import PlanRefused, Progress, Refused, replay, solve, warm_up, why_refused

__all__ = [
    "POLICIES",
    "RULES",
    "UNREACHABLE",
    "Break",
    "DepotCall",
    "Fault",
    "Link",
    "Pair",
    "Period",
    "Pin",
    "Plan",
    "PlanRefused",
    "Planned",
    "Policy",
    "Problem",
    "ProblemError",
    "Progress",
    "Refused",
    "Rest",
    "Route",
    "Run",
    "Shift",
    "ShiftReason",
    "Stop",
    "Travel",
    "Unassigned",
    "Violation",
    "Visit",
    "Window",
    "check",
    "replay",
    "solve",
    "warm_up",
    "why_refused",
    "without",
]


def __getattr__(name: str) -> Any:
    if name in ("solve", "replay", "warm_up", "why_refused", "Progress", "PlanRefused", "Refused"):
        import importlib

        return getattr(importlib.import_module("optimizer.pipeline"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
