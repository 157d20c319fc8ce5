"""A cap on changes holds even where single changes cannot be undone: whole days go back."""

import pytest

from optimizer.changes import Layouts, Place, Undoing, keep_under_cap, list_changes
from tests.optimizer.town import shift, town, visit

TOLERANCE_S = 300
LATER_S = 700
"""An hour of work that comes first pushes everything by so much."""


def morning(who, *names):
    """Visits of 600 s on one spot, one after the other."""
    return {name: Place(who, 600 * number) for number, name in enumerate(names)}


def pushed(places, **first):
    """The same with something new first."""
    later = {name: Place(place.shift, place.start_s + LATER_S) for name, place in places.items()}
    return later | {name: Place(who, 0) for name, who in first.items()}


def kept(problem, before, after, most_moved, retiming_saves=0):
    layouts = Layouts(problem, TOLERANCE_S)
    plan = layouts.find_plan(after)
    assert plan is not None, "the test's own plan does not work"
    undoing = Undoing(layouts, list_changes(problem, before, after, TOLERANCE_S), after, plan)
    return keep_under_cap(undoing, before, most_moved, retiming_saves)


@pytest.fixture
def two_mornings():
    """Eva is ill: her urgent visit pushes Ana's two, her other one Ben's three."""
    ana, ben = morning("Ana", "a1", "a2"), morning("Ben", "b1", "b2", "b3")
    visits = [visit(name, windows=[(0, 9_000)]) for name in (*ana, *ben)]
    problem = town([*visits, visit("urgent", price=9_000), visit("other")], [shift("Ana"), shift("Ben")])
    before = {**ana, **ben, "urgent": Place("Eva", 0), "other": Place("Eva", 900)}
    return problem, before, pushed(ana, urgent="Ana") | pushed(ben, other="Ben")


def test_a_day_goes_back_as_a_whole_without_what_pushed_it(two_mornings):
    problem, before, after = two_mornings
    places = kept(problem, before, after, most_moved=2)
    assert {name: place for name, place in places.items() if place.shift == "Ben"} == {
        name: place for name, place in before.items() if place.shift == "Ben"
    }
    assert {name for name, place in places.items() if place.shift == "Ana"} == {"urgent", "a1", "a2"}


def test_what_saves_most_for_each_change_is_kept(two_mornings):
    """Three changes would be allowed for Ben's day alone; Ana's saves more with two."""
    problem, before, after = two_mornings
    places = kept(problem, before, after, most_moved=3)
    assert "urgent" in places
    assert "other" not in places


def test_under_a_cap_of_none_all_days_go_back(two_mornings):
    problem, before, after = two_mornings
    places = kept(problem, before, after, most_moved=0)
    assert places == {name: place for name, place in before.items() if place.shift != "Eva"}


def test_nothing_goes_back_that_the_cap_allows(two_mornings):
    problem, before, after = two_mornings
    assert kept(problem, before, after, most_moved=5) == after


def test_days_that_have_given_each_other_visits_go_back_together():
    """Ana has `ill` of Eva's where `a` was, which Ben took; that pushed him. Two changes of three would leave half."""
    before = {**morning("Ana", "a", "a2"), **morning("Ben", "b")}
    problem = town(
        [*(visit(name) for name in ("a", "a2", "b")), visit("ill", service_s=1_300)], [shift("Ana"), shift("Ben")]
    )
    after = {"ill": Place("Ana", 0), "a2": Place("Ana", 1_300), "a": Place("Ben", 0), "b": Place("Ben", 700)}
    assert kept(problem, before | {"ill": Place("Eva", 0)}, after, most_moved=2) == before


@pytest.mark.parametrize("start_s", [1_000, 5_000])
def test_another_start_is_undone_unless_it_saves_what_is_asked(start_s):
    """Nobody asked for `a` two thousand seconds sooner, or later; no rule has a price for it."""
    problem = town([visit("a")])
    before, after = {"a": Place("Ana", 3_000)}, {"a": Place("Ana", start_s)}
    assert kept(problem, before, after, most_moved=9) == after
    assert kept(problem, before, after, most_moved=9, retiming_saves=900) == before


def test_later_starts_stay_that_make_room_for_what_is_worth_more(two_mornings):
    problem, before, after = two_mornings
    assert kept(problem, before, after, most_moved=5, retiming_saves=900) == after
