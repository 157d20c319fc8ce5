"""Errands of two stops."""

import pytest

from optimizer import Pin, check
from optimizer.rules.pairs import Pairs
from tests.optimizer.town import plan_by_hand, routes, shift, solved, town, visit

ERRAND = [visit("fetch", 5), visit("bring", 1)]
PEOPLE = [shift("Ana"), shift("Ben")]

BROKEN = [
    ({"Ana": ["fetch", "bring"]}, []),
    ({}, []),
    ({"Ana": ["bring", "fetch"]}, ["two visits that belong together are in the wrong order"]),
    ({"Ana": ["bring"], "Ben": ["fetch"]}, ["two visits that belong together are on different shifts"]),
    ({"Ana": ["fetch"]}, ["one of two visits that belong together is left out"]),
    ({"Ana": ["bring"]}, ["one of two visits that belong together is left out"]),
]


@pytest.mark.parametrize(("orders", "sentences"), BROKEN)
def test_both_stops_are_on_one_shift_in_their_order_or_left_out(orders, sentences):
    problem = town(ERRAND, PEOPLE, pairs=[("fetch", "bring")])
    assert [one.sentence for one in Pairs().check(problem, plan_by_hand(problem, orders))] == sentences


def test_fetching_comes_first_although_it_is_farther():
    problem = town([*ERRAND, visit("other", 3)], pairs=[("bring", "fetch")])
    assert routes(solved(problem))["Ana"].index("bring") < routes(solved(problem))["Ana"].index("fetch")
    windows = [visit("fetch", 1, windows=[(3_000, 4_000)]), visit("bring", 2)]
    assert routes(solved(town(windows, pairs=[("fetch", "bring")]))) == {"Ana": ["fetch", "bring"]}
    assert routes(solved(town(windows, [shift(end_s=3_900)], pairs=[("fetch", "bring")]))) == {}


def test_without_the_rule_half_an_errand_is_done():
    problem = town(ERRAND, [shift(max_visits=1)], pairs=[("fetch", "bring")])
    assert routes(solved(problem)) == {}
    plan = solved(problem, leave_out="pairs")
    assert [one.rule for one in check(problem, plan).violations] == ["pairs"]


def test_times_that_contradict_each_other_are_a_reason():
    visits = [visit("fetch", windows=[(500, 600)]), visit("bring", windows=[(100, 499)])]
    problem = town(visits, pairs=[("fetch", "bring")])
    assert "cannot do bring after fetch" in Pairs().why_not(problem, problem.visits[0], problem.shifts[0])
    assert routes(solved(problem)) == {}


def test_a_pair_does_not_keep_others_from_their_pins():
    problem = town([*ERRAND, visit("pinned", pin=Pin("Ana", 100))], pairs=[("fetch", "bring")])
    assert routes(solved(problem)) == {"Ana": ["pinned", "fetch", "bring"]}
