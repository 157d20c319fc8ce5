"""Times where being on duty costs or is limited: nobody leaves before they must.

What is optimised, in this order: leave no earlier than it takes to be home within the limit on duty; then the cheapest
times, lateness and overtime together; then to be home as early as possible; and, where duty costs, to leave as late as
all this allows. Duty itself is therefore never bought with lateness or a later return; where every visit has at most
one window, no due time, and nobody a break, the duty found is the shortest there is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from optimizer.setting_out import Steps
from optimizer.timing import FAR, Pause, Task, Times, best_times


def times_on_duty(
    tasks: Sequence[Task],
    legs_s: Sequence[int],
    pauses: Sequence[Pause],
    *,
    earliest_s: int,
    soft_end_s: int = FAR,
    hard_end_s: int = FAR,
    overtime_per_s: int = 0,
    duty_per_s: int = 0,
    max_duty_s: int = FAR,
    gaps: Sequence[int] | None = None,
    by_time: Sequence[Steps] = (),
) -> Times | None:
    """Returns the best times for `tasks` in this order as said above, or None when there are none.

    The same as `best_times` where duty neither costs nor is limited. `cost` has the price of duty in it. `gaps` say
    where pauses fall. `by_time` is as in `best_times`; `legs_s` then has the least seconds.
    """

    def leaving_from(leave_s: int, home_by_s: int) -> Times | None:
        return best_times(
            tasks,
            legs_s,
            pauses,
            earliest_s=earliest_s,
            soft_end_s=soft_end_s,
            hard_end_s=home_by_s,
            overtime_per_s=overtime_per_s,
            leave_from_s=leave_s,
            gaps=gaps,
            by_time=by_time,
        )

    first_s, home_by_s = earliest_s, hard_end_s
    if max_duty_s < FAR:
        found = _first_leave(tasks, legs_s, pauses, earliest_s, hard_end_s, max_duty_s, gaps, by_time)
        if found is None:
            return None
        first_s, home_by_s = found, min(hard_end_s, found + max_duty_s)
    best = leaving_from(first_s, home_by_s)
    if best is None or not duty_per_s:
        return best
    if pauses or by_time:
        low_s, high_s = best.leave_s, best.home_s  # as good from `low_s` on, not from later than `high_s`
        while low_s < high_s:
            middle_s = (low_s + high_s + 1) // 2
            later = leaving_from(middle_s, home_by_s)
            if later is not None and (later.cost, later.home_s) == (best.cost, best.home_s):
                best, low_s = later, later.leave_s
            else:
                high_s = middle_s - 1
    else:
        last = leaving_from(_last_leave(tasks, legs_s, best), home_by_s)
        assert last is not None, "nothing is any later than it may be"
        best = last
    return replace(best, cost=best.cost + duty_per_s * (best.home_s - best.leave_s))


def _first_leave(
    tasks: Sequence[Task],
    legs_s: Sequence[int],
    pauses: Sequence[Pause],
    earliest_s: int,
    hard_end_s: int,
    max_duty_s: int,
    gaps: Sequence[int] | None,
    by_time: Sequence[Steps],
) -> int | None:
    """The first moment from which somebody can leave and be home within `max_duty_s`, whatever it costs.

    Who leaves later is not home earlier, so nobody who leaves before `home - max_duty_s` can be home in time.
    """
    if sum(legs_s) + sum(task.length_s for task in tasks) > max_duty_s:
        return None
    free = [replace(task, time_cost=()) for task in tasks]
    leave_s = earliest_s
    while True:
        first = best_times(
            free,
            legs_s,
            pauses,
            earliest_s=earliest_s,
            hard_end_s=hard_end_s,
            leave_from_s=leave_s,
            gaps=gaps,
            by_time=by_time,
        )
        if first is None or first.home_s - leave_s <= max_duty_s:
            return None if first is None else leave_s
        leave_s = first.home_s - max_duty_s


def _last_leave(tasks: Sequence[Task], legs_s: Sequence[int], times: Times) -> int:
    """How late one can leave and be home as early as in `times`, with nothing later; no pauses, legs never change."""
    by_s = times.home_s
    for task, leg_s, start_s in zip(reversed(tasks), reversed(legs_s), reversed(times.starts_s), strict=False):
        by_s -= leg_s + task.length_s
        for after_s, per_s in task.time_cost:
            if per_s:
                by_s = min(by_s, max(start_s, after_s))
        if task.windows:
            by_s = max(min(close_s, by_s) for open_s, close_s in task.windows if open_s <= by_s)
    return by_s - legs_s[0]
