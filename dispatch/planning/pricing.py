"""What a whole day costs when only some of it was planned again."""

from __future__ import annotations

import optimizer
from dispatch.planning.baseline import find_published_plan
from dispatch.planning.facts import DayFacts
from optimizer.changes import Layouts, places_of


def price_whole_day(
    facts: DayFacts, problem: optimizer.Problem, plan: optimizer.Plan, tolerance_s: int
) -> dict[str, int]:
    """Cost by rule. Of a repair: what is published costs what it did, with the difference that the repair makes to
    those whom it is about, against their published routes less what no longer fits."""
    if facts.among is None or facts.published is None:
        return dict(plan.costs)
    published = find_published_plan(facts)
    layouts = Layouts(problem, tolerance_s)
    places = places_of(published) if published is not None else {}
    misfits = set(layouts.list_misfits(places))
    kept = layouts.find_plan({visit: place for visit, place in places.items() if visit not in misfits})
    assert kept is not None, "what fits shift by shift can be laid out"
    names = {*facts.published.costs, *plan.costs, *kept.costs}
    before = facts.published.costs
    return {name: before.get(name, 0) + plan.costs.get(name, 0) - kept.costs.get(name, 0) for name in sorted(names)}
