"""Where a road is closed, ways lead around it; nobody drives in the closed area, and nothing else changes."""

import pytest

from data.travel import UNREACHABLE, ByHour, ClosedArea, NoRoute, RoadGraph, StraightLine, read_hours


@pytest.fixture
def bridges(town):
    """Two places either side of a river: 4 steps over the near bridge, 8 over the far one."""
    return RoadGraph(
        town.network(
            town.street((0, 0), (1, 0)),
            town.street((1, 0), (3, 0), name="Near bridge"),
            town.street((3, 0), (4, 0)),
            town.street((1, 0), (1, 2), (3, 2), (3, 0), name="Far bridge"),
        )
    )


def closed(town, east, north, radius_m):
    return ClosedArea(*town.at(east, north), radius_m)


def test_a_way_through_what_is_closed_leads_around_it(town, bridges):
    """There and back; the graph itself does not change."""
    places = [town.at(0, 0), town.at(4, 0)]
    around = bridges.around([closed(town, 2, 0, 30)])
    seconds, metres = around.matrix(places)
    assert seconds.tolist() == [[0, 80], [80, 0]]
    assert metres[0, 1] == 800
    line = around.route(*places)
    assert (line.seconds, line.metres) == (80, 800)
    assert town.at(1, 2) == pytest.approx(line.points[2], abs=1e-6)
    assert bridges.matrix(places)[0].tolist() == [[0, 40], [40, 0]]


def test_a_place_on_a_street_that_is_closed_farther_on_leaves_by_the_other_end(town, bridges):
    """The closure lies east of the middle of the near bridge, the place west of it."""
    around = bridges.around([closed(town, 2.5, 0, 20)])
    seconds, _ = around.matrix([town.at(1.5, 0), town.at(0, 0), town.at(4, 0)])
    assert seconds[0].tolist() == [0, 15, 5 + 60 + 10]


def test_nothing_reaches_a_place_in_what_is_closed_or_behind_it(town, bridges):
    around = bridges.around([closed(town, 3.5, 0, 20)])
    seconds, metres = around.matrix([town.at(0, 0), town.at(3.5, 0), town.at(4, 0)])
    assert (seconds[0, 1], seconds[0, 2], metres[0, 2]) == (UNREACHABLE,) * 3
    with pytest.raises(NoRoute):
        around.route(town.at(0, 0), town.at(4, 0))


def test_two_areas_close_more_than_one(town, bridges):
    first, second = closed(town, 2, 0, 30), closed(town, 2, 2, 30)
    assert bridges.around([first]).around([second]).matrix([town.at(0, 0), town.at(4, 0)])[0][0, 1] == UNREACHABLE
    assert bridges.around([second, first]) is bridges.around([first, second])


def test_matrices_kept_on_disk_are_not_mistaken_for_each_other(town, bridges, tmp_path):
    places = [town.at(0, 0), town.at(4, 0)]
    for _ in range(2):  # computed, then found
        graph = RoadGraph(bridges.network, cache_dir=tmp_path)
        assert graph.matrix(places)[0][0, 1] == 40
        assert graph.around([closed(town, 2, 0, 30)]).matrix(places)[0][0, 1] == 80
        assert graph.around([closed(town, 2, 2, 30)]).matrix(places)[0][0, 1] == 40


def test_only_sources_that_know_roads_know_ways_around(town, bridges):
    """A table of hours is that of the roads around."""
    area = closed(town, 2, 0, 30)
    assert StraightLine().around([area]) is None
    assert ByHour(StraightLine(), read_hours("7:00 150")).around([area]) is None
    busy = ByHour(bridges, read_hours("7:00 150")).around([area])
    assert busy.route(town.at(0, 0), town.at(4, 0)).seconds == 80
    assert [hour.percent for hour in busy.hours] == [150]


@pytest.mark.parametrize(("metres", "may"), [(399, False), (401, True)])
def test_a_way_too_short_to_touch_the_area_is_told_without_looking_at_roads(town, metres, may):
    """Out and back it is twice 200 m to the edge of the area."""
    area = closed(town, 1, 3, 100)
    assert area.may_lie_between(town.at(1, 0), town.at(1, 0), metres) is may
