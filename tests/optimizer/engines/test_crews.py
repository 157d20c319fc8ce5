"""Crews whose people have breaks of their own: what the search finds has times, and is where the next search begins."""

import random

import pytest

from optimizer import Link, Run, check, replay, solve
from optimizer.assemble import assemble
from optimizer.engines import ruin
from optimizer.engines.ruin import islands
from optimizer.engines.ruin.arrays import pack
from optimizer.engines.ruin.island import begin_with
from optimizer.rules import lower
from tests.optimizer.town import pause, shift, street, town, visit

LUNCH, TEA = pause(1_800, (4_000, 7_000), name="lunch"), pause(900, (8_000, 10_500), name="tea")


def day_of_crews(seed, visits=60, people=10, crews=20):
    """Each crew's two visits may begin within the same 4,000 seconds."""
    source = random.Random(seed)
    opens_s = [source.randint(0, 9_000) for _ in range(visits)]
    for crew in range(crews):
        opens_s[2 * crew + 1] = opens_s[2 * crew]
    return town(
        [
            visit(
                f"v{n}",
                source.randint(1, 14),
                service_s=source.randint(300, 1_500),
                windows=[(begins_s, begins_s + 4_000)],
            )
            for n, begins_s in enumerate(opens_s)
        ],
        [shift(f"p{n}", end_s=14_400, breaks=(LUNCH, TEA)) for n in range(people)],
        links=[Link(f"v{2 * crew}", f"v{2 * crew + 1}", 0, 0, "different") for crew in range(crews)],
        travel=street(15),
    )


@pytest.mark.parametrize("seed", range(8))
def test_what_the_search_finds_has_times_and_costs_what_it_says(seed):
    problem, heard = day_of_crews(seed), []
    primitives = lower(problem)
    found = ruin.search(primitives, 60, seed=seed, iterations=100, on_better=lambda cost, plan: heard.append(cost))
    plan = assemble(problem, primitives, found.sequences, found.bounds)
    assert plan is not None
    assert check(problem, plan).cost <= heard[-1]


@pytest.mark.parametrize("seed", range(4))
def test_a_search_goes_on_from_what_another_found_with_its_bounds_or_without(seed):
    primitives = lower(day_of_crews(seed))
    found = ruin.search(primitives, 60, seed=seed, iterations=100)
    again = begin_with(pack(primitives), found.sequences, seed=1, bounds=found.bounds)
    anew = begin_with(pack(primitives), found.sequences, seed=1)
    assert again.total == anew.total
    assert sorted(again.now.absent[: again.now.counts[3]]) == sorted(anew.now.absent[: anew.now.counts[3]])


def test_a_crew_whose_link_cannot_be_kept_is_taken_out_of_what_a_search_begins_with():
    """One visit is over before the other can begin."""
    visits = [visit("a", 1, windows=[(0, 1_000)]), visit("b", 3, windows=[(5_000, 6_000)])]
    primitives = lower(town(visits, [shift("Ana"), shift("Ben")], links=[Link("a", "b", 0, 0)]))
    island = begin_with(pack(primitives), [[0], [1]], seed=1)
    assert island.now.where.tolist() == [-1, -1]


def test_a_plan_of_crews_is_laid_out_again_as_it_is():
    problem = day_of_crews(10)
    plan = solve(problem, time_limit_s=60, iterations=100, seed=10)
    assert replay(problem, Run.laid_out(problem, plan)).routes == plan.routes


def test_a_small_day_is_built_though_no_time_is_left():
    assert ruin.search(lower(day_of_crews(1)), 0.0).built == 60


def test_a_large_day_is_built_as_far_as_time_allows_and_found_again(monkeypatch):
    primitives = lower(day_of_crews(1))
    monkeypatch.setattr(islands, "BUILDING_S", 0.0)
    assert ruin.search(primitives, 0.0).built == 0
    some = ruin.search(primitives, 60, iterations=0, built=10)
    assert 0 < sum(map(len, some.sequences)) <= 20
    assert some.sequences == ruin.search(primitives, 60, iterations=0, built=some.built).sequences
