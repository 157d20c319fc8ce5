"""Overlaps, holes and jobs outside are decided the same way everywhere, and shown."""

from shapely.geometry import Polygon, box

from data.records import TerritoryRecord
from dispatch.models import Location
from dispatch.territories.coverage import Shared, find_territories, get_coverage
from tests.dispatch.town import SANTIAGO, job, job_named, settle

WEST, EAST = box(-71.3, -30, -71.1, -29.8), box(-71.2, -30, -71.0, -29.8)
RING = Polygon(box(-70, -30, -69, -29).exterior.coords, [box(-69.6, -29.6, -69.4, -29.4).exterior.coords])


def outlined(**outlines):
    return [TerritoryRecord(name, SANTIAGO, outline) for name, outline in outlines.items()]


def test_where_two_overlap_the_first_by_name_has_the_job(session_factory):
    """Whichever was imported first; the page says who shares how much with whom."""
    settle(session_factory, [], [job(location=(-29.9, -71.15), territory=None)], outlined(West=WEST, East=EAST))
    with session_factory() as session:
        assert job_named(session, "J1").territory.name == "East"
        [found] = find_territories(session, [Location(address="", lat=-29.9, lon=-71.15)])
        [shared] = get_coverage(session).overlaps
    assert found.name == "East"
    assert shared == Shared("East", "West", shared.area_km2)
    assert 210 < shared.area_km2 < 216, "a tenth of a degree by a fifth, at thirty degrees south"


def test_a_hole_is_shown_with_a_place_inside_it(session_factory):
    """So that somebody can look at it on a map."""
    settle(session_factory, [], [], outlined(Ring=RING))
    with session_factory() as session:
        [hole] = get_coverage(session).holes
    assert box(-69.6, -29.6, -69.4, -29.4).contains(Polygon([(hole.lon, hole.lat)] * 4).centroid)


def test_an_open_job_outside_every_territory_is_shown(session_factory):
    """A closed one is nobody's trouble any more."""
    outside = [job(f"J{n}", location=(-29.9, -60.0), territory=None) for n in (1, 2)]
    settle(session_factory, [], outside, outlined(West=WEST))
    with session_factory.begin() as session:
        job_named(session, "J2").status = "done"
    with session_factory() as session:
        assert [one.number for one in get_coverage(session).outside] == ["J1"]


def test_territories_without_outlines_neither_overlap_nor_leave_holes(session_factory):
    """They are names only."""
    settle(session_factory)
    with session_factory() as session:
        found = get_coverage(session)
    assert (found.overlaps, found.holes, found.outside) == ([], [], [])
