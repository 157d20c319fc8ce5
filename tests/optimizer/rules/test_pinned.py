"""What is fixed stays."""

import pytest

from optimizer import Pin, check
from optimizer.rules.pinned import Pinned
from tests.optimizer.town import plan_by_hand, routes, shift, solved, town, visit

PEOPLE = [shift("Ana"), shift("Ben", start=5, end=5)]

BROKEN = [
    (Pin("Ana"), {"Ana": ["v"]}, []),
    (Pin("Ana", 500), {"Ana": ["v"]}, []),
    (Pin("Ana", 600), {"Ana": ["v"]}, ["is moved away from its pinned start"]),
    (Pin("Ana"), {"Ben": ["v"]}, ["is pinned to shift Ana"]),
    (Pin("Ana"), {}, ["a pinned visit is left out"]),
]


@pytest.mark.parametrize(("pin", "orders", "sentences"), BROKEN)
def test_a_pinned_visit_keeps_its_shift_and_start(pin, orders, sentences):
    """Ana is there at 500."""
    problem = town([visit(at=5, pin=pin)], PEOPLE)
    found = list(Pinned().check(problem, plan_by_hand(problem, orders)))
    assert [one.sentence for one in found] == sentences
    assert not any(one.excused for one in found)


def test_a_pin_keeps_a_visit_from_the_nearer_technician():
    problem = town([visit(at=5, pin=Pin("Ana", 4_000))], PEOPLE)
    plan = solved(problem)
    assert routes(plan) == {"Ana": ["v"]}
    assert plan.routes[0].stops[0].start_s == 4_000
    moved = solved(problem, leave_out="pinned")
    assert routes(moved) == {"Ben": ["v"]}
    assert {one.rule for one in check(problem, moved).violations} == {"pinned"}


def test_a_pinned_visit_is_kept_against_every_other_rule():
    """Skills, territory, exclusion, windows, load, hours and limits all speak against it; they only report."""
    hopeless = visit(
        at=5, skills={"gas": 1}, territory="north", excluded=frozenset({"Ana"}), windows=[(0, 10)], delivery=(9,),
        pin=Pin("Ana", 800),
    )  # fmt: skip
    ana = shift(territories=frozenset({"south"}), capacity=(1,), max_visits=0, max_travel_s=1, max_leg_s=1, end_s=900)
    plan = solved(town([hopeless], [ana]))
    assert routes(plan) == {"Ana": ["v"]}
    assert plan.is_valid
    assert {one.rule for one in plan.violations} == {
        "skills", "territory", "technician", "time windows", "capacity", "maximum visits", "travel limits",
        "shift hours",
    }  # fmt: skip


def test_a_pinned_start_that_cannot_be_kept_is_late_by_as_little_as_possible():
    """The first runs until 1,100, so the second starts at 1,200 instead of 1,000."""
    visits = [visit("a", 1, pin=Pin("Ana", 500)), visit("b", 2, pin=Pin("Ana", 1_000))]
    plan = solved(town([*visits, visit("c", 1)]))
    assert [stop.start_s for stop in plan.routes[0].stops[:2]] == [500, 1_200]
    assert [(one.visit, one.sentence, one.excused) for one in plan.violations] == [
        ("b", "starts 3 min 20 s after its pinned start", True)
    ]
