"""A policy is a named set of weights; every cost is in whole seconds of travel."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Policy:
    """How much each soft rule weighs. One unit is what one second of an ordinary technician's travel costs.

    travel              per unit of a shift's own travel rates
    unassigned          for leaving out a visit of priority 0
    unassigned_per_priority  more for every point of priority
    lateness_per_s      for every second that work starts after it is due
    worst_lateness_per_s  for every second of the largest lateness in the plan, on top
    overtime_per_s      for every second at work after the shift's planned end
    open_shift          for sending anyone out at all, on top of the shift's own fixed cost
    secondary_territory for a visit outside the technician's own territories
    not_preferred       for a visit given to somebody else than the preferred technicians
    change_technician   for a visit given to somebody else than published
    change_day          for a visit moved to another day than published
    later_per_s         for every second that work starts later than published
    balance_per_s       for every second that somebody drives and works beyond a fair share of all that is asked for
    """

    name: str
    travel: int = 1
    unassigned: int = 7_200
    unassigned_per_priority: int = 360
    lateness_per_s: int = 2
    worst_lateness_per_s: int = 0
    overtime_per_s: int = 2
    open_shift: int = 0
    secondary_territory: int = 900
    not_preferred: int = 900
    change_technician: int = 0
    change_day: int = 0
    later_per_s: int = 0
    balance_per_s: int = 0


BALANCED = Policy("balanced")
CUSTOMER_FIRST = Policy(
    "customer first",
    unassigned=21_600,
    lateness_per_s=10,
    overtime_per_s=1,
    secondary_territory=300,
    not_preferred=3_600,
)
LEAST_TRAVEL = Policy(
    "least travel",
    travel=4,
    unassigned=14_400,
    overtime_per_s=8,
    open_shift=1_800,
    secondary_territory=0,
    not_preferred=0,
)
EMERGENCY = Policy(
    "emergency",
    unassigned=3_600,
    unassigned_per_priority=3_600,
    lateness_per_s=20,
    overtime_per_s=1,
    secondary_territory=0,
    not_preferred=0,
)

POLICIES: dict[str, Policy] = {policy.name: policy for policy in (BALANCED, CUSTOMER_FIRST, LEAST_TRAVEL, EMERGENCY)}
