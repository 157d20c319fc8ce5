"""Neighbours are visits that are near, and the nearer the more of those who may serve one may serve the other."""

import numpy as np

from optimizer.engines.ruin import near
from optimizer.engines.ruin.near import near_visits

EVERYBODY = [[True, True]] * 3
LEGS = np.array([[0, 100, 120], [100, 0, 300], [120, 300, 0]])


def neighbours_of_first(allowed=EVERYBODY, legs=LEGS):
    return near_visits(legs, np.arange(len(legs)), np.array(allowed))[0].tolist()


def test_where_everybody_may_serve_everything_neighbours_are_who_is_near():
    assert neighbours_of_first() == [1, 2]


def test_ways_there_and_back_count_together():
    one_way = np.array([[0, 100, 200], [500, 0, 300], [200, 300, 0]])
    assert neighbours_of_first(legs=one_way) == [2, 1]


def test_who_nobody_could_serve_as_well_counts_as_farther():
    assert neighbours_of_first([[True, False], [False, True], [True, False]]) == [2, 1]


def test_a_visit_that_nobody_may_serve_has_neighbours_too():
    assert neighbours_of_first([[False, False], [True, False], [True, False]]) == [1, 2]


def test_of_very_many_visits_those_nearest_in_space_are_considered(monkeypatch):
    monkeypatch.setattr(near, "CONSIDERED", 4)
    monkeypatch.setattr(near, "NEIGHBOURS", 3)
    line = np.abs(np.subtract.outer(np.arange(9), np.arange(9))) * 100
    assert neighbours_of_first([[True]] * 9, line) == [1, 2, 3]
