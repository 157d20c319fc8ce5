"""The oracle for plans whose routes depend on each other: tries all orders of all shifts together.

It knows links and the largest lateness; calls at depots and duty it does not. Times are found by guessing: everybody
has any day that is possible, and whoever then starts too early for a link may from now on not start earlier.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import permutations, product

from optimizer import Link, Problem, Shift, Visit
from tests.optimizer.oracle import Oracle, Sequence
from tests.optimizer.oracle_day import LONG_AGO, NEVER, Windows

LATEST_S = 1_000
"""Whoever must start later than that waits for somebody who waits for them."""

Orders = Mapping[str, Sequence]
Starts = dict[str, int]


class WholeOracle(Oracle):
    """All answers about one problem with links or a price of the largest lateness."""

    def __init__(self, problem: Problem, rules: Iterable[str]) -> None:
        super().__init__(problem, rules)
        self.floors: Starts = {}
        self.shifts = {shift.id: shift for shift in problem.shifts}
        self.worst_rate = self.policy.worst_lateness_per_s if "worst lateness" in self.rules else 0
        self.links = self.links_to_keep()

    def windows(self, visit: Visit, shift: Shift) -> Windows:
        """As ever, but not before the floor that links have raised."""
        windows, floor_s = super().windows(visit, shift), self.floors.get(visit.id, LONG_AGO)
        later = tuple((max(opens, floor_s), closes) for opens, closes in windows or ((LONG_AGO, NEVER),)
                      if closes >= floor_s)  # fmt: skip
        return later or ((NEVER, NEVER),)

    def links_to_keep(self) -> list[Link]:
        """All links, but those of two pinned visits only as far as the pins alone let them be kept, the first first."""
        if "links" not in self.rules:
            return []
        order = {shift_id: self.in_order(needs.starts_s) for shift_id, needs in self.needs.items()}
        bound = [link for link in self.problem.links if self.is_pinned(link.first) and self.is_pinned(link.second)]
        kept: list[Link] = []
        if self.cost_together(order, bound) is not None:
            kept = bound
        else:
            for link in bound:
                if self.cost_together(order, [*kept, link]) is not None:
                    kept.append(link)
        return [link for link in self.problem.links if link not in bound or link in kept]

    def in_order(self, names: Iterable[str]) -> Sequence:
        return tuple(next(v for v in self.problem.visits if v.id == name) for name in names)

    def is_pinned(self, name: str) -> bool:
        return any(v.id == name and v.pin for v in self.problem.visits)

    # The best plan

    def best_plan(self) -> tuple[int, tuple[Sequence, ...]]:
        best: tuple[int, tuple[Sequence, ...]] = NEVER, ()
        for orders, timeless in self.all_orders():
            planned = {v.id for order in orders.values() for v in order}
            if any(self.is_half(link, planned) for link in self.links):
                continue
            left = sum(self.price_of_leaving_out(v) for v in self.problem.visits if v.id not in planned)
            if timeless + left < best[0]:
                timed = self.cost_together(orders, self.links)
                if timed is not None and timed + timeless + left < best[0]:
                    best = timed + timeless + left, tuple(orders[shift.id] for shift in self.problem.shifts)
        return best

    def is_half(self, link: Link, planned: set[str]) -> bool:
        """One is left out and the other one is not there because it must be."""
        alone = [name for name in (link.first, link.second) if name in planned]
        return len(alone) == 1 and not self.is_pinned(alone[0])

    def all_orders(self) -> Iterator[tuple[dict[str, Sequence], int]]:
        """Every way to give visits to shifts in some order that is legal but for times, with what costs at any time."""
        loads: list[list[tuple[Sequence, int]]] = []
        for shift in self.problem.shifts:
            able = [v for v in self.problem.visits if not self.unfit(v, shift)]
            own: list[tuple[Sequence, int]] = []
            for size in range(len(able) + 1):
                for order in permutations(able, size):
                    names = [v.id for v in order]
                    if not all(v in order for v in self.pinned[shift.id]) or self.splits_pair(frozenset(names)):
                        continue
                    if self.out_of_order(names) or (order and any(self.broken_limits(order, shift, None))):
                        continue
                    cost = sum(self.timeless_costs(order, shift, None).values()) if order else 0
                    if not order or next(self.possible_days(order, shift), None) is not None:
                        own.append((order, cost))
            loads.append(own)
        for chosen in product(*loads):
            names = [v.id for order, _ in chosen for v in order]
            if len(set(names)) == len(names):
                orders = {shift.id: order for shift, (order, _) in zip(self.problem.shifts, chosen, strict=True)}
                yield orders, sum(cost for _, cost in chosen)

    # Times of all shifts together

    def possible_days(self, order: Sequence, shift: Shift) -> Iterator[tuple[tuple[int, ...], int]]:
        """When the visits of each possible day start, and what these times cost but for the largest lateness."""
        binds = "shift hours" in self.rules
        for day in self.days(order, shift, None, self.earliest_s(shift) if binds else LONG_AGO):
            if not binds or day.home_s <= self.latest_s(shift):
                yield day.starts_s, sum(self.time_costs(order, shift, day.starts_s, day.home_s).values())

    def cost_together(self, orders: Orders, links: list[Link]) -> int | None:
        """The least cost of times that satisfy these links where both visits are planned; None if there are none."""
        at = {v.id: shift_id for shift_id, order in orders.items() for v in order}
        binding = [link for link in links if link.first in at and link.second in at]
        people = [(link.technicians, self.shifts[at[link.first]].technician == self.shifts[at[link.second]].technician)
                  for link in binding]  # fmt: skip
        if ("same", False) in people or ("different", True) in people:
            return None
        best: int | None = None
        open_floors: list[Starts] = [{}]
        seen: set[frozenset[tuple[str, int]]] = set()
        while open_floors:
            self.floors = open_floors.pop()
            options = [self.options(order, self.shifts[one], binding) for one, order in orders.items() if order]
            for chosen in product(*options):
                starts = {name: start for own, _, _ in chosen for name, start in own}
                raised = dict(self.floors)
                for link in binding:
                    first_s, second_s = starts[link.first], starts[link.second]
                    if second_s < first_s + link.min_lag_s:
                        raised[link.second] = max(raised.get(link.second, LONG_AGO), first_s + link.min_lag_s)
                    if link.max_lag_s is not None and first_s < second_s - link.max_lag_s:
                        raised[link.first] = max(raised.get(link.first, LONG_AGO), second_s - link.max_lag_s)
                if raised == self.floors:
                    worst_s = max([0, *(late_s for _, late_s, _ in chosen)])
                    cost = sum(cost for _, _, cost in chosen) + self.worst_rate * worst_s
                    best = cost if best is None else min(best, cost)
                elif frozenset(raised.items()) not in seen and max(raised.values()) < LATEST_S:
                    seen.add(frozenset(raised.items()))
                    open_floors.append(raised)
        self.floors = {}
        return best

    def options(
        self, order: Sequence, shift: Shift, links: list[Link]
    ) -> set[tuple[tuple[tuple[str, int], ...], int, int]]:
        """The days of one shift as far as others care: starts of linked visits, the largest lateness, and the cost."""
        linked = {name for link in links for name in (link.first, link.second)}
        found = set()
        for starts_s, cost in self.possible_days(order, shift):
            timed = list(zip(order, starts_s, strict=True))
            late_s = max([0, *(start - v.due_s for v, start in timed if v.due_s is not None)])
            found.add((tuple((v.id, start) for v, start in timed if v.id in linked), late_s, cost))
        return found
