"""Changes against a published plan: another technician, another day, a later start."""

from dataclasses import replace

import pytest

from optimizer import Planned, Policy, ProblemError
from optimizer.rules.changes import Changes, MovedLater
from tests.optimizer.town import plan_by_hand, routes, shift, solved, town, visit

DEAR = Policy("dear", change_technician=300, change_day=1_000, later_per_s=2)
DAY_S = 86_400
TEAM = [
    shift("Ana", start=1, end=1),
    shift("Ben"),
    shift("tomorrow", technician="Ana", start_s=DAY_S, end_s=DAY_S + 9_000),
]


@pytest.mark.parametrize(
    ("published", "planned", "price"),
    [("Ana", "Ana", 0), ("Ben", "Ana", 300), ("tomorrow", "Ana", 1_000), ("tomorrow", "Ben", 1_300), (None, "Ana", 0)],
)
def test_another_technician_and_another_day_cost(published, planned, price):
    baseline = Planned(published, 0) if published else None
    problem = town([visit(planned=baseline)], TEAM, policy=DEAR)
    assert Changes().cost(problem, plan_by_hand(problem, {planned: ["v"]})) == price


def test_a_visit_stays_with_whom_it_was_published_for_until_moving_it_saves_more():
    """Ana lives next to it, and saves 200 s of travel."""
    problem = town([visit(planned=Planned("Ben", 0))], TEAM, policy=replace(DEAR, later_per_s=0))
    assert routes(solved(problem)) == {"Ben": ["v"]}
    assert routes(solved(problem, leave_out="changes")) == {"Ana": ["v"]}
    assert routes(solved(replace(problem, policy=replace(problem.policy, change_technician=199)))) == {"Ana": ["v"]}


def test_a_visit_stays_on_its_day_until_moving_it_saves_more():
    problem = town([visit(planned=Planned("tomorrow", DAY_S))], TEAM[1:], policy=replace(DEAR, later_per_s=0))
    assert routes(solved(problem)) == {"tomorrow": ["v"]}
    assert routes(solved(replace(problem, policy=replace(DEAR, change_day=0, change_technician=0))))


def test_only_a_later_start_costs():
    """An earlier one cannot: work starts as early as it can."""
    problem = town([visit(planned=Planned("Ana", 150))], policy=DEAR)
    plan = plan_by_hand(problem, {"Ana": ["v"]})  # starts at 100
    assert MovedLater().cost(problem, plan) == 0
    later = plan_by_hand(problem, {"Ana": ["v"]}, leave_s=150)  # starts at 250
    assert MovedLater().cost(problem, later) == 200


def test_who_was_published_first_is_served_first_even_where_another_is_due_too():
    """Two slopes of cost on one visit: what is due and what was published."""
    both = [visit("a", 1, due_s=100), visit("b", 1, planned=Planned("Ana", 100), due_s=600)]
    assert routes(solved(town(both, policy=replace(DEAR, later_per_s=1)))) == {"Ana": ["a", "b"]}
    dearer = replace(DEAR, later_per_s=5)
    assert routes(solved(town(both, policy=dearer))) == {"Ana": ["b", "a"]}
    assert routes(solved(town(both, policy=dearer), leave_out="moved later")) == {"Ana": ["a", "b"]}


def test_a_baseline_names_a_shift_that_exists():
    with pytest.raises(ProblemError, match="published for shift 'Zoe'"):
        town([visit(planned=Planned("Zoe", 0))])
