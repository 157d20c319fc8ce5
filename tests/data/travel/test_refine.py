"""A raw network is made fit for searching without changing what it says."""

import numpy as np
import pytest

from data.travel.interface import TravelError
from data.travel.refine import join_streets, keep_largest_strong_part, refine, simplify_lines


def test_a_one_way_street_that_leads_nowhere_is_left_out(town):
    network = town.network(
        town.street((0, 0), (1, 0)), town.street((1, 0), (2, 0)), town.street((2, 0), (3, 0), one_way=True)
    )
    kept = keep_largest_strong_part(network)
    assert kept.street_count == 2
    assert kept.node_count == 3


def test_the_part_with_most_metres_is_kept_not_the_one_with_most_streets(town):
    islet = [town.street((9 + i / 10, 9), (9 + (i + 1) / 10, 9)) for i in range(5)]
    kept = keep_largest_strong_part(town.network(*islet, town.street((0, 0), (8, 0))))
    assert kept.street_count == 1
    assert kept.length_dm.tolist() == [8000]


def test_a_region_of_one_way_dead_ends_is_refused_in_words(town):
    with pytest.raises(TravelError, match="choose a larger extract"):
        keep_largest_strong_part(town.network(town.street((0, 0), (1, 0), one_way=True)))


def test_streets_are_joined_where_nothing_can_be_decided(town):
    network = town.network(
        town.street((0, 0), (1, 0), name="Main"),
        town.street((2, 0), (1, 0), name="Main"),  # surveyed the other way round
        town.street((2, 0), (3, 1), name="Main"),
    )
    joined = join_streets(network)
    assert joined.street_count == 1
    assert joined.length_dm.tolist() == [network.length_dm.sum()]
    assert joined.forward_ms.tolist() == [network.forward_ms.sum()]
    lat, lon = joined.line(0)
    expected = np.array([town.at(*spot) for spot in [(0, 0), (1, 0), (2, 0), (3, 1)]])
    assert np.column_stack([lat, lon]) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(
    "second",
    [{"name": "Side"}, {"kind": "primary"}, {"one_way": True}, {"kmh": 18}],
    ids=["name", "class", "direction", "pace"],
)
def test_streets_that_differ_are_not_joined(town, second):
    first = town.street((0, 0), (1, 0), name="Main")
    other = town.street((1, 0), (2, 0), **({"name": "Main"} | second))
    assert join_streets(town.network(first, other)).street_count == 2


def test_a_junction_of_three_is_kept(town):
    arms = [town.street((1, 0), end) for end in [(0, 0), (2, 0), (1, 1)]]
    assert join_streets(town.network(*arms)).street_count == 3


def test_one_way_streets_are_joined_only_head_to_tail(town):
    onward = town.network(town.street((0, 0), (1, 0), one_way=True), town.street((1, 0), (2, 0), one_way=True))
    collision = town.network(town.street((0, 0), (1, 0), one_way=True), town.street((2, 0), (1, 0), one_way=True))
    joined = join_streets(onward)
    assert (joined.street_count, joined.backward_ms.tolist()) == (1, [-1])
    assert join_streets(collision).street_count == 2


def test_a_ring_without_any_junction_becomes_one_street(town):
    joined = join_streets(town.ring())
    assert joined.street_count == 1
    assert joined.node_count == 1
    assert joined.length_dm.tolist() == [8000]


def test_simplifying_spares_points_but_neither_length_nor_time(town):
    network = town.network(town.street((0, 0), (1, 0.001), (2, 0), (2, 2)))
    plain = simplify_lines(network, 2.0)
    assert np.diff(plain.line_start).tolist() == [3]
    assert plain.length_dm.tolist() == network.length_dm.tolist()
    assert plain.forward_ms.tolist() == network.forward_ms.tolist()


def test_refining_twice_changes_nothing_more(town):
    network = town.network(
        town.street((0, 0), (1, 0)), town.street((1, 0), (2, 0)), town.street((2, 0), (3, 0), one_way=True)
    )
    once = refine(network)
    assert refine(once).digest == once.digest
