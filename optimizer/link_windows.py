"""Windows of linked visits within which any starts satisfy every link, wherever each route has its breaks.

A window opens at the earliest start that any breaks allow, and closes where it must for the partners at theirs. They
are set group by group in order of time, so that what comes later reckons with what came before. Many crews with breaks
would else need breaks moved on many routes at once, which trying choices of breaks hardly finds.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace

import numpy as np

from optimizer.primitives import Primitives
from optimizer.timing import FAR, Times

Windows = tuple[tuple[int, int], ...]
Bounds = Mapping[int, tuple[int, int]]
"""Between which moments linked visits start: any starts within satisfy every link."""
Timer = Callable[[Primitives, int], Times | None]
"""Times one shift's route under these rules."""


def find_windows(rules: Primitives, place: Mapping[int, tuple[int, int]], time_route: Timer) -> list[Windows] | None:
    """The windows of every visit, or None if none are found; `place` has the shift and position of what is planned.

    `rules` has no links but between planned visits, and no price of duty.
    """
    finder = _Finder(rules, place, time_route)
    groups = _groups(rules)
    lows = finder.find_lows([visit for group in groups for visit in group])
    if lows is None:
        return None
    for group in sorted(groups, key=lambda group: min(lows[visit] for visit in group)):
        found = finder.find_lows(group)
        if found is None:
            return None
        for first, second, least_s, most_s, _ in rules.links:
            if first in found:
                if not finder.narrow(first, found[first], found[second] - least_s):
                    return None
                if not finder.narrow(second, found[second], found[first] + most_s):
                    return None
    return finder.windows


class _Finder:
    """The windows so far, and the routes to time."""

    def __init__(self, rules: Primitives, place: Mapping[int, tuple[int, int]], time_route: Timer) -> None:
        self.rules, self.place, self.time_route = rules, place, time_route
        self.windows: list[Windows] = list(rules.windows)
        self.most_raised = most_raised(rules, place)
        self.links_of: dict[int, list[tuple[int, int, int, int, int]]] = {}
        for link in rules.links:
            for shift in {place[visit][0] for visit in link[:2]}:
                self.links_of.setdefault(shift, []).append(link)

    def narrow(self, visit: int, first_s: int, last_s: int) -> bool:
        """Lets a visit start only between two moments; says whether any are left."""
        self.windows[visit] = between(self.windows[visit], first_s, last_s)
        return bool(self.windows[visit])

    def find_lows(self, visits: Iterable[int]) -> dict[int, int] | None:
        """The earliest start of each visit, for which the windows are narrowed until none is too early for another."""
        lows: dict[int, int] = {}
        raised: Counter[int] = Counter()
        queue = deque(sorted(visits))
        while queue:
            visit = queue.popleft()
            low_s = self._earliest(visit)
            if low_s is None:
                return None
            raised[visit] += low_s > lows.get(visit, low_s)
            if raised[visit] > self.most_raised:
                return None
            lows[visit] = low_s
            for first, second, least_s, most_s, _ in self.links_of[self.place[visit][0]]:
                for one, other, after_s in ((first, second, least_s), (second, first, -most_s)):
                    if one in lows and other in lows and lows[other] < lows[one] + after_s:
                        if not self.narrow(other, lows[one] + after_s, FAR):
                            return None
                        shift = self.place[other][0]
                        queue += [late for late in lows if self.place[late][0] == shift and late not in queue]
        return lows

    def _earliest(self, visit: int) -> int | None:
        """When work at a visit starts at the earliest, whichever breaks that takes; None if that is never."""
        shift, position = self.place[visit]
        priced: list[Windows] = [()] * len(self.windows)
        priced[visit] = ((int(self.rules.earliest_s[shift]), 1),)
        free = np.zeros_like(self.rules.overtime_per_s)
        hurried = replace(self.rules, windows=self.windows, time_cost=priced, overtime_per_s=free)
        times = self.time_route(hurried, shift)
        return None if times is None else times.starts_s[position]


def between(windows: Windows, first_s: int, last_s: int) -> Windows:
    """What two moments leave of windows; without windows there is any time between them."""
    narrowed = ((max(open_s, first_s), min(close_s, last_s)) for open_s, close_s in windows or ((-FAR, FAR),))
    return tuple((open_s, close_s) for open_s, close_s in narrowed if open_s <= close_s)


def most_raised(rules: Primitives, planned: Collection[int]) -> int:
    """A start cannot move more often, unless somebody waits for somebody who waits for them."""
    return len(planned) + sum(len(rules.windows[visit]) for visit in planned)


def _groups(rules: Primitives) -> list[set[int]]:
    """The visits that links tie together."""
    groups: list[set[int]] = []
    for link in rules.links:
        tied = [group for group in groups if not group.isdisjoint(link[:2])]
        groups = [group for group in groups if group not in tied] + [set(link[:2]).union(*tied)]
    return groups
