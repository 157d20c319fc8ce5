"""The most visits of a shift."""

from optimizer import Pin, check
from optimizer.rules.max_visits import MaxVisits
from tests.optimizer.town import plan_by_hand, routes, shift, solved, town, visit

TWO = [visit("a"), visit("b")]


def test_only_a_shift_that_may_have_none_rules_a_visit_out():
    for most, sentence in ((None, None), (1, None), (0, "may have no visits")):
        problem = town(shifts=[shift(max_visits=most)])
        assert MaxVisits().why_not(problem, *problem.visits, *problem.shifts) == sentence


def test_a_shift_has_no_more_visits_than_it_may():
    problem = town(TWO, [shift(max_visits=1)])
    assert len(solved(problem).unassigned) == 1
    plan = solved(problem, leave_out="maximum visits")
    assert plan.unassigned == ()
    assert [one.sentence for one in check(problem, plan).violations] == ["has 2 visits, 1 are the most"]


def test_a_limit_met_exactly_is_kept():
    problem = town(TWO, [shift(max_visits=2)])
    assert not list(MaxVisits().check(problem, plan_by_hand(problem, {"Ana": ["a", "b"]})))


def test_the_stops_of_a_pair_count_both():
    problem = town(TWO, [shift(max_visits=1)], pairs=[("a", "b")])
    assert routes(solved(problem)) == {}


def test_more_visits_may_be_pinned_but_then_no_other_comes():
    pinned = [visit("a", pin=Pin("Ana")), visit("b", pin=Pin("Ana"))]
    plan = solved(town([*pinned, visit("c")], [shift(max_visits=1)]))
    assert [one.visit for one in plan.unassigned] == ["c"]
    assert [one.excused for one in plan.violations] == [True]
