"""A place that the travel matrices do not have is served as if they had it."""

import random
from dataclasses import replace

import numpy as np
import pytest

from optimizer import RULES, ProblemError, Travel, solve
from optimizer.insert import NewPlace, Offers
from tests.optimizer.insert.test_offers import asked
from tests.optimizer.random_towns import random_problem
from tests.optimizer.town import plan_by_hand, shift, street, town, visit

ALL = frozenset(rule.name for rule in RULES)


def place_of(travel):
    """The last location of this travel, and the travel without it."""
    tables = {"s": travel.seconds, "m": travel.metres, "tolls": travel.tolls, "traffic": travel.traffic}
    legs = {f"to_{kind}": {name: table[:-1, -1] for name, table in one.items()} for kind, one in tables.items()}
    legs |= {f"from_{kind}": {name: table[-1, :-1] for name, table in one.items()} for kind, one in tables.items()}
    rest = ({name: table[:-1, :-1] for name, table in one.items()} for one in tables.values())
    return NewPlace(**legs), Travel(*rest, travel.periods)


def with_another_place(travel, source):
    """The same travel with one more location, as far from the others as they are from each other, any way round."""
    size = len(next(iter(travel.seconds.values())))
    out, back = source.randrange(size), source.randrange(size)

    def wider(tables):
        return {
            name: np.block([[table, table[:, [out]]], [table[[back], :], np.zeros((1, 1), dtype=np.int64)]])
            for name, table in tables.items()
        }

    tables = (travel.seconds, travel.metres, travel.tolls, travel.traffic)
    return Travel(*map(wider, tables), travel.periods)


@pytest.mark.parametrize("seed", range(3_200, 3_260))
def test_offers_are_those_of_the_problem_whose_matrices_have_the_place(seed):
    problem, plan, left = asked(seed)
    travel = with_another_place(problem.travel, random.Random(seed))
    place, without = place_of(travel)
    size = len(next(iter(without.seconds.values())))
    for one in left:
        moved = replace(one, location=size)
        whole = Offers(replace(problem, travel=travel), plan)
        unheard = Offers(replace(problem, travel=without), plan)
        assert unheard.best(moved, place=place) == whole.best(moved)
        assert unheard.best(one) == whole.best(one), "the place is forgotten again"


@pytest.mark.parametrize("seed", range(40))
def test_a_place_has_legs_for_every_time_of_day(seed):
    problem = random_problem(seed, ALL, traffic=True, errands=False, rare=0.05)
    plan = solve(problem, time_limit_s=20, iterations=20)
    travel = with_another_place(problem.travel, random.Random(seed))
    place, without = place_of(travel)
    whole, unheard = (Offers(replace(problem, travel=known), plan) for known in (travel, without))
    new = visit("new", len(without.seconds["car"]), service_s=random.Random(seed).randint(0, 9))
    assert unheard.best(new, place=place) == whole.best(new)


def test_who_comes_to_a_new_place_drives_the_legs_given():
    problem = town([visit("busy", 1)])
    legs = {"car": np.array([300, 200, 100, 100, 100, 100], dtype=np.int64)}
    metres = {"car": np.array([30, 20, 10, 10, 10, 10], dtype=np.int64)}
    offers = Offers(problem, plan_by_hand(problem, {"Ana": ["busy"]}))
    [offer] = offers.best(visit("new", 6), place=NewPlace(legs, legs, metres, metres))
    assert (offer.added_travel_s, offer.added_travel_m) == (200 + 300 - 100, 20 + 30 - 1_000)


def test_a_load_that_nothing_else_has_can_go_to_a_new_place():
    problem = town([visit("busy", 1)], [shift("Ana", capacity=(1,)), shift("Ben", capacity=(3,))])
    place, rest = place_of(street(7))
    offers = Offers(replace(problem, travel=rest), plan_by_hand(problem, {"Ana": ["busy"]}))
    assert [one.shift for one in offers.best(visit("new", 6, delivery=(2,)), place=place)] == ["Ben"]


def test_wrong_legs_are_refused_all_at_once():
    problem = town([visit("busy", 1)])
    few, wild = np.zeros(3, dtype=np.int64), np.array([-2, 0, 0, 0, 0, 0])
    place = NewPlace({"car": few}, {"car": wild}, {"boat": few}, {"car": np.array([-1, 0, 0, 0, 0, 0])})
    with pytest.raises(ProblemError) as refused:
        Offers(problem, plan_by_hand(problem, {"Ana": ["busy"]})).best(visit("new", 6), place=place)
    assert [one.where for one in refused.value.faults] == ["to_s['car']", "from_s['car']", "to_m", "from_s, from_m"]


def test_a_visit_beyond_the_new_place_is_refused():
    place, rest = place_of(street(7))
    problem = town([visit("busy", 1)], travel=rest)
    offers = Offers(problem, plan_by_hand(problem, {"Ana": ["busy"]}))
    with pytest.raises(ProblemError, match="use 0 to 6"):
        offers.best(visit("new", 7), place=place)
