"""Finds the best plan of a tiny problem by trying everything, and judges any plan by arithmetic of its own.

It shares the dataclasses of problem, policy and plan with the optimizer, and nothing else: not a property, not a
method. The rules are named as in `optimizer.RULES`; a rule that is not among `rules` neither binds nor costs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import combinations, pairwise, permutations

from optimizer import Pair, Problem, Shift, Visit
from tests.optimizer.oracle_call import gaps_to_try, lacking_tools, overloaded
from tests.optimizer.oracle_day import LONG_AGO, NEVER, Day, Stay, Windows, all_days
from tests.optimizer.oracle_duty import best_day
from tests.optimizer.oracle_facts import Facts
from tests.optimizer.oracle_pins import Needs, find_needs

Sequence = tuple[Visit, ...]


class Oracle(Facts):
    """All answers about one problem under the rules named."""

    def __init__(self, problem: Problem, rules: Iterable[str]) -> None:
        super().__init__(problem)
        self.rules = frozenset(rules)
        self.policy = problem.policy
        self.pinned = {shift.id: [v for v in problem.visits if v.pin and v.pin.shift == shift.id]
                       for shift in problem.shifts}  # fmt: skip
        self.needs: dict[str, Needs] = {}
        for shift in problem.shifts:
            if self.pinned[shift.id]:
                self.needs[shift.id] = find_needs(self.pinned[shift.id], shift, self.leg, self.road, self.work_s)

    # What the best plan costs

    def best_cost(self) -> int:
        """The least that any legal plan costs."""
        return self.best_plan()[0]

    def best_plan(self) -> tuple[int, tuple[Sequence, ...]]:
        """The least that any legal plan costs, and the visits of each shift in such a plan."""
        price = {v.id: self.price_of_leaving_out(v) for v in self.problem.visits}
        best: dict[frozenset[str], tuple[int, tuple[Sequence, ...]]] = {frozenset(): (0, ())}
        for shift in self.problem.shifts:
            loads = self.best_loads(shift)
            longer: dict[frozenset[str], tuple[int, tuple[Sequence, ...]]] = {}
            for done, (cost, orders) in best.items():
                for load, (more, order) in loads.items():
                    if not done & load and cost + more < longer.get(done | load, (NEVER, ()))[0]:
                        longer[done | load] = cost + more, (*orders, order)
            best = longer
        whole = [
            (cost + sum(price[v.id] for v in self.problem.visits if v.id not in done), orders)
            for done, (cost, orders) in best.items()
            if all(v.id in done for v in self.problem.visits if v.pin)
        ]
        return min(whole, key=lambda one: one[0])

    def best_loads(self, shift: Shift) -> dict[frozenset[str], tuple[int, Sequence]]:
        """For each set of visits that this shift can do, the least that it costs, and in which order."""
        able = [v for v in self.problem.visits if not self.unfit(v, shift)]
        best: dict[frozenset[str], tuple[int, Sequence]] = {}
        for size in range(len(able) + 1):
            for chosen in combinations(able, size):
                names = frozenset(v.id for v in chosen)
                if not all(v.id in names for v in self.pinned[shift.id]) or self.splits_pair(names):
                    continue
                for order in permutations(chosen):
                    cost = self.cost_of(order, shift)
                    if cost is not None and cost < best.get(names, (NEVER, ()))[0]:
                        best[names] = cost, order
        return best

    def cost_of(self, order: Sequence, shift: Shift) -> int | None:
        """The least cost of one order of visits on one shift, None when it is not allowed."""
        if not order:
            return 0
        if self.out_of_order([v.id for v in order]):
            return None
        gaps = gaps_to_try(
            order,
            shift,
            overloaded="capacity" in self.rules and overloaded(self.problem, order, shift, self.pinned[shift.id], None),
            tools_bind="tools" in self.rules,
        )
        costs = [cost for gap in gaps if (cost := self.cost_with_call(order, shift, gap)) is not None]
        return min(costs, default=None)

    def cost_with_call(self, order: Sequence, shift: Shift, gap: int | None) -> int | None:
        """The least cost with a call at the depot after `gap` stops, or without one."""
        costs = [cost for cost in self.possible_costs(order, shift, gap) if cost is not None]
        return min(costs, default=None)

    def possible_costs(self, order: Sequence, shift: Shift, gap: int | None = None) -> set[int | None]:
        """What the best days cost, None where they break a limit: only the driving of equally good days may differ,
        if there are breaks and travel takes longer at some times."""
        if list(self.broken_limits(order, shift, gap)):
            return {None}
        places = self.places(order, shift, gap)
        limited = "duty limit" in self.rules and shift.max_duty_s is not None
        rate = shift.duty_cost_per_s if "duty cost" in self.rules else 0
        best = best_day(
            lambda leave_s: self.days(order, shift, gap, leave_s),
            lambda day: sum(self.time_costs(order, shift, day.starts_s, day.home_s).values()),
            earliest_s=self.earliest_s(shift) if "shift hours" in self.rules else LONG_AGO,
            latest_s=self.latest_s(shift) if "shift hours" in self.rules else NEVER,
            most_s=self.most_duty_s(shift) if limited else None,
            busy_s=sum(self.leg(shift, *ends)[0] for ends in pairwise(places))
            + sum(self.work_s(v, shift) for v in order),
            leaves_late=rate > 0,
        )
        if best is None:
            return {None}
        return {
            None
            if list(self.broken_limits(order, shift, gap, drives_s))
            else best.cost + rate * best.duty_s + sum(self.timeless_costs(order, shift, gap, drives_s).values())
            for drives_s in best.drives_s
        }

    def days(self, order: Sequence, shift: Shift, gap: int | None, leave_s: int) -> Iterator[Day]:
        """Every way the day can go for somebody who leaves no earlier than `leave_s`."""
        places = self.places(order, shift, gap)
        legs = [self.road(shift, *ends) for ends in pairwise(places)]
        stops: list[Visit | None] = list(order)
        if gap is not None:
            stops.insert(gap, None)
        stays = [
            Stay(leg, 0)
            if v is None
            else Stay(leg, self.work_s(v, shift) + (v.setup_s if v.location != before else 0), self.windows(v, shift))
            for leg, v, before in zip(legs, stops, places, strict=False)
        ]
        earliest_s = self.earliest_s(shift) if "shift hours" in self.rules else LONG_AGO
        leave = None if leave_s == earliest_s else leave_s
        for day in all_days(stays, legs[-1], self.breaks_to_take(shift), earliest_s, leave):
            starts_s = [start for v, start in zip(stops, day.starts_s, strict=True) if v is not None]
            yield replace(day, starts_s=tuple(starts_s))

    # What things cost

    def price_of_leaving_out(self, visit: Visit) -> int:
        if "leaving out" not in self.rules:
            return 0
        ends = [s.end_s if s.latest_end_s is None else s.latest_end_s for s in self.problem.shifts]
        late_s = 0 if visit.due_s is None else max(0, max(ends, default=0) - visit.due_s)
        asked = self.policy.unassigned + visit.priority * self.policy.unassigned_per_priority
        return visit.price + asked + late_s * self.policy.lateness_per_s

    def time_costs(self, order: Sequence, shift: Shift, starts_s: Iterable[int], home_s: int) -> dict[str, int]:
        late_s = sum(start - v.due_s for v, start in zip(order, starts_s, strict=True)
                     if v.due_s is not None and start > v.due_s)  # fmt: skip
        over_s = home_s - shift.end_s if home_s > shift.end_s else 0
        after_s = sum(start - v.planned.start_s for v, start in zip(order, starts_s, strict=True)
                      if v.planned and start > v.planned.start_s)  # fmt: skip
        costs = {
            "lateness": late_s * self.policy.lateness_per_s,
            "shift hours": over_s * self.policy.overtime_per_s,
            "moved later": after_s * self.policy.later_per_s,
        }
        return {rule: cost for rule, cost in costs.items() if rule in self.rules}

    def timeless_costs(
        self, order: Sequence, shift: Shift, gap: int | None, drives_s: tuple[int, ...] = ()
    ) -> dict[str, int]:
        """What a route costs whenever it happens, but that its legs then take `drives_s`, where they are roads."""
        travel = 0
        for seconds, metres, toll in self.driven(order, shift, gap, drives_s):
            travel += self.policy.travel * (seconds * shift.travel_cost_per_s + metres * shift.travel_cost_per_m + toll)
        away = [v for v in order if v.territory in shift.secondary_territories - shift.territories]
        strange = [v for v in order if v.preferred and shift.technician not in v.preferred]
        costs = {
            "travel": travel,
            "territory": len(away) * self.policy.secondary_territory,
            "preferred technician": len(strange) * self.policy.not_preferred,
            "changes": sum(self.price_of_change(v, shift) for v in order),
            "work cost": sum(self.work_s(v, shift) for v in order) * shift.work_cost_per_s,
            "open shift": shift.fixed_cost + self.policy.open_shift,
        }
        return {rule: cost for rule, cost in costs.items() if rule in self.rules}

    def price_of_change(self, visit: Visit, shift: Shift) -> int:
        """For another person and another day than published."""
        before = next((s for s in self.problem.shifts if visit.planned and s.id == visit.planned.shift), None)
        if before is None:
            return 0
        another_day = shift.start_s // 86_400 != before.start_s // 86_400
        price = self.policy.change_day if another_day else 0
        return price + (self.policy.change_technician if shift.technician != before.technician else 0)

    # What binds

    def unfit(self, visit: Visit, shift: Shift) -> list[str]:
        """The rules that keep this visit from that shift whatever else is on it; a pin overrules all but itself."""
        if visit.pin:
            return ["pinned"] if visit.pin.shift != shift.id else []
        found = []
        if any(shift.skills.get(skill, -1) < level for skill, level in visit.skills.items()):
            found.append("skills")
        everywhere = not shift.territories or visit.territory is None
        if not everywhere and visit.territory not in shift.territories | shift.secondary_territories:
            found.append("territory")
        if (visit.required and shift.technician not in visit.required) or shift.technician in visit.excluded:
            found.append("technician")
        if shift.depot is None and visit.tools - shift.tools:
            found.append("tools")
        return [rule for rule in found if rule in self.rules]

    def broken_limits(
        self, order: Sequence, shift: Shift, gap: int | None, drives_s: tuple[int, ...] = ()
    ) -> Iterator[str]:
        """The rules that this load breaks, at the best time of day or with `drives_s`; `road` where none leads."""
        legs = self.driven(order, shift, gap, drives_s)
        if any(leg[0] < 0 or leg[1] < 0 for leg in legs):
            yield "road"
        needs = self.needs.get(shift.id)
        used = sum(leg[0] for leg in legs), sum(leg[1] for leg in legs), max(leg[0] for leg in legs)
        forced = (needs.travel_s, needs.travel_m, needs.longest_leg_s) if needs else (0, 0, 0)
        limits = shift.max_travel_s, shift.max_travel_m, shift.max_leg_s
        exceeded = [most is not None and have > max(most, need)
                    for have, most, need in zip(used, limits, forced, strict=True)]  # fmt: skip
        if "travel limits" in self.rules and any(exceeded):
            yield "travel limits"
        most_visits = len(order) if shift.max_visits is None else max(shift.max_visits, len(self.pinned[shift.id]))
        if "maximum visits" in self.rules and len(order) > most_visits:
            yield "maximum visits"
        if "capacity" in self.rules and overloaded(self.problem, order, shift, self.pinned[shift.id], gap):
            yield "capacity"
        if "tools" in self.rules and lacking_tools(order, shift, gap):
            yield "tools"

    def splits_pair(self, names: frozenset[str]) -> bool:
        return "pairs" in self.rules and any((p.first in names) != (p.second in names) for p in self.problem.pairs)

    def out_of_order(self, names: list[str]) -> bool:
        def wrong(pair: Pair) -> bool:
            return pair.first in names and pair.second in names and names.index(pair.first) > names.index(pair.second)

        return "pairs" in self.rules and any(wrong(pair) for pair in self.problem.pairs)

    # When things may happen

    def windows(self, visit: Visit, shift: Shift) -> Windows:
        """When work may start; nothing stands for any time."""
        own: Windows = tuple((w.open_s, w.close_s) for w in visit.windows)
        if not visit.pin:
            return own if "time windows" in self.rules else ()
        if visit.pin.shift != shift.id:
            return ()
        forced_s = self.needs[shift.id].starts_s[visit.id]
        if visit.pin.start_s is not None:
            return ((visit.pin.start_s, forced_s),)
        return (*own, (forced_s, forced_s)) if own and forced_s > own[-1][1] else own

    def breaks_to_take(self, shift: Shift) -> dict[str, tuple[int, Windows]]:
        """Length and windows of each break that is not over before the day begins."""
        if "breaks" not in self.rules:
            return {}
        earliest_s, needs = self.earliest_s(shift), self.needs.get(shift.id)
        found = {}
        for one in shift.breaks:
            windows = tuple((max(w.open_s, earliest_s), w.close_s) for w in one.windows if w.close_s >= earliest_s)
            if windows:
                forced_s = needs.rests_s[one.id] if needs else windows[0][0]
                if not any(opens <= forced_s <= closes for opens, closes in windows):
                    windows = (*windows[:-1], (windows[-1][0], forced_s))
                found[one.id] = (one.length_s, windows)
        return found

    def earliest_s(self, shift: Shift) -> int:
        needs = self.needs.get(shift.id)
        return min(shift.start_s, needs.earliest_s) if needs else shift.start_s

    def latest_s(self, shift: Shift) -> int:
        needs, latest_s = self.needs.get(shift.id), shift.end_s if shift.latest_end_s is None else shift.latest_end_s
        return max(latest_s, needs.home_s) if needs else latest_s

    def most_duty_s(self, shift: Shift) -> int | None:
        needs = self.needs.get(shift.id)
        if shift.max_duty_s is None or needs is None:
            return shift.max_duty_s
        return max(shift.max_duty_s, needs.duty_s)
