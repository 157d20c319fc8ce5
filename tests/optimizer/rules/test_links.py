"""Visits that depend on each other."""

from dataclasses import replace

import pytest

from optimizer import Link, Pin, check
from optimizer.rules.links import Links
from tests.optimizer.town import plan_by_hand, routes, shift, solved, town, visit

PEOPLE = [shift("Ana"), shift("Ben")]
BOTH = [visit("a", 1), visit("b", 2)]
APART = {"Ana": ["a"], "Ben": ["b"]}
"""Ana starts at 100, Ben at 200."""
ALONE = {"Ana": ["a", "b"]}
"""Ana starts at 100 and at 800."""

JUDGED = [
    (Link("a", "b"), APART, []),
    (Link("a", "b", 100, 100), APART, []),
    (Link("a", "b", 700, 700, "same"), ALONE, []),
    (Link("a", "b"), {}, []),
    (Link("a", "b", 0, 0), APART, ["starts 1 min 40 s after a, should start together with it"]),
    (Link("a", "b", 101), APART, ["starts 1 min 40 s after a, should start 1 min 41 s after it at the soonest"]),
    (Link("a", "b", 0, 99), APART, ["starts 1 min 40 s after a, should start 1 min 39 s after it at the latest"]),
    (Link("b", "a"), APART, ["starts 1 min 40 s before b, should start 0 s after it at the soonest"]),
    (Link("a", "b", technicians="same"), APART, ["should have the technician of a"]),
    (Link("a", "b", technicians="different"), ALONE, ["should have another technician than a"]),
    (
        Link("a", "b", 0, 50, "different"),
        ALONE,
        [
            "starts 11 min 40 s after a, should start 50 s after it at the latest",
            "should have another technician than a",
        ],
    ),
    (Link("a", "b"), {"Ana": ["a"]}, ["is planned without b, which belongs with it"]),
    (Link("a", "b"), {"Ana": ["b"]}, ["is planned without a, which belongs with it"]),
]


@pytest.mark.parametrize(("link", "orders", "sentences"), JUDGED)
def test_what_is_wrong_with_linked_visits_is_said(link, orders, sentences):
    problem = town(BOTH, PEOPLE, links=[link])
    assert [one.sentence for one in Links().check(problem, plan_by_hand(problem, orders))] == sentences


@pytest.mark.parametrize(
    ("pins", "orders", "excused"),
    [
        ((Pin("Ana"), Pin("Ben")), APART, True),
        ((Pin("Ana"), None), APART, False),
        ((Pin("Ana"), None), {"Ana": ["a"]}, True),
        ((None, Pin("Ben")), {"Ana": ["a"]}, False),
    ],
)
def test_pins_are_kept_and_reported(pins, orders, excused):
    """Both pinned: whatever they do. One pinned: it stays alone if need be, but together they keep the rule."""
    visits = [replace(one, pin=pin) for one, pin in zip(BOTH, pins, strict=True)]
    problem = town(visits, PEOPLE, links=[Link("a", "b", 0, 0)])
    assert [one.excused for one in Links().check(problem, plan_by_hand(problem, orders))] == [excused]


def test_a_crew_starts_together():
    problem = town([visit("a", 3), visit("b", 3)], PEOPLE, links=[Link("a", "b", 0, 0, "different")])
    plan = solved(problem)
    assert sorted(routes(plan).values()) == [["a"], ["b"]]
    assert {stop.start_s for route in plan.routes for stop in route.stops} == {300}


def test_work_follows_other_work():
    """Plaster dries for an hour before anybody paints."""
    problem = town([visit("plaster"), visit("paint")], links=[Link("plaster", "paint", 600 + 3_600, 9_000)])
    plan = solved(problem)
    assert [stop.start_s for stop in plan.routes[0].stops] == [100, 4_300]


def test_a_crew_of_three_is_two_links():
    visits = [visit(name, at) for name, at in (("a", 1), ("b", 2), ("c", 3))]
    links = [Link("a", "b", 0, 0, "different"), Link("b", "c", 0, 0, "different"), Link("a", "c", 0, 0, "different")]
    plan = solved(town(visits, [*PEOPLE, shift("Cem")], links=links))
    assert {stop.start_s for route in plan.routes for stop in route.stops} == {300}
    assert len(plan.routes) == 3
    assert not solved(town(visits, PEOPLE, links=links)).routes


def test_without_the_rule_half_a_crew_comes():
    problem = town([visit("a"), visit("b", skills={"gas": 1})], PEOPLE, links=[Link("a", "b", 0, 0)])
    assert routes(solved(problem)) == {}
    plan = solved(problem, leave_out="links")
    assert [one.rule for one in check(problem, plan).violations] == ["links"]


def test_a_pinned_visit_stays_even_if_nobody_can_come_along():
    problem = town([visit("a", pin=Pin("Ana")), visit("b", skills={"gas": 1})], PEOPLE, links=[Link("a", "b", 0, 0)])
    plan = solved(problem)
    assert routes(plan) == {"Ana": ["a"]}
    assert [(one.rule, one.excused) for one in plan.violations] == [("links", True)]


def test_a_pinned_visit_waits_for_somebody_who_can_only_come_later():
    problem = town(
        [visit("a", pin=Pin("Ana")), visit("b", windows=[(1_500, 2_000)])], PEOPLE, links=[Link("a", "b", 0, 0)]
    )
    plan = solved(problem)
    assert routes(plan) == {"Ana": ["a"], "Ben": ["b"]}
    assert {route.stops[0].start_s for route in plan.routes} == {1_500}


def test_a_pinned_visit_does_not_wait_beyond_the_end_of_its_shift():
    visits = [visit("a", pin=Pin("Ana")), visit("b", windows=[(1_500, 2_000)])]
    plan = solved(town(visits, [shift("Ana", end_s=1_400), shift("Ben")], links=[Link("a", "b", 0, 0)]))
    assert routes(plan) == {"Ana": ["a"]}
    assert plan.routes[0].stops[0].start_s == 100


def test_pins_that_contradict_a_link_are_kept_and_reported():
    visits = [visit("a", pin=Pin("Ana", 500)), visit("b", pin=Pin("Ben", 900)), visit("c")]
    plan = solved(town(visits, PEOPLE, links=[Link("a", "b", 0, 0)]))
    starts = {stop.visit: stop.start_s for route in plan.routes for stop in route.stops}
    assert (starts["a"], starts["b"]) == (500, 900)
    assert [(one.rule, one.visit, one.excused) for one in plan.violations] == [("links", "b", True)]


def test_windows_that_never_meet_are_a_reason():
    visits = [visit("a", windows=[(0, 500)]), visit("b", windows=[(901, 1_000)])]
    problem = town(visits, PEOPLE, links=[Link("a", "b", 0, 400)])
    why = Links().why_not(problem, problem.visits[0], problem.shifts[0])
    assert why == "cannot start b in time after a: their time windows are too far apart"
    assert routes(solved(problem)) == {}
    near = replace(problem, links=(Link("a", "b", 0, 401),))
    assert Links().why_not(near, problem.visits[0], problem.shifts[0]) is None


def test_a_linked_visit_left_out_has_a_reason():
    problem = town([visit("a"), visit("b")], links=[Link("a", "b", 0, 0, "different")])
    plan = solved(problem)
    assert {one.rule for one in plan.unassigned} == {"links"}
    assert "does not fit together with the visits linked with it" in plan.unassigned[0].sentence
