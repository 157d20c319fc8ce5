"""Leaving as late as can be: found in one step without breaks, by halving with them, and the same either way."""

import random

import pytest

from optimizer.duty import times_on_duty
from optimizer.timing import Pause, Task, best_times
from tests.optimizer.test_timing import random_day

OVER = Pause(5, ((-20, -10),))
"""A break that is over when the day begins: nobody takes it, but there is one."""


@pytest.mark.parametrize("seed", range(300))
def test_one_step_finds_what_halving_finds(seed):
    tasks, legs, _, limits = random_day(seed)
    most_s = random.Random(seed).choice([20, 40, 2**40])
    found = times_on_duty(tasks, legs, [], **limits, duty_per_s=3, max_duty_s=most_s)
    assert found == times_on_duty(tasks, legs, [OVER], **limits, duty_per_s=3, max_duty_s=most_s)


@pytest.mark.parametrize("seed", range(300))
def test_times_are_what_they_were_where_duty_is_free(seed):
    tasks, legs, pauses, limits = random_day(seed)
    assert times_on_duty(tasks, legs, pauses, **limits) == best_times(tasks, legs, pauses, **limits)


@pytest.mark.parametrize("seed", range(300))
def test_nobody_is_later_or_home_later_for_leaving_later(seed):
    """All that duty changes is when they leave, and the times that follow from it."""
    tasks, legs, pauses, limits = random_day(seed)
    plain, paid = (times_on_duty(tasks, legs, pauses, **limits, duty_per_s=rate) for rate in (0, 1))
    if plain is None:
        assert paid is None
        return
    assert paid.leave_s >= plain.leave_s
    assert paid.home_s == plain.home_s
    assert paid.cost == plain.cost + paid.home_s - paid.leave_s


def test_a_second_window_is_waited_for_at_home():
    """Work starts at 3 or from 100 on, and the next at 120: the first can wait."""
    times = times_on_duty(
        [Task(5, ((0, 3), (100, 110))), Task(5, ((120, 120),))], [0, 0, 0], [], earliest_s=0, duty_per_s=1
    )
    assert (times.leave_s, times.starts_s, times.home_s) == (110, (110, 120), 125)


def test_the_limit_moves_the_day_only_as_far_as_it_must():
    """Home at 130 whenever they leave; so for 40 s on duty they leave at 90, though they could at 115."""
    tasks = [Task(5), Task(5, ((120, 120),))]
    limited = times_on_duty(tasks, [0, 0, 5], [], earliest_s=0, max_duty_s=40)
    assert (limited.leave_s, limited.starts_s) == (90, (90, 120))
    assert times_on_duty(tasks, [0, 0, 5], [], earliest_s=0, max_duty_s=14) is None


def test_there_are_no_times_where_travel_and_work_exceed_the_limit():
    assert times_on_duty([Task(5)], [5, 5], [], earliest_s=0, max_duty_s=14) is None
    assert times_on_duty([Task(5)], [5, 5], [], earliest_s=0, max_duty_s=15).home_s == 15
