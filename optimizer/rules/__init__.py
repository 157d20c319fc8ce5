"""All rules, in the order in which they are lowered: what is pinned overrules what comes before it."""

from __future__ import annotations

from optimizer.primitives import Primitives, blank
from optimizer.problem import Problem
from optimizer.rules.balance import Balance
from optimizer.rules.base import Eligibility, Preference, Rule
from optimizer.rules.breaks import Breaks
from optimizer.rules.capacity import Capacity
from optimizer.rules.changes import Changes, MovedLater
from optimizer.rules.duty_cost import DutyCost
from optimizer.rules.duty_limit import DutyLimit
from optimizer.rules.lateness import Lateness
from optimizer.rules.leaving_out import LeavingOut
from optimizer.rules.links import Links
from optimizer.rules.max_visits import MaxVisits
from optimizer.rules.open_shift import OpenShift
from optimizer.rules.pairs import Pairs
from optimizer.rules.pinned import Pinned
from optimizer.rules.shift_hours import ShiftHours
from optimizer.rules.skills import Skills
from optimizer.rules.technician import NamedTechnician, PreferredTechnician
from optimizer.rules.territory import Territory
from optimizer.rules.time_windows import TimeWindows
from optimizer.rules.tools import Tools
from optimizer.rules.travel import TravelCost
from optimizer.rules.travel_limits import TravelLimits
from optimizer.rules.work_cost import WorkCost
from optimizer.rules.worst_lateness import WorstLateness

__all__ = ["RULES", "Eligibility", "Preference", "Rule", "lower", "without"]

RULES: tuple[Rule, ...] = (
    Skills(),
    Territory(),
    NamedTechnician(),
    PreferredTechnician(),
    Changes(),
    Tools(),
    TimeWindows(),
    ShiftHours(),
    DutyLimit(),
    Breaks(),
    Capacity(),
    MaxVisits(),
    TravelLimits(),
    LeavingOut(),
    TravelCost(),
    WorkCost(),
    DutyCost(),
    Balance(),
    Lateness(),
    WorstLateness(),
    MovedLater(),
    OpenShift(),
    Pairs(),
    Links(),
    Pinned(),
)


def without(*names: str) -> tuple[Rule, ...]:
    """All rules but those named; raises KeyError for a name that no rule has."""
    unknown = set(names) - {rule.name for rule in RULES}
    if unknown:
        raise KeyError(f"no rule is called {', '.join(sorted(unknown))}")
    return tuple(rule for rule in RULES if rule.name not in names)


def lower(problem: Problem, rules: tuple[Rule, ...] = RULES, start: Primitives | None = None) -> Primitives:
    """Lowers a problem by these rules; into `start`, if given, else into blank primitives of its own."""
    primitives = start or blank(problem)
    for rule in rules:
        rule.lower(problem, primitives)
    return primitives
