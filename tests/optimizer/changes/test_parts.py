"""Of a large day only the shifts that a change touches are laid out and priced: it must be what the whole day says."""

from dataclasses import replace
from random import Random

import pytest

from optimizer import Link
from optimizer.changes import Layouts, Place, Undoing, keep_under_cap, list_changes, places_of
from tests.optimizer.town import BALANCED, pause, plan_by_hand, shift, street, town, visit

TOLERANCE_S = 900
NAMES = ("Ana", "Ben", "Eva", "Kim", "Zoe")
FAIR = replace(BALANCED, balance_per_s=1)


def random_day(seed, policy):
    """Five people with everything that a rule asks about, a plan of their day and one in which some visits went
    elsewhere; some are left out of either."""
    random = Random(seed)
    visits = [
        visit(
            f"v{number}",
            random.randrange(6),
            service_s=random.choice((300, 600)),
            setup_s=random.choice((0, 60)),
            due_s=random.choice((None, 2_000)),
            preferred=frozenset(random.sample(NAMES, random.randrange(2))),
            delivery=(random.randrange(3),),
        )
        for number in range(16)
    ]
    lunch = pause(300, (3_000, 4_000))
    ends_s = [random.choice((4_000, 9_000)) for _ in NAMES]
    shifts = [
        shift(name, end_s=end_s, latest_end_s=10_000, capacity=(8,), fixed_cost=500, breaks=(lunch,))
        for name, end_s in zip(NAMES, ends_s, strict=True)
    ]
    problem = town(visits, shifts, travel=street(6), policy=policy)
    orders = {name: [] for name in (*NAMES, "nobody")}
    for one in visits:
        orders[random.choice(list(orders))].append(one.id)
    before = {}
    for name in NAMES:
        before |= places_of(plan_by_hand(problem, {name: orders[name]}))
    layouts = Layouts(problem, TOLERANCE_S)
    for misfit in layouts.list_misfits(before):
        del before[misfit]
    after = dict(before)
    for _ in range(12):
        tried = dict(after)
        tried[random.choice(visits).id] = Place(random.choice(NAMES), random.randrange(8_000))
        after = tried if layouts.find_plan(tried) else after
    plan = layouts.find_plan(after)
    while (better := layouts.find_plan(places_of(plan))).cost < plan.cost:  # no visit would rather start otherwise
        plan = better
    changes = list_changes(problem, before, places_of(plan), TOLERANCE_S)
    return Undoing(layouts, changes, places_of(plan), plan), before


@pytest.mark.parametrize("policy", [BALANCED, FAIR], ids=["apart", "a fair share joins all shifts"])
@pytest.mark.parametrize("seed", range(12))
def test_undoing_a_change_costs_what_the_whole_day_costs_more(seed, policy):
    undoing, _ = random_day(seed, policy)
    assert undoing.changes
    for change in undoing.changes:
        undo = undoing.find_undo(change)
        if undo is not None:
            whole = undoing.layouts.find_plan(undoing.places_without({change.visit, *undo.together}))
            assert whole is not None, "what can be undone by its shifts can be undone on the whole day"
            assert undo.gain == whole.cost - undoing.plan.cost
            assert undo.costs == {
                name: cost
                for name in whole.costs.keys() | undoing.plan.costs.keys()
                if (cost := whole.costs.get(name, 0) - undoing.plan.costs.get(name, 0))
            }


@pytest.mark.parametrize("seed", range(12))
def test_whatever_the_cap_the_whole_day_can_be_laid_out(seed):
    """Not only the shifts that the last undoing was about."""
    undoing, before = random_day(seed, BALANCED)
    for most_moved in range(4):
        assert undoing.layouts.find_plan(keep_under_cap(undoing, before, most_moved, 900)) is not None


def test_a_part_is_none_where_a_rule_forbids_it_on_its_shifts_and_asks_nothing_of_others():
    layouts = Layouts(town([visit("a"), visit("b"), visit("c")], [shift("Ana"), shift("Ben")]), tolerance_s=0)
    places = {"a": Place("Ana", 100), "b": Place("Ben", 100), "c": Place("Ben", 200)}
    assert layouts.find_part(places, {"Ben"}, ()) is None
    part = layouts.find_part(places, {"Ana"}, ())
    assert part is not None
    assert [route.shift for route in part.routes] == ["Ana"]
    assert part.costs == {"travel": 200}


def test_what_is_left_out_of_a_part_costs_only_for_those_asked_about():
    layouts = Layouts(town([visit("a"), visit("b", price=5), visit("c")], [shift("Ana")]), TOLERANCE_S)
    part = layouts.find_part({"a": Place("Ana", 100)}, {"Ana"}, {"a", "b"})
    assert part is not None
    assert part.costs["leaving out"] == BALANCED.unassigned + 5


def test_shifts_that_depend_on_each_other_are_laid_out_together():
    """`b` starts together with `a`; looked at alone, Ben's day would take it on at any time."""
    problem = town([visit("a", 1), visit("b", 1)], [shift("Ana"), shift("Ben")], links=[Link("a", "b", 0, 0)])
    layouts = Layouts(problem, 0)
    assert not layouts.splits
    assert layouts.find_part({"a": Place("Ana", 100), "b": Place("Ben", 900)}, {"Ben"}, ()) is None
