"""The routing model reads plans of any size in batches, and says who is to blame."""

from dataclasses import fields

import numpy as np
import pytest

from optimizer import Pin, solve, verify
from optimizer.engines.routing import RoutingEngine
from optimizer.part import take_part
from optimizer.primitives import Primitives
from optimizer.rules import RULES, lower
from optimizer.verify import list_groups, list_refused
from tests.optimizer.random_towns import random_problem
from tests.optimizer.town import shift, town, visit

ALL = frozenset(rule.name for rule in RULES)
TEAM = [shift("Ana"), shift("Ben"), shift("Cem")]
TOO_LONG = visit("long", 1, service_s=20_000)


def test_a_plan_that_keeps_every_rule_is_accepted():
    problem = town([visit("a", 1), visit("b", 3), visit("c", 5)], TEAM)
    assert list_refused(lower(problem), [[0, 1], [], [2]]) == []


@pytest.mark.parametrize("stops", [1, 2, 40])
def test_only_the_shift_that_breaks_a_rule_is_refused_however_large_the_batches(monkeypatch, stops):
    monkeypatch.setattr(verify, "STOPS_PER_BATCH", stops)
    problem = town([visit("a", 1), TOO_LONG, visit("c", 5)], TEAM)
    assert list_refused(lower(problem), [[0], [1], [2]]) == [[1]]


def test_shifts_that_a_pair_ties_together_are_read_together():
    problem = town([visit("a", 1), visit("b", 3), visit("c", 5)], TEAM, pairs=[("a", "b")])
    assert list_groups(lower(problem), [[0], [2], [1]]) == [[0, 2], [1]]
    assert list_refused(lower(problem), [[0], [2], [1]]) == [[0, 2]]


def test_half_of_a_pair_is_refused():
    problem = town([visit("a", 1), visit("b", 3)], TEAM, pairs=[("a", "b")])
    assert list_refused(lower(problem), [[0], [], []]) == [[0]]


def test_what_was_accepted_before_is_not_read_again(monkeypatch):
    problem = town([visit("a", 1), visit("b", 3), visit("c", 5)], TEAM)
    read, accepts = [], verify.accepts
    monkeypatch.setattr(verify, "accepts", lambda *asked: read.append(asked[2]) or accepts(*asked))
    assert list_refused(lower(problem), [[0], [2], [1]], accepted=[[0], [1, 2], []]) == []
    assert read == [[1, 2]]


def test_half_of_a_pair_is_refused_where_its_own_route_is_as_it_was(monkeypatch):
    """Its other half has gone from another."""
    problem = town([visit("a", 1), visit("b", 3)], TEAM, pairs=[("a", "b")])
    assert list_refused(lower(problem), [[0], [], []], accepted=[[0], [1], []]) == [[0]]


def test_a_visit_planned_twice_and_one_that_must_stay_are_no_single_shifts_fault():
    problem = town([visit("a", 1), visit("b", 3, pin=Pin("Ana"))], TEAM)
    with pytest.raises(ValueError, match="more than once"):
        list_refused(lower(problem), [[0, 1], [0], []])
    with pytest.raises(ValueError, match="must stay"):
        list_refused(lower(problem), [[0], [], []])


@pytest.mark.parametrize("seed", range(60))
def test_parts_and_the_whole_model_agree_about_plans_good_and_bent(seed):
    """One visit is moved to a random place, which about half of the time breaks a rule."""
    problem = random_problem(seed, ALL, most_shifts=3, most_visits=5, errands=False)
    primitives, source = lower(problem), np.random.default_rng(seed)
    plan = solve(problem, time_limit_s=10, iterations=100)
    by_shift = {route.shift: [problem.visit_index[stop.visit] for stop in route.stops] for route in plan.routes}
    sequences = [by_shift.get(one.id, []) for one in problem.shifts]
    assert list_refused(primitives, sequences) == []
    moved = int(source.integers(len(problem.visits)))
    bent = [[visit for visit in sequence if visit != moved] for sequence in sequences]
    target = bent[int(source.integers(len(bent)))]
    target.insert(int(source.integers(len(target) + 1)), moved)
    assert (list_refused(primitives, bent) == []) == (RoutingEngine(primitives).price(bent) is not None)


def test_a_part_says_of_every_primitive_how_it_is_taken():
    """A new one fails here first."""
    from optimizer import part

    tables = (part.BY_VISIT_AND_SHIFT, part.BY_VISIT, part.BY_SHIFT, part.PLACES_BY_VISIT, part.PLACES_BY_SHIFT)
    named = [name for table in (*tables, part.BY_PLACE, part.RELATIONS, part.WHOLE) for name in table]
    assert sorted([*named, "pinned_order", "by_time"]) == sorted(field.name for field in fields(Primitives))


def test_a_part_keeps_distances_times_and_pins_under_new_numbers():
    problem = town([visit("a", 1), visit("b", 3, pin=Pin("Ben")), visit("c", 5, windows=[(10, 20)])], TEAM)
    part = take_part(lower(problem), [2, 1], [1])
    assert part.pinned_order == [(1,)]
    assert part.windows == [((10, 20),), ()]
    assert part.leg_s(0, int(part.start_location[0]), int(part.visit_location[0])) == 500
    assert part.leg_s(0, int(part.visit_location[0]), int(part.visit_location[1])) == 200
    assert part.seconds["car"].shape == (3, 3)
