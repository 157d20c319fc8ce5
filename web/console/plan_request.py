"""Reads what the "Plan day" dialog sends, and says all that is wrong with it at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from web.console.policies import POLICIES
from web.forms import refuse


@dataclass(frozen=True)
class PlanRequest:
    """A day to plan, and what matters most."""

    on: date
    policy: str


def read_plan_request(body: Mapping[str, object]) -> PlanRequest:
    """`{"on": "2026-11-23", "policy": "balanced"}`; answers 400 naming every field that is wrong."""
    on, policy = _find_date(body.get("on")), body.get("policy")
    known = [one.name for one in POLICIES]
    wrong = []
    if on is None:
        wrong.append("`on` must be the day to plan, written year-month-day, for example 2026-11-23.")
    if policy not in known:
        wrong.append(f"`policy` must be one of: {', '.join(known)}.")
    if on is None or not isinstance(policy, str) or wrong:
        refuse(" ".join(wrong))
    return PlanRequest(on, policy)


def _find_date(value: object) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
