"""Reads what the "Plan day" dialog sends, and says all that is wrong with it at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from web.console.policies import POLICIES
from web.forms import parse_day, refuse


@dataclass(frozen=True)
class PlanRequest:
    """A day to plan, and what matters most."""

    on: date
    policy: str


def read_plan_request(body: Mapping[str, object]) -> PlanRequest:
    """`{"on": "2026-11-23", "policy": "balanced"}`; answers 400 naming every field that is wrong."""
    day, policy = body.get("on"), body.get("policy")
    on = parse_day(day) if isinstance(day, str) else None
    known = [one.name for one in POLICIES]
    wrong = []
    if on is None:
        wrong.append("`on` must be the day to plan, written year-month-day, for example 2026-11-23.")
    if policy not in known:
        wrong.append(f"`policy` must be one of: {', '.join(known)}.")
    if on is None or not isinstance(policy, str) or wrong:
        refuse(" ".join(wrong))
    return PlanRequest(on, policy)
