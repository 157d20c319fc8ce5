"""When to set out, by hand and against trying every second."""

import random

import pytest

from optimizer.setting_out import arrival_s, latest_leave_s, seconds_at, set_out, set_out_late, soonest_arrival_s

RUSH = ((0, 30), (100, 60), (200, 30))
"""Half a minute, but a whole one from second 100 to 199."""

SOONEST = [
    ("before the rush", 50, 80),
    ("just before it", 99, 129),
    ("into it", 100, 160),
    ("so late in it that waiting is quicker", 180, 230),
    ("as soon either way", 170, 230),
    ("after it", 200, 230),
]


@pytest.mark.parametrize(("_case", "free_s", "there_s"), SOONEST)
def test_nobody_is_there_later_than_who_waits_for_a_quicker_period(_case, free_s, there_s):
    assert soonest_arrival_s(RUSH, free_s) == there_s


def test_of_all_ways_to_be_there_in_time_the_shortest_is_taken():
    """Free in the rush and expected after it, one waits it out; from home one leaves as late as that allows."""
    assert set_out(RUSH, 110, 300) == (200, 30)
    assert set_out(RUSH, 110, 180) == (110, 60)
    assert set_out_late(RUSH, 110, 300) == (270, 30)
    assert set_out_late(RUSH, 50, 180) == (99, 30)
    assert set_out_late(RUSH, 110, 180) == (120, 60)


def test_the_seconds_are_those_of_setting_out_whatever_breaks_come_on_the_way():
    """Leaving at 90, resting from 95 to 150 and going on in the rush takes 30 seconds of travel all the same."""
    assert soonest_arrival_s(RUSH, 90, [(95, 150)]) == 175
    assert set_out(RUSH, 90, 175, [(95, 150)]) == (90, 30)
    assert set_out_late(RUSH, 0, 175, [(95, 150)]) == (90, 30)


def random_roads(seed):
    source = random.Random(seed)
    changes = sorted(source.sample(range(1, 40), source.randint(0, 3)))
    steps = tuple((from_s, source.randint(0, 15)) for from_s in (-1_000, *changes))
    rests, now_s = [], source.randint(0, 20)
    for _ in range(source.randint(0, 2)):
        start_s = now_s + source.randint(0, 8)
        now_s = start_s + source.randint(0, 8)
        rests.append((start_s, now_s))
    return steps, rests, source.randint(0, 20)


@pytest.mark.parametrize("seed", range(300))
def test_no_second_is_better_for_setting_out(seed):
    steps, rests, free_s = random_roads(seed)
    rests = [rest for rest in rests if rest[0] >= free_s]
    ways = [
        (leave_s, seconds_at(steps, leave_s))
        for leave_s in range(free_s, 80)
        if not any(start_s < leave_s < end_s for start_s, end_s in rests)
    ]
    soonest_s = min(arrival_s(*way, rests) for way in ways)
    assert soonest_arrival_s(steps, free_s, rests) == soonest_s
    for by_s in range(soonest_s, 60):
        in_time = [way for way in ways if arrival_s(*way, rests) <= by_s]
        shortest = [way for way in in_time if way[1] == min(seconds for _, seconds in in_time)]
        assert set_out(steps, free_s, by_s, rests) == shortest[0]
        if not rests or rests[-1][1] <= by_s:
            assert set_out_late(steps, free_s, by_s, rests) == shortest[-1]
        if not rests and shortest:
            assert latest_leave_s(steps, by_s) == max(leave_s for leave_s, _ in in_time)
