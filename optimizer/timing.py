"""The best times for a given order of visits: when to leave, work, rest and be home.

All soft time costs rise with time, so work starts as early as it can; what is left to choose is between which visits
each break falls. Labels (time, cost, breaks taken) are extended from visit to visit and dominated ones dropped,
which finds the cheapest choice exactly.

Where travel takes longer at some times of day than at others, times are chosen in the same way, as if driving cost
nothing: nobody starts later to drive less. Then everybody sets out so as to drive least and still start in time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import NamedTuple

from optimizer.setting_out import Steps, last_leave_s, set_out, set_out_late, soonest_arrival_s

FAR = 2**40
"""Later than any time of a plan, in seconds."""


@dataclass(frozen=True, slots=True)
class Task:
    """Work in a sequence: seconds on site, intervals in which it may start, and (after_s, cost_per_s) of lateness."""

    length_s: int
    windows: tuple[tuple[int, int], ...] = ()
    time_cost: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Pause:
    """A break: its seconds and the intervals in which it may start."""

    length_s: int
    windows: tuple[tuple[int, int], ...]
    id: str = ""


@dataclass(frozen=True, slots=True)
class Times:
    """When everything happens. `rests` are (index of the pause, start), in order of time. `call` is (after how many
    tasks the depot is called at, when it is left), None without a call; `cost` is all that depends on the times, but
    for travel. `drives` are (when it is set out on, seconds) of every leg, none where seconds never change."""

    leave_s: int
    starts_s: tuple[int, ...]
    home_s: int
    rests: tuple[tuple[int, int], ...]
    cost: int
    call: tuple[int, int] | None = None
    drives: tuple[tuple[int, int], ...] = ()


class _Label(NamedTuple):
    """How far somebody has come: when free, at what cost, with which pauses (one bit each). Made by the thousand."""

    time_s: int
    cost: int
    taken: int
    rests: tuple[tuple[int, int, int], ...]  # (gap, pause, start)
    starts: tuple[int, ...]


def best_times(
    tasks: Sequence[Task],
    legs_s: Sequence[int],
    pauses: Sequence[Pause],
    *,
    earliest_s: int,
    soft_end_s: int = FAR,
    hard_end_s: int = FAR,
    overtime_per_s: int = 0,
    gaps: Sequence[int] | None = None,
    leave_from_s: int | None = None,
    by_time: Sequence[Steps] = (),
) -> Times | None:
    """Returns the cheapest times for `tasks` in this order, or None when there are none; of equally cheap ones those
    that are home first.

    `legs_s` has one leg into each task and one home. A pause may interrupt a leg but no task, and is free before
    leaving and after coming home; one whose windows are over before `earliest_s` is not taken. `gaps` says for each
    pause before which task it falls (their number: on the way home or after), where that is not to be chosen here.
    Nobody leaves before `leave_from_s` (default: `earliest_s`), but pauses may be taken at home from `earliest_s` on.
    Where seconds depend on when a leg is begun, `by_time` has them for every leg, and `legs_s` is not looked at.
    """
    due = pauses_due(pauses, earliest_s)
    from_s = earliest_s if leave_from_s is None else max(earliest_s, leave_from_s)
    if not due:
        straight = _go_straight(tasks, legs_s, by_time, from_s)
        if straight is None or straight.time_s > hard_end_s:
            return None
        return _times(straight, tasks, legs_s, by_time, pauses, from_s, soft_end_s, overtime_per_s)
    roads = by_time or [((earliest_s, leg_s),) for leg_s in legs_s]
    due.sort(key=lambda index: pauses[index].windows[-1][1])
    labels = [_Label(earliest_s, 0, 0, (), ())]
    if leave_from_s is not None and leave_from_s > earliest_s:
        labels = _undominated(_at_home(labels[0], leave_from_s, pauses, _in_gap(due, gaps, 0)))
    for gap, task in enumerate(tasks):
        labels = _undominated(
            label
            for before in labels
            for arrival in _ways_through(before, gap, roads[gap], pauses, _in_gap(due, gaps, gap))
            if (label := _work(arrival, task)) is not None
        )
        if not labels:
            return None
    homes = [
        home
        for before in labels
        for rested in _ways_through(before, len(tasks), roads[-1], pauses, _in_gap(due, gaps, len(tasks)))
        if (home := _come_home(rested, len(tasks), pauses, due, gaps)) is not None and home.time_s <= hard_end_s
    ]
    if not homes:
        return None
    best = min(homes, key=lambda home: (_priced(home, soft_end_s, overtime_per_s), home.time_s, home.rests))
    return _times(best, tasks, legs_s, by_time, pauses, from_s, soft_end_s, overtime_per_s)


def _go_straight(tasks: Sequence[Task], legs_s: Sequence[int], by_time: Sequence[Steps], now_s: int) -> _Label | None:
    """The end of a day without pauses, where nothing is to be chosen."""
    cost, starts = 0, []
    for gap, task in enumerate(tasks):
        arrive_s = soonest_arrival_s(by_time[gap], now_s) if by_time else now_s + legs_s[gap]
        start = _first_start(task.windows, arrive_s) if task.windows else arrive_s
        if start is None:
            return None
        for after_s, per_s in task.time_cost:
            if start > after_s:
                cost += per_s * (start - after_s)
        starts.append(start)
        now_s = start + task.length_s
    home_s = soonest_arrival_s(by_time[-1], now_s) if by_time else now_s + legs_s[-1]
    return _Label(home_s, cost, 0, (), tuple(starts))


def _times(
    home: _Label,
    tasks: Sequence[Task],
    legs_s: Sequence[int],
    by_time: Sequence[Steps],
    pauses: Sequence[Pause],
    from_s: int,
    soft_end_s: int,
    overtime_per_s: int,
) -> Times:
    drives = _drives(home, tasks, by_time, pauses, from_s)
    first_start = home.starts[0] if home.starts else home.time_s
    return Times(
        leave_s=drives[0][0] if drives else last_leave_s(first_start, legs_s[0], _spans(home.rests, 0, pauses)),
        starts_s=home.starts,
        home_s=home.time_s,
        rests=tuple((pause, start) for _, pause, start in home.rests),
        cost=_priced(home, soft_end_s, overtime_per_s),
        drives=drives,
    )


def _drives(
    home: _Label, tasks: Sequence[Task], by_time: Sequence[Steps], pauses: Sequence[Pause], free_s: int
) -> tuple[tuple[int, int], ...]:
    """When each leg is set out on, and its seconds: the shortest drive in time; from home the last of those."""
    drives = []
    for gap, steps in enumerate(by_time):
        rests = _spans(home.rests, gap, pauses)
        by_s = home.starts[gap] if gap < len(tasks) else home.time_s
        drives.append((set_out if gap else set_out_late)(steps, free_s, by_s, rests))
        free_s = by_s + tasks[gap].length_s if gap < len(tasks) else by_s
    return tuple(drives)


def _spans(rests: Sequence[tuple[int, int, int]], gap: int, pauses: Sequence[Pause]) -> list[tuple[int, int]]:
    """Start and end of the rests in one gap."""
    return [(start, start + pauses[pause].length_s) for among, pause, start in rests if among == gap]


def pauses_due(pauses: Sequence[Pause], earliest_s: int) -> list[int]:
    """The pauses that are not over before the day begins, by position."""
    return [index for index, pause in enumerate(pauses) if _first_start(pause.windows, earliest_s) is not None]


def _in_gap(due: list[int], gaps: Sequence[int] | None, gap: int) -> list[int]:
    return due if gaps is None else [index for index in due if gaps[index] == gap]


def _at_home(label: _Label, leave_from_s: int, pauses: Sequence[Pause], due: list[int]) -> Iterator[_Label]:
    """Everybody who could leave from `leave_from_s` on, with any of the pauses taken before, in any order."""
    queue = [label]
    while queue:
        here = queue.pop()
        yield here._replace(time_s=max(here.time_s, leave_from_s))
        for index in due:
            start = None if here.taken >> index & 1 else _first_start(pauses[index].windows, here.time_s)
            if start is not None and start < leave_from_s:
                queue.append(
                    _Label(
                        start + pauses[index].length_s,
                        here.cost,
                        here.taken | 1 << index,
                        (*here.rests, (0, index, start)),
                        here.starts,
                    )
                )


def _ways_through(label: _Label, gap: int, leg: Steps, pauses: Sequence[Pause], due: list[int]) -> list[_Label]:
    """Every arrival at the far end of a leg, with any of the open pauses taken on it, in any order."""
    ways: list[_Label] = []
    queue, before = [label], len(label.rests)
    while queue:
        here = queue.pop()
        taken = here.rests[before:]
        arrive_s = max(here.time_s, soonest_arrival_s(leg, label.time_s, _spans(taken, gap, pauses) if taken else ()))
        ways.append(_Label(arrive_s, here.cost, here.taken, here.rests, here.starts))
        for index in due:
            if here.taken >> index & 1:
                continue
            pause = pauses[index]
            for start in _rest_starts(pause, leg, here.time_s):
                rests = (*here.rests, (gap, index, start))
                queue.append(_Label(start + pause.length_s, here.cost, here.taken | 1 << index, rests, here.starts))
    return ways


def _rest_starts(pause: Pause, leg: Steps, now_s: int) -> list[int]:
    """When to rest on a leg: as soon as one may, or just when a quicker period begins, to have set out in it."""
    if len(leg) == 1:
        start = _first_start(pause.windows, now_s)
        return [] if start is None else [start]
    moments = [now_s, *(from_s for from_s, _ in leg[1:] if from_s > now_s)]
    starts = [start for moment in moments if (start := _first_start(pause.windows, moment)) is not None]
    return list(dict.fromkeys(starts))


def _work(arrival: _Label, task: Task) -> _Label | None:
    start = _first_start(task.windows, arrival.time_s) if task.windows else arrival.time_s
    if start is None:
        return None
    cost = arrival.cost
    for after_s, per_s in task.time_cost:
        cost += per_s * max(0, start - after_s)
    return _Label(start + task.length_s, cost, arrival.taken, arrival.rests, (*arrival.starts, start))


def _come_home(
    home: _Label, gap: int, pauses: Sequence[Pause], due: list[int], gaps: Sequence[int] | None
) -> _Label | None:
    """Lets the pauses not yet taken follow after coming home, where they delay nothing; None if one comes too late."""
    left = [index for index in due if not home.taken >> index & 1]
    if len(_in_gap(left, gaps, gap)) < len(left):
        return None
    for order in permutations(left):
        rests, free_s = list(home.rests), home.time_s
        for index in order:
            start = _first_start(pauses[index].windows, free_s)
            if start is None:
                break
            rests.append((gap, index, start))
            free_s = start + pauses[index].length_s
        else:
            return _Label(home.time_s, home.cost, home.taken, tuple(rests), home.starts)
    return None


def _first_start(windows: Sequence[tuple[int, int]], time_s: int) -> int | None:
    """The first moment from `time_s` on that lies in a window; windows are in order."""
    for open_s, close_s in windows:
        if time_s <= close_s:
            return max(time_s, open_s)
    return None


def _undominated(labels: Iterable[_Label]) -> list[_Label]:
    """Drops each label that another with at least its pauses beats or equals in both time and cost."""
    kept: list[_Label] = []
    for label in sorted(labels, key=lambda one: (one.time_s, one.cost, -one.taken)):
        if not any(one.taken | label.taken == one.taken and one.cost <= label.cost for one in kept):
            kept.append(label)
    return kept


def _priced(home: _Label, soft_end_s: int, overtime_per_s: int) -> int:
    return home.cost + overtime_per_s * max(0, home.time_s - soft_end_s)
