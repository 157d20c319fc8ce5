"""The best times for a given order: as a brute force that lives second by second finds them, and by hand."""

import random
from functools import cache

import pytest

from optimizer.timing import FAR, Pause, Task, best_times

HORIZON = 45


def cheapest_second_by_second(tasks, legs, pauses, *, earliest_s, soft_end_s, hard_end_s, overtime_per_s):
    """The least cost of a day in which each second is spent travelling, resting, working or waiting; None if none."""
    taken_at_all = [i for i, one in enumerate(pauses) if one.windows[-1][1] >= earliest_s]

    def inside(windows, now):
        return not windows or any(opens <= now <= closes for opens, closes in windows)

    def with_rests(step, now, *where):
        """The best of going on now, or of any rest that may start now."""
        *place, rested = where
        ways = [step(now, *where)]
        ways += [
            with_rests(step, now + pauses[i].length_s, *place, rested | 1 << i)
            for i in taken_at_all
            if not rested >> i & 1 and inside(pauses[i].windows, now)
        ]
        return min(ways, key=lambda cost: FAR if cost is None else cost)

    @cache
    def here(now, done, left, rested):
        """The least cost from now on, with `left` seconds to travel before the next task or home."""
        if now > HORIZON * 3:
            return None
        ways = []
        if left:
            ways.append(best(now + 1, done, left - 1, rested))  # travel
        elif done == len(tasks):
            if now <= hard_end_s and can_rest_at_home(now, rested):
                ways.append(overtime_per_s * max(0, now - soft_end_s))
        else:
            task = tasks[done]
            if inside(task.windows, now):
                late = sum(rate * max(0, now - after) for after, rate in task.time_cost)
                rest = best(now + task.length_s, done + 1, legs[done + 1], rested)
                ways.append(None if rest is None else late + rest)
            ways.append(best(now + 1, done, 0, rested))  # wait
        return min((cost for cost in ways if cost is not None), default=None)

    @cache
    def best(now, done, left, rested):
        return with_rests(here, now, done, left, rested)

    @cache
    def can_rest_at_home(now, rested):
        if all(rested >> i & 1 for i in taken_at_all):
            return True
        if now > HORIZON * 3:
            return False
        starts = [i for i in taken_at_all if not rested >> i & 1 and inside(pauses[i].windows, now)]
        return can_rest_at_home(now + 1, rested) or any(
            can_rest_at_home(now + pauses[i].length_s, rested | 1 << i) for i in starts
        )

    return best(earliest_s, 0, legs[0], 0)


def random_windows(source):
    first = source.randint(0, HORIZON)
    windows = [(first, first + source.randint(0, 8))]
    if source.random() < 0.3:
        opens = windows[0][1] + 1 + source.randint(0, 6)
        windows.append((opens, opens + source.randint(0, 6)))
    return tuple(windows)


def random_day(seed):
    source = random.Random(seed)
    tasks = [
        Task(source.randint(0, 8), random_windows(source) if source.random() < 0.6 else (),
             ((source.randint(0, 30), source.randint(1, 4)),) if source.random() < 0.5 else ())
        for _ in range(source.randint(1, 3))
    ]  # fmt: skip
    legs = [source.randint(0, 8) for _ in range(len(tasks) + 1)]
    pauses = [Pause(source.randint(1, 8), random_windows(source)) for _ in range(source.randint(0, 3))]
    soft = source.randint(15, HORIZON)
    limits = {"earliest_s": source.randint(0, 8), "soft_end_s": soft, "hard_end_s": soft + source.randint(0, 20),
              "overtime_per_s": source.randint(0, 3)}  # fmt: skip
    return tasks, legs, pauses, limits


@pytest.mark.parametrize("seed", range(300))
def test_the_cheapest_times_are_those_of_a_search_through_every_second(seed):
    tasks, legs, pauses, limits = random_day(seed)
    found = best_times(tasks, legs, pauses, **limits)
    assert (None if found is None else found.cost) == cheapest_second_by_second(tasks, legs, pauses, **limits)


@pytest.mark.parametrize("seed", range(300))
def test_nobody_sets_out_earlier_than_need_be_or_too_late(seed):
    """Leaving at `leave_s` reaches the first task in time; leaving a second later does not."""
    tasks, legs, pauses, limits = random_day(seed)
    times = best_times(tasks, legs, pauses, **limits)
    if times is None:
        return
    rests = [(start, start + pauses[index].length_s) for index, start in times.rests]

    def arrives(leave):
        now, left = leave, legs[0]
        while left:
            left -= not any(start <= now < end for start, end in rests)
            now += 1
        return now

    assert times.leave_s >= limits["earliest_s"]
    assert arrives(times.leave_s) <= times.starts_s[0]
    assert not any(start < times.leave_s < end for start, end in rests)
    later = times.leave_s + 1
    assert arrives(later) > times.starts_s[0] or any(start < later < end for start, end in rests)


def test_a_break_interrupts_travel_and_not_work():
    """Ten seconds of travel, of which four are left when the break is over."""
    times = best_times([Task(5)], [10, 0], [Pause(3, ((6, 6),))], earliest_s=0)
    assert (times.starts_s, times.home_s, times.rests) == ((13,), 18, ((0, 6),))


def test_breaks_at_home_come_in_whichever_order_fits():
    """The one whose window closes first need not come first: here it opens last."""
    pauses = [Pause(10, ((46, 47),)), Pause(4, ((37, 49),))]
    times = best_times([Task(6)], [0, 0], pauses, earliest_s=19)
    assert times.home_s == 25
    assert times.rests == ((1, 37), (0, 46))


def test_a_break_that_is_over_before_the_day_begins_is_not_taken():
    times = best_times([Task(5)], [0, 0], [Pause(3, ((2, 4),))], earliest_s=5)
    assert times.rests == ()


def test_a_break_is_free_before_leaving():
    times = best_times([Task(5, ((40, 40),))], [10, 0], [Pause(10, ((5, 5),))], earliest_s=0)
    assert (times.leave_s, times.starts_s) == (30, (40,))


def test_work_waits_for_the_next_window():
    times = best_times([Task(5, ((0, 3), (20, 30)))], [10, 0], [], earliest_s=0)
    assert times.starts_s == (20,)
    assert times.leave_s == 10


def test_there_are_no_times_when_the_last_window_is_over():
    assert best_times([Task(5, ((0, 3),))], [10, 0], [], earliest_s=0) is None


def test_there_are_no_times_when_home_comes_after_the_hard_end():
    assert best_times([Task(5)], [10, 10], [], earliest_s=0, hard_end_s=24) is None
    assert best_times([Task(5)], [10, 10], [], earliest_s=0, hard_end_s=25).home_s == 25


def test_lateness_and_overtime_are_charged_by_the_second():
    times = best_times([Task(5, (), ((8, 3),))], [10, 10], [], earliest_s=0, soft_end_s=20, overtime_per_s=7)
    assert times.cost == 3 * 2 + 7 * 5
