"""What pinned visits need from their shift even where that breaks a rule: pins are kept and reported, never refused.

Each rule widens its own limit to what the pinned visits of a shift need by themselves, and no further: whatever
is planned around them must not make things worse.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from optimizer.problem import Problem, Shift, Visit
from optimizer.setting_out import latest_leave_s
from optimizer.timing import FAR, Pause, Task, best_times


@dataclass(frozen=True, slots=True)
class PinNeeds:
    """A shift's day with its pinned visits alone: starts by visit, first leave, home, travel, time
    on duty, and when breaks start. Tools give way to pins, so nobody calls at the depot for a pinned visit."""

    starts_s: dict[str, int]
    earliest_s: int
    home_s: int
    travel_s: int
    travel_m: int
    longest_leg_s: int
    duty_s: int
    rests_s: dict[str, int]


def pinned_visits(problem: Problem, shift: Shift) -> list[Visit]:
    """The visits pinned to a shift, in the order of their pinned starts, else of the starts that are published for
    this shift, which people know to fit, else of when their windows close."""

    def moment(visit: Visit) -> tuple[int, str]:
        if visit.pin and visit.pin.start_s is not None:
            return visit.pin.start_s, visit.id
        if visit.planned and visit.planned.shift == shift.id:
            return visit.planned.start_s, visit.id
        return visit.windows[-1].close_s if visit.windows else shift.hard_end_s, visit.id

    return sorted(problem.pinned_to.get(shift.id, ()), key=moment)


def find_pin_needs(problem: Problem, shift: Shift) -> PinNeeds | None:
    """What the pinned visits of a shift need by themselves; None when it has none. See `Problem.pin_needs`."""
    visits = pinned_visits(problem, shift)
    if not visits:
        return None
    places = [shift.start_location, *(visit.location for visit in visits), shift.end_location]
    legs = list(pairwise(places))
    legs_s = [problem.travel.leg_s(shift.profile, *leg) for leg in legs]
    by_time = (
        [problem.travel.steps(shift.profile, *leg) for leg in legs] if shift.profile in problem.travel.by_time else []
    )
    tasks, previous = [], shift.start_location
    for visit in visits:
        tasks.append(_task(problem, visit, shift, visit.location != previous))
        previous = visit.location
    first = visits[0].pin
    started_s = first.start_s if first and first.start_s is not None else FAR
    leave_s = latest_leave_s(by_time[0], started_s) if by_time else started_s - legs_s[0]
    earliest_s = min(shift.start_s, leave_s)
    strict = [
        Pause(one.length_s, tuple((w.open_s, w.close_s) for w in one.windows), one.id)
        for one in shift.breaks
        if one.windows[-1].close_s >= earliest_s
    ]  # the others are over by then
    loose = [Pause(one.length_s, (*one.windows[:-1], (one.windows[-1][0], FAR)), one.id) for one in strict]
    in_time = best_times(tasks, legs_s, strict, earliest_s=earliest_s, by_time=by_time)
    times = best_times(tasks, legs_s, loose, earliest_s=earliest_s, by_time=by_time)
    assert times is not None, "nothing bounds a sequence whose windows are all open at the end"
    if in_time is not None and in_time.cost <= times.cost:
        times = in_time  # else breaks give way: they are no reason to move what is pinned
    drives_s = [seconds for _, seconds in times.drives] or legs_s
    return PinNeeds(
        starts_s={visit.id: start for visit, start in zip(visits, times.starts_s, strict=True)},
        earliest_s=min(earliest_s, times.leave_s),
        home_s=times.home_s,
        travel_s=sum(drives_s),
        travel_m=sum(problem.travel.leg_m(shift.profile, *leg) for leg in legs),
        longest_leg_s=max(drives_s),
        duty_s=times.home_s - times.leave_s,
        rests_s={strict[index].id: start for index, start in times.rests},
    )


def _task(problem: Problem, visit: Visit, shift: Shift, arriving: bool) -> Task:
    """The visit with its windows open at the end, so that lateness is found rather than refused."""
    length_s = problem.service_s(visit, shift) + (visit.setup_s if arriving else 0)
    if visit.pin and visit.pin.start_s is not None:
        return Task(length_s, ((visit.pin.start_s, FAR),), ((visit.pin.start_s, 1),))
    if not visit.windows:
        return Task(length_s)
    windows = [(window.open_s, window.close_s) for window in visit.windows]
    last_open_s, last_close_s = windows[-1]
    return Task(length_s, (*windows[:-1], (last_open_s, FAR)), ((last_close_s, 1),))
