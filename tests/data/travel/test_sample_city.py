"""The sample city is a real one, small enough to ship, and every street of it can be reached."""

import json

import numpy as np
import pytest

from data.travel import sample_road_graph
from data.travel.sources import SAMPLE_CITY_FILE


@pytest.fixture(scope="module")
def city():
    """The sample city's road graph."""
    return sample_road_graph()


def test_the_city_ships_small_and_with_its_licence(city):
    assert SAMPLE_CITY_FILE.stat().st_size < 500_000
    attribution = SAMPLE_CITY_FILE.with_name("ATTRIBUTION.md").read_text(encoding="utf-8")
    assert city.attribution == "© OpenStreetMap contributors"
    assert city.attribution in attribution
    assert "ODbL" in attribution
    assert "AequilibraE" in attribution


def test_every_address_is_reached_from_every_other(city):
    places = city.random_addresses(150, np.random.default_rng(7))
    points = [place[:2] for place in places]
    seconds, metres = city.matrix(points)
    assert city.list_unreachable(points) == []
    off_diagonal = ~np.eye(len(points), dtype=bool)
    assert (seconds[off_diagonal] > 0).all()
    kmh = metres[off_diagonal] / seconds[off_diagonal] * 3.6
    assert 15 < np.median(kmh) < 60
    assert (seconds != seconds.T).any(), "one-way streets make the way back another one"


def test_addresses_lie_on_the_named_street_and_follow_the_seed(city):
    places = city.random_addresses(60, np.random.default_rng(3))
    assert places == city.random_addresses(60, np.random.default_rng(3))
    assert places != city.random_addresses(60, np.random.default_rng(4))
    assert city.snap([place[:2] for place in places]).max() < 5
    names = set(city.network.names)
    assert all(name and name in names for _, _, name in places)
    assert len({name for _, _, name in places}) > 30
    assert city.random_addresses(0, np.random.default_rng(3)) == []


def test_a_teams_day_is_drawn_along_the_streets(city):
    points = [place[:2] for place in city.random_addresses(9, np.random.default_rng(5))]
    seconds, metres = city.matrix(points)
    lines = city.routes_along(points)
    assert [(line.seconds, line.metres) for line in lines] == [(seconds[i, i + 1], metres[i, i + 1]) for i in range(8)]
    assert sum(len(line.points) for line in lines) > 100
    assert all(line.points[0] == a for line, a in zip(lines, points, strict=False))


def test_the_base_map_is_light_valid_geojson_with_its_attribution(city):
    base_map = city.base_map()
    assert len(json.dumps(base_map, separators=(",", ":"))) < 400_000
    assert base_map["attribution"] == city.attribution
    drawn = [feature["properties"]["class"] for feature in base_map["features"]]
    assert drawn == ["minor", "tertiary", "secondary", "primary", "trunk", "motorway"]
    for feature in base_map["features"]:
        assert feature["geometry"]["type"] == "MultiLineString"
        for line in feature["geometry"]["coordinates"]:
            assert len(line) >= 2
            assert all(-71.4 < lon < -71.1 and -30.1 < lat < -29.8 for lon, lat in line)
