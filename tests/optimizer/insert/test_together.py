"""Visits that depend on each other get offers together, priced as the referee prices them; there are none better."""

from dataclasses import replace

import pytest

from optimizer import Link, Pin, check
from optimizer.assemble import assemble
from optimizer.insert import Offers, Partner
from optimizer.rules import lower
from tests.optimizer.insert.test_offers import asked, sequences_of
from tests.optimizer.town import plan_by_hand, routes, shift, town, visit

LINKED = range(7_200, 7_400)


def ways_to_add(sequences, row):
    for column, sequence in enumerate(sequences):
        for at in range(len(sequence) + 1):
            tried = [list(some) for some in sequences]
            tried[column].insert(at, row)
            yield column, tried


def every_way(problem, plan, rows):
    """The least cost of each legal plan with these visits in more places, by the shift of the first of them."""
    primitives, costs = lower(problem), {}
    for column, first in ways_to_add(sequences_of(problem, plan), rows[0]):
        for tried in [whole for _, whole in ways_to_add(first, rows[1])] if len(rows) > 1 else [first]:
            made = assemble(problem, primitives, tried)
            judged = None if made is None else check(problem, made)
            if judged is not None and judged.is_valid:
                costs.setdefault(problem.shifts[column].id, []).append(judged.cost)
    return {name: min(some) for name, some in costs.items()}


def planned_of(plan):
    return {stop.visit for route in plan.routes for stop in route.stops}


def tied_to(problem, one):
    """All that pairs and links tie to a visit, directly or not; with itself."""
    found = {one}
    while True:
        ties = [{tie.first, tie.second} for tie in (*problem.pairs, *problem.links)]
        more = found.union(*(tie for tie in ties if tie & found))
        if more == found:
            return found
        found = more


def tied_and_left_out(problem, plan):
    """The visits left out that depend on others, with whom; those left out first."""
    for one in plan.unassigned:
        tied = tied_to(problem, one.visit) - {one.visit}
        if tied:
            yield problem.get_visit(one.visit), sorted(tied - planned_of(plan)), sorted(tied & planned_of(plan))


def assert_priced_as_the_referee_does(problem, plan, offers, found):
    for offer in found:
        after = check(problem, offers.applied(offer))
        assert after.is_valid, after.violations
        assert after.cost - plan.cost == offer.price - offer.spared


@pytest.mark.parametrize("seed", range(7_000, 7_120, 2))
@pytest.mark.parametrize("features", [{}, {"workdays": True}, {"traffic": True}], ids=["", "workdays", "traffic"])
def test_an_errand_goes_where_it_costs_least(seed, features):
    """Nobody plans half an errand, so all of them are left out."""
    problem, plan, _ = asked(seed, **features)
    offers = Offers(problem, plan)
    for one, left, _ in tied_and_left_out(problem, plan):
        found = offers.best(one, len(problem.shifts))
        assert_priced_as_the_referee_does(problem, plan, offers, found)
        assert all(offer.partner.visit == left[0] and offer.partner.shift == offer.shift for offer in found)
        wanted = every_way(problem, plan, [problem.visit_index[one.id], problem.visit_index[left[0]]])
        assert {offer.shift: offer.price - offer.spared for offer in found} == {
            name: cost - plan.cost for name, cost in wanted.items()
        }


def linked_day(seed):
    """A day with links; of every second one a visit is pinned where it would be planned with the one it is tied to."""
    problem, plan, _ = asked(seed, linked=True, rare=0.1)
    if seed % 2 == 0:
        return problem, plan
    for one, left, beside in tied_and_left_out(problem, plan):
        for offer in Offers(problem, plan).best(one, 1) if len(left) == 1 and not beside else ():
            stays = problem.get_visit(left[0])
            pinned = replace(stays, pin=Pin(offer.partner.shift, offer.partner.start_s))
            visits = tuple(pinned if other is stays else other for other in problem.visits)
            other_problem, gone = replace(problem, visits=visits), problem.visit_index[one.id]
            sequences = sequences_of(problem, Offers(problem, plan).applied(offer))
            made = assemble(other_problem, lower(other_problem), [[v for v in some if v != gone] for some in sequences])
            if made is not None and check(other_problem, made).is_valid:
                return other_problem, check(other_problem, made)
    return problem, plan


@pytest.mark.parametrize("seed", LINKED)
def test_linked_visits_go_where_they_cost_least_together(seed):
    """What is planned keeps its start if it is linked, so brute force may find something better only there."""
    problem, plan = linked_day(seed)
    offers, held = Offers(problem, plan), planned_of(plan) & problem.links_of.keys()
    for one, left, beside in tied_and_left_out(problem, plan):
        if len(left) > 1:
            with pytest.raises(ValueError, match=f"depends on {len(left)} others"):
                offers.best(one)
            continue
        if beside and one.id in problem.partner:
            continue
        found = offers.best(one, len(problem.shifts))
        assert_priced_as_the_referee_does(problem, plan, offers, found)
        wanted = every_way(problem, plan, [problem.visit_index[name] for name in (one.id, *left)])
        prices = {offer.shift: offer.price - offer.spared for offer in found}
        assert all(prices[name] >= wanted[name] - plan.cost for name in prices)
        if not held and not problem.policy.worst_lateness_per_s:
            assert prices == {name: cost - plan.cost for name, cost in wanted.items()}


def test_enough_visits_above_are_linked_and_find_a_place():
    """Otherwise the test above would say little."""
    found = {"with another": 0, "beside another": 0}
    for seed in LINKED:
        problem, plan = linked_day(seed)
        for one, left, beside in tied_and_left_out(problem, plan):
            if len(left) < 2 and not (beside and one.id in problem.partner):
                found["with another" if left else "beside another"] += bool(Offers(problem, plan).best(one))
    assert min(found.values()) > 10, found


def crew(*links, **wishes):
    """Ana and Ben are free; two visits wait at places 1 and 2, a planned one is at place 5."""
    visits = [visit("one", 1, **wishes), visit("two", 2), visit("busy", 5)]
    problem = town(visits, [shift("Ana"), shift("Ben")], links=links)
    return problem, check(problem, plan_by_hand(problem, {"Ben": ["busy"]}))


def test_a_crew_is_offered_whole():
    problem, plan = crew(Link("one", "two", 0, 0, "different"))
    offers = Offers(problem, plan)
    [first, second] = offers.best(problem.get_visit("one"))
    assert (first.shift, first.start_s, first.partner) == ("Ana", 200, Partner("two", "Ben", 200))
    assert first.pays
    assert routes(offers.applied(first)) == {"Ana": ["one"], "Ben": ["two", "busy"]}
    assert (second.shift, second.partner.shift) == ("Ben", "Ana")


def test_who_follows_a_planned_visit_waits_for_it():
    problem, plan = crew(Link("busy", "one", 3_000, 3_100, "different"))
    start_s = plan.routes[0].stops[0].start_s
    [offer] = Offers(problem, plan).best(problem.get_visit("one"))
    assert (offer.shift, offer.start_s, offer.partner) == ("Ana", start_s + 3_000, None)


def test_where_links_leave_no_moment_there_is_no_offer():
    problem, plan = crew(Link("busy", "one", 3_000, 3_100), windows=[(0, 100)])
    assert Offers(problem, plan).best(problem.get_visit("one")) == []


def test_what_depends_on_several_or_on_half_a_pair_is_refused_with_a_sentence():
    problem, plan = crew(Link("one", "two"), Link("busy", "two"))
    crowd = town(
        [visit("one", 1), visit("two", 2), visit("three", 3)], links=[Link("one", "two"), Link("two", "three")]
    )
    with pytest.raises(ValueError, match="depends on 2 others that are left out"):
        Offers(crowd, check(crowd, plan_by_hand(crowd, {}))).best(crowd.get_visit("one"))
    with pytest.raises(ValueError, match="the wishes that it has"):
        Offers(problem, plan).best(visit("one", 5))
