"""Skills with levels."""

import pytest

from optimizer import Pin, check
from optimizer.rules.skills import Skills
from tests.optimizer.town import plan_by_hand, routes, shift, solved, town, visit

WHY_NOT = [
    ({}, {}, None),
    ({}, {"gas": 3}, None),
    ({"gas": 2}, {"gas": 2}, None),
    ({"gas": 2}, {"gas": 3}, None),
    ({"gas": 0}, {}, "lacks gas"),
    ({"lift": 1, "gas": 1}, {}, "lacks gas and lift"),
    ({"gas": 2}, {"gas": 1}, "holds gas at level 1, level 2 is required"),
    ({"gas": 2, "lift": 1}, {"gas": 1}, "lacks lift"),
]


@pytest.mark.parametrize(("required", "held", "sentence"), WHY_NOT)
def test_every_skill_is_held_at_the_level_required(required, held, sentence):
    problem = town([visit(skills=required)], [shift(skills=held)])
    assert Skills().why_not(problem, *problem.visits, *problem.shifts) == sentence


def test_the_one_who_can_goes_although_it_is_farther():
    problem = town([visit(at=4, skills={"gas": 2})], [shift("Ana", start=4, end=4), shift("Ben", skills={"gas": 2})])
    assert routes(solved(problem)) == {"Ben": ["v"]}
    assert routes(solved(problem, leave_out="skills")) == {"Ana": ["v"]}


def test_a_pinned_visit_is_reported_and_stays():
    problem = town([visit(skills={"gas": 1}, pin=Pin("Ana"))])
    plan = solved(problem)
    assert routes(plan) == {"Ana": ["v"]}
    assert [(one.rule, one.sentence, one.excused) for one in plan.violations] == [("skills", "lacks gas", True)]


def test_a_plan_made_without_the_rule_is_a_violation():
    problem = town([visit(skills={"gas": 1})])
    judged = check(problem, plan_by_hand(problem, {"Ana": ["v"]}))
    assert [(one.rule, one.visit, one.excused) for one in judged.violations] == [("skills", "v", False)]
