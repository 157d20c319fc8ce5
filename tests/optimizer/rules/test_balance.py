"""Fairness between people."""

from dataclasses import replace

import pytest

from optimizer import POLICIES, Pin
from optimizer.fair import find_fair_s
from optimizer.rules.balance import Balance
from tests.optimizer.town import BALANCED, plan_by_hand, routes, shift, solved, street, town, visit

FAIR = replace(BALANCED, balance_per_s=3)
PAIR = [shift("Ana"), shift("Ben")]


def test_all_that_is_asked_for_is_shared_by_the_length_of_shifts_and_a_tenth_allowed_for():
    """Two visits of 600 s, and 100 s to each from the next place: 1,400 s, of which Ben has a quarter."""
    problem = town([visit("a", 1), visit("b", 2)], [shift("Ana", end_s=9_000), shift("Ben", end_s=3_000)])
    assert find_fair_s(problem) == {"Ana": 1_155, "Ben": 385}


def test_all_shifts_of_one_person_count_together():
    days = [shift("Ana"), shift("tomorrow", technician="Ana", start_s=90_000, end_s=95_000), shift("Ben", end_s=5_000)]
    assert find_fair_s(town([visit("a", 1, service_s=900)], days)) == {"Ana": 825, "Ben": 275}


def test_the_way_to_a_place_counts_once_and_none_where_no_road_leads():
    visits = [visit("a", 1), visit("b", 1), visit("c", 3)]
    assert find_fair_s(town(visits)) == {"Ana": (1_800 + 100 + 200) * 11 // 10}
    lonely = street(broken=[(place, 3) for place in range(6)])
    assert find_fair_s(town(visits, travel=lonely)) == {"Ana": (1_800 + 100) * 11 // 10}


PLANS = [({"Ana": ["a"], "Ben": ["b"]}, 40 + 240), ({"Ana": ["a", "b"]}, 740), ({"Ben": ["b"]}, 240), ({}, 0)]


@pytest.mark.parametrize(("orders", "over_s"), PLANS)
def test_driving_and_work_beyond_the_share_cost(orders, over_s):
    """500 s of work each at places 1 and 2 are 1,200 s, of which 660 s are fair; there and back, a takes 700 s, b 900 s
    and both together 1,400 s."""
    problem = town([visit("a", 1, service_s=500), visit("b", 2, service_s=500)], PAIR, policy=FAIR)
    assert problem.fair_s == {"Ana": 660, "Ben": 660}
    assert Balance().cost(problem, plan_by_hand(problem, orders)) == 3 * over_s


def test_two_share_what_one_could_do_on_one_way():
    problem = town([visit("a", 1, service_s=2_000), visit("b", 2, service_s=2_000)], PAIR, policy=FAIR)
    assert sorted(map(len, routes(solved(problem)).values())) == [1, 1]
    assert sorted(map(len, routes(solved(problem, leave_out="balance")).values())) == [2]


def test_who_did_more_on_one_day_does_less_on_the_other():
    """Cem is free on the second day alone, and farther away; Ana is busy on the first."""
    days = [shift("Ana"), shift("later", technician="Ana", start_s=20_000, end_s=30_000),
            shift("Cem", start=5, end=5, start_s=20_000, end_s=30_000)]  # fmt: skip
    visits = [visit("long", 1, service_s=4_000, pin=Pin("Ana")), visit("then", 2, windows=[(20_000, 25_000)])]
    assert routes(solved(town(visits, days, policy=FAIR)))["Cem"] == ["then"]
    assert routes(solved(town(visits, days, policy=FAIR), leave_out="balance"))["later"] == ["then"]


def test_no_policy_given_with_the_product_minds_it():
    assert all(policy.balance_per_s == 0 for policy in POLICIES.values())
