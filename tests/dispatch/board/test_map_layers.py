"""The lines of a whole team are asked of the travel source at once, and are those that each day has by itself."""

from itertools import pairwise

import pytest

from data.travel import RouteLine, UnreachablePoint
from dispatch.board import map_layers
from dispatch.board.map_layers import get_route_lines
from tests.dispatch.town import CENTRE, MONDAY, MORNING, Grid, job, plan, settle, technician

NORTH = (CENTRE[0] + 0.02, CENTRE[1])


class Streets(Grid):
    """The grid, which counts how often it is asked, and refuses places off the roads as a road graph does."""

    def __init__(self, shore: float = 90.0) -> None:
        super().__init__(shore)
        self.asked = 0

    def route(self, a, b) -> RouteLine:
        for unreachable in self.list_unreachable([a, b]):
            raise unreachable
        return super().route(a, b)

    def routes_along(self, points) -> list[RouteLine]:
        self.asked += 1
        return [self.route(a, b) for a, b in pairwise(points)]


@pytest.fixture
def draw(session_factory, monkeypatch):
    """By technician: the line, and how many of its legs are straight, as that source draws them."""
    south = (CENTRE[0] - 0.03, CENTRE[1])
    settle(
        session_factory,
        [technician("T1"), technician("T2", home=south), technician("T3", hours={})],
        [job("J1", required={"T1"}), job("J2", required={"T2"}), job("J3", required={"T1"}, location=NORTH)],
    )
    plan(session_factory)

    def lines(source):
        monkeypatch.setattr(map_layers, "get_travel_source", lambda _: source)
        with session_factory() as session:
            features = get_route_lines(session, MONDAY, MORNING)["features"]
        told = {one["properties"]["name"][-2:]: one for one in features}
        return {who: (one["geometry"]["coordinates"], one["properties"]["estimated_legs"]) for who, one in told.items()}

    return lines


def test_the_source_is_asked_once_for_the_whole_team(draw):
    source = Streets()
    assert draw(source).keys() == {"T1", "T2"}
    assert source.asked == 1


def test_no_line_leads_from_one_day_into_the_next(draw):
    """Each is what its own places alone are drawn with."""
    together = draw(Streets())
    source = Streets()
    for who, home in (("T1", CENTRE), ("T2", (CENTRE[0] - 0.03, CENTRE[1]))):
        line = together[who][0]
        assert line[0] == line[-1] == [home[1], home[0]]
        ends = [(lat, lon) for lon, lat in line]
        there = (CENTRE[0], CENTRE[1] - 0.01)
        stops = [there, NORTH] if who == "T1" else [there]
        days = [[home, *order, home] for order in (stops, stops[::-1])]
        drawn = [[point for leg in source.routes_along(day) for point in leg.points] for day in days]
        assert ends in drawn


def test_a_place_off_the_roads_spoils_nobody_elses_line(draw):
    """The two legs to it are straight, and all others as they were."""
    usual, broken = draw(Streets()), draw(Streets(shore=NORTH[0] - 0.001))
    assert broken["T2"] == usual["T2"]
    assert (usual["T1"][1], broken["T1"][1]) == (0, 2)
    with pytest.raises(UnreachablePoint):
        Streets(shore=NORTH[0] - 0.001).routes_along([CENTRE, NORTH])
