"""`solve` always answers, with a plan that the referee accepts."""

import subprocess
import sys
from dataclasses import replace

import pytest

from optimizer import Link, Period, PlanRefused, Travel, pipeline, replay, solve
from optimizer.engines import ruin
from optimizer.plan import Plan, Violation
from optimizer.rules import RULES, lower
from tests.optimizer.town import BALANCED, LEFT_OUT, pause, routes, shift, solved, street, town, visit

THREE = town([visit("a", 1), visit("b", 3), visit("c", 5)], [shift("Ana"), shift("Ben", start=5, end=5)])
ERRANDS = town(THREE.visits, THREE.shifts, pairs=[("a", "b")], links=[Link("b", "c")])
"""Only OR-Tools knows a visit that is both in a pair and linked."""
RUSH = (Period(0, "rush"), Period(3_000), Period(6_000, "rush"))
both_engines = pytest.mark.parametrize("problem", [THREE, ERRANDS], ids=["ruin and recreate", "OR-Tools"])


def test_the_tests_here_are_about_one_engine_each():
    assert [ruin.supports(lower(problem, RULES)) for problem in (THREE, ERRANDS)] == [True, False]


@both_engines
def test_a_cancelled_search_still_gives_a_valid_plan(problem):
    plan = solve(problem, time_limit_s=60, cancelled=lambda: True)
    assert plan.is_valid
    assert len(plan.unassigned) + sum(len(route.stops) for route in plan.routes) == len(problem.visits)


@both_engines
def test_no_time_at_all_still_gives_a_valid_plan(problem):
    assert solve(problem, time_limit_s=0).is_valid


@both_engines
def test_the_same_seed_and_iterations_give_the_same_plan(problem):
    plans = [solve(problem, time_limit_s=2, iterations=50, seed=7) for _ in range(2)]
    assert plans[0] == plans[1]


def test_the_same_seed_and_iterations_give_the_same_plan_on_two_threads():
    plans = [solve(THREE, time_limit_s=30, iterations=200, seed=7, threads=2) for _ in range(2)]
    assert plans[0] == plans[1]


@both_engines
def test_progress_tells_of_ever_cheaper_plans(problem):
    heard = []
    plan = solve(problem, time_limit_s=2, iterations=50, on_progress=heard.append)
    costs = [progress.cost for progress in heard]
    assert costs == sorted(costs, reverse=True)
    assert costs[-1] == plan.cost
    assert all(progress.elapsed_s >= 0 and progress.time_limit_s == 2 for progress in heard)


def test_there_is_a_plan_without_visits_and_without_shifts():
    empty = town([visit()], [shift()])
    assert solved(replace(empty, visits=())) == Plan((), ())
    assert solved(replace(empty, shifts=())).cost == LEFT_OUT


def test_a_plan_that_the_referee_refuses_is_not_handed_out(monkeypatch):
    """Whatever the engines believe."""

    def refuse(problem, plan, rules):
        return Plan(plan.routes, plan.unassigned, (Violation("skills", "lacks gas", "a"),))

    monkeypatch.setattr("optimizer.ledger.check", refuse)
    with pytest.raises(PlanRefused, match="skills: a: lacks gas"):
        solved(THREE)


def test_a_plan_that_the_routing_model_refuses_is_planned_again(monkeypatch, caplog):
    """And the log says so, since one of the engines must be wrong; the case is told of for whoever looks into it."""
    search, refused = ruin.search, []

    def search_wrongly(primitives, *args, **options):
        found = search(primitives, *args, **{**options, "on_better": None})
        return found._replace(sequences=[[0, 0], []])

    monkeypatch.setattr(ruin, "search", search_wrongly)
    assert solve(THREE, time_limit_s=2, iterations=50, on_refused=refused.append).cost == 600
    assert "A plan is refused" in caplog.text
    assert "is in the plan 2 times" in refused[0].reason
    assert (refused[0].problem, refused[0].sequences) == (THREE, ((0, 0), ()))


def test_where_the_last_plan_is_refused_the_last_verified_one_is_returned(monkeypatch, caplog):
    """Here the one verified on the way, with all three visits."""
    search = ruin.search

    def end_wrongly(primitives, *args, **options):
        return search(primitives, *args, **options)._replace(sequences=[[0], [0]])

    monkeypatch.setattr(ruin, "search", end_wrongly)
    plan = solve(THREE, time_limit_s=2, iterations=50)
    assert plan.is_valid
    assert not plan.unassigned
    assert "A plan is refused" in caplog.text


def test_a_shift_whose_breaks_exclude_each_other_stays_at_home():
    """Nothing is infeasible: the visit is left out."""
    ana = shift(breaks=(pause(100, (500, 500), name="a"), pause(100, (550, 550), name="b")))
    assert routes(solved(town(shifts=[ana]))) == {}


def test_or_tools_copes_with_a_shift_that_has_to_stay_at_home(monkeypatch):
    """Ben's breaks exclude each other, so not even an empty day of his has times."""
    monkeypatch.setattr(ruin, "supports", lambda primitives: False)
    ben = shift("Ben", breaks=(pause(100, (500, 500), name="a"), pause(100, (550, 550), name="b")))
    plan = solve(town(shifts=[shift(), ben]), time_limit_s=2, iterations=50)
    assert routes(plan) == {"Ana": ["v"]}


@both_engines
def test_every_plan_told_on_the_way_is_valid_and_better_than_the_one_before(problem):
    told = []
    plan = solve(problem, time_limit_s=2, iterations=50, on_plan=told.append)
    assert told
    assert all(one.is_valid for one in told)
    assert [one.cost for one in told] == sorted({one.cost for one in told}, reverse=True)
    assert told[-1].cost == plan.cost


@both_engines
def test_a_search_that_time_has_ended_is_repeated_exactly(problem):
    """Whatever the clock decided is in the run."""
    plan = solve(problem, time_limit_s=0.3, seed=5, threads=2)
    again = replay(problem, plan.run)
    assert again == plan
    assert again.run == plan.run


def test_a_run_tells_how_many_iterations_were_made():
    assert solve(THREE, time_limit_s=60, iterations=350).run.iterations == 350


def test_a_break_long_after_everybody_is_home_disturbs_nobody():
    assert routes(solved(town(shifts=[shift(breaks=(pause(100, (90_000, 90_000)),))]))) == {"Ana": ["v"]}
    two_windows = shift(breaks=(pause(100, (80_000, 80_000), (90_000, 90_000)),))
    assert routes(solved(town(shifts=[two_windows]))) == {"Ana": ["v"]}


def test_importing_the_optimizer_does_not_load_its_engines():
    """They take most of a second, which a page that shows a stored plan should not wait for."""
    heavy = ("ortools", "numba", "llvmlite", "pandas", "scipy")
    code = f"import sys, optimizer; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_where_engines_cannot_plan_by_the_truth_the_clock_has_no_say_in_which_plan_is_best(monkeypatch):
    """Balance and travel by time of day together; plans on the way that were looked at could win by chance."""
    monkeypatch.setattr(pipeline, "VERIFY_EVERY_S", 0)
    monkeypatch.setattr(pipeline, "VERIFYING_SHARE", 1e9)
    calm = street()
    rush = Travel(calm.seconds, calm.metres, traffic={"rush": 3 * calm.seconds["car"]}, periods={"car": RUSH})
    visits = [visit(f"v{number}", 1 + number % 5, due_s=400 * number) for number in range(14)]
    policy = replace(BALANCED, balance_per_s=2)
    told = []
    shifts = [shift("Ana"), shift("Ben", start=5, end=5)]
    plan = solve(town(visits, shifts, travel=rush, policy=policy), time_limit_s=60, iterations=400, on_plan=told.append)
    assert [one.cost for one in told] == [plan.cost]
