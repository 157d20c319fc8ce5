"""Why a visit is with this technician: what the others would cost, rule by rule, and who cannot."""

import random

import pytest

from optimizer import RULES, Pin, check
from optimizer.assemble import assemble
from optimizer.explain import why_here
from optimizer.rules import lower
from tests.optimizer.insert.test_offers import every_insertion, sequences_of, some_plan
from tests.optimizer.random_towns import random_problem
from tests.optimizer.town import LEFT_OUT, plan_by_hand, shift, town, visit

ALL = frozenset(rule.name for rule in RULES)


def planned(problem, orders):
    return problem, check(problem, plan_by_hand(problem, orders))


def test_the_next_technician_costs_so_much_more_by_rule():
    people = [shift("Ana"), shift("Ben", start=5, end=5)]
    problem, plan = planned(town([visit(preferred=frozenset({"Ana"}))], people), {"Ana": ["v"]})
    why = why_here(problem, plan, "v")
    [ben] = why.alternatives
    assert (why.shift, ben.shift, ben.technician, ben.start_s) == ("Ana", "Ben", "Ben", 400)
    assert ben.differences == {"travel": 600, "preferred technician": 900}
    assert ben.difference == 1_500
    assert ben.sentence == "would cost 25 min of travel more (preferred technician +900, travel +600)"
    assert why.sentence == f"Nobody is cheaper: Ben, who comes next, {ben.sentence}."


def test_a_plan_that_could_be_better_says_so():
    problem, plan = planned(town([visit(at=5)], [shift("Ana"), shift("Ben", start=5, end=5)]), {"Ana": ["v"]})
    assert why_here(problem, plan, "v").sentence == "Ben would cost 16 min 40 s of travel less (travel -1,000)."


def test_those_who_cannot_come_with_the_rules_own_sentence():
    people = [shift("Ana", skills={"gas": 1}), shift("Ben"), shift("Cem", skills={"gas": 1}, end_s=900)]
    wanted = [visit(skills={"gas": 1}), visit("long", 2)]
    problem, plan = planned(town(wanted, people), {"Ana": ["v"], "Ben": ["long"]})
    assert {one.shift: (one.rule, one.sentence) for one in why_here(problem, plan, "v").cannot} == {
        "Ben": ("skills", "lacks gas")
    }
    problem, plan = planned(town(wanted, people), {"Ana": ["v"], "Cem": ["long"]})
    full = next(one for one in why_here(problem, plan, "v").cannot if one.shift == "Cem")
    assert full.sentence == "has no room for it beside what is planned"
    assert why_here(problem, plan, "v").sentence == "Nobody else could do it beside what is planned."


def test_what_is_pinned_or_depends_on_another_is_here_for_that_reason():
    visits = [visit("fixed", pin=Pin("Ana")), visit("fetch"), visit("bring", 2)]
    problem, plan = planned(town(visits, pairs=[("fetch", "bring")]), {"Ana": ["fixed", "fetch", "bring"]})
    assert why_here(problem, plan, "fixed").sentence == "It is pinned here."
    assert why_here(problem, plan, "bring").sentence == "It depends on another visit, so it cannot move alone."


def test_a_visit_left_out_has_no_place_to_explain():
    problem, plan = planned(town(), {})
    assert plan.cost == LEFT_OUT
    with pytest.raises(ValueError, match="visit v is left out"):
        why_here(problem, plan, "v")
    with pytest.raises(KeyError):
        why_here(problem, plan, "nobody")


@pytest.mark.parametrize("seed", range(5_000, 5_060))
def test_every_other_shift_is_told_about_at_its_true_price(seed):
    """The referee's difference between the plan as it is and the best plan with the visit on that shift."""
    problem = random_problem(seed, ALL, most_visits=7, most_shifts=3, errands=seed % 2 == 0)
    plan = some_plan(problem, random.Random(seed))
    for route in plan.routes:
        for stop in route.stops:
            why = why_here(problem, plan, stop.visit, count=9)
            if not (why.alternatives or why.cannot) or why.sentence.startswith("Without it"):
                continue
            others = {one.id for one in problem.shifts} - {route.shift}
            assert {one.shift for one in why.alternatives} | {one.shift for one in why.cannot} == others
            moved = every_move(problem, plan, stop.visit)
            for one in why.alternatives:
                assert one.difference == moved[one.shift] - plan.cost


def every_move(problem, plan, visit_id):
    """The cost of the best plan with the visit on each shift, everything else in its order."""
    row = problem.visit_index[visit_id]
    rest = [[v for v in order if v != row] for order in sequences_of(problem, plan)]
    return every_insertion(problem, assemble(problem, lower(problem), rest), visit_id)
