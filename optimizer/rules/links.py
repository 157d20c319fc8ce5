"""Visits that depend on each other: crews that start together, work that follows other work."""

from __future__ import annotations

from collections.abc import Iterator

from optimizer.lengths import length_words
from optimizer.plan import Plan, Violation
from optimizer.primitives import ANY, DIFFERENT, SAME, Primitives
from optimizer.problem import Link, Problem, Shift, Visit
from optimizer.rules.base import Rule
from optimizer.timing import FAR

KINDS = {"any": ANY, "same": SAME, "different": DIFFERENT}


class Links(Rule):
    """Two linked visits start as far apart as asked, by the people asked for, or neither is planned."""

    name = "links"

    def lower(self, problem: Problem, primitives: Primitives) -> None:
        index = problem.visit_index
        primitives.links = [
            (
                index[link.first],
                index[link.second],
                link.min_lag_s,
                FAR if link.max_lag_s is None else link.max_lag_s,
                KINDS[link.technicians],
            )
            for link in problem.links
        ]
        for link in problem.links:
            if _is_impossible(problem, link):
                for visit_id in (link.first, link.second):
                    primitives.allowed[index[visit_id]] = False

    def check(self, problem: Problem, plan: Plan) -> Iterator[Violation]:
        stops = {stop.visit: (route.shift, stop.start_s) for route in plan.routes for stop in route.stops}
        for link in problem.links:
            pinned = [visit_id for visit_id in (link.first, link.second) if problem.get_visit(visit_id).pin]
            if link.first in stops and link.second in stops:
                (shift_id, first_s), (other_id, second_s) = stops[link.first], stops[link.second]
                technicians = problem.get_shift(shift_id).technician, problem.get_shift(other_id).technician
                for sentence in (_wrong_lag(link, second_s - first_s), _wrong_people(link, *technicians)):
                    if sentence:
                        yield Violation(self.name, sentence, link.second, other_id, excused=len(pinned) == 2)
            elif link.first in stops or link.second in stops:
                alone, missing = (link.first, link.second) if link.first in stops else (link.second, link.first)
                sentence = f"is planned without {missing}, which belongs with it"
                yield Violation(self.name, sentence, alone, stops[alone][0], excused=alone in pinned)

    def why_not(self, problem: Problem, visit: Visit, shift: Shift) -> str | None:
        for link in problem.links_of.get(visit.id, ()):
            if _is_impossible(problem, link):
                return f"cannot start {link.second} in time after {link.first}: their time windows are too far apart"
        return None


def _wrong_lag(link: Link, lag_s: int) -> str | None:
    """What is wrong with how long after the first visit the second starts."""
    if link.min_lag_s <= lag_s and (link.max_lag_s is None or lag_s <= link.max_lag_s):
        return None
    when = f"{length_words(abs(lag_s))} {'after' if lag_s >= 0 else 'before'} {link.first}" if lag_s else "with it"
    if link.max_lag_s == 0:
        return f"starts {when}, should start together with it"
    if lag_s < link.min_lag_s:
        return f"starts {when}, should start {length_words(link.min_lag_s)} after it at the soonest"
    assert link.max_lag_s is not None
    return f"starts {when}, should start {length_words(link.max_lag_s)} after it at the latest"


def _wrong_people(link: Link, first: str, second: str) -> str | None:
    if link.technicians == "same" and first != second:
        return f"should have the technician of {link.first}"
    if link.technicians == "different" and first == second:
        return f"should have another technician than {link.first}"
    return None


def _is_impossible(problem: Problem, link: Link) -> bool:
    """True when no two of their windows are as far apart as asked; a pinned visit may have to leave its windows."""
    first, second = problem.get_visit(link.first), problem.get_visit(link.second)
    if first.pin or second.pin or not first.windows or not second.windows:
        return False
    most_s = FAR if link.max_lag_s is None else link.max_lag_s
    return not any(
        later.open_s - sooner.close_s <= most_s and link.min_lag_s <= later.close_s - sooner.open_s
        for sooner in first.windows
        for later in second.windows
    )
