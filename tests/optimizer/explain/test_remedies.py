"""Every remedy really lets the visit in, and no smaller one of its kind does."""

import random
from dataclasses import replace
from itertools import pairwise, product

import pytest

from optimizer import RULES, Window, check
from optimizer.explain import explain
from optimizer.explain.remedies import ORDER
from optimizer.insert import Offers
from optimizer.rules import lower
from tests.optimizer.insert.test_offers import some_plan
from tests.optimizer.random_towns import random_problem
from tests.optimizer.town import BALANCED, pause, plan_by_hand, shift, town, visit

ALL = frozenset(rule.name for rule in RULES)


def remedies_of(problem, plan):
    """(visit, remedy) of all that is left out of a plan."""
    left = explain(problem, lower(problem), check(problem, plan), RULES)
    return [(problem.get_visit(one.visit), remedy) for one in left for remedy in one.remedies]


def with_visit(problem, changed):
    return replace(problem, visits=tuple(changed if one.id == changed.id else one for one in problem.visits))


def with_shift(problem, changed):
    return replace(problem, shifts=tuple(changed if one.id == changed.id else one for one in problem.shifts))


def wider(problem, one, later_s, sooner_s):
    """The problem with each of a visit's windows in turn wider, where it does not run into the next one."""
    for index, window in enumerate(one.windows):
        windows = list(one.windows)
        windows[index] = Window(window.open_s - sooner_s, window.close_s + later_s)
        if all(a.close_s < b.open_s for a, b in pairwise(windows)):
            yield with_visit(problem, replace(one, windows=tuple(windows)))


def fits(problem, plan, one, shift_id=None):
    """Whether a visit of a changed problem now has a place, and the plan with it is legal."""
    offers = Offers(problem, plan)
    found = offers.direct(problem.get_visit(one.id), shifts=None if shift_id is None else [shift_id])
    return bool(found) and check(problem, offers.applied(found[0])).is_valid


def changed_problems(problem, one, remedy, amount):
    """What a remedy of this kind and amount makes of the problem; any one of several will do."""
    at = problem.get_shift(remedy.shift)
    if remedy.kind == "window":
        sooner = "sooner" in remedy.sentence
        return list(wider(problem, one, 0 if sooner else amount, amount if sooner else 0))
    if remedy.kind == "overtime":
        end_s = int(lower(problem).hard_end_s[problem.shift_index[at.id]])
        return [with_shift(problem, replace(at, latest_end_s=end_s + amount))]
    if remedy.kind == "load":
        kinds = range(problem.load_kinds)
        shares = [one for one in product(range(amount + 1), repeat=len(kinds)) if sum(one) == amount]
        held = (*at.capacity, *(0 for _ in kinds[len(at.capacity) :]))
        return [
            with_shift(problem, replace(at, capacity=tuple(a + b for a, b in zip(held, one, strict=False))))
            for one in shares
        ]
    if remedy.kind == "visits":
        return [with_shift(problem, replace(at, max_visits=at.max_visits + amount))]
    if remedy.kind == "skills":
        return [with_shift(problem, replace(at, skills={**at.skills, **one.skills}))]
    if remedy.kind == "territory":
        return [with_shift(problem, replace(at, territories=at.territories | {one.territory}))]
    if remedy.kind == "tools":
        return [with_shift(problem, replace(at, tools=at.tools | one.tools))]
    if remedy.kind == "technician":
        if "excluded" in remedy.sentence:
            return [with_visit(problem, replace(one, excluded=one.excluded - {at.technician}))]
        return [with_visit(problem, replace(one, required=one.required | {at.technician}))]
    raise AssertionError(f"no such kind: {remedy.kind}")


@pytest.mark.parametrize("seed", range(4_000, 4_150))
@pytest.mark.parametrize("workdays", [False, True])
def test_each_remedy_applied_lets_the_visit_in_and_one_unit_less_does_not(seed, workdays):
    problem = random_problem(seed, ALL, most_visits=7, most_shifts=3, errands=seed % 2 == 0, workdays=workdays)
    plan = some_plan(problem, random.Random(seed))
    for one, remedy in remedies_of(problem, plan):
        if remedy.kind == "cost":
            [offer] = Offers(problem, plan).direct(one)
            assert (offer.shift, max(0, offer.price - offer.spared)) == (remedy.shift, remedy.amount)
        elif remedy.kind == "due":
            other = problem.get_visit(remedy.visit)
            for less, pays in ((0, True), (1, False)):
                later = with_visit(problem, replace(other, due_s=other.due_s + remedy.amount - less))
                if later.last_end_s >= other.due_s + remedy.amount:
                    [offer] = Offers(later, plan).direct(one, shifts=[remedy.shift])
                    assert offer.pays or not pays
        elif remedy.kind in ("move", "leave out"):
            offers = Offers(problem, plan)
            found = [o for o in offers.with_a_move(one, 9) if (o.move.visit, o.shift) == (remedy.visit, remedy.shift)]
            after = check(problem, offers.applied(found[0]))
            assert after.is_valid
            assert max(0, after.cost - check(problem, plan).cost) == remedy.amount
            assert (remedy.visit in {left.visit for left in after.unassigned}) == (remedy.kind == "leave out")
        else:
            assert remedy.amount > 0
            assert not fits(problem, plan, one)
            changed = changed_problems(problem, one, remedy, remedy.amount)
            assert any(fits(some, plan, one, remedy.shift) for some in changed), remedy
            if remedy.kind in ("window", "overtime", "load", "visits"):
                less = changed_problems(problem, one, remedy, remedy.amount - 1)
                assert not any(fits(some, plan, one) for some in less), remedy


@pytest.mark.parametrize("seed", range(4_000, 4_050))
def test_there_is_one_remedy_of_a_kind_at_most_in_the_order_promised(seed):
    problem = random_problem(seed, ALL, most_visits=7, most_shifts=3)
    plan = some_plan(problem, random.Random(seed))
    for left in explain(problem, lower(problem), check(problem, plan), RULES):
        kinds = ["window" if one.kind == "overtime" else one.kind for one in left.remedies]
        places = [ORDER.index(kind) if kind in ORDER else len(ORDER) for kind in kinds]
        assert places == sorted(places)


def only(problem, orders, kind):
    """The one remedy of a kind for the visit v."""
    [found] = [remedy for one, remedy in remedies_of(problem, plan_by_hand(problem, orders)) if remedy.kind == kind]
    return found


BUSY = visit("busy", 1, windows=[(100, 100)])  # Ana is there from 100 to 700, at home at 800

CASES = [
    ("window", {"windows": [(100, 250)]}, {}, 450, "could do it if its time window closed 8 min later"),
    ("window", {"windows": [(9_600, 9_700)]}, {}, 300, "could do it if its time window opened 5 min sooner"),
    ("overtime", {}, {"end_s": 1_000}, 400, "could do it with 7 min more overtime"),
    ("skills", {"skills": {"gas": 2, "lift": 1}}, {"skills": {"gas": 1}}, 2, "could do it with gas 2 and lift"),
    ("territory", {"territory": "north"}, {"territories": frozenset({"south"})}, 1, "could do it if sent to north"),
    ("technician", {"required": frozenset({"Ben"})}, {}, 1, "could do it in place of the one required"),
    ("technician", {"excluded": frozenset({"Ana"})}, {}, 1, "could do it if not excluded from this customer"),
    ("leave out", {"priority": 9}, {"max_visits": 1}, 0, "could do it if busy were left out"),
    ("visits", {}, {"max_visits": 1}, 1, "could do it with one visit more than the shift may have"),
    ("load", {"delivery": (2, 3)}, {"capacity": (4, 2)}, 1, "could do it with 1 more of filters on the van"),
    ("load", {"pickup": (2,)}, {}, 2, "could do it with room for 2 more of valves on the van"),
    (
        "cost",
        {},
        {"travel_cost_per_s": 0, "work_cost_per_s": 100},
        100 * 600 - BALANCED.unassigned,
        "could do it as things are, but at a cost of 14 h 40 min of travel above leaving it out",
    ),
]


@pytest.mark.parametrize(("kind", "wish", "limit", "amount", "sentence"), CASES)
def test_a_remedy_says_what_would_have_to_change_and_by_how_much(kind, wish, limit, amount, sentence):
    problem = replace(town([BUSY, visit(**wish)], [shift(**limit)]), load_names=("valves", "filters"))
    found = only(problem, {"Ana": ["busy"]}, kind)
    assert (found.shift, found.amount, found.sentence) == ("Ana", amount, sentence)


def test_another_visit_can_go_to_somebody_else():
    problem = town([visit("old", 1, windows=[(100, 300)]), visit(windows=[(100, 300)], required=frozenset({"Ana"}))],
                   [shift("Ana"), shift("Ben")])  # fmt: skip
    found = only(problem, {"Ana": ["old"]}, "move")
    assert (found.shift, found.visit, found.sentence) == ("Ana", "old", "could do it if old went to somebody else")


def test_the_next_day_may_have_room():
    days = [shift("mon"), shift("tue", technician="mon", start_s=86_400, end_s=96_400)]
    problem = town([visit("busy", 1, service_s=9_500), visit(windows=[(0, 9_000)])], days)
    found = only(problem, {"mon": ["busy"]}, "another day")
    assert (found.shift, found.amount, found.sentence) == ("tue", 1, "could do it 1 day later")


def test_other_days_are_looked_for_two_weeks_ahead_and_no_further():
    """One shift begins long after the other, as where times are those since 1970 and a vehicle has none."""
    days = [shift("mon", end_s=700), shift("later", technician="mon", start_s=15 * 86_400, end_s=15 * 86_400 + 9_000)]
    asked = visit(windows=[(0, 9_000)])
    remedies = [one.kind for _, one in remedies_of(town([asked], days), plan_by_hand(town([asked], days), {}))]
    assert remedies == ["overtime", "window"]
    days[1] = replace(days[1], start_s=14 * 86_400)
    assert only(town([asked], days), {}, "another day").amount == 14


def test_another_visit_can_be_promised_later():
    """Serving v first makes the other 1,000 s late, which costs more than leaving v out."""
    policy = replace(BALANCED, lateness_per_s=8)
    first = visit(service_s=900, at=1, windows=[(0, 200)])
    problem = town([visit("busy", 1, due_s=100, service_s=200), first], policy=policy)
    found = only(problem, {"Ana": ["busy"]}, "due")
    price = 8 * 900
    assert price >= policy.unassigned
    assert (found.visit, found.amount) == ("busy", (price - policy.unassigned) // 8 + 1)


def test_where_time_is_short_there_are_reasons_but_no_remedies():
    problem = town([BUSY, visit(skills={"gas": 1})])
    plan = check(problem, plan_by_hand(problem, {"Ana": ["busy"]}))
    [left] = explain(problem, lower(problem), plan, RULES, has_time=lambda _needed_s=0.0: False)
    assert left.sentence
    assert left.remedies == ()


def test_a_break_is_kept_whatever_the_remedy():
    problem = town([visit(windows=[(0, 100)], service_s=900)], [shift(breaks=(pause(300, (0, 50)),), end_s=1_000)])
    for one, remedy in remedies_of(problem, plan_by_hand(problem, {})):
        changed = changed_problems(problem, one, remedy, remedy.amount)
        assert any(fits(some, plan_by_hand(problem, {}), one) for some in changed)
