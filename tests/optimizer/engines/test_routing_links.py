"""Links and the largest lateness in the routing model."""

from dataclasses import replace

import pytest

from optimizer import Link, Pin
from optimizer.assemble import find_all_times
from optimizer.engines.routing import RoutingEngine, search_loosely
from optimizer.engines.routing.loosely import without_halves
from optimizer.rules import lower
from tests.optimizer.town import BALANCED, LEFT_OUT, shift, town, visit

PEOPLE = [shift("Ana"), shift("Ben")]
CREW = [visit("a", 1, setup_s=60), visit("b", 1, setup_s=60), visit("c", 3)]
"""Two at one site: set-up belongs to the leg there, but the crew meets when it begins."""
TOGETHER = Link("a", "b", 0, 0, "different")


def crew(**changes):
    return town(CREW, PEOPLE, links=[replace(TOGETHER, **changes)])


def test_a_crew_is_accepted_at_its_times_and_not_at_others():
    problem = crew()
    primitives = lower(problem)
    times = find_all_times(primitives, [[2, 0], [1]])
    assert RoutingEngine(primitives).accepts([[2, 0], [1]], times)
    apart = find_all_times(replace(primitives, links=[]), [[2, 0], [1]])
    assert not RoutingEngine(primitives).accepts([[2, 0], [1]], apart)


REFUSED = [
    (crew(), [[0], []]),
    (crew(), [[0, 1], []]),
    (crew(max_lag_s=None, technicians="same"), [[0], [1]]),
    (crew(min_lag_s=300, max_lag_s=400, technicians="any"), [[1, 0], []]),
    (crew(min_lag_s=0, max_lag_s=400, technicians="any"), [[0, 1], []]),
]


@pytest.mark.parametrize(("problem", "sequences"), REFUSED)
def test_what_links_forbid_is_refused(problem, sequences):
    assert RoutingEngine(lower(problem)).price(sequences) is None
    assert RoutingEngine(lower(replace(problem, links=()))).price(sequences) is not None


def test_linked_visits_left_out_do_not_stop_the_others():
    """Although their windows contradict the lag."""
    visits = [visit("a", windows=[(5_000, 6_000)]), visit("b", windows=[(100, 200)]), visit("c")]
    problem = town(visits, PEOPLE, links=[Link("a", "b", 0, 0)])
    assert RoutingEngine(lower(problem)).price([[2], []]) == 200 + 2 * LEFT_OUT


def test_a_pinned_visit_may_be_alone():
    problem = town([visit("a", pin=Pin("Ana")), visit("b", 2)], PEOPLE, links=[Link("a", "b", 0, 0)])
    assert RoutingEngine(lower(problem)).price([[0], []]) == 200 + LEFT_OUT
    assert RoutingEngine(lower(problem)).price([[0], [1]]) == 200 + 400


def test_the_largest_lateness_is_in_the_models_own_cost():
    policy = replace(BALANCED, lateness_per_s=0, worst_lateness_per_s=3)
    problem = town([visit("a", due_s=50, setup_s=60), visit("b", due_s=100, setup_s=60)], PEOPLE, policy=policy)
    assert RoutingEngine(lower(problem)).price([[0], [1]]) == 2 * 200 + 3 * 50
    assert RoutingEngine(lower(problem)).price([[0, 1], []]) == 200 + 3 * (100 + 60 + 600 - 100)


def test_half_a_crew_is_left_out_again():
    primitives = lower(crew())
    assert without_halves(primitives, [[2, 0], []]) == ([[2], []], LEFT_OUT)
    assert without_halves(primitives, [[2, 0], [1]]) == ([[2, 0], [1]], 0)
    pinned = lower(town([replace(CREW[0], pin=Pin("Ana")), *CREW[1:]], PEOPLE, links=[TOGETHER]))
    assert without_halves(pinned, [[2, 0], []]) == ([[2, 0], []], 0)
    assert without_halves(pinned, [[0, 2], []])[0] == [[0, 2], []]


def test_a_search_that_may_split_crews_comes_by_whole_ones():
    found = search_loosely(lower(crew()), 5, iterations=100)
    assert sorted(visit for sequence in found for visit in sequence) == [0, 1, 2]
