"""Territories on the map, and what giving one another outline does to the jobs in it."""

import pytest
from shapely.geometry import box

from data.outlines import to_geojson
from dispatch.errors import InvalidInput, NotFound, Stale
from dispatch.events import list_events
from dispatch.models import Territory
from dispatch.territories.map import change_outline, get_territory_map
from tests.dispatch.territories.test_coverage import EAST, RING, WEST, outlined
from tests.dispatch.town import at, job, job_named, settle

HERE = (-29.9, -71.25)


def change(session_factory, name, outline, version=1):
    """Draw the outline of a territory anew; returns how many jobs have another territory then."""
    with session_factory.begin() as session:
        row = session.query(Territory).filter_by(name=name).one()
        text = outline if isinstance(outline, str) else to_geojson(outline)
        return change_outline(session, row.id, version, text, None, at(8))


def test_the_map_has_outlines_overlaps_holes_and_open_jobs(session_factory):
    jobs = [job("J1", location=HERE, territory=None), job("J2", location=(-29.9, -60.0), territory=None)]
    settle(session_factory, [], jobs, outlined(West=WEST, East=EAST, Ring=RING))
    with session_factory() as session:
        found = [one["properties"] for one in get_territory_map(session)["features"]]
    assert [one["kind"] for one in found] == ["territory"] * 3 + ["overlap", "hole", "job", "job"]
    assert [one["is_outside"] for one in found if one["kind"] == "job"] == [False, True]


@pytest.mark.both_databases
def test_jobs_follow_the_outline(session_factory):
    """Drawn smaller it loses the job, which the history of the job tells; drawn larger it has it again."""
    settle(session_factory, [], [job("J1", location=HERE, territory=None)], outlined(West=WEST))
    assert change(session_factory, "West", box(-71.2, -30, -71.1, -29.8)) == 1
    with session_factory() as session:
        assert job_named(session, "J1").territory is None
        told = list_events(session)[-1]
    assert (told.kind, told.reason) == ("job changed", "West has another outline.")
    assert change(session_factory, "West", WEST, version=2) == 1
    with session_factory() as session:
        assert job_named(session, "J1").territory.name == "West"


def test_a_wrong_outline_and_a_lost_update_are_refused(session_factory):
    settle(session_factory, [], [], outlined(West=WEST))
    with pytest.raises(InvalidInput, match="not JSON"):
        change(session_factory, "West", "{")
    with pytest.raises(Stale):
        change(session_factory, "West", EAST, version=7)
    with pytest.raises(NotFound), session_factory.begin() as session:
        change_outline(session, 99, 1, to_geojson(WEST), None, at(8))
