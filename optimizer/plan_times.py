"""The best times for a whole plan, where routes wait for one another or the largest lateness of all has a price.

Everything starts as early as it can: the least starts that satisfy every route and every link, found by timing again
whichever route has a start that must move. What is left to choose is between which visits breaks fall. Each route
chooses for itself first; then breaks are moved route by route as long as that may help and the patience lasts. In small
plans that tries every choice there is; in large ones it may miss a better one. Duty is never bought with a later start.
"""

from __future__ import annotations

import heapq
import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from optimizer.link_windows import Bounds, Windows, between, find_windows, most_raised
from optimizer.primitives import ANY, OPEN, SAME, Primitives
from optimizer.timing import FAR, Times, pauses_due

Gaps = tuple[int, ...]
"""For each break of a shift, before which of its tasks it falls."""
Timer = Callable[[Primitives, int, Sequence[int], Gaps | None], Times | None]
"""Times one route: primitives, shift, sequence, and where its breaks fall if that is not the timer's to choose."""

PATIENCE = 1_000
"""After how many timings of a route no better breaks are looked for: about a tenth of a second."""


@dataclass(frozen=True, slots=True)
class _Settled:
    """Times of every route that fit together, and their cost."""

    times: dict[int, Times]
    cost: int


def best_plan_times(
    primitives: Primitives, sequences: Sequence[Sequence[int]], timer: Timer, bounds: Bounds | None = None
) -> list[Times | None] | None:
    """The best times for each shift (None where it has no visits), or None if they do not work out together.

    `bounds` are those with which an engine found the sequences: where breaks leave many choices, a help to find times.
    """
    plan = _Plan(primitives, sequences, timer)
    settled = plan.find_best(bounds)
    if settled is None:
        return None
    times = plan.leaving_late(settled) if primitives.duty_per_s.any() else settled.times
    return [times.get(shift) for shift in range(len(sequences))]


class _Plan:
    """One plan's sequences, to be timed together."""

    def __init__(self, primitives: Primitives, sequences: Sequence[Sequence[int]], timer: Timer) -> None:
        self.primitives, self.sequences, self.timer = primitives, sequences, timer
        self.off_duty = replace(primitives, duty_per_s=np.zeros_like(primitives.duty_per_s))
        self.used = [shift for shift, sequence in enumerate(sequences) if sequence]
        self.place = {visit: (shift, at) for shift in self.used for at, visit in enumerate(sequences[shift])}
        self.links = [link for link in primitives.links if link[0] in self.place and link[1] in self.place]
        self.links_of: dict[int, list[tuple[int, int, int, int, int]]] = {}
        for link in self.links:
            for shift in {self.place[link[0]][0], self.place[link[1]][0]}:
                self.links_of.setdefault(shift, []).append(link)
        self.most_raised = most_raised(primitives, self.place)
        self.timed = 0
        self.alone: dict[tuple[int, Gaps | None], Times | None] = {}

    def find_best(self, bounds: Bounds | None) -> _Settled | None:
        """Beginning at what each route would choose, the best plan within patience, or None if none was found."""
        if not self._people_fit() or any(self._alone(shift, None) is None for shift in self.used):
            return None
        best = self.settle({})
        if best is None or any(self._has_choice(shift) for shift in self.used):
            others = [best, self.settle_within(bounds) if bounds else None]
            best = min((one for one in others if one is not None), key=lambda one: one.cost, default=None)
        if best is None:
            rules = replace(self.off_duty, links=self.links)
            windows = find_windows(rules, self.place, lambda rules, shift: self._time(rules, shift, None))
            best = None if windows is None else self._settle_apart(windows)
        least_worst = self._least_worst()
        floor = least_worst + sum(self._cost_alone(shift, None) for shift in self.used)
        choosing = [shift for shift in self.used if self._has_choice(shift)]
        queue: list[tuple[int, int, dict[int, Gaps]]] = [(best.cost if best else FAR, 0, {})]
        seen: set[tuple[tuple[int, Gaps], ...]] = {()}
        while queue and self.timed < PATIENCE and (best is None or best.cost > floor):
            _, _, chosen = heapq.heappop(queue)
            for shift in choosing:
                for gaps in self._choices(shift):
                    changed = {**chosen, shift: gaps}
                    key = tuple(sorted(changed.items()))
                    least = least_worst + sum(self._cost_alone(one, changed.get(one)) for one in self.used)
                    if key in seen or (best is not None and least >= best.cost):
                        continue
                    seen.add(key)
                    settled = self.settle(changed)
                    heapq.heappush(queue, (settled.cost if settled else FAR, len(seen), changed))
                    if settled is not None and (best is None or settled.cost < best.cost):
                        best = settled
        return best

    def settle(self, chosen: Mapping[int, Gaps]) -> _Settled | None:
        """The least starts that satisfy every link, with breaks where `chosen` says; None if there are none."""
        times: dict[int, Times] = {}
        for shift in self.used:
            alone = self._alone(shift, chosen.get(shift))
            if alone is None:
                return None
            times[shift] = alone
        waiting = replace(self.off_duty, windows=list(self.primitives.windows))
        raised: Counter[int] = Counter()
        queue = [early for shift in self.used for early in self._too_early(times, shift)]
        heapq.heapify(queue)  # what is first in time is settled first, so that it is seldom settled again
        while queue:
            was_s, visit, start_s = heapq.heappop(queue)
            shift, has_s = self.place[visit][0], self._start(times, visit)
            if has_s >= start_s:
                continue
            if has_s > was_s:
                heapq.heappush(queue, (has_s, visit, start_s))
                continue
            raised[visit] += 1
            waiting.windows[visit] = between(waiting.windows[visit], start_s, FAR)
            timed = self._time(waiting, shift, chosen.get(shift)) if waiting.windows[visit] else None
            if timed is None or raised[visit] > self.most_raised:
                return None
            times[shift] = timed
            for early in self._too_early(times, shift):
                heapq.heappush(queue, early)
        return _Settled(times, sum(one.cost for one in times.values()) + self._worst(times))

    def settle_within(self, bounds: Bounds) -> _Settled | None:
        """Times within bounds that satisfy every link; None where these say nothing of a linked visit, or there are
        none.
        """
        windows = list(self.primitives.windows)
        for visit in {visit for link in self.links for visit in link[:2]}:
            if visit not in bounds:
                return None
            windows[visit] = between(windows[visit], *bounds[visit])
            if not windows[visit]:
                return None
        return self._settle_apart(windows)

    def _settle_apart(self, windows: list[Windows]) -> _Settled | None:
        """Every route's own best times within windows that satisfy every link."""
        bounded = replace(self.off_duty, windows=windows)
        times: dict[int, Times] = {}
        for shift in self.used:
            timed = self._time(bounded, shift, None) if shift in self.links_of else self._alone(shift, None)
            if timed is None:
                return None
            times[shift] = timed
        return _Settled(times, sum(one.cost for one in times.values()) + self._worst(times))

    def leaving_late(self, settled: _Settled) -> dict[int, Times]:
        """The same starts of linked visits, and nobody later than the latest is; all leave as late as duty wishes."""
        fixed = replace(self.primitives, windows=list(self.primitives.windows))
        linked = {visit for link in self.links for visit in link[:2]}
        latest_s = self.primitives.due_s + self._largest_lateness(settled.times)
        for shift, times in settled.times.items():
            for visit, start_s in zip(self.sequences[shift], times.starts_s, strict=True):
                if visit in linked:
                    fixed.windows[visit] = ((start_s, start_s),)
                elif self.primitives.worst_late_per_s:
                    fixed.windows[visit] = between(fixed.windows[visit], -FAR, int(latest_s[visit]))
        late = {shift: self.timer(fixed, shift, self.sequences[shift], None) for shift in self.used}
        found = {shift: times for shift, times in late.items() if times is not None}
        assert found.keys() == late.keys(), "what has times has late ones, too"
        return found

    def _too_early(self, times: Mapping[int, Times], shift: int) -> Iterator[tuple[int, int, int]]:
        """Yields (start, visit, least start) of what starts too early for its partner, here or linked with it."""
        for first, second, least_s, most_s, _ in self.links_of.get(shift, ()):
            first_s, second_s = self._start(times, first), self._start(times, second)
            if second_s < first_s + least_s:
                yield second_s, second, first_s + least_s
            if first_s < second_s - most_s:
                yield first_s, first, second_s - most_s

    def _start(self, times: Mapping[int, Times], visit: int) -> int:
        shift, at = self.place[visit]
        return times[shift].starts_s[at]

    def _time(self, primitives: Primitives, shift: int, gaps: Gaps | None) -> Times | None:
        self.timed += 1
        return self.timer(primitives, shift, self.sequences[shift], gaps)

    def _alone(self, shift: int, gaps: Gaps | None) -> Times | None:
        """The route's times if nobody waited for anybody, which can only be better."""
        if (shift, gaps) not in self.alone:
            self.alone[shift, gaps] = self._time(self.off_duty, shift, gaps)
        return self.alone[shift, gaps]

    def _cost_alone(self, shift: int, gaps: Gaps | None) -> int:
        times = self._alone(shift, gaps)
        return FAR if times is None else times.cost

    def _people_fit(self) -> bool:
        """Whether the same or different technicians come where links ask for that."""
        person = self.primitives.person
        return all(
            kind == ANY or (person[self.place[first][0]] == person[self.place[second][0]]) == (kind == SAME)
            for first, second, _, _, kind in self.links
        )

    def _has_choice(self, shift: int) -> bool:
        """Whether where this shift's breaks fall can matter to others."""
        due = pauses_due(self.primitives.breaks[shift], int(self.primitives.earliest_s[shift]))
        late = self.primitives.worst_late_per_s and (self.primitives.due_s[list(self.sequences[shift])] < FAR).any()
        return bool(due) and (shift in self.links_of or bool(late))

    def _choices(self, shift: int) -> Iterator[Gaps]:
        """Every choice of gaps that works for the route alone, while patience lasts."""
        tasks = len(self.sequences[shift]) + int(self.primitives.depot[shift] != OPEN)
        for gaps in itertools.product(range(tasks + 1), repeat=len(self.primitives.breaks[shift])):
            if self.timed >= PATIENCE:
                return
            if self._alone(shift, gaps) is not None:
                yield gaps

    def _largest_lateness(self, times: Mapping[int, Times]) -> int:
        due_s = self.primitives.due_s
        late = (
            start_s - int(due_s[visit])
            for shift, one in times.items()
            for visit, start_s in zip(self.sequences[shift], one.starts_s, strict=True)
        )
        return max(0, max(late, default=0))

    def _worst(self, times: Mapping[int, Times]) -> int:
        """The price of the largest lateness."""
        return self.primitives.worst_late_per_s * self._largest_lateness(times)

    def _least_worst(self) -> int:
        """No plan with these sequences has a smaller price of the largest lateness: without breaks or waiting."""
        if not self.primitives.worst_late_per_s:
            return 0
        restless = replace(self.off_duty, breaks=[() for _ in self.primitives.breaks])
        alone = {shift: self.timer(restless, shift, self.sequences[shift], None) for shift in self.used}
        return self._worst({shift: times for shift, times in alone.items() if times})
