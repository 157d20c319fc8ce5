"""Reads what the "Plan day" dialog sends, and says all that is wrong with it at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from web.console.policies import POLICIES
from web.forms import parse_day, refuse


@dataclass(frozen=True)
class PlanRequest:
    """A day to plan, what matters most, and whether the plan is only proposed."""

    on: date
    policy: str
    as_draft: bool


def read_plan_request(body: Mapping[str, object]) -> PlanRequest:
    """`{"on": "2026-11-23", "policy": "balanced", "as_draft": true}`; answers 400 naming every field that is wrong."""
    day, policy, as_draft = body.get("on"), body.get("policy"), body.get("as_draft", False)
    on = parse_day(day) if isinstance(day, str) else None
    known = [one.name for one in POLICIES]
    wrong = []
    if on is None:
        wrong.append("`on` must be the day to plan, written year-month-day, for example 2026-11-23.")
    if policy not in known:
        wrong.append(f"`policy` must be one of: {', '.join(known)}.")
    if not isinstance(as_draft, bool):
        wrong.append("`as_draft` must be true or false.")
    if on is None or not isinstance(policy, str) or not isinstance(as_draft, bool) or wrong:
        refuse(" ".join(wrong))
    return PlanRequest(on, policy, as_draft)
