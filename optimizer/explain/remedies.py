"""The smallest change that would let a visit be served that was left out; each one worked out, none guessed.

Nothing else in the plan moves, but for the one visit that a remedy may name. Remedies come in this order:

1. "cost": it fits as things are, but costs more than leaving it out. Then nothing else is looked for but
   "due": the same if one other visit were promised later, which makes it worth it.
2. "window" or "overtime": whichever needs fewer seconds.
3. "move": one other visit goes to somebody else, or to another time.
4. "another day": its windows as many days sooner or later, the fewest, up to two weeks.
5. "leave out": one other visit that costs less to leave out makes room.
6. "load", the fewest units, and "visits", one more than may be on the shift: what it carries.
7. "skills", the fewest levels missing; "tools", "territory", "technician": one requirement given up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from optimizer.assemble import find_times
from optimizer.explain.carrying import Carrying, held_by_shifts, load_words
from optimizer.insert.day import is_legal
from optimizer.insert.gaps import Line, in_order, tables
from optimizer.insert.offer import Offer
from optimizer.insert.offers import Offers
from optimizer.lengths import length_words
from optimizer.plan import Plan, Remedy
from optimizer.primitives import Primitives
from optimizer.problem import Problem, Shift, Visit, Window
from optimizer.rules import Rule
from optimizer.timing import FAR

DAY_S = 86_400
MINUTE_S = 60
MOST_DAYS = 14
MOVES_TRIED = 4
ORDER = (
    "cost", "due", "window", "overtime", "move", "another day", "leave out", "load", "visits", "skills", "tools",
    "territory",
)  # fmt: skip
SAME_RANK = {"overtime": "window"}


class Remedies:
    """Answers what would have to change for visits left out of one plan."""

    def __init__(self, problem: Problem, primitives: Primitives, plan: Plan, rules: Sequence[Rule]) -> None:
        self._problem = problem
        self._offers = Offers(problem, plan, rules, primitives)
        day = self._offers.day
        lines = [Line(shift, sequence, 0) for shift, sequence in enumerate(day.sequences)]
        free = _for_nothing(day.primitives)
        ends = free.hard_end_s
        self._any_start = _Search(free, lines)
        self._any_end = _Search(
            replace(free, hard_end_s=np.full_like(ends, FAR), soft_end_s=ends, overtime_per_s=np.ones_like(ends)),
            lines,
        )
        held, loads = held_by_shifts(problem, day.primitives), np.array(day.primitives.refilled, dtype=np.bool_)
        self._more_load = Carrying(free, lines, loads, held) if loads.any() else None
        self._more_visits = Carrying(free, lines, ~loads, held) if not loads.all() else None
        starts_s = [shift.start_s for shift in problem.shifts]
        self._most_days = min(MOST_DAYS, (max(starts_s) - min(starts_s)) // DAY_S)

    def for_visit(self, visit: Visit) -> tuple[Remedy, ...]:
        """At most one remedy of each kind, the smallest first; none for visits that depend on others or are pinned."""
        row = self._problem.visit_index[visit.id]
        if visit.pin is not None or row in self._offers.day.linked:
            return ()
        as_it_is = self._offers.direct(visit)
        if as_it_is:
            return tuple(self._as_it_is(as_it_is[0]))
        found = [
            *self._wider_window(visit),
            *self._overtime(visit, row),
            *self._making_room(visit),
            *self._another_day(visit),
            *self._carrying(visit, row),
            *self._less_skilled(visit),
            *self._less_picky(visit),
        ]
        return tuple(sorted(found, key=_rank))

    def _as_it_is(self, offer: Offer) -> Iterator[Remedy]:
        missing = offer.price - offer.spared
        sentence = f"could do it as things are, but at a cost of {_words(missing)} of travel above leaving it out"
        if missing <= 0:
            sentence = "could do it as things are, which costs no more than leaving it out"
        yield Remedy("cost", offer.shift, max(0, missing), None, sentence)
        per_s = self._problem.policy.lateness_per_s
        if missing < 0 or not per_s or self._problem.policy.worst_lateness_per_s:
            return
        for late_before_s, late_after_s, other in self._made_late(offer):
            later_s = late_before_s + missing // per_s + 1
            if later_s <= late_after_s:
                sentence = f"could do it at no loss if {other} were promised {_words(later_s)} later"
                yield Remedy("due", offer.shift, later_s, other, sentence)
                return

    def _made_late(self, offer: Offer) -> list[tuple[int, int, str]]:
        """The other visits that an offer makes later than they are promised: (late now, late then, id)."""
        day, found = self._offers.day, []
        for route in offer.routes:
            now = day.routes.get(self._problem.shift_index[route.shift])
            starts_s = {stop.visit: stop.start_s for stop in now.stops} if now else {}
            for stop in route.stops:
                due_s = None if stop.visit == offer.visit else self._problem.get_visit(stop.visit).due_s
                if due_s is not None and stop.start_s > max(due_s, starts_s[stop.visit]):
                    found.append((max(0, starts_s[stop.visit] - due_s), stop.start_s - due_s, stop.visit))
        return sorted(found, key=lambda one: (one[0] - one[1], one[2]))

    def _overtime(self, visit: Visit, row: int) -> Iterator[Remedy]:
        found = self._any_end.find_least(row)
        if found:
            over_s, shift, _ = found
            yield self._remedy("overtime", shift, over_s, f"could do it with {_words(over_s)} more overtime")

    def _wider_window(self, visit: Visit) -> Iterator[Remedy]:
        """The least by which one of its windows must open sooner or close later."""
        primitives = self._any_start.primitives
        windows = self._offers.day.primitives.windows[self._problem.visit_index[visit.id]]
        best: tuple[int, int, str] | None = None
        self._offers.day.with_spare(visit)
        for index, (open_s, close_s) in enumerate(windows):
            until_s = windows[index + 1][0] - 1 if index + 1 < len(windows) else FAR
            later = self._any_start.find_least(-1, (close_s + 1, until_s), close_s)
            if later and (best is None or later[0] < best[0]):
                best = later[0], later[1], "closed {} later"
            since_s = windows[index - 1][1] + 1 if index else int(primitives.earliest_s.min())
            sooner = self._opening_sooner(since_s if best is None else max(since_s, open_s - best[0] + 1), open_s)
            if sooner:
                best = (*sooner, "opened {} sooner")
        if best:
            what = best[2].format(_words(best[0]))
            yield self._remedy("window", best[1], best[0], f"could do it if its time window {what}")

    def _opening_sooner(self, since_s: int, open_s: int) -> tuple[int, int] | None:
        """The least by which a window that opens at `open_s` must open sooner, and for whom; not before `since_s`."""
        best = None
        while since_s < open_s and (found := self._any_start.find_least(-1, (since_s, open_s - 1))):
            shift = found[1]
            enough, too_late = since_s, open_s
            while too_late - enough > 1:  # how late this shift can start at the same place
                middle = (enough + too_late) // 2
                if self._any_start.fits(shift, found[2], (middle, open_s - 1)):
                    enough = middle
                else:
                    too_late = middle
            best = open_s - enough, shift
            since_s = enough + 1
        return best

    def _making_room(self, visit: Visit) -> Iterator[Remedy]:
        """One other visit elsewhere, or left out if that is the cheaper one to leave out."""
        kinds = set()
        for offer in self._offers.with_a_move(visit, MOVES_TRIED, most_tried=MOVES_TRIED):
            assert offer.move is not None
            kind = "leave out" if offer.move.shift is None else "move"
            if kind in kinds or (kind == "leave out" and offer.move.price >= offer.spared):
                continue
            kinds.add(kind)
            what = "were left out" if kind == "leave out" else "went to somebody else"
            if offer.move.shift == offer.shift:
                what = "were done at another time"
            sentence = f"could do it if {offer.move.visit} {what}"
            yield Remedy(kind, offer.shift, max(0, offer.price - offer.spared), offer.move.visit, sentence)

    def _another_day(self, visit: Visit) -> Iterator[Remedy]:
        nearest_first = sorted(range(-self._most_days, self._most_days + 1), key=lambda days: (abs(days), -days))
        for days in nearest_first[1:] if visit.windows else ():
            by_s = days * DAY_S
            moved = tuple(Window(one.open_s + by_s, one.close_s + by_s) for one in visit.windows)
            found = self._offers.direct(replace(visit, windows=moved))
            if found:
                count = f"{abs(days)} day{'s' if abs(days) > 1 else ''} {'later' if days > 0 else 'sooner'}"
                yield Remedy("another day", found[0].shift, abs(days), None, f"could do it {count}")
                return

    def _carrying(self, visit: Visit, row: int) -> Iterator[Remedy]:
        more = self._more_load.find_least(row) if self._more_load else None
        if more:
            yield self._remedy(
                "load", more.shift, more.total, f"could do it with {load_words(self._problem, visit, more)}"
            )
        more = self._more_visits.find_least(row) if self._more_visits else None
        if more:
            what = "one visit" if more.total == 1 else f"{more.total} visits"
            yield self._remedy(
                "visits", more.shift, more.total, f"could do it with {what} more than the shift may have"
            )

    def _less_skilled(self, visit: Visit) -> Iterator[Remedy]:
        missing: dict[int, list[str]] = {}
        for shift in self._problem.shifts:
            levels = sum(levels for _, levels in _missing_skills(visit, shift))
            missing.setdefault(levels, []).append(shift.id)
        for levels in sorted(set(missing) - {0}):
            found = self._offers.direct(replace(visit, skills={}), shifts=missing[levels])
            if found:
                lacks = _missing_skills(visit, self._problem.get_shift(found[0].shift))
                asked = [skill if visit.skills[skill] < 2 else f"{skill} {visit.skills[skill]}" for skill, _ in lacks]
                yield Remedy("skills", found[0].shift, levels, None, f"could do it with {' and '.join(asked)}")
                return

    def _less_picky(self, visit: Visit) -> Iterator[Remedy]:
        """One other requirement given up. What it lacks is said by the rule; amounts count requirements."""
        wishes = (
            ("tools", visit.tools, replace(visit, tools=frozenset()), f"with {' and '.join(sorted(visit.tools))}"),
            ("territory", visit.territory, replace(visit, territory=None), f"if sent to {visit.territory}"),
            ("technician", visit.required, replace(visit, required=frozenset()), "in place of the one required"),
            ("technician", visit.excluded, replace(visit, excluded=frozenset()), "if not excluded from this customer"),
        )
        for kind, asked, without, how in wishes:
            found = self._offers.direct(without) if asked else []
            if found:
                yield Remedy(kind, found[0].shift, 1, None, f"could do it {how}")

    def _remedy(self, kind: str, shift: int, amount: int, sentence: str) -> Remedy:
        return Remedy(kind, self._problem.shifts[shift].id, amount, None, sentence)


class _Search:
    """The place where the one thing that still costs something costs least."""

    def __init__(self, primitives: Primitives, lines: Sequence[Line]) -> None:
        self.primitives = primitives
        self._gaps = tables(primitives, lines)

    def find_least(
        self, row: int, window: tuple[int, int] | None = None, after_s: int | None = None
    ) -> tuple[int, int, tuple[int, ...]] | None:
        """The least cost of one more visit, on which shift and in what sequence; None where it does not fit.

        The spare row (-1) is first given `window`; with `after_s` its cost is how long after that it starts.
        """
        primitives = self.primitives
        if row < 0:
            row = primitives.visits - 1
            primitives.windows[row] = (window,) if window else ()
            primitives.time_cost[row] = () if after_s is None else ((after_s, 1),)
        best: tuple[int, int, tuple[int, ...]] | None = None
        for place in in_order(self._gaps, row):
            if best is not None and place.bound >= best[0]:
                break
            legal = place.is_legal or is_legal(primitives, place.shift, place.sequence)
            times = find_times(primitives, place.shift, place.sequence) if legal else None
            if times is not None and (best is None or times.cost < best[0]):
                best = times.cost, place.shift, place.sequence
        return best

    def fits(self, shift: int, sequence: tuple[int, ...], window: tuple[int, int]) -> bool:
        """Whether a sequence with the visit of the spare row has times when that may start in `window`."""
        self.primitives.windows[-1] = (window,)
        return find_times(self.primitives, shift, sequence) is not None


def _words(seconds: int) -> str:
    """To the minute, rounded up so that it does fit; below a minute to the second."""
    return length_words(seconds if seconds < MINUTE_S else -(-seconds // MINUTE_S) * MINUTE_S)


def _for_nothing(primitives: Primitives) -> Primitives:
    """The same primitives at no cost whatever."""
    free = np.zeros_like(primitives.open_cost)
    return replace(
        primitives, assignment_cost=np.zeros_like(primitives.assignment_cost), open_cost=free, travel_cost_per_s=free,
        travel_cost_per_m=free, toll_factor=0, overtime_per_s=free, duty_per_s=free, worst_late_per_s=0, busy_per_s=0,
        time_cost=[() for _ in primitives.time_cost],
    )  # fmt: skip


def _missing_skills(visit: Visit, shift: Shift) -> list[tuple[str, int]]:
    """What the technician lacks, with by how many levels."""
    return [
        (skill, max(1, level) if skill not in shift.skills else level - shift.skills[skill])
        for skill, level in sorted(visit.skills.items())
        if skill not in shift.skills or shift.skills[skill] < level
    ]


def _rank(remedy: Remedy) -> tuple[int, int]:
    kind = SAME_RANK.get(remedy.kind, remedy.kind)
    return (ORDER.index(kind) if kind in ORDER else len(ORDER)), remedy.amount
