"""Why each visit that was left out was left out: the rule that binds for every shift, and one sentence over all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property

from optimizer.calls import find_call_gaps, legs_of, loads_fit, within_limits
from optimizer.explain.remedies import Remedies
from optimizer.plan import Plan, Remedy, ShiftReason, Unassigned
from optimizer.primitives import OPEN, Primitives
from optimizer.problem import Problem, Visit
from optimizer.room import Room
from optimizer.rules import Rule

LEAVING_OUT = "leaving out"
DAY_FULL = "day full"
"""The reason when no single rule binds: there is no room between the visits already planned."""

SECONDS_PER_LEG = 1e-7


def explain(
    problem: Problem,
    primitives: Primitives,
    plan: Plan,
    rules: Sequence[Rule],
    has_time: Callable[..., bool] = lambda _needed_s=0.0: True,
) -> tuple[Unassigned, ...]:
    """Returns the plan's unassigned visits with their reasons and remedies; `primitives` are the problem's own.

    `has_time` is asked before each visit, those dearest to leave out first, and again before each search for remedies:
    from the first no on a reason only says how many could come, and there are no remedies. It may be given the seconds
    that the next step needs.
    """
    if not plan.unassigned:
        return ()
    routes = {route.shift: route for route in plan.routes}
    sequences = [
        [problem.visit_index[stop.visit] for stop in routes[shift.id].stops] if shift.id in routes else []
        for shift in problem.shifts
    ]
    day = _Day(primitives, sequences)
    has_room = has_time(_rooms_s(primitives))
    reasons = {}
    for visit in _dearest_first(problem, primitives, plan):
        able = int(primitives.allowed[problem.visit_index[visit.id]].sum())
        whole = not able or (has_room and has_time())
        reasons[visit.id] = _explain_one(problem, day, visit, rules) if whole else _say_who_could(visit, able)
    remedies = _find_remedies(problem, primitives, plan, rules, has_time)
    return tuple(replace(reasons[one.visit], remedies=remedies.get(one.visit, ())) for one in plan.unassigned)


def _rooms_s(primitives: Primitives) -> float:
    """About how long it takes to lay the day out for asking: every leg is copied."""
    return SECONDS_PER_LEG * sum(table.size for table in primitives.seconds.values())


def _dearest_first(problem: Problem, primitives: Primitives, plan: Plan) -> list[Visit]:
    visits = [problem.get_visit(one.visit) for one in plan.unassigned]
    return sorted(visits, key=lambda one: -int(primitives.drop_cost[problem.visit_index[one.id]]))


def _find_remedies(
    problem: Problem, primitives: Primitives, plan: Plan, rules: Sequence[Rule], has_time: Callable[[], bool]
) -> dict[str, tuple[Remedy, ...]]:
    found: dict[str, tuple[Remedy, ...]] = {}
    if not problem.shifts or not has_time():
        return found
    remedies = Remedies(problem, primitives, plan, rules)
    for visit in _dearest_first(problem, primitives, plan):
        if not has_time():
            break
        found[visit.id] = remedies.for_visit(visit)
    return found


def _explain_one(problem: Problem, day: _Day, visit: Visit, rules: Sequence[Rule]) -> Unassigned:
    never: list[tuple[int, ShiftReason]] = []
    today = []
    outspoken = [(order, rule) for order, rule in enumerate(rules) if type(rule).why_not is not Rule.why_not]
    for column, shift in enumerate(problem.shifts):
        found = next(
            (
                (order, rule.name, why)
                for order, rule in outspoken
                if (why := rule.why_not(problem, visit, shift)) is not None
            ),
            None,
        )
        if found is not None:
            never.append((found[0], ShiftReason(shift.id, *found[1:])))
        elif visit.id in problem.partner:
            today.append(ShiftReason(shift.id, "pairs", "both of its stops do not fit"))
        elif visit.id in problem.links_of:
            today.append(ShiftReason(shift.id, "links", "it does not fit together with the visits linked with it"))
        else:
            today.append(ShiftReason(shift.id, *day.why_not(problem.visit_index[visit.id], column)))
    never.sort(key=lambda one: -one[0])
    if today:
        rule, sentence = _sum_up_today(today)
    elif never:
        rule, sentence = _sum_up_never(never)
    else:
        rule, sentence = "shift hours", "Nobody is on duty."
    return Unassigned(visit.id, rule, sentence, (*today, *(reason for _, reason in never)))


def _say_who_could(visit: Visit, able: int) -> Unassigned:
    who = "One person" if able == 1 else f"{able} people"
    return Unassigned(
        visit.id, DAY_FULL, f"{who} on duty could do it; the search left no time to ask what holds each of them back."
    )


def _sum_up_today(today: list[ShiftReason]) -> tuple[str, str]:
    """About those who could come: the rule that holds most of them back, and how many are held back by what."""
    rule = Counter(reason.rule for reason in today).most_common(1)[0][0]
    able = "One person on duty" if len(today) == 1 else f"{len(today)} people on duty"
    if len({reason.sentence for reason in today}) == 1:
        return rule, f"{able} could do it, but {today[0].sentence}."
    return rule, f"{able} could do it, but each is held back ({_tally(today)})."


def _sum_up_never(never: list[tuple[int, ShiftReason]]) -> tuple[str, str]:
    """About those who come nearest to it: rules are asked in order, so whoever fails at the last passes all others."""
    nearest = [reason for order, reason in never if order == never[0][0]]
    if len(nearest) == len(never):
        who = "everyone"
    elif len(nearest) == 1:
        who = "the one person otherwise fit for it"
    else:
        who = f"each of the {len(nearest)} people otherwise fit for it"
    if len({reason.sentence for reason in nearest}) == 1:
        return nearest[0].rule, f"Nobody on duty can do it: {who} {nearest[0].sentence}."
    return nearest[0].rule, f"Nobody on duty can do it ({_tally(nearest)})."


def _tally(reasons: list[ShiftReason]) -> str:
    """Every distinct sentence with how many it holds for, the most frequent first."""
    counts = Counter(reason.sentence for reason in reasons)
    shown = [f"{count} {'person' if count == 1 else 'people'}: {sentence}" for sentence, count in counts.most_common(4)]
    if len(counts) > 4:
        shown.append(f"{sum(count for _, count in counts.most_common()[4:])} more for further reasons")
    return "; ".join(shown)


class _Day:
    """The day as planned, asked why one more visit does not go with a shift."""

    def __init__(self, primitives: Primitives, sequences: list[list[int]]) -> None:
        self.primitives, self.sequences = primitives, sequences

    @cached_property
    def room(self) -> Room:
        return Room(self.primitives, self.sequences)

    @cached_property
    def late_room(self) -> Room:
        return self.room.without_shift_ends()

    def why_not(self, visit: int, shift: int) -> tuple[str, str]:
        """The rule that binds and a sentence: no place, or none inside its windows, or none in so short a shift."""
        sequence = self.sequences[shift]
        tries = [[*sequence[:place], visit, *sequence[place:]] for place in range(len(sequence) + 1)]
        is_loaded = self.primitives.capacity.shape[1] > 0
        if is_loaded and not any(_can_carry(self.primitives, shift, one) for one in tries):
            return "capacity", "the van has no room or stock left, or the shift has its most visits"
        if not any(_within_limits(self.primitives, shift, one) for one in tries):
            return "travel limits", "the way there is longer than may still be travelled"
        if self.room.in_time(visit, shift):
            return LEAVING_OUT, "that would cost more travel, lateness or overtime than leaving it out"
        if self.primitives.windows[visit] and self.room.in_time(visit, shift, at_any_time=True):
            return "time windows", "there is room in the day only outside its time windows"
        if self.late_room.in_time(visit, shift):
            return "shift hours", "the shift would have to end later"
        return DAY_FULL, "the day is full: there is no room between the visits planned"


def _can_carry(primitives: Primitives, shift: int, sequence: list[int]) -> bool:
    """Whether the van holds it all, at least with a call at the depot if it may call there."""
    fits = loads_fit(primitives, shift, sequence)
    return bool(fits[-1] if primitives.depot[shift] == OPEN else fits.any())


def _within_limits(primitives: Primitives, shift: int, sequence: list[int]) -> bool:
    gaps = find_call_gaps(primitives, shift, sequence)
    ways = [None] if gaps is None else list(gaps)
    return any(within_limits(primitives, shift, legs_of(primitives, shift, sequence, gap)) for gap in ways)
