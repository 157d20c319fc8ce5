"""Slot offers: the best places for one visit in a plan as it stands, without planning again and changing nothing."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from optimizer.insert.border import NewPlace
from optimizer.insert.day import Day
from optimizer.insert.gaps import Gaps, Place, in_order, tables
from optimizer.insert.moments import IMPOSSIBLE
from optimizer.insert.offer import Move, Offer, Partner
from optimizer.insert.together import Together
from optimizer.plan import Plan, Route, Stop, Unassigned
from optimizer.primitives import Primitives
from optimizer.problem import Problem, Visit
from optimizer.rules import RULES, Rule, lower

MOVES_TRIED = 20
"""Visits that are tried elsewhere to make room, those first that make it cheapest."""


WAYS_TIMED = 400
"""Ways to plan a visit with what it depends on that are tried at most, the most promising first."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """The visit asked about, its row in the primitives, and the problem in which that row has its name."""

    visit: Visit
    row: int
    problem: Problem


class Offers:
    """Answers where visits would fit into a plan. Built once for a plan; answers then take milliseconds.

    Serves one thread at a time. Raises KeyError when the plan names a visit or a shift that the problem does not have.
    """

    def __init__(
        self, problem: Problem, plan: Plan, rules: Sequence[Rule] = RULES, primitives: Primitives | None = None
    ) -> None:
        """`primitives`, if given, are the problem's own by the same rules."""
        self._problem, self._plan, self._rules = problem, plan, tuple(rules)
        self.day = Day(problem, primitives or lower(problem, self._rules), plan, self._rules)
        lines = self.day.lines()
        self._costs_now = [line.costs_now for line in lines]
        self._gaps = tables(self.day.primitives, lines)
        self._gaps_less_one: list[Gaps] | None = None

    def best(
        self,
        visit: Visit,
        count: int = 5,
        *,
        shifts: Collection[str] | None = None,
        place: NewPlace | None = None,
    ) -> list[Offer]:
        """The best place in each of the `count` best shifts, the cheapest first; only in `shifts` if given.

        The visit is a new one, whose location is in the travel matrices or is the new `place`, or one that is left out,
        perhaps with other wishes than it has in the problem. No place in a route is better than those returned. Only if
        none of them is worth it are there offers for which another visit must move or be left out; of these the most
        promising are tried.
        A visit that depends on another one is asked about as it is in the problem. The other one keeps its start, or
        comes along where it is left out, too; nobody else moves.

        Raises ValueError for a visit that is planned or pinned, or depends on several that are left out; ProblemError
        for a faulty one.
        """
        if max(len(visit.delivery), len(visit.pickup)) > self._problem.load_kinds:
            others = tuple(one for one in self._problem.visits if one.id != visit.id)
            carried = Visit(visit.id, 0, 0, delivery=visit.delivery, pickup=visit.pickup)
            wider = replace(self._problem, visits=(*others, carried))
            return Offers(wider, self._plan, self._rules).best(visit, count, shifts=shifts, place=place)
        within = self._within(shifts)
        if self._problem.visit_index.get(visit.id) in self.day.linked:
            return self._with_partner(visit, count, within)
        asked = self._ask(visit, place)
        found = self._direct(asked, count, within)
        if not (found and found[0].pays):
            found = sorted([*found, *self._with_a_move(asked, count, within)], key=_order)
        return found[:count]

    def direct(self, visit: Visit, count: int = 1, *, shifts: Collection[str] | None = None) -> list[Offer]:
        """Like `best`, but only offers for which nothing else has to move."""
        return self._direct(self._ask(visit), count, self._within(shifts))

    def with_a_move(self, visit: Visit, count: int = 1, *, most_tried: int = MOVES_TRIED) -> list[Offer]:
        """Like `best`, but only offers for which another visit moves or is left out, trying so many of those."""
        found = self._with_a_move(self._ask(visit), count, self._within(None), most_tried)
        return heapq.nsmallest(count, found, key=_order)

    def _within(self, shifts: Collection[str] | None) -> Collection[int]:
        index = self._problem.shift_index
        return range(len(index)) if shifts is None else {index[shift] for shift in shifts}

    def applied(self, offer: Offer) -> Plan:
        """The plan with an offer accepted; without violations and costs, which are for the referee to find."""
        routes = {route.shift: route for route in (*self._plan.routes, *offer.routes)}
        served = {offer.visit, offer.partner.visit if offer.partner else offer.visit}
        left = [one for one in self._plan.unassigned if one.visit not in served]
        if offer.move is not None and offer.move.shift is None:
            left.append(Unassigned(offer.move.visit, "", ""))
        order = self._problem.shift_index
        return Plan(tuple(routes[shift] for shift in sorted(routes, key=order.__getitem__)), tuple(left))

    def _ask(self, visit: Visit, place: NewPlace | None = None) -> _Asked:
        row = self._problem.visit_index.get(visit.id)
        self._refuse(visit, row)
        if row in self.day.linked:
            raise ValueError(f"visit {visit.id} depends on another visit; ask for the best offers")
        if row is not None and place is None and visit == self._problem.visits[row]:
            return _Asked(visit, row, self._problem)
        return _Asked(visit, len(self._problem.visits), self.day.with_spare(visit, place))

    def _refuse(self, visit: Visit, row: int | None) -> None:
        if row in self.day.shift_of:
            raise ValueError(f"visit {visit.id} is planned already; ask about the plan without it")
        if visit.pin is not None:
            raise ValueError(f"visit {visit.id} is pinned, so its place is given; ask about it without its pin")

    def _with_partner(self, visit: Visit, count: int, within: Collection[int]) -> list[Offer]:
        """The best way for each of the best shifts to have a visit that depends on another one."""
        row = self._problem.visit_index[visit.id]
        self._refuse(visit, row)
        if visit != self._problem.visits[row]:
            raise ValueError(f"visit {visit.id} depends on another visit; ask about it with the wishes that it has")
        asked, ways = _Asked(visit, row, self._problem), Together(self.day, row, self._costs_now)
        best: dict[int, Offer] = {}
        worst_kept, timed = IMPOSSIBLE, 0
        for bound, sequences in ways.in_order():
            shift = next(shift for shift, sequence in sequences.items() if row in sequence)
            if bound > worst_kept or timed >= WAYS_TIMED:
                break
            timed += shift in within
            changed = ways.find_routes(sequences) if shift in within else None
            if changed is None:
                continue
            offer = self._offer(asked, changed, changed[shift], other=ways.other)
            if shift not in best or _order(offer) < _order(best[shift]):
                best[shift] = offer
                if len(best) >= count:
                    worst_kept = heapq.nsmallest(count, (one.price for one in best.values()))[-1]
        return heapq.nsmallest(count, best.values(), key=_order)

    def _direct(self, asked: _Asked, count: int, within: Collection[int]) -> list[Offer]:
        """The best place in each of the best shifts, exactly: bounds only tell where to look first and when to stop."""
        best: dict[int, Offer] = {}
        worst_kept = IMPOSSIBLE
        for place in in_order(self._gaps, asked.row):
            shift = place.shift
            if place.bound > worst_kept:
                break
            route = self.day.find_route(asked.problem, place) if shift in within else None
            if route is None:
                continue
            offer = self._offer(asked, {shift: route}, route)
            if shift not in best or _order(offer) < _order(best[shift]):
                best[shift] = offer
                if len(best) >= count:
                    worst_kept = heapq.nsmallest(count, (one.price for one in best.values()))[-1]
        return heapq.nsmallest(count, best.values(), key=_order)

    def _with_a_move(
        self, asked: _Asked, count: int, within: Collection[int], most_tried: int = MOVES_TRIED
    ) -> list[Offer]:
        """Offers for which one other visit goes elsewhere or is left out: the best for each of the shifts found."""
        if self._gaps_less_one is None:
            self._gaps_less_one = tables(self.day.primitives, self.day.lines_less_one(self._costs_now))
        best: dict[int, Offer] = {}
        tried: set[int] = set()
        worst_kept = IMPOSSIBLE
        for place in in_order(self._gaps_less_one, asked.row):
            shift = place.shift
            if place.bound > worst_kept or len(tried) >= most_tried:
                break
            if shift not in within or place.gone in tried:
                continue
            route = self.day.find_route(asked.problem, place)
            if route is None:
                continue
            tried.add(place.gone)
            offer = self._moved(asked, shift, route, place.sequence, place.gone)
            if shift not in best or _order(offer) < _order(best[shift]):
                best[shift] = offer
                if len(best) >= count:
                    worst_kept = heapq.nsmallest(count, (one.price for one in best.values()))[-1]
        return list(best.values())

    def _moved(self, asked: _Asked, shift: int, route: Route, sequence: tuple[int, ...], gone: int) -> Offer:
        """The offer in which `gone` makes room on this route, with the best that can be done with it."""
        day, visit = self.day, self._problem.visits[gone]
        without = day.price(asked.problem, {shift: route})
        dropped = int(day.primitives.drop_cost[gone])
        move = Move(visit.id, route.shift, None, None, dropped)
        best = self._offer(asked, {shift: route}, route, move)
        needed_s = int(day.primitives.service_s[gone, shift])
        own = ((*sequence[:at], gone, *sequence[at:]) for at in range(len(sequence) + 1))
        again = (Place(-IMPOSSIBLE, shift, one, gone, is_legal=False) for one in own if day.spare_s(route) >= needed_s)
        for place in chain(again, in_order(self._gaps, gone)):
            if without + place.bound >= best.price:
                break
            if place.shift == shift and place.gone != gone:
                continue  # that is the route as it was
            there = day.find_route(asked.problem, place)
            if there is None:
                continue
            changed = {shift: there} if place.shift == shift else {shift: route, place.shift: there}
            start_s = next(stop.start_s for stop in there.stops if stop.visit == visit.id)
            price = day.price(asked.problem, changed) - without
            if without + price < best.price:
                move = Move(visit.id, route.shift, there.shift, start_s, price)
                best = self._offer(asked, changed, changed[shift], move)
        return best

    def _offer(
        self,
        asked: _Asked,
        changed: dict[int, Route],
        route: Route,
        move: Move | None = None,
        other: int | None = None,
    ) -> Offer:
        day = self.day
        before = [day.routes[shift] for shift in changed if shift in day.routes]
        after = list(changed.values())
        position = next(place for place, stop in enumerate(route.stops) if stop.visit == asked.visit.id)
        stop = route.stops[position]
        left_out = move.price if move is not None and move.shift is None else 0
        return Offer(
            visit=asked.visit.id,
            shift=route.shift,
            technician=self._problem.get_shift(route.shift).technician,
            position=position,
            start_s=stop.start_s,
            arrive_s=stop.arrive_s,
            added_travel_s=sum(one.travel_s for one in after) - sum(one.travel_s for one in before),
            added_travel_m=sum(one.travel_m for one in after) - sum(one.travel_m for one in before),
            added_late_s=_late_s(asked, after) - _late_s(asked, before),
            price=day.price(asked.problem, changed) + left_out,
            spared=int(day.primitives.drop_cost[[asked.row] if other is None else [asked.row, other]].sum()),
            move=move,
            routes=tuple(after),
            partner=None if other is None else self._partner(other, after),
        )

    def _partner(self, other: int, routes: Sequence[Route]) -> Partner:
        name = self._problem.visits[other].id
        starts = ((route.shift, stop.start_s) for route in routes for stop in route.stops if stop.visit == name)
        return Partner(name, *next(starts))


def _order(offer: Offer) -> tuple[int, int, str, int]:
    return offer.price, offer.start_s, offer.shift, offer.position


def _late_s(asked: _Asked, routes: Sequence[Route]) -> int:
    """Seconds that work starts after it is due, over all stops of some routes."""

    def late_s(stop: Stop) -> int:
        visit = asked.visit if stop.visit == asked.visit.id else asked.problem.get_visit(stop.visit)
        return 0 if visit.due_s is None else max(0, stop.start_s - visit.due_s)

    return sum(late_s(stop) for route in routes for stop in route.stops)
