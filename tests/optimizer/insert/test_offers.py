"""Offers are priced as the referee prices them, and there are none better."""

import random
from dataclasses import replace

import pytest

from optimizer import RULES, Pin, ProblemError, check
from optimizer.assemble import assemble, trivial_sequences
from optimizer.insert import Move, Offers
from optimizer.rules import lower
from tests.optimizer.random_towns import random_problem
from tests.optimizer.town import LEFT_OUT, plan_by_hand, routes, shift, solved, town, visit

ALL = frozenset(rule.name for rule in RULES)
SEEDS = range(3_000, 3_100)


def sequences_of(problem, plan):
    order = {route.shift: [problem.visit_index[stop.visit] for stop in route.stops] for route in plan.routes}
    return [order.get(one.id, []) for one in problem.shifts]


def every_insertion(problem, plan, visit_id):
    """The cost of each legal plan with the visit in one more place, by shift: by the referee alone."""
    primitives, row, costs = lower(problem), problem.visit_index[visit_id], {}
    for column, sequence in enumerate(sequences_of(problem, plan)):
        for at in range(len(sequence) + 1):
            tried = sequences_of(problem, plan)
            tried[column].insert(at, row)
            made = assemble(problem, primitives, tried)
            judged = None if made is None else check(problem, made)
            if judged is not None and judged.is_valid:
                costs.setdefault(problem.shifts[column].id, []).append(judged.cost)
    return {name: min(some) for name, some in costs.items()}


def some_plan(problem, source):
    """The pinned visits and, one after the other, others wherever they happen to fit; a few are left out."""
    primitives = lower(problem)
    sequences = trivial_sequences(primitives)
    plan = check(problem, assemble(problem, primitives, sequences))
    for row, one in enumerate(problem.visits):
        places = [(column, at) for column, some in enumerate(sequences) for at in range(len(some) + 1)]
        source.shuffle(places)
        for column, at in places if one.pin is None and source.random() < 0.8 else ():
            tried = [list(some) for some in sequences]
            tried[column].insert(at, row)
            made = assemble(problem, primitives, tried)
            judged = None if made is None else check(problem, made)
            if judged is not None and judged.is_valid:
                sequences, plan = tried, judged
                break
    return plan


def asked(seed, **features):
    """A random problem with a plan that could be better, and the visits left out that stand alone."""
    problem = random_problem(seed, ALL, most_visits=7, most_shifts=3, errands=seed % 2 == 0, **features)
    plan = some_plan(problem, random.Random(seed))
    tied = problem.partner.keys() | problem.links_of.keys()
    alone = [one.visit for one in plan.unassigned if one.visit not in tied]
    return problem, plan, [problem.get_visit(name) for name in alone]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("features", [{}, {"workdays": True}, {"traffic": True}], ids=["", "workdays", "traffic"])
def test_no_place_is_better_and_prices_are_what_the_referee_finds(seed, features):
    """For visits left out, and for each planned visit after it was taken out of the plan again."""
    problem, plan, left = asked(seed, **features)
    movable = [
        problem.get_visit(stop.visit)
        for route in plan.routes
        for stop in route.stops
        if problem.get_visit(stop.visit).pin is None and stop.visit not in problem.partner
    ]
    for one in [*left, *movable]:
        row = problem.visit_index[one.id]
        rest = [[v for v in sequence if v != row] for sequence in sequences_of(problem, plan)]
        made = assemble(problem, lower(problem), rest)
        without = None if made is None else check(problem, made)
        if without is None or not without.is_valid:  # a leg that the visit cut in two was too long, or no road
            continue
        offers = Offers(problem, without)
        found = offers.direct(one, count=5)
        assert {offer.shift: offer.price - offer.spared for offer in found} == {
            name: cost - without.cost for name, cost in every_insertion(problem, without, one.id).items()
        }
        for offer in found:
            after = check(problem, offers.applied(offer))
            assert after.is_valid
            assert after.cost - without.cost == offer.price - offer.spared


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("linked", [False, True])
def test_offers_that_move_somebody_else_are_as_legal_and_as_dear_as_they_say(seed, linked):
    """Where visits are linked, those planned keep their starts, so nothing happens on other routes."""
    problem, plan, left = asked(seed, linked=linked)
    offers = Offers(problem, plan)
    for one in left:
        for offer in offers.best(one, count=3):
            after = check(problem, offers.applied(offer))
            assert after.is_valid
            assert after.cost - plan.cost == offer.price - offer.spared


@pytest.mark.parametrize("seed", SEEDS)
def test_a_visit_that_nobody_had_heard_of_gets_the_offers_it_would_get_if_it_were_left_out(seed):
    problem, plan, left = asked(seed)
    for one in left:
        others = tuple(other for other in problem.visits if other.id != one.id)
        rest = replace(plan, unassigned=tuple(out for out in plan.unassigned if out.visit != one.id))
        unheard = Offers(replace(problem, visits=others), rest)
        assert unheard.best(one) == Offers(problem, plan).best(one)


def busy():
    """Ana works at place 1 from 100 to 700 and is home at 800."""
    problem = town([visit("busy", 1, pin=Pin("Ana", 100))])
    return problem, solved(problem)


def test_an_offer_says_who_comes_when_and_what_changes():
    problem, plan = busy()
    [offer] = Offers(problem, plan).best(visit("new", 3, due_s=600))
    assert (offer.shift, offer.technician, offer.position) == ("Ana", "Ana", 1)
    assert (offer.arrive_s, offer.start_s) == (900, 900)
    assert (offer.added_travel_s, offer.added_travel_m, offer.added_late_s) == (400, 4_000, 300)
    assert offer.price == 400 + 300 * problem.policy.lateness_per_s
    assert offer.pays
    assert offer.move is None


def test_the_best_place_of_every_shift_comes_cheapest_first():
    people = [shift("Ana", start=0, end=0), shift("Ben", start=5, end=5), shift("Cem", start=2, end=2)]
    problem = town([visit("busy", 5, pin=Pin("Ben"))], people)
    offers = Offers(problem, solved(problem))
    assert [(one.shift, one.price) for one in offers.best(visit("new", 4))] == [
        ("Ben", 200),
        ("Cem", 400),
        ("Ana", 800),
    ]
    assert [one.shift for one in offers.best(visit("new", 4), count=1)] == ["Ben"]
    assert [one.shift for one in offers.best(visit("new", 4), shifts=["Ana", "Cem"])] == ["Cem", "Ana"]


def test_where_nothing_fits_another_visit_makes_room_and_goes_elsewhere():
    """Only Ana may do the new one, and only when she is busy; Ben can take that over."""
    people = [shift("Ana", skills={"gas": 1}), shift("Ben")]
    problem = town([visit("old", 1, windows=[(100, 300)])], people)
    plan = plan_by_hand(problem, {"Ana": ["old"]})
    offers = Offers(problem, check(problem, plan))
    offer = offers.best(visit("new", 1, windows=[(100, 300)], skills={"gas": 1}))[0]
    assert offer.move == Move("old", "Ana", "Ben", 100, 200)
    assert routes(offers.applied(offer)) == {"Ana": ["new"], "Ben": ["old"]}


def test_where_nobody_else_can_the_other_visit_is_left_out_if_need_be():
    problem = town([visit("old", 1, windows=[(100, 300)])])
    offers = Offers(problem, check(problem, plan_by_hand(problem, {"Ana": ["old"]})))
    [offer] = offers.best(visit("new", 1, windows=[(100, 300)], priority=10))
    assert offer.move == Move("old", "Ana", None, None, LEFT_OUT)
    assert offer.pays
    assert [one.visit for one in offers.applied(offer).unassigned] == ["old"]


def test_nobody_moves_for_a_visit_that_fits():
    problem, plan = busy()
    assert all(offer.move is None for offer in Offers(problem, plan).best(visit("new", 1)))


def test_accepting_one_offer_leaves_the_others_as_they_are():
    problem, plan = busy()
    offers = Offers(problem, plan)
    first = offers.best(visit("new", 3))
    offers.applied(first[0])
    assert offers.best(visit("new", 3)) == first
    assert routes(plan) == {"Ana": ["busy"]}


def test_a_load_that_nothing_else_has_is_looked_at_too():
    problem = town([visit("busy", 1)], [shift("Ana", capacity=(1,)), shift("Ben", capacity=(3,))])
    found = Offers(problem, solved(problem)).best(visit("new", 1, delivery=(2,)))
    assert [one.shift for one in found] == ["Ben"]


@pytest.mark.parametrize(
    ("one", "sentence"),
    [
        (visit("busy", 1), "visit busy is planned already"),
        (visit("fetch", 5), "visit fetch depends on another visit"),
        (visit("new", 1, pin=Pin("Ana")), "visit new is pinned"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_sentence(one, sentence):
    problem = town([visit("busy", 1), visit("fetch", 1), visit("bring", 2)], pairs=[("fetch", "bring")])
    offers = Offers(problem, check(problem, plan_by_hand(problem, {"Ana": ["busy"]})))
    with pytest.raises(ValueError, match=sentence):
        offers.best(one)


def test_a_faulty_visit_is_refused_with_all_its_faults():
    problem, plan = busy()
    with pytest.raises(ProblemError) as refused:
        Offers(problem, plan).best(visit("new", 99, service_s=-1, priority=101))
    assert len(refused.value.faults) == 3
