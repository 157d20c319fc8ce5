"""A plan as it stands, route by route: one route can be tried another way and is priced by the rules' own words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from optimizer.assemble import find_route
from optimizer.calls import find_call_gaps, legs_of, loads_fit, within_limits
from optimizer.insert.border import NewPlace
from optimizer.insert.gaps import Line, Place
from optimizer.insert.rows import derived, fill_row, with_spare_row
from optimizer.plan import Plan, Route
from optimizer.primitives import KEEP, Primitives, blank
from optimizer.problem import Problem, Visit
from optimizer.rules import Rule


class Day:
    """What is planned, by shift. Nothing in it ever changes but the spare row of its primitives, and where that is.

    Visits that are linked stay at the starts they have: what depends on them on other routes then stays as well.
    """

    def __init__(self, problem: Problem, primitives: Primitives, plan: Plan, rules: Sequence[Rule]) -> None:
        """Raises KeyError when the plan names a visit or a shift that the problem does not have."""
        self.problem, self.rules, self.plan = problem, rules, plan
        self.routes = {problem.shift_index[route.shift]: route for route in plan.routes}
        self.sequences: list[tuple[int, ...]] = [()] * len(problem.shifts)
        for shift, route in self.routes.items():
            self.sequences[shift] = tuple(problem.visit_index[stop.visit] for stop in route.stops)
        self.shift_of = {visit: shift for shift, sequence in enumerate(self.sequences) for visit in sequence}
        self.ties = primitives
        self.linked = {
            visit for first, second, *_ in (*primitives.pairs, *primitives.links) for visit in (first, second)
        }
        self.primitives = _with_links_kept(with_spare_row(primitives), problem, self.routes.values())
        self._blank = blank(derived(problem, ()))
        self._priced = [rule for rule in rules if type(rule).cost is not Rule.cost]
        self._known: dict[tuple[int, ...], int] = {}  # what these shifts' routes cost now
        self._late_s = {shift: _worst_late_s(problem, route) for shift, route in self.routes.items()}
        self._latest = sorted(self.routes, key=lambda shift: -self._late_s[shift])[:3]

    def start_s(self, visit: int) -> int:
        """When a planned visit starts."""
        name = self.problem.visits[visit].id
        return next(stop.start_s for stop in self.routes[self.shift_of[visit]].stops if stop.visit == name)

    def movable(self) -> Iterator[int]:
        """The planned visits that may go elsewhere or be left out, one at a time."""
        for visit in self.shift_of:
            if self.primitives.drop_cost[visit] != KEEP and visit not in self.linked:
                yield visit

    def with_spare(self, visit: Visit, place: NewPlace | None = None) -> Problem:
        """Writes a visit into the spare row and returns the problem in which that row has its name.

        `place` is where it is, if the travel matrices do not know that. Raises ProblemError when they make no sense.
        """
        travel = place.beside(self.problem.travel) if place else self.problem.travel
        self.primitives.seconds, self.primitives.metres = dict(travel.least_s), dict(travel.metres)
        self.primitives.tolls, self.primitives.by_time = dict(travel.tolls), dict(travel.by_time)
        grown = derived(self.problem, (*self.problem.visits, visit), travel)
        fill_row(self.primitives, self._blank, grown, self.rules, visit)
        index = self.problem.visit_index | {visit.id: len(self.problem.visits)}
        object.__setattr__(grown, "visit_index", index)
        return grown

    def find_route(self, problem: Problem, place: Place) -> Route | None:
        """The route that a place makes, or None where hard rules leave no way; `problem` names its visits."""
        if not (place.is_legal or is_legal(self.primitives, place.shift, place.sequence)):
            return None
        return find_route(problem, self.primitives, place.shift, place.sequence)

    def price(self, problem: Problem, changed: Mapping[int, Route | None]) -> int:
        """What the plan gets dearer by when these shifts' routes are replaced, None being no route.

        Left-out visits are not counted. Rules look at one route at a time but for the worst lateness of the plan, so
        the latest of the other routes is laid beside both, and for balance, so the other routes of the same people are.
        """
        latest = [shift for shift in self._latest if shift not in changed][:1]
        beside = [self.routes[shift] for shift in dict.fromkeys([*latest, *self._others_of(changed)])]
        touched = tuple(sorted(changed))
        if touched not in self._known:
            before = [self.routes[shift] for shift in touched if shift in self.routes]
            self._known[touched] = self._cost(problem, [*before, *beside])
        after = [route for route in changed.values() if route is not None]
        return self._cost(problem, [*after, *beside]) - self._known[touched]

    def _others_of(self, changed: Mapping[int, Route | None]) -> list[int]:
        """The other shifts with routes of the people of these, where balance between people has a price."""
        if not self.primitives.busy_per_s:
            return []
        people = {int(self.primitives.person[shift]) for shift in changed}
        return [shift for shift in self.routes if shift not in changed and int(self.primitives.person[shift]) in people]

    def spare_s(self, route: Route) -> int:
        """How long more a route's technician could work if no travel were added."""
        shift = self.problem.shift_index[route.shift]
        resting_s = sum(
            rest.end_s - rest.start_s for rest in route.rests if route.leave_s <= rest.start_s < route.home_s
        )
        most_s = int(self.primitives.hard_end_s[shift] - self.primitives.earliest_s[shift])
        return most_s - route.travel_s - route.service_s - resting_s

    def costs_now(self, shift: int) -> int:
        """What the shift's route costs and would no longer cost if it were not there."""
        return -self.price(self.problem, {shift: None}) if shift in self.routes else 0

    def _cost(self, problem: Problem, routes: list[Route]) -> int:
        plan = Plan(tuple(routes), ())
        return sum(rule.cost(problem, plan) for rule in self._priced) if routes else 0

    def lines(self) -> list[Line]:
        """Every shift with what it has now."""
        return [Line(shift, sequence, self.costs_now(shift)) for shift, sequence in enumerate(self.sequences)]

    def lines_less_one(self, costs_now: Sequence[int]) -> list[Line]:
        """Every route without one of its movable visits, for each of them; `costs_now` by shift."""
        return [
            Line(shift := self.shift_of[gone], _less(self.sequences[shift], gone), costs_now[shift], gone)
            for gone in self.movable()
        ]


def is_legal(primitives: Primitives, shift: int, sequence: Sequence[int]) -> bool:
    """Whether the shift may drive this sequence and carry what it needs, but for its times.

    Where it must call at the depot, finding its times says that, too.
    """
    if find_call_gaps(primitives, shift, sequence) is not None:
        return True
    legs = legs_of(primitives, shift, sequence, None)
    return bool(loads_fit(primitives, shift, sequence)[-1]) and within_limits(primitives, shift, legs)


def _less(sequence: tuple[int, ...], gone: int) -> tuple[int, ...]:
    return tuple(visit for visit in sequence if visit != gone)


def _worst_late_s(problem: Problem, route: Route) -> int:
    due = ((problem.get_visit(stop.visit).due_s, stop.start_s) for stop in route.stops)
    return max((start_s - due_s for due_s, start_s in due if due_s is not None), default=0)


def _with_links_kept(primitives: Primitives, problem: Problem, routes: Iterable[Route]) -> Primitives:
    """The same primitives with every linked visit fixed at its start, and no links any more."""
    if not primitives.links:
        return primitives
    linked = {visit for first, second, *_ in primitives.links for visit in (first, second)}
    windows = list(primitives.windows)
    for route in routes:
        for stop in route.stops:
            visit = problem.visit_index[stop.visit]
            if visit in linked:
                windows[visit] = ((stop.start_s, stop.start_s),)
    return replace(primitives, windows=windows, links=[])
