"""What the van holds."""

from dataclasses import replace

import pytest

from optimizer import DepotCall, Pin, check
from optimizer.calls import loads_fit
from optimizer.rules import lower
from optimizer.rules.capacity import Capacity
from tests.optimizer.town import plan_by_hand, routes, shift, solved, town, visit

WHY_NOT = [
    ({"delivery": (2,)}, (2,), None),
    ({"delivery": (3,)}, (2,), "has 2 of load 0, 3 needed"),
    ({"pickup": (0, 1)}, (2,), "has none of load 1, 1 needed"),
    ({"delivery": (2,), "pickup": (2,)}, (2,), None),
]


@pytest.mark.parametrize(("loads", "room", "sentence"), WHY_NOT)
def test_a_visit_needs_no_more_than_the_van_holds(loads, room, sentence):
    problem = town([visit(**loads)], [shift(capacity=room)])
    assert Capacity().why_not(problem, *problem.visits, *problem.shifts) == sentence


def test_what_is_brought_may_be_fetched_at_the_depot_but_what_is_taken_along_must_fit():
    calls = shift(capacity=(2,), depot=3)
    problem = town([visit("brings", delivery=(9,)), visit("takes", pickup=(3,))], [calls])
    assert Capacity().why_not(problem, problem.visits[0], calls) is None
    assert Capacity().why_not(problem, problem.visits[1], calls) == "has 2 of load 0, 3 needed"


CALLS = [
    # what is brought and taken along at each of three stops; after how many of them the van calls, and its peak then
    ([(2, 1), (2, 0), (2, 0)], [1, 2, 4, 6]),
    ([(2, 0), (0, 2), (2, 0)], [2, 2, 2, 4]),
    ([(0, 2), (2, 0), (9, 0)], [2, 2, 4, 13]),
]


@pytest.mark.parametrize(("stops", "peaks"), CALLS)
def test_what_is_delivered_after_a_call_is_no_load_but_what_was_picked_up_stays(stops, peaks):
    """With a call after 0, 1 and 2 stops, and after all of them, which is as good as none."""
    visits = [visit(name, delivery=load[:1], pickup=load[1:]) for name, load in zip("abc", stops, strict=True)]
    for after, peak in enumerate(peaks):
        for room, broken in ((peak, False), (peak - 1, True)):
            problem = town(visits, [shift(capacity=(room,), depot=3)])
            plan = plan_by_hand(problem, {"Ana": ["a", "b", "c"]})
            called = replace(plan, routes=(replace(plan.routes[0], call=DepotCall(after, 0, 0, 0, 0)),))
            assert bool(list(Capacity().check(problem, called))) == broken
            assert loads_fit(lower(problem), 0, [0, 1, 2])[after] != broken


def test_a_van_that_is_too_small_calls_at_the_depot_on_its_way():
    visits = [visit("a", 1, delivery=(2,)), visit("b", 4, delivery=(2,))]
    plan = solved(town(visits, [shift(capacity=(2,), depot=2)]))
    assert routes(plan) in ({"Ana": ["a", "b"]}, {"Ana": ["b", "a"]})
    assert plan.routes[0].call is not None
    assert plan.costs["travel"] == 800


def test_a_call_does_not_make_more_visits_possible_than_a_shift_may_have():
    problem = town([visit("a"), visit("b")], [shift(max_visits=1, depot=0)])
    assert len(solved(problem).unassigned) == 1


PEAKS = [
    # what is brought and taken along at the first and at the second stop, and the most that is on the van
    ((2, 0), (2, 0), 4),
    ((0, 2), (0, 2), 4),
    ((2, 0), (0, 2), 2),
    ((0, 2), (2, 0), 4),
    ((1, 2), (1, 0), 3),
]


@pytest.mark.parametrize(("first", "second", "peak"), PEAKS)
def test_the_load_is_followed_from_stop_to_stop(first, second, peak):
    """Deliveries are aboard from the start, pickups until the end."""
    visits = [visit(name, delivery=load[:1], pickup=load[1:]) for name, load in (("a", first), ("b", second))]
    for room, broken in ((peak, False), (peak - 1, True)):
        problem = town(visits, [shift(capacity=(room,))])
        found = list(Capacity().check(problem, plan_by_hand(problem, {"Ana": ["a", "b"]})))
        assert bool(found) == broken


def test_what_a_pair_carries_is_aboard_between_its_stops_only():
    fetch, bring = visit("fetch", pickup=(2,)), visit("bring", delivery=(2,))
    problem = town([fetch, bring, visit("other", delivery=(1,))], [shift(capacity=(2,))], pairs=[("fetch", "bring")])
    rule = Capacity()
    assert not list(rule.check(problem, plan_by_hand(problem, {"Ana": ["other", "fetch", "bring"]})))
    assert list(rule.check(problem, plan_by_hand(problem, {"Ana": ["fetch", "other", "bring"]})))


def test_two_vans_go_where_one_cannot_carry_it_all():
    visits = [visit("a", delivery=(2,)), visit("b", delivery=(2,))]
    problem = town(visits, [shift("Ana", capacity=(3,)), shift("Ben", capacity=(3,))])
    assert len(routes(solved(problem))) == 2
    plan = solved(problem, leave_out="capacity")
    assert len(routes(plan)) == 1
    assert [one.rule for one in check(problem, plan).violations] == ["capacity"]


def test_pinned_visits_overload_a_van_and_are_reported():
    problem = town([visit(delivery=(5,), pin=Pin("Ana"))], [shift(capacity=(1,))])
    violation = solved(problem).violations[0]
    assert (violation.sentence, violation.excused) == ("carries 5 of load 0, the van holds 1", True)
