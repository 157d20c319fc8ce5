"""Points fall into territories; overlaps and holes are found."""

import pytest
from shapely.geometry import Polygon, box

from data.records import TerritoryRecord
from data.territories import assign, list_gaps, list_overlaps

WEST = TerritoryRecord("West", "UTC", box(0.0, 0.0, 0.1, 0.1))
EAST = TerritoryRecord("East", "UTC", box(0.1, 0.0, 0.2, 0.1))
BY_NAME_ONLY = TerritoryRecord("Somewhere", "UTC")


def test_a_point_belongs_to_the_territory_around_it_or_to_none():
    points = [(0.05, 0.15), (0.05, 0.05), (5.0, 5.0)]
    assert assign(points, [WEST, BY_NAME_ONLY, EAST]) == ["East", "West", None]


def test_a_point_on_a_shared_border_belongs_to_the_territory_listed_first():
    assert assign([(0.05, 0.1)], [WEST, EAST]) == ["West"]
    assert assign([(0.05, 0.1)], [EAST, WEST]) == ["East"]


@pytest.mark.parametrize(("points", "territories"), [([], [WEST]), ([], [])])
def test_no_points_are_assigned_to_nothing(points, territories):
    assert assign(points, territories) == []


def test_without_outlines_no_point_is_assigned():
    assert assign([(0.0, 0.0)], [BY_NAME_ONLY]) == [None]


def test_neighbours_that_share_a_border_do_not_overlap():
    assert list_overlaps([WEST, EAST, BY_NAME_ONLY]) == []


def test_an_overlap_names_both_and_its_area():
    """0.01 degrees by 0.1 degrees at the equator are 1.11 km by 11.06 km."""
    wide = TerritoryRecord("Wide", "UTC", box(0.09, 0.0, 0.2, 0.1))
    (overlap,) = list_overlaps([WEST, wide])
    assert (overlap.first, overlap.second) == ("West", "Wide")
    assert overlap.area_km2 == pytest.approx(12.3, abs=0.05)


def test_a_hole_between_territories_is_a_gap_and_the_world_outside_is_not():
    ring = Polygon(box(0, 0, 0.3, 0.3).exterior, [box(0.1, 0.1, 0.2, 0.2).exterior])
    assert [round(gap.area_km2) for gap in list_gaps([TerritoryRecord("Ring", "UTC", ring)])] == [123]
    assert list_gaps([WEST, EAST]) == []


def test_no_territories_have_neither_gaps_nor_overlaps():
    assert (list_gaps([]), list_overlaps([])) == ([], [])
