"""Every visit left out comes with the rule that binds and a sentence a dispatcher understands."""

from dataclasses import replace

import pytest

from optimizer import Pin, check
from optimizer.explain import explain
from optimizer.rules import RULES, lower
from tests.optimizer.random_towns import random_problem
from tests.optimizer.town import pause, plan_by_hand, shift, solved, town, visit

ALL = frozenset(rule.name for rule in RULES)
HOPELESS = [
    ({"skills": {"gas": 1}}, {}, "skills", "lacks gas"),
    ({"territory": "north"}, {"territories": frozenset({"south"})}, "territory", "does not work in north"),
    ({"excluded": frozenset({"Ana"})}, {}, "technician", "is excluded from this customer"),
    ({"windows": [(0, 50)]}, {}, "time windows", "cannot be there before the last time window closes"),
    ({"service_s": 9_900}, {}, "shift hours", "would be home 2 min after the shift must end"),
    ({"delivery": (3,)}, {"capacity": (2,)}, "capacity", "has 2 of load 0, 3 needed"),
    ({}, {"max_visits": 0}, "maximum visits", "may have no visits"),
    ({}, {"max_travel_s": 0}, "travel limits", "may not travel"),
]


@pytest.mark.parametrize(("wish", "limit", "rule", "sentence"), HOPELESS)
def test_nobody_can_and_the_reason_is_the_rules_own(wish, limit, rule, sentence):
    plan = solved(town([visit(**wish)], [shift(**limit)]))
    [left] = plan.unassigned
    assert (left.rule, left.visit) == (rule, "v")
    assert left.sentence == f"Nobody on duty can do it: everyone {sentence}."
    assert [(one.shift, one.rule, one.sentence) for one in left.by_shift] == [("Ana", rule, sentence)]


BUSY = visit("busy", 1, pin=Pin("Ana", 100))
TODAY = [
    ({"delivery": (1,)}, {"capacity": (1,)}, {"delivery": (1,)}, "capacity"),
    ({"at": 5}, {"max_travel_s": 400}, {}, "travel limits"),
    ({"windows": [(100, 300)]}, {}, {}, "time windows"),
    ({"service_s": 5_000}, {"end_s": 5_500}, {}, "shift hours"),
    ({}, {"travel_cost_per_s": 0, "work_cost_per_s": 100}, {}, "leaving out"),
    ({}, {"max_visits": 1}, {}, "capacity"),
]


@pytest.mark.parametrize(("wish", "limit", "load", "rule"), TODAY)
def test_somebody_could_but_not_beside_what_is_planned(wish, limit, load, rule):
    """Ana is busy at place 1 from 100 to 700."""
    busy = visit("busy", 1, pin=Pin("Ana", 100), **load)
    plan = solved(town([busy, visit(**wish)], [shift(**limit)]))
    [left] = plan.unassigned
    assert left.rule == rule
    assert left.sentence.startswith("One person on duty could do it, but ")
    assert left.sentence.count(" but ") == 1


def test_a_day_without_visits_is_not_called_full():
    ana = shift(end_s=1_400, breaks=(pause(900, (300, 400)),))
    [left] = solved(town([visit()], [ana])).unassigned
    assert left.rule == "shift hours"
    assert "full" not in left.sentence


def test_a_break_leaves_no_room():
    """There is none inside the only hours of the shift, whenever it ends."""
    ana = shift(end_s=1_400, breaks=(pause(100, (400, 700)),))
    [left] = solved(town([visit("a"), visit("b")], [ana])).unassigned
    assert left.rule == "shift hours"


def test_those_who_could_come_are_told_before_those_who_never_can():
    people = [shift("Ana"), shift("Ben", max_visits=0), shift("Cem", territories=frozenset({"south"}))]
    problem = town([BUSY, visit(windows=[(100, 300)], territory="north")], people)
    [left] = solved(problem).unassigned
    assert (left.rule, left.by_shift[0].shift) == ("time windows", "Ana")
    assert {one.shift for one in left.by_shift} == {"Ana", "Ben", "Cem"}


def test_where_nobody_can_it_is_the_nearest_to_it_who_count():
    """Ben has all that it takes but the hours; that the others lack gas is no news."""
    people = [shift("Ana"), shift("Ben", skills={"gas": 1}, end_s=100), shift("Cem")]
    [left] = solved(town([visit(skills={"gas": 1})], people)).unassigned
    assert left.rule == "shift hours"
    assert "the one person otherwise fit for it" in left.sentence


def test_nobody_is_on_duty():
    problem = town([visit()], [shift()])
    [left] = solved(replace(problem, shifts=())).unassigned
    assert (left.rule, left.sentence, left.by_shift) == ("shift hours", "Nobody is on duty.", ())


@pytest.mark.parametrize("seed", range(2_000, 2_040))
def test_every_visit_left_out_has_a_rule_a_sentence_and_a_reason_for_each_shift(seed):
    problem = random_problem(seed, ALL, errands=False)
    known = {rule.name for rule in RULES} | {"day full"}
    for left in solved(problem).unassigned:
        assert left.rule in known
        assert left.sentence.endswith(".")
        assert sorted(one.shift for one in left.by_shift) == sorted(shift.id for shift in problem.shifts)
        assert all(one.rule in known and one.sentence for one in left.by_shift)


def test_without_time_to_ask_everybody_a_reason_still_says_how_many_could_come():
    """And who nobody can do is explained in full: that does not depend on the plan."""
    problem = town([visit("any", 1), visit("gas", 1, skills={"gas": 1})], [shift("Ana"), shift("Ben")])
    primitives = lower(problem)
    plan = check(problem, plan_by_hand(problem, {}))
    found = {one.visit: one for one in explain(problem, primitives, plan, RULES, lambda _needed_s=0.0: False)}
    assert found["any"].sentence == (
        "2 people on duty could do it; the search left no time to ask what holds each of them back."
    )
    assert found["gas"].rule == "skills"
