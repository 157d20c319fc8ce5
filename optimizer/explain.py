"""Why each visit that was left out was left out: the rule that binds for every shift, and one sentence over all."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from optimizer.assemble import find_times
from optimizer.plan import Plan, ShiftReason, Unassigned
from optimizer.primitives import Primitives
from optimizer.problem import Problem, Visit
from optimizer.rules import Rule
from optimizer.timing import FAR

LEAVING_OUT = "leaving out"
DAY_FULL = "day full"
"""The reason when no single rule binds: there is no room between the visits already planned."""


def explain(problem: Problem, primitives: Primitives, plan: Plan, rules: Sequence[Rule]) -> tuple[Unassigned, ...]:
    """Returns the plan's unassigned visits with their reasons; `primitives` are the problem's own."""
    routes = {route.shift: route for route in plan.routes}
    sequences = [
        [problem.visit_index[stop.visit] for stop in routes[shift.id].stops] if shift.id in routes else []
        for shift in problem.shifts
    ]
    return tuple(
        _explain_one(problem, primitives, sequences, problem.get_visit(one.visit), rules) for one in plan.unassigned
    )


def _explain_one(
    problem: Problem, primitives: Primitives, sequences: list[list[int]], visit: Visit, rules: Sequence[Rule]
) -> Unassigned:
    never, today = [], []
    for column, shift in enumerate(problem.shifts):
        found = next(((rule.name, why) for rule in rules if (why := rule.why_not(problem, visit, shift))), None)
        if found is not None:
            never.append(ShiftReason(shift.id, *found))
        else:
            name, why = _why_not_today(primitives, column, sequences[column], problem.visit_index[visit.id],
                                       paired=visit.id in problem.partner)
            today.append(ShiftReason(shift.id, name, why))
    rule, sentence = _sum_up(problem, never, today)
    return Unassigned(visit.id, rule, sentence, (*today, *never))


def _sum_up(problem: Problem, never: list[ShiftReason], today: list[ShiftReason]) -> tuple[str, str]:
    """The rule that binds most and a sentence: about those who could come at all, if there are any."""
    if not problem.shifts:
        return "shift hours", "Nobody is on duty."
    if not today:
        rule = Counter(reason.rule for reason in never).most_common(1)[0][0]
        return rule, f"Nobody on duty can do it: {_tally(never)}."
    rule = Counter(reason.rule for reason in today).most_common(1)[0][0]
    able = "1 person on duty could do it" if len(today) == 1 else f"{len(today)} people on duty could do it"
    return rule, f"{able}, but {_tally(today)}."


def _tally(reasons: list[ShiftReason]) -> str:
    """`3 lack gas; 2 do not …`: every distinct sentence with how many it holds for, the most frequent first."""
    counts = Counter(reason.sentence for reason in reasons)
    shown = [f"for {count}: {sentence}" if len(counts) > 1 else sentence for sentence, count in counts.most_common(4)]
    if len(counts) > 4:
        shown.append(f"{sum(count for _, count in counts.most_common()[4:])} others are held back for further reasons")
    return "; ".join(shown)


def _why_not_today(
    primitives: Primitives, shift: int, sequence: list[int], visit: int, paired: bool
) -> tuple[str, str]:
    """The rule that keeps a visit out of a route as it is now, and a sentence.

    Tries every place in the route; where none is left, finds out whether another window, or a longer shift, or
    neither would have made one.
    """
    if paired:
        return "pairs", "both of its stops do not fit"
    tries = [[*sequence[:place], visit, *sequence[place:]] for place in range(len(sequence) + 1)]
    tries = [one for one in tries if _in_order(one, primitives.fixed_order[shift])]
    carried = [one for one in tries if _can_carry(primitives, shift, one)]
    if not carried:
        return "capacity", "the van has no room or stock left, or the shift has its most visits"
    driven = [one for one in carried if _within_limits(primitives, shift, one)]
    if not driven:
        return "travel limits", "the way there is longer than may still be travelled"
    if any(find_times(primitives, shift, one) for one in driven):
        return LEAVING_OUT, "it fits, but costs more travel, lateness or overtime than leaving it out"
    any_time = replace(primitives, windows=[() if one == visit else windows
                                            for one, windows in enumerate(primitives.windows)])
    if primitives.windows[visit] and any(find_times(any_time, shift, one) for one in driven):
        return "time windows", "there is room in the day, but not inside its time windows"
    any_end = replace(primitives, hard_end_s=np.full(primitives.shifts, FAR, dtype=np.int64))
    over_s = [times.home_s - int(primitives.hard_end_s[shift]) for one in driven
              if (times := find_times(any_end, shift, one))]
    if over_s:
        return "shift hours", "the day is full: the shift would have to end later"
    return DAY_FULL, "the day is full: there is no room between the visits planned"


def _in_order(sequence: list[int], order: Sequence[int]) -> bool:
    return [visit for visit in sequence if visit in order] == list(order)


def _can_carry(primitives: Primitives, shift: int, sequence: list[int]) -> bool:
    return all((load <= primitives.capacity[shift]).all() for load in _loads(primitives, sequence))


def _loads(primitives: Primitives, sequence: list[int]) -> Iterator[np.ndarray]:
    """What is on the van on leaving and after every stop."""
    seconds = {second for _, second in primitives.pairs}
    load = primitives.delivery[[visit for visit in sequence if visit not in seconds]].sum(axis=0)
    yield load
    for visit in sequence:
        load = load + primitives.pickup[visit] - primitives.delivery[visit]
        yield load


def _within_limits(primitives: Primitives, shift: int, sequence: list[int]) -> bool:
    places = [int(primitives.start_location[shift]), *(int(primitives.visit_location[visit]) for visit in sequence),
              int(primitives.end_location[shift])]
    legs = list(itertools.pairwise(places))
    legs_s = [primitives.leg_s(shift, *leg) for leg in legs]
    legs_m = [primitives.leg_m(shift, *leg) for leg in legs]
    return bool(
        min(legs_s) >= 0
        and max(legs_s) <= primitives.max_leg_s[shift]
        and sum(legs_s) <= primitives.max_travel_s[shift]
        and sum(legs_m) <= primitives.max_travel_m[shift]
    )
