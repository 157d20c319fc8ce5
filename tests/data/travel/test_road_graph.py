"""The road graph drives where cars may drive, takes the fastest way and measures that very way."""

import heapq

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.travel import NoRoute, RoadGraph, TravelSource, UnreachablePoint
from data.travel.geo import great_circle_m
from data.travel.refine import refine
from data.travel.road_graph import cut_line
from data.travel.road_network import CLOSED, RoadNetwork


def test_the_road_graph_is_a_travel_source(town):
    graph = RoadGraph(town.ring())
    assert isinstance(graph, TravelSource)
    assert not graph.is_estimate


def test_one_way_streets_are_respected(town):
    """Around the ring of 800 m: one step with the arrows is ten seconds, against them it is seventy."""
    graph = RoadGraph(town.ring())
    seconds, metres = graph.matrix([town.at(1, 0), town.at(2, 0)])
    assert seconds.tolist() == [[0, 10], [70, 0]]
    assert metres.tolist() == [[0, 100], [700, 0]]


def test_a_place_at_a_junction_may_leave_by_any_of_its_streets(town):
    """The corner is put on the one-way street that ends there, and yet need not drive around the block."""
    graph = RoadGraph(
        town.network(
            town.street((0, 0), (1, 0), one_way=True),
            town.street((1, 0), (0, 0), kmh=18, one_way=True),
            town.street((1, 0), (2, 0)),
        )
    )
    seconds, _ = graph.matrix([town.at(1, 0), town.at(2, 0)])
    assert seconds.tolist() == [[0, 10], [10, 0]]


def test_a_two_way_street_is_the_same_both_ways_even_between_its_ends(town):
    graph = RoadGraph(town.network(town.street((0, 0), (4, 0))))
    seconds, _ = graph.matrix([town.at(1, 0), town.at(3, 0)])
    assert seconds.tolist() == [[0, 20], [20, 0]]


def test_metres_belong_to_the_fastest_way_not_to_the_shortest(town):
    """Straight on is 400 m at 18 km/h (80 s); the detour is 600 m at 72 km/h (30 s)."""
    slow = town.street((0, 0), (4, 0), kmh=18)
    fast = town.street((0, 0), (0, 1), (4, 1), (4, 0), kmh=72)
    seconds, metres = RoadGraph(town.network(slow, fast)).matrix([town.at(0, 0), town.at(4, 0)])
    assert seconds.tolist() == [[0, 30], [30, 0]]
    assert metres.tolist() == [[0, 600], [600, 0]]


def test_of_two_equally_fast_ways_the_shorter_is_taken(town):
    long = town.street((0, 0), (0, 1), (4, 1), (4, 0), kmh=54)
    short = town.street((0, 0), (4, 0), kmh=36)
    _, metres = RoadGraph(town.network(long, short)).matrix([town.at(0, 0), town.at(4, 0)])
    assert metres[0, 1] == 400


def test_leaving_the_road_costs_time_and_metres(town):
    """Fifty metres beside the street are crept at 10 km/h: 18 seconds."""
    graph = RoadGraph(town.network(town.street((0, 0), (4, 0))))
    seconds, metres = graph.matrix([town.at(1, 0.5), town.at(3, 0)])
    assert (seconds[0, 1], metres[0, 1]) == (20 + 18, 200 + 50)


def test_one_place_named_twice_is_no_distance_away(town):
    graph = RoadGraph(town.ring())
    seconds, metres = graph.matrix([town.at(1, 0.2), town.at(2, 0), town.at(1, 0.2)])
    assert seconds[0, 2] == seconds[2, 0] == metres[0, 2] == metres[2, 0] == 0


def test_a_point_far_from_any_road_is_unreachable_in_matrix_list_and_route(town):
    graph = RoadGraph(town.ring(), snap_limit_m=150)
    points = [town.at(1, 0), town.at(1, 3), town.at(2, 0)]
    seconds, metres = graph.matrix(points)
    assert seconds.tolist() == [[0, -1, 10], [-1, -1, -1], [70, -1, 0]]
    assert (metres < 0).tolist() == (seconds < 0).tolist()
    [unreachable] = graph.list_unreachable(points)
    assert (unreachable.index, unreachable.distance_m, unreachable.limit_m) == (1, 200, 150)
    assert "200 m from the nearest road, the limit is 150 m" in str(unreachable)
    with pytest.raises(UnreachablePoint) as refused:
        graph.routes_along(points)
    assert refused.value.index == 1


def test_the_limit_decides_what_is_unreachable(town):
    points = [town.at(1, 0), town.at(1, 3)]
    assert RoadGraph(town.ring(), snap_limit_m=201).list_unreachable(points) == []
    assert RoadGraph(town.ring(), snap_limit_m=201).snap(points) == pytest.approx([0, 200], abs=0.2)


def test_where_no_way_leads_the_matrix_says_so_and_the_route_refuses(town):
    """A network that was not refined may have places that cannot be left."""
    graph = RoadGraph(town.network(town.street((0, 0), (4, 0), one_way=True)))
    seconds, metres = graph.matrix([town.at(1, 0), town.at(3, 0)])
    assert seconds.tolist() == [[0, 20], [-1, 0]]
    assert metres.tolist() == [[0, 200], [-1, 0]]
    with pytest.raises(NoRoute, match="one-way"):
        graph.route(town.at(3, 0), town.at(1, 0))


def test_all_points_that_are_no_place_on_earth_are_listed(town):
    with pytest.raises(ValueError, match=r"point 1.*point 2.*latitude first"):
        RoadGraph(town.ring()).matrix([(0, 0), (91, 0), (float("nan"), 0)])


def test_no_points_make_an_empty_matrix(town):
    seconds, metres = RoadGraph(town.ring()).matrix([])
    assert seconds.shape == metres.shape == (0, 0)


def test_a_route_follows_the_street_and_is_as_long_as_the_matrix_says(town):
    graph = RoadGraph(town.ring())
    line = graph.route(town.at(2, 0), town.at(1, 0))
    spots = [(2, 0), (3, 0), (3, 1), (0, 1), (0, 0), (1, 0)]
    assert np.array(line.points) == pytest.approx(np.array([town.at(*spot) for spot in spots]), abs=2e-6)
    assert (line.seconds, line.metres) == (70, 700)


def test_a_route_to_where_one_stands_is_a_line_of_no_length(town):
    line = RoadGraph(town.ring()).route(town.at(1, 0), town.at(1, 0))
    assert (len(line.points), line.seconds, line.metres) == (2, 0, 0)


def test_a_remembered_line_equals_the_computed_one(town):
    graph = RoadGraph(town.ring())
    points = [town.at(1, 0), town.at(3, 0.5), town.at(1, 0)]
    assert graph.routes_along(points) == graph.routes_along(points)
    assert [line.seconds for line in graph.routes_along(points)] == [25, 55]


def test_a_line_is_cut_in_driving_order():
    lat, lon = np.zeros(3), np.array([0.0, 1.0, 3.0])
    assert cut_line(lat, lon, 0.0, 0.5) == [(0, 0), (0, 1), (0, 1.5)]
    assert cut_line(lat, lon, 0.5, 0.0) == [(0, 1.5), (0, 1), (0, 0)]
    assert cut_line(lat, lon, 1.0, 0.0) == [(0, 3), (0, 1), (0, 0)]


def plain_dijkstra_s(network: RoadNetwork, source: int) -> list[float]:
    """Seconds from one junction to all by a search that shares nothing with the product."""
    ways: dict[int, list[tuple[int, int]]] = {}
    for street in range(network.street_count):
        a, b = int(network.tail[street]), int(network.head[street])
        if network.forward_ms[street] != CLOSED:
            ways.setdefault(a, []).append((b, int(network.forward_ms[street])))
        if network.backward_ms[street] != CLOSED:
            ways.setdefault(b, []).append((a, int(network.backward_ms[street])))
    best = {source: 0}
    queue = [(0, source)]
    while queue:
        cost, node = heapq.heappop(queue)
        if cost > best[node]:
            continue
        for other, step in ways.get(node, []):
            if cost + step < best.get(other, 1 << 60):
                best[other] = cost + step
                heapq.heappush(queue, (cost + step, other))
    return [best.get(node, -1000) / 1000 for node in range(network.node_count)]


spots = st.tuples(st.integers(0, 4), st.integers(0, 4))
streets = st.lists(
    st.tuples(spots, spots, st.sampled_from([18, 36, 72]), st.booleans()).filter(lambda s: s[0] != s[1]),
    min_size=2,
    max_size=14,
)
relaxed = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@relaxed
@given(streets=streets)
def test_the_matrix_between_junctions_agrees_with_a_plain_search(town, streets):
    """Drawn towns may have parallel streets, overlaps and parts that cannot be reached."""
    network = town.network(*(town.street(a, b, kmh=kmh, one_way=w) for a, b, kmh, w in streets))
    corner = {}
    for street in range(network.street_count):
        lat, lon = network.line(street)
        corner[int(network.tail[street])] = (float(lat[0]), float(lon[0]))
        corner[int(network.head[street])] = (float(lat[-1]), float(lon[-1]))
    seconds, metres = RoadGraph(network).matrix([corner[node] for node in range(network.node_count)])
    expected = np.array([plain_dijkstra_s(network, node) for node in range(network.node_count)])
    # Streets may cross a junction without meeting it, and a point there may be put on the crossing street.
    honest = [node for node in corner if touches_only_own_streets(network, corner[node], node)]
    part = np.ix_(honest, honest)
    assert seconds[part] == pytest.approx(np.rint(expected[part]), abs=1)
    assert ((seconds < 0) == (metres < 0)).all()


def touches_only_own_streets(network: RoadNetwork, point: tuple[float, float], node: int) -> bool:
    """No street passes over this junction without ending at it."""
    for street in range(network.street_count):
        if node in (network.tail[street], network.head[street]):
            continue
        lat, lon = network.line(street)
        stations = np.linspace(0, 1, 401)
        gaps = great_circle_m(point[0], point[1], np.interp(stations, [0, 1], lat), np.interp(stations, [0, 1], lon))
        if gaps.min() < 2:
            return False
    return True


@relaxed
@given(streets=streets, shares=st.lists(st.tuples(st.integers(0, 13), st.floats(0, 1)), min_size=3, max_size=6))
def test_detours_never_pay_and_routes_match_the_matrix(town, streets, shares):
    """Between places anywhere along the streets of a refined town."""
    ring = [town.street(a, b) for a, b in [((0, 0), (4, 0)), ((4, 0), (4, 4)), ((4, 4), (0, 4)), ((0, 4), (0, 0))]]
    network = refine(town.network(*ring, *(town.street(a, b, kmh=kmh, one_way=w) for a, b, kmh, w in streets)))
    graph = RoadGraph(network)
    points = []
    for street, share in shares:
        lat, lon = network.line(street % network.street_count)
        points.append((float(lat[0] + share * (lat[1] - lat[0])), float(lon[0] + share * (lon[1] - lon[0]))))
    seconds, metres = graph.matrix(points)
    assert (seconds >= 0).all()
    # Two sums of rounded seconds against one: each may be half a second off.
    assert (seconds[:, None, :] <= seconds[:, :, None] + seconds[None, :, :] + 2).all()
    lines = graph.routes_along(points)
    steps = range(len(points) - 1)
    assert [line.seconds for line in lines] == [seconds[i, i + 1] for i in steps]
    assert [line.metres for line in lines] == [metres[i, i + 1] for i in steps]
    for line in lines:
        lat, lon = np.array(line.points).T
        drawn_m = great_circle_m(lat[:-1], lon[:-1], lat[1:], lon[1:]).sum()
        assert drawn_m == pytest.approx(line.metres, abs=1.5 + 0.2 * len(line.points))
