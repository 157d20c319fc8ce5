"""A plan against the one that people know: what has changed, what undoing it costs, and what depends on what."""

from dataclasses import replace

import pytest

from optimizer import Pin, check, solve
from optimizer.changes import Layouts, Place, Undoing, hold, list_changes, places_of
from tests.optimizer.town import LEFT_OUT, plan_by_hand, routes, shift, town, visit

TOLERANCE_S = 300
BOTH = [shift("Ana"), shift("Ben")]


def places(**wanted):
    """`places(a=("Ana", 100))`."""
    return {name: Place(*place) for name, place in wanted.items()}


def undoing(problem, before, after):
    """The changes from one to the other, by visit, and what undoing them means."""
    layouts = Layouts(problem, TOLERANCE_S)
    plan = layouts.find_plan(after)
    assert plan is not None, "the test's own plan does not work"
    changes = list_changes(problem, before, places_of(plan), TOLERANCE_S)
    return Undoing(layouts, changes, places_of(plan), plan), {change.visit: change for change in changes}


def test_each_kind_of_change_is_told_apart():
    problem = town([visit(name) for name in "abcde"], BOTH)
    before = places(a=("Ana", 0), b=("Ana", 1_000), c=("Ana", 2_000), e=("Ana", 3_000))
    after = places(a=("Ana", 300), b=("Ana", 1_301), c=("Ben", 2_000), d=("Ben", 0))
    found = {change.visit: change.kind for change in list_changes(problem, before, after, TOLERANCE_S)}
    assert found == {"b": "retimed", "c": "moved", "d": "added", "e": "left out"}


def test_what_is_pinned_to_a_start_is_a_fact_and_no_change():
    problem = town([visit("a", pin=Pin("Ana", 5_000))])
    assert list_changes(problem, places(a=("Ana", 100)), places(a=("Ana", 5_000)), TOLERANCE_S) == []


def test_a_layout_keeps_everything_where_and_about_when_it_is_wanted():
    """`b` could start at once, but is wanted after `a`, far away, and not before its time."""
    problem = town([visit("a", 5), visit("b", 1)])
    plan = Layouts(problem, TOLERANCE_S).find_plan(places(a=("Ana", 500), b=("Ana", 4_000)))
    assert plan is not None
    assert {name: place.start_s for name, place in places_of(plan).items()} == {"a": 500, "b": 3_700}
    assert plan == check(problem, plan)


@pytest.mark.parametrize(
    "wanted",
    [
        places(a=("Ana", 500), b=("Ana", 600)),
        places(a=("Ana", 9_000)),
        places(a=("Ben", 500)),
        places(b=("Nobody", 500)),
    ],
    ids=["two at a time", "its window is closed", "it may not go there", "nobody there"],
)
def test_a_layout_that_a_rule_forbids_is_none(wanted):
    problem = town([visit("a", 5, windows=[(0, 1_000)], excluded=frozenset({"Ben"})), visit("b", 1)], BOTH)
    assert Layouts(problem, TOLERANCE_S).find_plan(wanted) is None


def test_misfits_are_those_that_must_give_way():
    """`c` collides with `a`, `d` may not go there; `b` stays, and so does all of Ben's day."""
    visits = [*(visit(name) for name in "abce"), visit("d", excluded=frozenset({"Ana"}))]
    wanted = places(a=("Ana", 100), c=("Ana", 200), b=("Ana", 2_000), d=("Ana", 4_000), e=("Ben", 100), gone=("Ana", 1))
    assert Layouts(town(visits, BOTH), TOLERANCE_S).list_misfits(wanted) == ["d", "c"]


def test_undoing_a_move_costs_the_travel_that_it_saves():
    """Ben lives at 5 and has `b` there; Ana would have to drive 400 s farther, twice, for it."""
    ben = shift("Ben", start=5, end=5)
    problem = town([visit("a", 1), visit("b", 5), visit("c", 5)], [shift("Ana"), ben])
    before = places(a=("Ana", 100), b=("Ana", 1_100), c=("Ben", 0))
    found, changes = undoing(problem, before, places(a=("Ana", 100), b=("Ben", 700), c=("Ben", 0)))
    undo = found.find_undo(changes["b"])
    assert (undo.gain, undo.costs, undo.together) == (800, {"travel": 800}, ())


def test_undoing_an_addition_leaves_the_visit_out():
    problem = town([visit("a", 1), visit("b", 1)])
    found, changes = undoing(problem, places(a=("Ana", 100)), places(a=("Ana", 100), b=("Ana", 700)))
    assert found.find_undo(changes["b"]).costs == {"leaving out": LEFT_OUT}


def test_what_has_taken_the_place_must_be_undone_too():
    """`new` is where `a` was; `a` went to Ben for it. Undoing both is dear, and the sentence can say why."""
    problem = town([visit("a", 1), visit("new", 1)], BOTH)
    before = places(a=("Ana", 100))
    found, changes = undoing(problem, before, places(new=("Ana", 100), a=("Ben", 100)))
    assert found.find_undo(changes["a"]).together == ("new",)
    assert found.find_undo(changes["new"]).together == ()


def test_a_ring_of_changes_is_undone_as_a_whole():
    """Each of three has gone to the place of the next one."""
    three = [*BOTH, shift("Eva")]
    problem = town([visit("a"), visit("b"), visit("c")], three)
    before = places(a=("Ana", 100), b=("Ben", 100), c=("Eva", 100))
    found, changes = undoing(problem, before, places(a=("Ben", 100), b=("Eva", 100), c=("Ana", 100)))
    assert found.find_undo(changes["a"]).together == ("b", "c")


def test_a_visit_of_somebody_who_is_away_had_to_change():
    problem = town([visit("a")], [shift("Ben")])
    found, changes = undoing(problem, places(a=("Ana", 100)), places(a=("Ben", 100)))
    assert not found.can_stay(changes["a"])
    assert found.find_undo(changes["a"]) is None


def test_under_a_cap_the_least_valuable_changes_are_undone():
    """Two visits have gone to Ben, who lives beside them; one is farther from Ana."""
    ben = shift("Ben", start=5, end=5)
    problem = town([visit("near", 3), visit("far", 5)], [shift("Ana"), ben])
    before = places(near=("Ana", 300), far=("Ana", 1_100))
    found, _ = undoing(problem, before, places(far=("Ben", 0), near=("Ben", 800)))
    assert found.choose_undone(2) == set()
    assert len(found.choose_undone(1)) == 1
    assert found.choose_undone(0) == {"near", "far"}


def test_changes_that_had_to_be_do_not_count_against_the_cap():
    """Ana is away: however small the cap, her visits go to Ben."""
    problem = town([visit("a", 1), visit("b", 2)], [shift("Ben")])
    before = places(a=("Ana", 100), b=("Ana", 800))
    found, _ = undoing(problem, before, places(a=("Ben", 100), b=("Ben", 800)))
    assert found.choose_undone(0) == set()


def test_held_visits_stay_through_a_search_that_would_rather_move_them():
    """Ben is nearer to both; only one is free to go to him."""
    ben = shift("Ben", start=5, end=5)
    problem = town([visit("a", 4), visit("b", 5)], [shift("Ana"), ben])
    before = places(a=("Ana", 400), b=("Ana", 1_100))
    held = hold(problem, before, {"a"}, TOLERANCE_S)
    plan = solve(held, time_limit_s=1, iterations=200)
    assert routes(plan) == {"Ana": ["a"], "Ben": ["b"]}
    assert abs(places_of(plan)["a"].start_s - 400) <= TOLERANCE_S


def test_holding_leaves_a_pinned_start_as_it_is():
    problem = town([visit("a", pin=Pin("Ana", 5_000))])
    assert hold(problem, places(a=("Ana", 100)), {"a"}, TOLERANCE_S).visits == problem.visits


def test_a_held_visit_outside_its_windows_keeps_them():
    """It was published late; what its customer asked for is not rewritten."""
    problem = town([visit("a", windows=[(0, 1_000)])])
    (held,) = hold(problem, places(a=("Ana", 5_000)), {"a"}, TOLERANCE_S).visits
    assert held == replace(problem.visits[0], pin=Pin("Ana"))


def test_a_pinned_visit_is_laid_out_even_if_nobody_names_it():
    problem = town([visit("a", 1, pin=Pin("Ana", 100)), visit("b", 1)])
    plan = Layouts(problem, TOLERANCE_S).find_plan(places(b=("Ana", 700)))
    assert plan == check(problem, plan_by_hand(problem, {"Ana": ["a", "b"]}))
