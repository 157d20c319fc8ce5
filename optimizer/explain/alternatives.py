"""Why a visit is with this technician and not with that one: what each other shift would cost more, rule by rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from optimizer.assemble import find_route
from optimizer.insert import Offers
from optimizer.lengths import length_words
from optimizer.plan import Plan, ShiftReason, Unassigned
from optimizer.primitives import Primitives
from optimizer.problem import Problem
from optimizer.rules import RULES, Rule, lower

NO_ROOM = "no room"
"""The reason when no single rule binds: there is no place beside what is planned."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another shift that could have the visit at its best place there, everything else staying as it is.

    `differences` are what the plan's cost changes by, by rule; positive is dearer than now.
    """

    shift: str
    technician: str
    start_s: int
    differences: Mapping[str, int]
    sentence: str

    @property
    def difference(self) -> int:
        return sum(self.differences.values())


@dataclass(frozen=True, slots=True)
class WhyHere:
    """Where a visit is, the shifts that come next, cheapest first, and why each of the others cannot have it."""

    visit: str
    shift: str
    sentence: str
    alternatives: tuple[Alternative, ...]
    cannot: tuple[ShiftReason, ...]


def why_here(problem: Problem, plan: Plan, visit_id: str, count: int = 3, *, rules: Sequence[Rule] = RULES) -> WhyHere:
    """Says why a planned visit is where it is; only this visit is moved in thought.

    Raises KeyError when the problem has no such visit, ValueError when the plan leaves it out.
    """
    visit = problem.get_visit(visit_id)
    here = next((route for route in plan.routes if any(stop.visit == visit_id for stop in route.stops)), None)
    if here is None:
        raise ValueError(f"visit {visit_id} is left out; its reasons say why")
    if visit.pin is not None:
        return WhyHere(visit_id, here.shift, "It is pinned here.", (), ())
    primitives = lower(problem, tuple(rules))
    row = problem.visit_index[visit_id]
    if any(row in (first, second) for first, second, *_ in (*primitives.pairs, *primitives.links)):
        return WhyHere(visit_id, here.shift, "It depends on another visit, so it cannot move alone.", (), ())
    cannot = _cannot(problem, visit_id, here.shift, rules)
    rest = _without(problem, primitives, plan, row)
    if rest is None:
        return WhyHere(visit_id, here.shift, "Without it there is no way for the rest of this shift.", (), cannot)
    offers = Offers(problem, rest, rules, primitives)
    others = [shift.id for shift in problem.shifts if shift.id != here.shift]
    found = offers.direct(visit, len(others), shifts=others)
    before = _costs(problem, plan, rules)
    alternatives = []
    for offer in found[:count]:
        after = _costs(problem, offers.applied(offer), rules)
        changes = {rule: after[rule] - before[rule] for rule in before if after[rule] != before[rule]}
        sentence = _sentence(sum(changes.values()), changes)
        alternatives.append(Alternative(offer.shift, offer.technician, offer.start_s, changes, sentence))
    told = {one.shift for one in cannot} | {offer.shift for offer in found}
    full = [ShiftReason(one, NO_ROOM, "has no room for it beside what is planned") for one in others if one not in told]
    return WhyHere(visit_id, here.shift, _summary(alternatives), tuple(alternatives), (*full, *cannot))


def _cannot(problem: Problem, visit_id: str, here: str, rules: Sequence[Rule]) -> tuple[ShiftReason, ...]:
    """Those for whom a rule says that they can never have it."""
    visit, found = problem.get_visit(visit_id), []
    for shift in problem.shifts:
        if shift.id != here:
            says = ((rule.name, rule.why_not(problem, visit, shift)) for rule in rules)
            found.extend([ShiftReason(shift.id, name, why) for name, why in says if why is not None][:1])
    return tuple(found)


def _without(problem: Problem, primitives: Primitives, plan: Plan, row: int) -> Plan | None:
    """The plan with one visit taken out and its shift's times made anew; None if there are none."""
    visit_id, routes = problem.visits[row].id, []
    for route in plan.routes:
        order = [problem.visit_index[stop.visit] for stop in route.stops if stop.visit != visit_id]
        if len(order) == len(route.stops):
            routes.append(route)
        elif order:
            shorter = find_route(problem, primitives, problem.shift_index[route.shift], order)
            if shorter is None:
                return None
            routes.append(shorter)
    return replace(plan, routes=tuple(routes), unassigned=(*plan.unassigned, Unassigned(visit_id, "", "")))


def _costs(problem: Problem, plan: Plan, rules: Sequence[Rule]) -> dict[str, int]:
    return {rule.name: rule.cost(problem, plan) for rule in rules}


def _sentence(difference: int, changes: Mapping[str, int]) -> str:
    """The difference in seconds of travel, which is what one unit of cost is worth, and where it comes from."""
    parts = ", ".join(f"{rule} {change:+,}" for rule, change in sorted(changes.items(), key=lambda one: -abs(one[1])))
    if not changes:
        return "would cost the same"
    if difference == 0:
        return f"would cost the same in all ({parts})"
    return f"would cost {length_words(abs(difference))} of travel {'more' if difference > 0 else 'less'} ({parts})"


def _summary(alternatives: Sequence[Alternative]) -> str:
    if not alternatives:
        return "Nobody else could do it beside what is planned."
    best = alternatives[0]
    if best.difference < 0:
        return f"{best.technician} {best.sentence}."
    return f"Nobody is cheaper: {best.technician}, who comes next, {best.sentence}."
