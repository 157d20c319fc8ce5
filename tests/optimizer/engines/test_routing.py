"""The routing model agrees with the plan's own arithmetic, also where OR-Tools makes that hard."""

from dataclasses import replace

import pytest

from optimizer.assemble import assemble
from optimizer.engines.routing import RoutingEngine
from optimizer.referee import check
from optimizer.rules import lower
from tests.optimizer.town import BALANCED, pause, shift, street, town, visit

WINDOWS_APART = [visit("late", windows=[(5_000, 6_000)]), visit("early", windows=[(100, 200)])]


def engine_of(problem):
    return RoutingEngine(lower(problem))


def plan_cost(problem, sequences):
    """What the referee says of the same sequences with their best times; None if there is no valid plan."""
    plan = assemble(problem, lower(problem), sequences)
    judged = check(problem, plan) if plan else None
    return judged.cost if judged and judged.is_valid else None


LEFT_OUT_BESIDE = {
    "a pair whose times contradict each other": town(
        [visit("keep"), *WINDOWS_APART], pairs=[("late", "early")]
    ),
    "set-up at a shared site that no longer fits the horizon": town(
        [visit("keep", 2), visit("a", windows=[(9_900, 9_950)], setup_s=300), visit("b")]
    ),
    "a window at a shared site that opens when all have gone home": town(
        [visit("keep", 2), visit("a", windows=[(10_200, 10_250)], setup_s=300), visit("b")]
    ),
    "work that everybody charges differently for": town(
        [visit("keep"), visit("dear", 2)],
        [shift("Ana", work_cost_per_s=1), shift("Ben", work_cost_per_s=2)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("problem", LEFT_OUT_BESIDE.values(), ids=LEFT_OUT_BESIDE)
def test_a_visit_left_out_does_not_stop_the_others(problem):
    """What cannot or need not be planned must not make the whole model infeasible."""
    sequences = [[0], *[[] for _ in problem.shifts[1:]]]
    assert engine_of(problem).price(sequences) == plan_cost(problem, sequences) is not None


def test_lateness_at_a_shared_site_counts_from_the_start_of_set_up():
    """Set-up belongs to the leg in the model, but lateness is about when set-up begins."""
    problem = town([visit("a", setup_s=300, due_s=50), visit("b", setup_s=300, due_s=50)])
    assert engine_of(problem).price([[0, 1]]) == plan_cost(problem, [[0, 1]]) == 200 + 2 * (50 + 950)


def test_what_was_due_before_the_shift_began_costs_all_of_its_lateness():
    """Not only what the shift adds to it."""
    problem = town([visit(due_s=-1_000)], policy=replace(BALANCED, unassigned=10_000))
    assert engine_of(problem).price([[0]]) == plan_cost(problem, [[0]]) == 200 + 2 * 1_100


def test_a_break_does_not_interrupt_set_up_at_a_shared_site():
    """At 200 there is either set-up or a wait of 160 s for the break; the shift has no time for that, but for 60 s."""
    visits = [visit("a", setup_s=300), visit("b")]
    problem = town(visits, [shift(end_s=1_800, breaks=(pause(60, (200, 200)),))])
    assert plan_cost(problem, [[0, 1]]) is None
    assert not engine_of(problem).accepts([[0, 1]])
    assert engine_of(town(visits, [shift(end_s=1_860, breaks=(pause(60, (200, 200)),))])).accepts([[0, 1]])


def test_a_pair_stays_in_order_where_no_time_passes():
    """Without travel and work both orders have the same times, but one is wrong."""
    problem = town([visit("fetch", service_s=0), visit("bring", service_s=0)], pairs=[("fetch", "bring")])
    assert engine_of(problem).accepts([[0, 1]])
    assert not engine_of(problem).accepts([[1, 0]])


def test_a_pair_is_not_split():
    problem = town([visit("fetch"), visit("bring")], [shift("Ana"), shift("Ben")], pairs=[("fetch", "bring")])
    assert not engine_of(problem).accepts([[0], [1]])
    assert not engine_of(problem).accepts([[0], []])
    assert engine_of(problem).accepts([[], [0, 1]])


def test_no_leg_without_a_road_is_accepted():
    problem = town([visit("a", 1), visit("b", 2)], travel=street(broken=[(1, 2)]))
    assert not engine_of(problem).accepts([[0, 1]])
    assert engine_of(problem).accepts([[1, 0]])
