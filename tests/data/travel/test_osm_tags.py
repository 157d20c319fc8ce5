"""OpenStreetMap tags are read as the wiki means them."""

import pytest

from data.travel.osm_tags import (
    LIMIT_KEPT,
    ROAD_CLASSES,
    SLOWEST_KMH,
    WORKING_KMH,
    UnreadableSpeed,
    directions,
    parse_maxspeed,
    road_class,
    working_kmh,
)


@pytest.mark.parametrize(
    ("value", "kmh"),
    [
        (None, None),
        ("", None),
        ("50", 50),
        (" 50 ", 50),
        ("50 km/h", 50),
        ("50kmh", 50),
        ("30 mph", 48.28032),
        ("30mph", 48.28032),
        ("none", 130),
        ("walk", 7),
        ("signals", None),
        ("variable", None),
        ("DE:urban", 50),
        ("RU:rural", 90),
        ("FR:zone30", 30),
        ("DE:zone:20", 20),
        ("GB:zone20", 32.18688),
        ("GB:nsl_single", 96.56064),
        ("50;30", 30),
        ("80|60|60", 60),
        ("signals;70", 70),
        ("0", None),
    ],
)
def test_a_speed_limit_is_read_in_km_per_hour(value, kmh):
    assert parse_maxspeed(value) == pytest.approx(kmh)


@pytest.mark.parametrize("value", ["fast", "DE:quick", "50 furlongs", "-30"])
def test_a_speed_limit_of_no_known_form_is_refused(value):
    with pytest.raises(UnreadableSpeed):
        parse_maxspeed(value)


@pytest.mark.parametrize(
    ("oneway", "junction", "highway", "expected"),
    [
        (None, None, "residential", (True, True)),
        ("yes", None, "residential", (True, False)),
        ("1", None, "residential", (True, False)),
        ("-1", None, "residential", (False, True)),
        ("reverse", None, "residential", (False, True)),
        ("no", None, "residential", (True, True)),
        (None, "roundabout", "primary", (True, False)),
        (None, "circular", "primary", (True, False)),
        ("-1", "roundabout", "primary", (False, True)),
        ("no", "roundabout", "primary", (True, True)),
        (None, None, "motorway", (True, False)),
        ("no", None, "motorway", (True, True)),
        (None, None, "motorway_link", (True, True)),
        ("reversible", None, "primary", (False, False)),
        ("alternating", None, "primary", (True, True)),
    ],
)
def test_the_direction_of_a_way_follows_its_tags(oneway, junction, highway, expected):
    assert directions(oneway, junction, highway) == expected


def test_a_main_road_is_driven_at_a_share_of_its_limit():
    assert working_kmh("primary", 100) == LIMIT_KEPT * 100


def test_a_minor_road_is_no_faster_than_its_class_whatever_the_sign_says():
    assert working_kmh("residential", 100) == WORKING_KMH["residential"]
    assert working_kmh("residential", 10) == 10


def test_no_limit_makes_a_road_slower_than_walking():
    assert working_kmh("living_street", 1) == SLOWEST_KMH


def test_every_class_has_a_working_speed_and_unknown_ones_count_as_road():
    assert all(working_kmh(name, None) >= SLOWEST_KMH for name in ROAD_CLASSES)
    assert road_class("escape_lane") == "road"
