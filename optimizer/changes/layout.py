"""Lays out plans in which every visit is where it is said to be, at about that time; nothing is searched."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from optimizer.assemble import assemble, find_route
from optimizer.changes.places import Place, Places
from optimizer.plan import Plan, Route, Unassigned
from optimizer.primitives import Primitives
from optimizer.problem import Pin, Problem, Visit, Window
from optimizer.referee import check
from optimizer.rules import RULES, Rule, lower

Windows = tuple[tuple[int, int], ...]


class Layouts:
    """Answers whether visits can be where they are wanted, and with what times and at what cost.

    Every visit starts within `tolerance_s` of the start it is wanted at, inside its own windows. Pinned visits are
    where their pins say.
    """

    def __init__(self, problem: Problem, tolerance_s: int, rules: Sequence[Rule] = RULES) -> None:
        self.problem, self.tolerance_s, self.rules = problem, tolerance_s, tuple(rules)
        self.primitives = lower(problem, self.rules)
        self._pinned = {visit: shift for shift, order in enumerate(self.primitives.pinned_order) for visit in order}
        self._known_routes: dict[tuple[int, tuple[tuple[int, int | None], ...]], Route | None] = {}

    def admits(self, visit_id: str, place: Place) -> bool:
        """Whether the visit by itself may be there: the shift exists, may serve it, and a window is open then."""
        shift = self.problem.shift_index.get(place.shift)
        row = self.problem.visit_index[visit_id]
        return (
            shift is not None
            and bool(self.primitives.allowed[row, shift])
            and (self._is_pinned(visit_id) or bool(self._near(row, place)) or not self.primitives.windows[row])
        )

    def find_plan(self, places: Places) -> Plan | None:
        """The plan with these visits where they are wanted, priced by the referee, or None if a rule forbids it.

        Left out are all others that are not pinned; they have no reasons. Visits that do not exist are passed over.
        """
        wanted = self._known(places)
        if not all(self.admits(visit_id, place) for visit_id, place in wanted.items()):
            return None
        plan = assemble(self.problem, self._held(wanted), self._sequences(wanted))
        if plan is None:
            return None
        judged = check(self.problem, plan, self.rules)
        return judged if judged.is_valid else None

    @property
    def splits(self) -> bool:
        """Whether shifts are nothing to each other: then some of them are laid out and priced as if they were alone."""
        policy = self.problem.policy
        return not (self.problem.pairs or self.problem.links or policy.worst_lateness_per_s or policy.balance_per_s)

    def find_part(self, places: Places, shifts: Collection[str], visits: Collection[str]) -> Plan | None:
        """What `find_plan` has on these shifts, and which of these visits it leaves out, priced by the rules' own
        words; None if a rule forbids it on these shifts. Where shifts depend on each other, it is the whole plan.

        It takes as long as these shifts are full, however many others there are. The referee does not judge parts:
        what is made of them is for `find_plan` to say in the end.
        """
        if not self.splits:
            return self.find_plan(places)
        wanted = {visit_id: place for visit_id, place in self._known(places).items() if place.shift in shifts}
        if not all(self.admits(visit_id, place) for visit_id, place in wanted.items()):
            return None
        held, sequences, routes = self._held(wanted), self._sequences(wanted), []
        for shift in sorted(self.problem.shift_index[one] for one in shifts if one in self.problem.shift_index):
            if sequences[shift]:
                route = self._find_route(held, shift, sequences[shift], wanted)
                if route is None:
                    return None
                routes.append(route)
        left_out = [visit_id for visit_id in visits if visit_id not in wanted]
        part = self._priced(routes, left_out)
        return part if part.is_valid else None

    def price_part(self, plan: Plan, shifts: Collection[str], visits: Collection[str]) -> Plan:
        """The same part of a plan as it is; the whole of it, where shifts depend on each other."""
        if not self.splits:
            return check(self.problem, plan, self.rules)
        left_out = [one.visit for one in plan.unassigned if one.visit in visits]
        return self._priced([route for route in plan.routes if route.shift in shifts], left_out)

    def _find_route(self, held: Primitives, shift: int, sequence: list[int], wanted: Places) -> Route | None:
        """A shift's route; whoever asks what could be undone asks about the same ones again and again."""
        places = [(row, wanted.get(self.problem.visits[row].id)) for row in sequence]
        key = shift, tuple((row, None if place is None else place.start_s) for row, place in places)
        if key not in self._known_routes:
            self._known_routes[key] = find_route(self.problem, held, shift, sequence)
        return self._known_routes[key]

    def _priced(self, routes: Sequence[Route], left_out: Iterable[str]) -> Plan:
        part = Plan(tuple(routes), tuple(Unassigned(visit_id, "", "") for visit_id in left_out))
        here = {route.shift for route in routes}
        broken = [one for rule in self.rules for one in rule.check(self.problem, part) if one.shift in here]
        costs = {rule.name: cost for rule in self.rules if (cost := rule.cost(self.problem, part))}
        return replace(part, violations=tuple(broken), costs=costs)

    def list_misfits(self, places: Places) -> list[str]:
        """The visits that must give way so that the others can be where they are wanted, the later of two first."""
        wanted = self._known(places)
        misfits = [visit_id for visit_id, place in wanted.items() if not self.admits(visit_id, place)]
        for visit_id in misfits:
            del wanted[visit_id]
        for shift in self.problem.shift_index:
            here = {visit_id: place for visit_id, place in wanted.items() if place.shift == shift}
            if not here or self._fits(here, shift):
                continue
            kept: dict[str, Place] = {}
            for visit_id in sorted(here, key=lambda one: (here[one].start_s, one)):
                if self._fits(kept | {visit_id: here[visit_id]}, shift):
                    kept[visit_id] = here[visit_id]
                else:
                    misfits.append(visit_id)
        return misfits

    def _fits(self, wanted: Places, shift: str) -> bool:
        """Whether one shift alone can serve these."""
        if self.splits:
            return self.find_part(wanted, {shift}, ()) is not None
        sequences = self._sequences(wanted)
        for column, one in enumerate(self.problem.shifts):
            if one.id != shift:
                sequences[column] = []
        plan = assemble(self.problem, self._held(wanted), sequences)
        if plan is None:
            return False
        found = check(self.problem, plan, self.rules).violations
        return all(one.excused for one in found if one.shift == shift)

    def _known(self, places: Places) -> dict[str, Place]:
        return {visit_id: place for visit_id, place in places.items() if visit_id in self.problem.visit_index}

    def _is_pinned(self, visit_id: str) -> bool:
        return self.problem.get_visit(visit_id).pin is not None

    def _sequences(self, wanted: Places) -> list[list[int]]:
        """By shift, in order of time; pinned visits where they are pinned, also those that nobody named."""
        starts_s: list[dict[int, int]] = [{} for _ in self.problem.shifts]
        for visit_id, place in wanted.items():
            row = self.problem.visit_index[visit_id]
            if row not in self._pinned:
                starts_s[self.problem.shift_index[place.shift]][row] = place.start_s
        for row, shift in self._pinned.items():
            visit = self.problem.visits[row]
            start_s = self.problem.pin_needs[self.problem.shifts[shift].id].starts_s[visit.id]
            if visit.pin is not None and visit.pin.start_s is None and visit.id in wanted:
                start_s = wanted[visit.id].start_s
            starts_s[shift][row] = start_s
        return [sorted(of_shift, key=lambda row: (of_shift[row], row)) for of_shift in starts_s]

    def _held(self, wanted: Places) -> Primitives:
        """The primitives with every wanted visit's windows narrowed to about when it is wanted."""
        windows = list(self.primitives.windows)
        for visit_id, place in wanted.items():
            row = self.problem.visit_index[visit_id]
            visit = self.problem.visits[row]
            if visit.pin is None or visit.pin.start_s is None:
                windows[row] = self._near(row, place) or windows[row]
        return replace(self.primitives, windows=windows)

    def _near(self, row: int, place: Place) -> Windows:
        return _narrowed(self.primitives.windows[row], place.start_s, self.tolerance_s)


def narrow(problem: Problem, places: Places, tolerance_s: int) -> Problem:
    """The problem in which every visit that has a place starts at about that time, on whatever shift."""
    return replace(
        problem,
        visits=tuple(
            _narrow(visit, places[visit.id], tolerance_s) if visit.id in places else visit for visit in problem.visits
        ),
    )


def hold(problem: Problem, places: Places, visits: Collection[str], tolerance_s: int) -> Problem:
    """The problem in which these visits stay with the shift and at about the start of their places, whatever it costs.

    Raises KeyError for a visit without a place, ProblemError for a place on a shift that does not exist.
    """
    near = narrow(problem, {visit_id: places[visit_id] for visit_id in visits}, tolerance_s)
    return replace(
        near,
        visits=tuple(
            replace(visit, pin=Pin(places[visit.id].shift))
            if visit.id in visits and (visit.pin is None or visit.pin.start_s is None)
            else visit
            for visit in near.visits
        ),
    )


def _narrow(visit: Visit, place: Place, tolerance_s: int) -> Visit:
    """A visit that was published outside its windows keeps them: what its customer asked for is not rewritten."""
    if visit.pin is not None and visit.pin.start_s is not None:
        return visit
    own = _narrowed(tuple((one.open_s, one.close_s) for one in visit.windows), place.start_s, tolerance_s)
    return replace(visit, windows=_windows(own) or visit.windows)


def _windows(pairs: Iterable[tuple[int, int]]) -> tuple[Window, ...]:
    return tuple(Window(open_s, close_s) for open_s, close_s in pairs)


def _narrowed(windows: Windows, start_s: int, tolerance_s: int) -> Windows:
    """The parts of the windows that lie within the tolerance of a start; no windows are one that is always open."""
    early_s, late_s = start_s - tolerance_s, start_s + tolerance_s
    if not windows:
        return ((early_s, late_s),)
    cut = ((max(open_s, early_s), min(close_s, late_s)) for open_s, close_s in windows)
    return tuple((open_s, close_s) for open_s, close_s in cut if open_s <= close_s)
