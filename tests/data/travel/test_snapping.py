"""Points are put on the nearest street that can be stopped on, and say how far away it is."""

import numpy as np
import pytest

from data.travel.snapping import Snapper


def test_a_point_lands_on_the_nearest_place_along_a_street(town):
    snapper = Snapper(town.network(town.street((0, 0), (4, 0)), town.street((0, 3), (4, 3))))
    snap = snapper.snap(np.array([town.at(1, 0.5), town.at(4, 2), town.at(5, 0)]))
    assert snap.street.tolist() == [0, 1, 0]
    assert snap.fraction == pytest.approx([0.25, 1.0, 1.0], abs=1e-4)
    assert snap.distance_m == pytest.approx([50, 100, 100], abs=0.2)


def test_of_streets_equally_near_the_first_wins(town):
    snapper = Snapper(town.network(town.street((1, 0), (2, 0)), town.street((1, 0), (0, 0))))
    assert snapper.snap(np.array([town.at(1, 0)])).street.tolist() == [0]


def test_nobody_stops_on_a_motorway(town):
    snapper = Snapper(
        town.network(town.street((0, 0), (4, 0), kind="motorway"), town.street((0, 1), (4, 1), kind="residential"))
    )
    snap = snapper.snap(np.array([town.at(2, 0.1)]))
    assert snap.street.tolist() == [1]
    assert snap.distance_m == pytest.approx([90], abs=0.2)


def test_distances_are_true_away_from_the_equator(town):
    """Sixty degrees north a degree of longitude is half as long."""
    from data.travel.geo import METRES_PER_DEGREE
    from data.travel.road_network import make_network

    network = make_network(
        place="North",
        attribution="nobody",
        tail=[1],
        head=[2],
        lines=([0, 2], [60.0, 60.01], [20.0, 20.0]),
        forward_kmh=[36],
        backward_kmh=[36],
        road_class=["residential"],
        street_names=[""],
    )
    snap = Snapper(network).snap(np.array([[60.005, 20.01]]))
    assert snap.distance_m == pytest.approx([0.01 * METRES_PER_DEGREE / 2], rel=0.001)


def test_no_points_snap_to_nothing(town):
    snap = Snapper(town.network(town.street((0, 0), (1, 0)))).snap(np.zeros((0, 2)))
    assert len(snap.street) == len(snap.fraction) == len(snap.distance_m) == 0
