"""A plan as the start: what still fits is kept, the rest is dropped, and nothing found is worse."""

from dataclasses import replace

import pytest

from optimizer import Pin, check, solve
from optimizer.rules import lower
from optimizer.start import take_over
from tests.optimizer.town import plan_by_hand, routes, shift, town, visit

TWO = [visit("a", 1), visit("b", 3)]


def taken(problem, orders):
    """What is taken over from routes by hand, by shift id."""
    plan = plan_by_hand(replace(problem, visits=(*problem.visits,)), orders)
    return ids(problem, take_over(problem, lower(problem), plan))


def ids(problem, sequences):
    return {
        problem.shifts[shift].id: [problem.visits[visit].id for visit in sequence]
        for shift, sequence in enumerate(sequences)
        if sequence
    }


def test_a_plan_that_still_fits_is_taken_over_as_it_is():
    assert taken(town(TWO), {"Ana": ["b", "a"]}) == {"Ana": ["b", "a"]}


def test_visits_and_shifts_that_do_not_exist_any_more_are_passed_over():
    yesterday = town([*TWO, visit("gone", 2)], [shift(), shift("Ben")])
    plan = plan_by_hand(yesterday, {"Ana": ["a", "gone"], "Ben": ["b"]})
    today = town(TWO)
    assert ids(today, take_over(today, lower(today), plan)) == {"Ana": ["a"]}


def test_a_visit_that_may_not_go_there_any_more_is_dropped():
    problem = town([visit("a", 1, excluded=frozenset({"Ana"})), visit("b", 3)], [shift()])
    assert taken(problem, {"Ana": ["a", "b"]}) == {"Ana": ["b"]}


def test_what_does_not_fit_any_more_is_dropped_and_the_rest_keeps_its_order():
    """Work at `b` now takes all day."""
    problem = town([visit("a", 1), visit("b", 3, service_s=9_300), visit("c", 5)])
    assert taken(problem, {"Ana": ["a", "b", "c"]}) == {"Ana": ["a", "c"]}


def test_a_visit_pinned_meanwhile_joins_in_time_and_keeps_its_start():
    problem = town([visit("a", 1), visit("b", 5), visit("c", 1, pin=Pin("Ana", 1_000))])
    assert taken(problem, {"Ana": ["a", "b"]}) == {"Ana": ["a", "c", "b"]}


def test_pinned_visits_whose_order_has_no_times_any_more_are_put_in_their_own():
    problem = town([visit("a", 1, pin=Pin("Ana", 5_000)), visit("b", 1, pin=Pin("Ana", 1_000))])
    assert taken(problem, {"Ana": ["a", "b"]}) == {"Ana": ["b", "a"]}


def test_half_of_a_pair_is_dropped_too():
    problem = town([visit("a", 1), visit("b", 3), visit("c", 2)], pairs=[("a", "b")])
    assert taken(problem, {"Ana": ["b", "c"]}) == {"Ana": ["c"]}


def test_a_pair_goes_back_in_together_or_not_at_all():
    problem = town([visit("a", 1), visit("b", 3), visit("c", 2, service_s=9_000)], pairs=[("a", "b")])
    assert taken(problem, {"Ana": ["a", "c", "b"]}) == {"Ana": ["a", "b"]}


def test_a_visit_that_the_start_plans_twice_is_taken_over_once():
    problem = town(TWO, [shift(), shift("Ben")])
    assert taken(problem, {"Ana": ["a"], "Ben": ["a", "b"]}) == {"Ana": ["a"], "Ben": ["b"]}


@pytest.mark.parametrize("pairs", [(), [("a", "b")]], ids=["ruin and recreate", "OR-Tools"])
def test_no_plan_is_worse_than_the_one_it_starts_from_even_without_time(pairs):
    problem = town([visit("a", 1), visit("b", 3), visit("c", 5)], [shift(), shift("Ben")], pairs=pairs)
    start = solve(problem, time_limit_s=10, iterations=100)
    assert not start.unassigned
    again = solve(problem, time_limit_s=0, start=start)
    assert again.cost <= start.cost
    assert again.run.start == tuple(tuple(one) for one in take_over(problem, lower(problem), start))


def test_a_start_from_which_a_visit_has_gone_is_the_measure_without_it():
    """The published order costs more than need be, and is kept where there is no time to search."""
    problem = town(TWO)
    start = plan_by_hand(problem, {"Ana": ["b", "a"]})
    fresh = town([*TWO, visit("new", 5)])
    plan = solve(fresh, time_limit_s=0, iterations=0, start=start)
    kept = check(fresh, plan_by_hand(fresh, {"Ana": ["b", "a"]}))
    assert plan.cost <= kept.cost
    assert set(routes(plan)["Ana"]) >= {"a", "b"}
