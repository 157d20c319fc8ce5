"""The straight line is an honest estimate: steady, symmetric, and as wrong as it says."""

import numpy as np
import pytest

from data.travel import StraightLine, TravelSource, sample_road_graph
from data.travel.fit_straight_line import POINTS, SEED, fit, relative_errors, trips
from data.travel.straight_line import BANDS, ROAD_FACTOR, drive_s

PLACES = [(-29.90, -71.25), (-29.95, -71.34), (-29.91, -71.25), (-30.06, -71.23)]


def test_the_straight_line_is_a_travel_source_that_calls_itself_an_estimate():
    source = StraightLine()
    assert isinstance(source, TravelSource)
    assert source.is_estimate


def test_each_bands_metres_are_driven_at_its_speed():
    assert drive_s(np.array([0.0, 500.0, 1_000.0, 2_000.0]), ((0, 36), (1_000, 72))) == pytest.approx([0, 50, 100, 150])


def test_metres_are_the_great_circle_times_the_road_factor():
    _, metres = StraightLine().matrix([(0, 0), (0, 1)])
    assert metres[0, 1] == pytest.approx(111_195 * ROAD_FACTOR, rel=1e-4)


def test_the_matrix_is_symmetric_and_detours_never_pay():
    seconds, metres = StraightLine().matrix(PLACES)
    assert (seconds == seconds.T).all()
    assert (metres == metres.T).all()
    assert np.diag(seconds).tolist() == [0] * len(PLACES)
    assert (seconds[:, None, :] <= seconds[:, :, None] + seconds[None, :, :] + 1).all()
    assert seconds.dtype == metres.dtype == np.int64


def test_longer_trips_are_never_driven_slower():
    speeds = [kmh for _, kmh in BANDS]
    assert speeds == sorted(speeds)


def test_routes_are_as_long_as_the_matrix_says():
    source = StraightLine()
    seconds, metres = source.matrix(PLACES)
    lines = source.routes_along(PLACES)
    assert [line.seconds for line in lines] == [seconds[i, i + 1] for i in range(3)]
    assert [line.metres for line in lines] == [metres[i, i + 1] for i in range(3)]
    assert lines[0].points == (PLACES[0], PLACES[1])


def test_every_place_on_earth_is_reached_and_no_other():
    assert StraightLine().list_unreachable([(90, 180), (-90, -180)]) == []
    with pytest.raises(ValueError, match="latitude first"):
        StraightLine().matrix([(0, 181)])
    assert StraightLine().matrix([])[0].shape == (0, 0)


def test_the_numbers_in_force_and_the_stated_error_are_those_measured():
    """The same draw as the fitting command: first the trips fitted on, then the trips judged."""
    rng = np.random.default_rng(SEED)
    graph = sample_road_graph()
    straight_m, seconds, metres = trips(graph, POINTS // 2, rng)
    chosen = rng.choice(len(seconds), size=1_500, replace=False)
    factor, kmh = fit(straight_m[chosen], seconds[chosen], metres[chosen])
    assert factor == ROAD_FACTOR
    assert np.rint(kmh).tolist() == pytest.approx([speed for _, speed in BANDS], abs=1)
    straight_m, seconds, _ = trips(graph, POINTS // 2, rng)
    error = relative_errors(straight_m, seconds)
    median, high = f"{np.median(error):.0%}", f"{np.quantile(error, 0.9):.0%}"
    note = StraightLine().error_note.replace(" %", "%")
    assert median in note
    assert high in note
    assert f"{len(seconds):,} trips" in note
