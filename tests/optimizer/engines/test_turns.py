"""A search cools down twice, the second time for much longer, so that there is a good plan early."""

import time
from itertools import pairwise

import pytest

from optimizer.engines.ruin.turns import EARLY, FIRST_TURN, Clock, how_cold


def turns(iterations, threads=1):
    return list(Clock(time.monotonic(), 600, lambda: 0.0, iterations, threads).turns())


@pytest.mark.parametrize(("begins", "ends"), [(0.0, EARLY), (EARLY, 1.0)])
def test_each_descent_goes_from_hot_to_cold(begins, ends):
    almost = ends - 1e-9
    assert [how_cold(begins), how_cold((begins + almost) / 2), how_cold(almost)] == pytest.approx([0, 0.5, 1], abs=1e-6)


def test_a_search_ends_cold():
    assert how_cold(1.0) == pytest.approx(1.0)


def test_a_turn_that_begins_cold_ends_cold():
    """Even where the next descent begins within it."""
    taken = turns(10_000)
    assert sum(turn.iterations for turn in taken) == 10_000
    assert all(turn.ends >= turn.begins for turn in taken)
    hotter = [number for number, (one, other) in enumerate(pairwise(taken)) if other.begins < one.begins]
    assert len(hotter) == 1


def test_islands_compare_in_the_second_half_only():
    compares = [number for number, turn in enumerate(turns(10_000, threads=2)) if turn.compares]
    assert compares[0] >= 25
    assert len(compares) == 5


def test_a_search_without_iterations_takes_no_turn():
    assert turns(0) == []


def test_the_first_turn_of_a_search_by_time_is_short():
    """Rounds that take long would else be over the limit before anybody looks at the clock."""
    assert next(Clock(time.monotonic(), 1, lambda: 0.0, None, 1).turns()).iterations == FIRST_TURN < 10
