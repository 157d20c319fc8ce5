"""Islands that change one plan together: each in its own part, and what they find adds up."""

import numpy as np
import pytest

from optimizer import Link, replay, solve
from optimizer.engines import ruin
from optimizer.engines.ruin import islands
from optimizer.engines.ruin.arrays import pack
from optimizer.engines.ruin.island import begin_with, take_over_plan, take_turn
from optimizer.engines.ruin.parts import deal, supports
from optimizer.rules import lower
from tests.optimizer.town import shift, street, town, visit

PEOPLE = [shift("Ana"), shift("Ben", start=5, end=5), shift("Cho"), shift("Dan", start=9, end=9)]
DAY = town(
    [
        visit(f"v{n}", 7 * n % 10, service_s=300 + 700 * n % 900, windows=[(n * 1_900 % 8_000, 9_000)])
        for n in range(60)
    ],
    PEOPLE,
    travel=street(10),
)


@pytest.fixture
def together(monkeypatch):
    """However few visits there are."""
    monkeypatch.setattr(islands, "VISITS_TOGETHER", 1)
    monkeypatch.setattr(islands, "VISITS_OF_A_PART", 1)


@pytest.mark.parametrize("count", [2, 3, 5])
def test_a_part_has_whole_routes(count):
    arrays = pack(lower(DAY))
    where = np.array([0, 1, -1, 3] * 15)
    part = deal(arrays, where, count, np.random.default_rng(1))
    visits, of_start, of_end = np.split(part, [60, 64])
    assert set(part) <= set(range(count))
    assert (of_start == of_end).all()
    assert (visits[where >= 0] == of_start[where[where >= 0]]).all()


def test_every_part_has_about_as_many_visits():
    part = deal(pack(lower(DAY)), np.repeat([0, 1, 2, 3], 15), 2, np.random.default_rng(1))
    assert np.bincount(part[:60]).tolist() == [30, 30]


def test_before_anything_is_planned_every_part_has_visits_and_shifts():
    part = deal(pack(lower(DAY)), np.full(60, -1), 2, np.random.default_rng(1))
    assert np.bincount(part[:60]).min() > 0
    assert part[60:64].tolist() == [0, 1, 0, 1]


@pytest.mark.parametrize("seed", range(3))
def test_what_islands_find_in_their_parts_adds_up(together, seed):
    """The cost they tell is that of the plan put together from all parts."""
    heard = []
    plan = solve(DAY, time_limit_s=60, iterations=300, threads=3, seed=seed, on_progress=heard.append)
    assert plan.run.engine == "ruin and recreate"
    assert heard[-1].cost == plan.cost
    assert plan.cost < heard[0].cost


def test_islands_together_find_the_same_plan_again(together):
    plan = solve(DAY, time_limit_s=0.3, threads=3, seed=4)
    assert replay(DAY, plan.run).routes == plan.routes


def test_a_closed_route_stays_as_it_is():
    """Where an island is given nothing, it changes nothing."""
    arrays, nobody = pack(lower(DAY)), np.zeros(68, dtype=np.int64)
    found = ruin.search(lower(DAY), 60, iterations=100)
    island = begin_with(arrays, found.sequences, seed=1)
    before = island.now.following.copy()
    island.total = take_over_plan(arrays, island, before, island.bounds, nobody, own=1)
    take_turn(arrays, island, 200, 1e6, 1e6)
    assert (island.now.following == before).all()


def test_crews_are_not_planned_in_parts():
    """One of them may be in each part, and they start together."""
    problem = town([visit("a"), visit("b")], PEOPLE, links=[Link("a", "b")], travel=street(10))
    assert not supports(lower(problem))
