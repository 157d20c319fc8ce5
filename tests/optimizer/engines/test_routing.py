"""The routing model agrees with the plan's own arithmetic, also where OR-Tools makes that hard."""

from dataclasses import replace

import pytest

from optimizer.assemble import assemble, find_all_times, find_times_with
from optimizer.engines.routing import RoutingEngine
from optimizer.referee import check
from optimizer.rules import lower
from tests.optimizer.town import BALANCED, pause, shift, solved, street, town, visit

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


LADDER = frozenset({"ladder"})


def times_of(problem, sequences, gap):
    """The best times of the first shift's sequence with a call after so many stops."""
    primitives = lower(problem)
    return [find_times_with(primitives, 0, sequences[0], gap, None), *(None for _ in sequences[1:])]


@pytest.mark.parametrize(("gap", "is_accepted"), [(None, False), (0, True), (1, True), (2, False)])
def test_a_tool_is_fetched_before_it_is_needed(gap, is_accepted):
    problem = town([visit("a", 1), visit("b", 2, tools=LADDER)], [shift(depot=3)])
    assert engine_of(problem).accepts([[0, 1]], times_of(problem, [[0, 1]], gap)) == is_accepted


@pytest.mark.parametrize(("gap", "is_accepted"), [(None, False), (0, True), (1, True), (2, False)])
def test_a_call_at_the_depot_refills_the_van(gap, is_accepted):
    """Two parts fit; the second visit takes the third and fourth, and leaves two others behind to be taken along."""
    visits = [visit("a", 1, delivery=(2,)), visit("b", 2, delivery=(2,), pickup=(2,))]
    problem = town(visits, [shift(capacity=(2,), depot=3)])
    assert engine_of(problem).accepts([[0, 1]], times_of(problem, [[0, 1]], gap)) == is_accepted


def test_what_was_picked_up_stays_on_the_van_through_a_call():
    visits = [visit("a", 1, pickup=(2,)), visit("b", 2, pickup=(1,))]
    problem = town(visits, [shift(capacity=(2,), depot=3)])
    assert not engine_of(problem).accepts([[0, 1]], times_of(problem, [[0, 1]], 1))


def test_set_up_is_paid_again_after_a_call():
    """Both visits are at one site; the depot is elsewhere, so the second is a new stay."""
    problem = town([visit("a", 1, setup_s=300), visit("b", 1, setup_s=300, tools=LADDER)], [shift(depot=2)])
    plan = assemble(problem, lower(problem), [[0, 1]])
    assert [stop.setup_s for stop in plan.routes[0].stops] == [300, 0]
    times = times_of(problem, [[0, 1]], 1)
    assert times[0].home_s == 100 + 900 + 200 + 900 + 100
    assert engine_of(problem).accepts([[0, 1]], times)


def test_nobody_takes_two_breaks_at_once_not_even_after_the_last_visit():
    """Both begin by 200, so the visit waits for both: it would else be done at 100, before either."""
    breaks = (pause(200, (0, 200), name="lunch"), pause(200, (0, 200), name="tea"))
    problem = town([visit("v", 0, service_s=100, due_s=0)], [shift(start=None, end=None, breaks=breaks)])
    plan = solved(problem)
    assert plan.cost > 0
    assert engine_of(problem).price([[0]]) == plan.cost


@pytest.mark.parametrize(("most_s", "is_accepted"), [(800, True), (799, False)])
def test_nobody_is_on_duty_for_too_long(most_s, is_accepted):
    """Who leaves as late as can be is on duty for 800 s."""
    problem = town([visit("v", 1, windows=[(5_000, 5_000)])], [shift(max_duty_s=most_s)])
    times = find_all_times(lower(town([visit("v", 1, windows=[(5_000, 5_000)])], [shift()])), [[0]])
    assert engine_of(problem).accepts([[0]], times) == is_accepted


def test_the_price_of_duty_is_that_of_the_shortest_day():
    problem = town([visit("v", 1, windows=[(5_000, 5_000)])], [shift(duty_cost_per_s=3)])
    assert engine_of(problem).price([[0]]) == plan_cost(problem, [[0]]) == 200 + 3 * 800
